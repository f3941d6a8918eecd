"""Requirements: how they are written, and when they are met."""

from __future__ import annotations

import pytest

from qabot.errors import FigureError
from qabot.evaluation.figures import Evaluation, figure_names, measure
from qabot.evaluation.requirements import parse_requirement
from qabot.evaluation.run import Run

NAMES = figure_names(["span"])


def evaluation(**figures: float) -> Evaluation:
    nothing = measure(Run((), 0, None), 0.5)
    known = {name.replace("__", "@"): value for name, value in figures.items()}
    all_ = type(nothing.all)(nothing.all.counts, {**nothing.all.figures, **known})
    return Evaluation(0, 0.5, all_, {"span": all_}, (), ())


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("hit@5>=0.9", True),
        ("hit@5 >= .9", True),
        ("fused.hit@5==0.9", True),
        ("span/hit@5<=9e-1", True),
        ("hit@5>0.9", False),
        ("hit@5<0.9", False),
        ("span/fused.hit@5>=0.91", False),
    ],
)
def test_a_figure_is_compared_with_a_number(text: str, met: bool) -> None:
    unmet = parse_requirement(text, NAMES).unmet(evaluation(hit__5=0.9))
    assert (unmet is None) == met


def test_what_is_not_met_is_said() -> None:
    requirement = parse_requirement("hit@5>=0.95", NAMES)
    assert requirement.unmet(evaluation(hit__5=0.9)) == "hit@5>=0.95 is not met: hit@5 is 0.9"


def test_a_figure_that_was_not_measured_meets_nothing() -> None:
    requirement = parse_requirement("auroc>=0", NAMES)
    assert requirement.unmet(evaluation()) == "auroc>=0 is not met: no question measures auroc"


def test_an_unknown_figure_is_named_with_the_nearest() -> None:
    with pytest.raises(FigureError, match=r"There is no figure 'hits@5'.*Did you mean 'hit@5'"):
        parse_requirement("hits@5>=0.9", NAMES)
    with pytest.raises(FigureError, match="There is no figure 'other/hit@5'"):
        parse_requirement("other/hit@5>=0.9", NAMES)


@pytest.mark.parametrize("text", ["", "hit@5", "hit@5>=", "hit@5>=much", ">=0.9", "hit@5=0.9", "hit@5>=0.9>=0.8"])
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(FigureError, match="cannot be read"):
        parse_requirement(text, NAMES)


def test_names_of_figures_are_unique() -> None:
    assert len(NAMES) == len(set(NAMES))
