"""Figures of ranking on cases worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from qabot.evaluation.outcome import Outcome
from qabot.evaluation.ranking import MEASURES, RANKING_FIGURES, ranking_figures

Make = Callable[..., Outcome]
EVIDENCE = (("x", "one"), ("y", "two"))


def test_the_figures_of_a_ranking(outcome: Make) -> None:
    ranking = (9, 2, 3, 8)
    (figures,) = ranking_figures(
        [outcome(evidence=EVIDENCE, holders=(frozenset({2, 3}), frozenset({5})), rankings={"fused": ranking})]
    )
    assert {name: figures[name] for name in ("hit@1", "hit@4", "hit@5", "hit@10")} == {
        "hit@1": 0, "hit@4": 1, "hit@5": 1, "hit@10": 1
    }  # fmt: skip
    assert figures["MRR@10"] == pytest.approx(1 / 2)
    # Three passages are relevant; they are found at ranks 2 and 3, and one is not.
    assert figures["MAP@10"] == pytest.approx((1 / 2 + 2 / 3) / 3)
    ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert figures["nDCG@10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(4)) / ideal)
    assert figures["evidence_recall@10"] == 1 / 2
    assert figures["all_evidence@10"] == 0
    assert figures["evidence_in_a_passage"] == 1


@pytest.mark.parametrize("rank", range(1, 12))
def test_hits_by_rank(outcome: Make, rank: int) -> None:
    ranking = (*range(100, 100 + rank - 1), 1)
    (figures,) = ranking_figures(
        [outcome(evidence=(("x", "one"),), holders=(frozenset({1}),), rankings={"lexical": ranking[:10]})]
    )
    for limit in (1, 4, 5, 10):
        assert figures[f"lexical.hit@{limit}"] == (rank <= limit)
    assert figures["lexical.MRR@10"] == pytest.approx(1 / rank if rank <= 10 else 0)
    assert figures["lexical.all_evidence@10"] == (rank <= 10)


def test_the_order_is_that_of_the_ranks_not_of_the_keys(outcome: Make) -> None:
    for ranking, first in (((1, 2), 1), ((2, 1), 0)):
        (figures,) = ranking_figures(
            [outcome(evidence=(("x", "one"),), holders=(frozenset({1}),), rankings={"fused": ranking})]
        )
        assert figures["hit@1"] == first


def test_evidence_that_fits_in_no_passage_is_a_miss(outcome: Make) -> None:
    (figures,) = ranking_figures(
        [outcome(evidence=EVIDENCE, holders=(frozenset(), frozenset()), rankings={"fused": (1, 2)})]
    )
    assert {figures[name] for name in MEASURES} == {0}
    assert figures["evidence_in_a_passage"] == 0


def test_an_empty_ranking_is_a_miss(outcome: Make) -> None:
    (figures,) = ranking_figures([outcome(evidence=EVIDENCE[:1], holders=(frozenset({1}),), rankings={"fused": ()})])
    assert {figures[name] for name in MEASURES} == {0}


def test_an_arm_that_did_not_search_is_not_measured(outcome: Make) -> None:
    (figures,) = ranking_figures([outcome(evidence=EVIDENCE[:1], holders=(frozenset({1}),), rankings={"fused": (1,)})])
    assert not any(name.startswith("dense.") for name in figures)


@pytest.mark.parametrize("answerable", [False, None])
def test_only_answerable_questions_with_evidence_count(outcome: Make, answerable: bool | None) -> None:
    others = [outcome(), outcome(answerable=answerable, evidence=EVIDENCE[:1], holders=(frozenset({1}),))]
    assert ranking_figures(others) == [{}, {}]


def test_every_figure_has_a_name(outcome: Make) -> None:
    rankings = dict.fromkeys(("dense", "lexical", "fused", "read"), (1,))
    (figures,) = ranking_figures([outcome(evidence=EVIDENCE[:1], holders=(frozenset({1}),), rankings=rankings)])
    assert set(figures) == set(RANKING_FIGURES)
