"""Plural forms: which form of a noun stands with a number (CLDR plural rules for whole numbers)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Forms(NamedTuple):
    """A phrase with a number, `{n}`, in the forms for one, for a few and for many."""

    one: str
    few: str
    many: str


Rule = Callable[[Forms, int], str]
"""Chooses the form for a number."""


def english(forms: Forms, number: int) -> str:
    """1 article, 2 articles."""
    return forms.one if number == 1 else forms.many


def russian(forms: Forms, number: int) -> str:
    """1, 21 статья; 2, 22 статьи; 5, 11, 25 статей."""
    if number % 10 == 1 and number % 100 != 11:
        return forms.one
    return forms.few if 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14 else forms.many


def kazakh(forms: Forms, number: int) -> str:  # noqa: ARG001
    """1 мақала, 5 мақала: a noun behind a number has no plural ending."""
    return forms.many


def same(phrase: str) -> Forms:
    """A phrase that is the same with every number."""
    return Forms(phrase, phrase, phrase)
