"""Hits: a passage that holds the evidence."""

from __future__ import annotations

from qabot.answering.engine import Engine
from qabot.evaluation.gold import Evidence, GoldQuestion
from qabot.evaluation.hits import EvidenceFinder


def holders(engine: Engine, *evidence: Evidence, retrieved: tuple[int, ...] = ()) -> list[set[int]]:
    question = GoldQuestion("q", "Who?", "span", answerable=True, evidence=evidence)
    return [set(keys) for keys in EvidenceFinder(engine.generation.store, [question]).holders(question, retrieved)]


def key_of(engine: Engine, article: str) -> int:
    (key,) = [row.key for row in engine.generation.store.every_passage() if row.article.id == article]
    return key


def test_a_passage_holds_a_quote_whatever_its_white_space(engine: Engine) -> None:
    spaced = "Captain  Ingrid\nSol heim steered the first crossing ."
    assert holders(engine, Evidence("ferry", spaced)) == [{key_of(engine, "ferry")}]


def test_a_part_of_a_quote_is_no_hit(engine: Engine) -> None:
    assert holders(engine, Evidence("ferry", "Captain Ingrid Solheim steered the first crossing. She is 50.")) == [
        set()
    ]


def test_evidence_without_a_quote_is_held_by_all_passages_of_its_article(engine: Engine) -> None:
    assert holders(engine, Evidence("library", None)) == [{key_of(engine, "library")}]


def test_each_evidence_has_its_own_passages(engine: Engine) -> None:
    found = holders(engine, Evidence("ferry", "A ticket costs 45 crowns"), Evidence("bridge", "the toll of 60 crowns"))
    assert found == [{key_of(engine, "ferry")}, {key_of(engine, "bridge")}]


def test_a_retrieved_passage_of_another_article_can_hold_a_quote(engine: Engine) -> None:
    ferry, clock = key_of(engine, "ferry"), key_of(engine, "clock")
    assert holders(engine, Evidence("clock", "Ostvik"), retrieved=(ferry, clock)) == [{ferry}]
    assert holders(engine, Evidence("clock", "Ostvik")) == [set()]
