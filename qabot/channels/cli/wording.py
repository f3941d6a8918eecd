"""What a terminal says around an answer, in the language of the question; what it shares with chats is in `Words`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qabot.channels.wording import LANGUAGES, Words, words_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The lines of one language. What stands in braces is filled in by whoever says it."""

    words: Words
    possibly: str  # confidence
    point: str
    missing_outlets: str  # names
    none_from_then: str
    disagreeing: str
    page: tuple[str, str]  # numbers; for one, for several
    paragraph: tuple[str, str]  # numbers; for one, for several
    last: str
    limited: str  # flags
    sources: str

    def numbered(self, forms: tuple[str, str], numbers: set[int]) -> str:
        """`paragraphs 2, 5 and 7`; empty for no numbers."""
        if not numbers:
            return ""
        return forms[len(numbers) > 1].format(numbers=self.listed([*map(str, sorted(numbers))]))

    def listed(self, items: Sequence[str]) -> str:
        """`2`, `2 and 5`, `2, 5 and 7`."""
        return self.last.join(filter(None, (", ".join(items[:-1]), items[-1])))

    def confidence(self, value: float) -> str:
        """The line that calls an answer possible."""
        return self.possibly.format(confidence=f"{value:.2f}".replace(".", self.point))


def lines_for(language: str) -> Lines:
    """The lines for a question in a language (ISO 639-1); English ones for those that qabot does not speak."""
    return _LINES[words_for(language).code]


_LINES = {
    "en": Lines(
        words=LANGUAGES["en"],
        possibly="Possibly (confidence {confidence}):",
        point=".",
        missing_outlets="None of the articles is from {names}.",
        none_from_then="None of those answers, so all articles were asked.",
        disagreeing="The articles disagree; the newest comes first.",
        page=("page {numbers}", "pages {numbers}"),
        paragraph=("paragraph {numbers}", "paragraphs {numbers}"),
        last=" and ",
        limited=", as far as {flags} let me look",
        sources="Sources:",
    ),
    "ru": Lines(
        words=LANGUAGES["ru"],
        possibly="Возможно (уверенность {confidence}):",
        point=",",
        missing_outlets="Статей этого издания нет: {names}.",
        none_from_then="В них ответа нет, поэтому просмотрены все статьи.",
        disagreeing="Статьи расходятся; сначала самая новая.",
        page=("страница {numbers}", "страницы {numbers}"),
        paragraph=("абзац {numbers}", "абзацы {numbers}"),
        last=" и ",
        limited=", насколько позволяют искать {flags}",
        sources="Источники:",
    ),
    "kk": Lines(
        words=LANGUAGES["kk"],
        possibly="Бәлкім (сенімділік {confidence}):",
        point=",",
        missing_outlets="Бұл басылымның мақалалары жоқ: {names}.",
        none_from_then="Оларда жауап жоқ, сондықтан барлық мақала қаралды.",
        disagreeing="Мақалалар әртүрлі айтады; алдымен ең жаңасы берілді.",
        page=("{numbers}-бет", "{numbers}-бет"),
        paragraph=("{numbers}-абзац", "{numbers}-абзац"),
        last=" және ",
        limited=" ({flags} шегінде іздегенде)",
        sources="Дереккөздер:",
    ),
}
