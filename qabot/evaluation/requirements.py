"""Requirements: what a figure has to reach, as `hit@5>=0.9`."""

from __future__ import annotations

import difflib
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from qabot.errors import FigureError
from qabot.evaluation.ranking import MAIN

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
}
_FORM = re.compile(
    r"\s*(?P<name>[^<>=]*[^<>=\s])\s*(?P<sign>>=|<=|==|>|<)\s*(?P<value>[-+]?\d*\.?\d+(?:e[-+]?\d+)?)\s*"
)


class HasFigures(Protocol):
    """What was measured: an evaluation, or all that one run of `qabot eval` gave."""

    def figure(self, name: str) -> float | None:
        """The figure of that name; None if nothing was there to measure it by."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A figure, a comparison and a number; `text` is how it was written."""

    text: str
    name: str
    sign: str
    value: float

    def unmet(self, measured: HasFigures) -> str | None:
        """Why it is not met, None if it is. A figure that could not be measured meets nothing."""
        found = measured.figure(self.name)
        if found is None:
            return f"{self.text} is not met: no question measures {self.name}"
        if _COMPARISONS[self.sign](found, self.value):
            return None
        return f"{self.text} is not met: {self.name} is {found:.4g}"


def parse_requirement(text: str, names: Sequence[str]) -> Requirement:
    """The requirement in `text`, about one of the figures `names`.

    Raises:
        FigureError: it has another form, or there is no such figure; the nearest one is named.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise FigureError(
            f"The requirement {text!r} cannot be read", 'Write a figure, a comparison, a number: "hit@5>=0.9"'
        )
    name = match["name"]
    bare = name.replace(f"{MAIN}.", "", 1)
    if bare not in names:
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        mend = f"Did you mean {near[0]!r}? " if near else ""
        raise FigureError(f"There is no figure {name!r}", mend + "`qabot eval --json` gives all figures by name")
    return Requirement(text.strip(), bare, match["sign"], float(match["value"]))
