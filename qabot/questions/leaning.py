"""Leaning: whether a question leans on what was said before it, judged by its words."""

from __future__ import annotations

import re
from enum import Enum

from qabot.index.analysis import analyzer_of, content_terms
from qabot.questions.conversation import mentions
from qabot.questions.leaning_words import (
    AUXILIARIES,
    CUES,
    NAMES_OF_THINGS,
    PAST,
    PREPOSITIONS,
    QUESTION_WORDS,
    RELATIVE,
    THING_PRONOUNS,
    THINGS,
    TIMES,
    Cues,
)


class Leaning(Enum):
    """What a question leans on."""

    NAME = "a name"
    QUESTION = "what was asked"
    STATEMENT = "what was quoted"


_LONG = 7
"""Content words from which a question says for itself what it points to."""

_ANTECEDENT = 3
"""Telling words before a pronoun among which it finds what it stands for."""

_ANTECEDENT_OF_SUBJECT = 5
"""The same for a pronoun right after an auxiliary ("What kind of music did they play?")."""

_WORD = re.compile(r"\w+(?:[-’'/]\w+)*")


def content_words(text: str, language: str) -> list[str]:
    """The different terms of `text` that are no stop words, in order; none if there are none."""
    # A term that is surely content goes along, since `content_terms` gives stop words where there is nothing else.
    return content_terms(f"0000 {text}", analyzer_of(language))[1:]


def leaning(question: str, language: str, said: frozenset[str] = frozenset()) -> Leaning | None:
    """What `question` leans on; None if it stands alone, or is in a language without cues.

    Args:
        question: as it was asked.
        language: of the question, ISO 639-1.
        said: content words of the last turns.
    """
    for cues in CUES.get(language, ()):
        asked = _Asked(question, language, cues)
        if asked.leans(said):
            return asked.leans_on()
    return None


