"""The encoder that runs any sentence-transformers model, against the one that ships. Needs the extra `models`."""

from __future__ import annotations

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from qabot.encoders.encoder import Encoder
from qabot.encoders.models import load_encoder
from qabot.errors import ModelNotFoundError
from qabot.settings import load_settings

pytestmark = [
    pytest.mark.models,
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs the extra: scripts/test --all"),
]

PASSAGES = [
    "Almaty, the largest city of Kazakhstan, opened a dam above the Medeu valley on Monday.",
    "The dam cost 12 million dollars, twice what engineers had planned in 2019.",
    "Beekeepers in Slovenia counted 11,000 hives this spring, a fifth fewer than a year before.",
    "A mite called Varroa destructor is blamed for the loss of honeybee colonies.",
    "Magnus Carlsen won the chess tournament in Stavanger for the sixth time.",
    "The winner of the tournament in Norway takes home 60,000 euros.",
    "The central bank kept its base rate at 16.75 percent, citing food prices.",
    "Inflation slowed to 14.6 percent in June, the bureau of statistics said.",
    "A court in Lisbon sentenced the former minister to five years for taking bribes.",
    "The appeal of the former minister will be heard in November.",
    "Scientists found traces of water ice in a crater near the Moon's south pole.",
    "The rover, which landed in August, stopped sending pictures after two weeks.",
    "Rain is expected in the north on Thursday, with winds of up to 90 km/h.",
    "Firefighters contained the wildfire that had burned 3,000 hectares near the coast.",
    "The museum reopens in September after two years of building work; entry is free on Sundays.",
    "An unknown drawing by Rembrandt was sold at auction for 1.4 million pounds.",
    "The carmaker recalls 1.2 million vehicles because their seat belts may not lock.",
    "Workers at the port went on strike over pay, and forty ships wait offshore.",
    "The new railway line cuts the journey between the two capitals to three hours.",
    "Parliament passed a law that lets doctors prescribe the drug from January.",
]
QUESTIONS = {
    "How much did the dam cost?": 1,
    "Which mite kills honeybees?": 3,
    "Who won the chess tournament?": 4,
    "What is the base rate of the central bank?": 6,
    "When will the minister's appeal be heard?": 9,
    "Where was ice found on the Moon?": 10,
    "Why are cars being recalled?": 16,
    "How long does the train take between the capitals?": 18,
}


@pytest.fixture(scope="module")
def transformer(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    home = tmp_path_factory.mktemp("home")
    return load_encoder(load_settings(home, encoder="sentence-transformers", model="all-minilm-l6-v2", batch_size=8))


def test_a_name_finds_the_installed_package(transformer: Encoder) -> None:
    assert transformer.name == "all-minilm-l6-v2"
    assert (transformer.dimensions, transformer.languages) == (384, frozenset({"en"}))


def test_both_encoders_rank_the_golden_set_alike(transformer: Encoder, light_encoder: Encoder) -> None:
    def scores(model: Encoder) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return model.encode_questions(list(QUESTIONS)) @ model.encode_passages(PASSAGES).T

    full, rounded = scores(transformer), scores(light_encoder)
    assert full.argmax(axis=1).tolist() == rounded.argmax(axis=1).tolist() == list(QUESTIONS.values())
    ranks_full, ranks_rounded = full.argsort(axis=1).argsort(axis=1), rounded.argsort(axis=1).argsort(axis=1)
    for one, other in zip(ranks_full, ranks_rounded, strict=True):
        assert np.corrcoef(one, other)[0, 1] > 0.9  # of ranks: Spearman's


def test_both_encoders_agree_on_vectors_and_count_the_same_pieces(transformer: Encoder, light_encoder: Encoder) -> None:
    cosines = np.einsum("ij,ij->i", transformer.encode_passages(PASSAGES), light_encoder.encode_passages(PASSAGES))
    assert cosines.min() > 0.98
    long = [*PASSAGES, "", "dam " * 25_000]
    assert transformer.count_tokens(long) == light_encoder.count_tokens(long)
    assert transformer.fingerprint != light_encoder.fingerprint


def test_order_and_progress_are_kept(transformer: Encoder) -> None:
    steps: list[int] = []
    vectors = transformer.encode_passages(PASSAGES, steps.append)
    assert sum(steps) == len(PASSAGES)
    np.testing.assert_allclose(transformer.encode_passages(PASSAGES[::-1])[::-1], vectors, atol=1e-5)
    assert transformer.encode_passages([]).shape == (0, 384)
    half, replaced = transformer.encode_questions(["a\ud83d b", "a? b"])
    np.testing.assert_allclose(half, replaced, atol=1e-5)


def test_callers_in_parallel_get_their_own_vectors(transformer: Encoder) -> None:
    expected = transformer.encode_questions(PASSAGES)
    with ThreadPoolExecutor(4) as callers:
        for row, vectors in enumerate(callers.map(lambda text: transformer.encode_questions([text]), PASSAGES)):
            np.testing.assert_allclose(vectors[0], expected[row], atol=1e-5)


def test_a_name_that_is_nowhere_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelNotFoundError, match="no/such-model"):
        load_encoder(load_settings(tmp_path, encoder="sentence-transformers", model="no/such-model"))


def test_a_model_folder_for_onnx_is_not_taken_for_one_of_its_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelNotFoundError, match=r"'e5-small-kk-ru-en' is a model folder for onnx.*--model NAME"):
        load_encoder(load_settings(tmp_path, encoder="sentence-transformers"))
