"""A toy set of training data: ten towns, two questions on each."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from qabot.bundled import bundled
from qabot.encoders.card_file import TOKENIZER
from training.questions import TrainingQuestion, read_questions

# Kelso is held out by its hash.
TOWNS = ("Arden", "Belton", "Corvale", "Dunmore", "Elsing", "Farrow", "Gildon", "Harvik", "Imber", "Kelso")
MAYORS = (
    "Ann Ode",
    "Bo Lind",
    "Cy Marsh",
    "Di Kerr",
    "Ed Foss",
    "Flo Hale",
    "Gus Ives",
    "Hal Bray",
    "Ida Moor",
    "Jo Vane",
)


def passage_of(town: int) -> list[str]:
    """The sentences about a town."""
    return [
        f"The old town of {TOWNS[town]} lies on a river.",
        f"In {1900 + 7 * town} the people of {TOWNS[town]} opened a bridge of stone.",
        f"Since the last election {MAYORS[town]} has been the mayor of {TOWNS[town]}.",
        "Most of those who live there work in the mills.",
    ]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pairs.jsonl, which has every kind of pair, and articles.jsonl."""
    folder = tmp_path_factory.mktemp("data")
    pairs: list[dict[str, object]] = []
    articles = []
    for town, name in enumerate(TOWNS):
        sentences = passage_of(town)
        passage = " ".join(sentences)
        start = passage.index(sentences[1])
        pairs += [
            {
                "set": "squad-train",
                "question": f"When did {name} open its bridge?",
                "title": name,
                "passage": passage,
                "answer_sentence": [start, start + len(sentences[1])],
            },
            {
                "set": "nq-oracle",
                "question": f"who is the mayor of {name.lower()}",
                "title": name,
                "passage": passage,
                "answers": [MAYORS[town]],
            },
        ]
        if town < 6:
            text = (
                f"{passage}\n\nThe market of {name} is held on Fridays. It draws people from all the villages around."
            )
            articles.append({"id": name, "title": name, "published": None, "source": "Wikipedia", "text": text})
    for label, sentence in enumerate(("A mill grinds corn.", "Mills of stone are older than bridges.")):
        pairs.append({"set": "wikiqa-train", "question": "how old are mills", "sentence": sentence, "label": label})
    for name, records in (("pairs.jsonl", pairs), ("articles.jsonl", articles)):
        lines = [json.dumps(record) + "\n" for record in records]
        (folder / name).write_text("".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def questions(data: Path) -> list[TrainingQuestion]:
    """The questions of the toy set."""
    return list(read_questions(data / "pairs.jsonl"))


@pytest.fixture(scope="session")
def body(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random BERT of two layers with the shipped tokenizer. Needs the extra `models`."""
    import torch  # noqa: PLC0415
    from transformers import BertConfig, BertModel  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("body")
    config = BertConfig(hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)
    torch.manual_seed(0)
    BertModel(config).save_pretrained(folder)
    shutil.copy(bundled("models/all-minilm-l6-v2") / TOKENIZER, folder)
    (folder / "README.md").write_text("---\nlanguage: en\n---\n", encoding="utf-8")
    return folder