class _Asked:
    """A question, seen through the cues of one language."""

    def __init__(self, question: str, language: str, cues: Cues) -> None:
        self._text = question
        self._language = language
        self._cues = cues
        self._found = list(_WORD.finditer(question))
        self._words = [_plain(match.group()) for match in self._found]
        self._telling = self._telling_words(question)
        self._names = mentions(question)
        self.points = any(self._points(number) for number in range(len(self._words)))
        self.asks_for_more = any(
            word in cues.more and not self._is_time(number + 1) and not self._asks_for_a_word(number + 1)
            for number, word in enumerate(self._words)
        )

    def leans_on(self) -> Leaning:
        if self.points or self.asks_for_more or not THING_PRONOUNS.isdisjoint(self._words):
            return Leaning.STATEMENT
        names = [word for name in self._names for word in content_words(name.text, self._language)]
        pronoun = not self._cues.pronouns.isdisjoint(self._words)
        return Leaning.NAME if pronoun or len(self._telling) - len(names) > 1 else Leaning.QUESTION

    def leans(self, said: frozenset[str]) -> bool:
        if not self._words:
            return False
        if not self._telling and all(name.kind == "date" for name in self._names):
            return True
        if self._pronoun_without_antecedent():
            return True
        if len(content_words(self._text, self._language)) >= _LONG:
            return False
        if self._cues.openings.match(self._text.lstrip()) or self._cues.endings.search(self._text):
            return True
        if not all(said.issuperset(content_words(name.text, self._language)) for name in self._names):
            return False
        if self.points or (self.asks_for_more and len(self._telling) <= 4):
            return True
        return not self._names and self._is_vague(said)

    def _is_vague(self, said: frozenset[str]) -> bool:
        """Whether an English question without a name tells too little, as "How did the tour go?"."""
        if self._language != "en":
            return False
        past = not PAST.isdisjoint(self._words[:3])
        if len(self._telling) <= 4:
            if any(self._is_known(number, said) for number in range(len(self._words))):
                return True
            if past and not said.isdisjoint(content_words(self._text, self._language)):
                return True
        fragment = len(self._words) <= 4 and self._words[0] in QUESTION_WORDS and AUXILIARIES.isdisjoint(self._words)
        return len(self._telling) <= 2 and (past or fragment)

    def _is_known(self, number: int, said: frozenset[str]) -> bool:
        """Whether "the" stands there before something `said`, or what only a listener who knows which can place."""
        if self._words[number] != "the":
            return False
        after = self._words[number + 1 : number + 3]
        thing = bool(after) and after[0] in THINGS and len(self._telling) <= 3 and after[-1] not in RELATIVE | {"of"}
        return thing or not said.isdisjoint(content_words(" ".join(after), self._language))

    def _pronoun_without_antecedent(self) -> bool:
        """Whether the first pronoun stands for something that the question does not name before it."""
        number = next((number for number, word in enumerate(self._words) if word in self._cues.pronouns), None)
        if number is None:
            return False
        before, after = self._text[: self._found[number].start()], self._text[self._found[number].end() :]
        telling = self._telling_words(before)
        if mentions(before) or self._named_later(after):
            return False
        if self._language == "en" and (self._stands_for_nothing(number, after) or self._bound(number, telling)):
            return False
        subject = self._language == "en" and number > 0 and self._words[number - 1] in AUXILIARIES
        return len(telling) < (_ANTECEDENT_OF_SUBJECT if subject else _ANTECEDENT)

    def _named_later(self, after: str) -> bool:
        """Whether the name follows, as in "When she died, Elizabeth II left …"."""
        _, comma, rest = after.partition(",")
        asks = self._words[0] in QUESTION_WORDS and (self._words[0] != "when" or self._words[1] in AUXILIARIES)
        return bool(comma) and not asks and bool(mentions(rest, part=True))

    def _stands_for_nothing(self, number: int, after: str) -> bool:
        """Whether "it" only fills a place, as in "How long did it take Johnson to respond?"."""
        filler = re.match(r" (?:takes? |costs? |(?:\w+ )?(?:that|to) )", after)
        return (
            self._words[number] == "it" and filler is not None and len(self._telling_words(after[filler.end() :])) >= 2
        )

    def _bound(self, number: int, telling: list[str]) -> bool:
        """Whether the subject of the question itself is meant, as in "Which company announced its plan?"."""
        opening, word = self._words[0], self._words[number]
        if not telling:
            return False
        if opening not in AUXILIARIES | QUESTION_WORDS | PREPOSITIONS:
            return True
        if word in ("him", "them"):
            return False
        if not RELATIVE.isdisjoint(self._words[2 : number - 1]):
            return True
        subject = opening in ("who", "which", "what") and (AUXILIARIES - {"have"}).isdisjoint(self._words[1:number])
        return subject and len(telling) + (opening == "which") >= (2 if opening != "who" else 1)

    def _points(self, number: int) -> bool:
        word = self._words[number]
        if word not in self._cues.pointing:
            return False
        before = self._words[number - 1] if number else ""
        after = self._words[number + 1] if number + 1 < len(self._words) else ""
        match word:
            case "this":  # "this week" is the asker's
                return not self._is_time(number + 1)
            case "that":  # not "the man that …"
                return not after or before in PREPOSITIONS | AUXILIARIES or after in THINGS | TIMES
            case "there":  # not "Is there …"
                return before not in AUXILIARIES and after not in AUXILIARIES
            case _:
                return True

    def _asks_for_a_word(self, number: int) -> bool:
        """Whether "another name for …" goes on there."""
        return not NAMES_OF_THINGS.isdisjoint(self._words[number : number + 2]) and "for" in self._words[number:]

    def _is_time(self, number: int) -> bool:
        return number < len(self._words) and self._words[number].removesuffix("'s") in TIMES

    def _telling_words(self, text: str) -> list[str]:
        words = [_plain(match.group()) for match in _WORD.finditer(text)]
        generic = {word for cues in CUES[self._language] for word in cues.generic}
        telling = [word for word in words if word not in generic and not word.isdigit()]
        return [word for word in telling if content_words(word, self._language)]


def _plain(word: str) -> str:
    return word.lower().replace("’", "'").replace("ё", "е")
