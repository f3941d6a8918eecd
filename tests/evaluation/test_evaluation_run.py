"""A run over the small gold set: what it measures, refuses and keeps when it is interrupted."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from qabot.answering.engine import Engine
from qabot.errors import GoldError
from qabot.evaluation.examining import Examiner
from qabot.evaluation.figures import measure
from qabot.evaluation.gold import Evidence, read_gold
from qabot.evaluation.hits import EvidenceFinder
from qabot.evaluation.plot import draw
from qabot.evaluation.report import to_dict
from qabot.evaluation.run import run


def test_a_run_measures_the_gold_set(engine: Engine, questions: Path) -> None:
    ran = run(engine, read_gold([questions]))
    evaluation = measure(ran, threshold=0.3)
    counts = evaluation.all.counts
    assert (counts.questions, counts.answerable, counts.unanswerable, counts.unknown) == (25, 18, 6, 1)
    assert evaluation.complete
    assert evaluation.figure("exact_quotes") == 1
    assert (evaluation.figure("hit@5") or 0) > 0.9
    assert (evaluation.figure("auroc") or 0) > 0.8
    assert set(evaluation.kinds) == {"span", "several", "unanswerable", "unknown"}
    assert evaluation.figure("unanswerable/hit@5") is None
    assert (evaluation.figure("ask_p50_ms") or 0) <= (evaluation.figure("ask_p99_ms") or 0)


def test_the_arms_are_those_of_the_engine(engine: Engine, questions: Path) -> None:
    gold = read_gold([questions])[0]
    outcome = Examiner(engine, EvidenceFinder(engine.generation.store, [gold])).examine(gold)
    answer = engine.ask(gold.question, threshold=0.0)
    known = [candidate.key for candidate in answer.candidates]
    assert list(outcome.rankings["fused"])[: len(known)] == known[:10]
    assert set(outcome.rankings["read"]) == set(outcome.rankings["fused"])
    ((passage, article),) = engine.generation.store.passages(outcome.rankings["read"][:1])
    assert article.id == answer.quotes[0].article.id
    assert passage.start < answer.quotes[0].end
    assert answer.quotes[0].start < passage.end
    assert [quote.text for quote in outcome.quotes] == [quote.text for quote in answer.quotes]
    assert outcome.confidence == pytest.approx(answer.confidence)
    vector = engine.encoder.encode_questions([answer.question.text])
    assert outcome.rankings["dense"][:3] == tuple(engine.generation.dense(vector, 3)[0])
    assert outcome.rankings["lexical"][:1] == tuple(engine.generation.lexical(answer.question.text, 1)[0])


def test_a_question_in_a_language_that_the_model_does_not_know_has_no_dense_arm(
    engine: Engine, questions: Path
) -> None:
    gold = dataclasses.replace(read_gold([questions])[0], question="Wie viel hat der neue Motor der Fähre gekostet?")
    (outcome,) = run(engine, [gold]).outcomes
    assert "dense" not in outcome.rankings


def test_an_interrupted_run_keeps_what_it_has(engine: Engine, questions: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    examine = Examiner.examine

    def interrupted(self: Examiner, gold: Any) -> Any:
        if len(asked) == 3:
            raise KeyboardInterrupt
        asked.append(gold.id)
        return examine(self, gold)

    monkeypatch.setattr(Examiner, "examine", interrupted)
    ran = run(engine, read_gold([questions]))
    assert [outcome.gold.id for outcome in ran.outcomes] == asked
    evaluation = measure(ran, 0.5)
    assert (evaluation.complete, evaluation.asked, evaluation.all.counts.questions) == (False, 25, 3)


def test_a_question_about_an_unknown_article_is_refused(engine: Engine, questions: Path) -> None:
    first, second, *_ = read_gold([questions])
    second = dataclasses.replace(second, evidence=(Evidence("nowhere", None),))
    with pytest.raises(GoldError, match=r"questions\.jsonl:2: the article 'nowhere' is not in the index"):
        run(engine, [first, second], limit=1)


def test_a_question_that_cannot_be_asked_is_refused(engine: Engine, questions: Path) -> None:
    gold = dataclasses.replace(read_gold([questions])[0], question="?!")
    with pytest.raises(GoldError, match=r"questions\.jsonl:1: The question is empty"):
        run(engine, [gold])


def test_the_report_has_every_figure_by_name(engine: Engine, questions: Path) -> None:
    evaluation = measure(run(engine, read_gold([questions]), limit=8), 0.5)
    report = to_dict(evaluation, engine)
    assert report["questions"] == report["asked"] == 8
    assert report["complete"] is True
    for name, value in report["figures"].items():
        assert evaluation.figure(name) == (value if value is None else pytest.approx(value, abs=1e-6))
    for kind, measured in report["kinds"].items():
        assert measured["figures"].keys() < report["figures"].keys()
        assert evaluation.figure(f"{kind}/auroc") == measured["figures"]["auroc"]
    assert report["index"]["articles"] == 8
    assert report["settings"]["threshold"] == 0.5


def test_a_plot_is_a_picture(engine: Engine, questions: Path, tmp_path: Path) -> None:
    draw(measure(run(engine, read_gold([questions]), limit=8), 0.5), tmp_path / "quality.png")
    assert (tmp_path / "quality.png").read_bytes().startswith(b"\x89PNG")
