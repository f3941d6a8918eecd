"""Ranking: how high the passages that hold the evidence stand, by ir-measures, in each arm."""

from __future__ import annotations

from collections.abc import Sequence

from qabot.evaluation.extras import load_extra
from qabot.evaluation.outcome import ARMS, DEPTH, Outcome

MEASURES = {
    "hit@1": "Success@1",
    "hit@4": "Success@4",
    "hit@5": "Success@5",
    "hit@10": "Success@10",
    "MRR@10": "RR@10",
    "MAP@10": "AP@10",
    "nDCG@10": "nDCG@10",
}
"""Our name of a figure -> that of ir-measures (MacAvaney et al. 2022, doi:10.1007/978-3-030-99739-7_38)."""

OWN = ("evidence_recall@10", "all_evidence@10")
CEILING = "evidence_in_a_passage"
MAIN = "fused"
"""The arm whose figures are named without it: `hit@5` is the fused one, `dense.hit@5` that of the dense arm."""

_NOWHERE = "nowhere"


def figure_name(arm: str, figure: str) -> str:
    """`hit@5` or `dense.hit@5`."""
    return figure if arm == MAIN else f"{arm}.{figure}"


RANKING_FIGURES = (CEILING, *(figure_name(arm, figure) for arm in ARMS for figure in (*MEASURES, *OWN)))


def check_ready() -> None:
    """Looks whether ir-measures is installed, before anything is asked.

    Raises:
        MissingExtraError: it is not.
    """
    load_extra("ir_measures")


def ranking_figures(outcomes: Sequence[Outcome]) -> list[dict[str, float]]:
    """What each question adds to the figures of ranking: each figure is the mean over the questions that have it.

    Counted are answerable questions with evidence; the dense arm only has those whose language its model knows.
    A passage is relevant if it holds any of the evidence (see hits.py), and all passages that do are known to the
    measures, so that a question whose evidence fits in no passage counts as a miss.

    `hit@k`: a relevant passage is among the first k. `MRR@10`, `MAP@10`, `nDCG@10`: as trec_eval has them.
    `evidence_recall@10`: share of the question's evidence that the first 10 passages hold.
    `all_evidence@10`: whether they hold all of it.
    `evidence_in_a_passage`: whether any passage of the index holds any of the evidence; no hit@k can be higher.
    """
    figures: list[dict[str, float]] = [{} for _ in outcomes]
    counted = [at for at, outcome in enumerate(outcomes) if outcome.gold.answerable and outcome.gold.evidence]
    for at in counted:
        figures[at][CEILING] = any(outcomes[at].holders)
    for arm in ARMS:
        searched = {at: outcomes[at].rankings[arm] for at in counted if arm in outcomes[at].rankings}
        for at, ranking in searched.items():
            found = [not holders.isdisjoint(ranking[:DEPTH]) for holders in outcomes[at].holders]
            figures[at][figure_name(arm, "evidence_recall@10")] = sum(found) / len(found)
            figures[at][figure_name(arm, "all_evidence@10")] = all(found)
        relevant = {at: frozenset().union(*outcomes[at].holders) for at in searched}
        for at, values in _measured(searched, relevant).items():
            figures[at] |= {figure_name(arm, name): value for name, value in values.items()}
    return figures


def _measured(rankings: dict[int, tuple[int, ...]], relevant: dict[int, frozenset[int]]) -> dict[int, dict[str, float]]:
    """The values of MEASURES for each ranking."""
    measured: dict[int, dict[str, float]] = {at: {} for at in rankings}
    if not rankings:
        return measured
    ir = load_extra("ir_measures")
    names = {ir.parse_measure(measure): name for name, measure in MEASURES.items()}
    # Trec_eval leaves out questions without a relevant passage: those get one that is nowhere to be found.
    qrels = {str(at): dict.fromkeys(map(str, keys or [_NOWHERE]), 1) for at, keys in relevant.items()}
    # It orders by scores alone, so the ranks are made scores without ties.
    run = {str(at): {str(key): float(-rank) for rank, key in enumerate(keys)} for at, keys in rankings.items()}
    for metric in ir.iter_calc(list(names), qrels, run):
        measured[int(metric.query_id)][names[metric.measure]] = metric.value
    return measured
