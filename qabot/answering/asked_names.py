"""Asked names: the names and numbers of a question, and how surely they stand in a passage of whatever language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from qabot.articles.article import Article
from qabot.index.analysis import analyzer_of, normalized, terms
from qabot.index.names import FRAME, asked_names, writings_of, written_names
from qabot.passages.context import indexed_text
from qabot.passages.passage import Passage

HALF_SURE = 0.5
"""What a name counts of which only the frame of its sound is found (transliteration.py): others sound like it, too."""

_WORD = re.compile(r"\w+(?:[-’']\w+)*")
_PART = re.compile(r"[^\W\d_]+|\d+")


def across(language: str, other: str) -> bool:
    """Whether texts in two languages (ISO 639-1) share no writing, so that their words do not match."""
    return {*writings_of(language)}.isdisjoint(writings_of(other))


def name_runs(question: str) -> list[str]:
    """Names of one or more words: runs of words that are capitalised or have a digit, but for the first word."""
    spans: list[tuple[int, int]] = []
    for word in list(_WORD.finditer(question))[1:]:
        if not (word.group()[0].isupper() or any(character.isdigit() for character in word.group())):
            continue
        if spans and question[spans[-1][1] : word.start()] == " ":
            spans[-1] = spans[-1][0], word.end()
        else:
            spans.append(word.span())
    return [question[start:end] for start, end in spans]


def parts_of(names: Iterable[str]) -> list[str]:
    """The different words and numbers that `names` are made of, in order."""
    return list(dict.fromkeys(part for name in names for part in _PART.findall(normalized(name))))


class NamesIn:
    """Which of a question's names stand in a passage: as they are written, or as other writings have them."""

    def __init__(self, question: str, article: Article, passage: Passage) -> None:
        text = indexed_text(article, passage)
        self._analyzer = analyzer_of(article.language)
        self._text = _spaced(text, self._analyzer)
        self._elsewhere = terms_elsewhere(question, article.language)
        self._written = frozenset(written_names(text, article.language)) if self._elsewhere else frozenset[str]()

    def surely(self, name: str) -> float:
        """How surely the passage holds `name`, in [0, 1]: 1 if as it is written, or else the mean of its parts."""
        if _spaced(name, self._analyzer) in self._text:
            return 1.0
        parts = parts_of([name]) if self._elsewhere else []
        return sum(self._part(part) for part in parts) / len(parts) if parts else 0.0

    def found_elsewhere(self) -> dict[str, float]:
        """The terms of names that are found in another writing than the question's, the surest of each word, and how
        sure each is."""
        found: dict[str, float] = {}
        for word, alternatives in self._elsewhere.items():
            if _spaced(word, self._analyzer) not in self._text and (best := self._best(alternatives)):
                found[best] = sureness(best)
        return found

    def _part(self, part: str) -> float:
        if _spaced(part, self._analyzer) in self._text:
            return 1.0
        best = self._best(self._elsewhere.get(part, ()))
        return sureness(best) if best else 0.0

    def _best(self, alternatives: Iterable[str]) -> str | None:
        return max((term for term in alternatives if term in self._written), key=sureness, default=None)


def terms_elsewhere(question: str, language: str) -> Mapping[str, tuple[str, ...]]:
    """For the words of `question` the terms that they may have in a text in `language`; none if it is written alike."""
    found: dict[str, tuple[str, ...]] = {}
    for name, alternatives in asked_names(question, writings_of(language)).items():
        for word in name.split():
            found[word] = found.get(word, ()) + alternatives
    return found


def sureness(term: str) -> float:
    """How surely a term of `written_names` stands for the name."""
    return HALF_SURE if FRAME in term else 1.0


def _spaced(text: str, analyzer: str) -> str:
    """The terms of `text` in a row, a space around each."""
    return f" {' '.join(terms(text, analyzer))} "
