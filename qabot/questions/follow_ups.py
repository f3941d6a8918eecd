"""Follow-ups: a question that leans on a conversation, read with what it leans on. No language model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qabot.index.analysis import PLAIN, terms
from qabot.questions.conversation import Conversation, Mention, headline_mentions, mentions, whole_name
from qabot.questions.leaning import Leaning, content_words, leaning

MOST_ADDED = 10
"""Content words that a reading adds at most; more would drown the question in the search. 4 or 5 are usual."""

MOST_FROM_QUOTE = 2
"""Of these, from the last quote or from older questions, where only a name is missing."""

RECENT = 2
"""Turns back to which "the outbreak" is the outbreak spoken of."""

_SHORTEST_EXCERPT = 3
"""Content words; fewer of a quote's first words tell nothing."""

_ENOUGH_ASKED = 3
"""Content words of earlier questions that make "And in Almaty?" a question."""

_WORD = re.compile(r"\w+(?:[-’'/]\w+)*")

# What each pronoun has to be replaced by: the name and this.
_PERSON = {"he": "", "she": "", "him": "", "his": "'s", "her": "'s"}
_GROUP = {"they": "", "them": "", "their": "'s"}
_THING = {"it": "", "its": "'s"}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The question with its context, to show and to search with; `added` has what was added, as it is written."""

    read_as: str
    added: tuple[str, ...]


def resolve(question: str, language: str, conversation: Conversation) -> FollowUp | None:
    """How `question` reads after `conversation`; None if it stands alone or nothing is there to lean on.

    A pronoun or a part of a name that clearly stands for a name is replaced by it (pronouns in English only:
    elsewhere names bend). What else the question leans on stands behind it in brackets.

    Args:
        question: as it was understood (`Question.text`).
        language: of the question, ISO 639-1.
        conversation: what was asked and quoted before.
    """
    if not conversation.turns:
        return None
    context = _context(conversation)
    reading = _Reading(question, language)
    reading.make_name_whole(context.persons, context.topic)
    kind = leaning(question, language, _said(conversation, language))
    if kind is None:
        return reading.follow_up()
    if language == "en":
        reading.replace_pronoun(_PERSON, context.persons or context.single)
        reading.replace_pronoun(_GROUP, context.groups)
        reading.replace_pronoun(_THING, context.answered)
    reading.add(context.topic)
    if kind is Leaning.QUESTION:
        reading.quote_questions(conversation)
    reading.add(context.asked)
    if kind is Leaning.STATEMENT:
        reading.add(context.quoted)
        reading.quote(conversation.turns[-1].quote or "", _SHORTEST_EXCERPT)
    else:
        reading.add((mention for mention in context.quoted if mention.kind != "date"), MOST_FROM_QUOTE)
    reading.add(context.earlier, MOST_FROM_QUOTE)
    if not reading.added:
        reading.quote_questions(conversation)
    return reading.follow_up()


@dataclass(frozen=True, slots=True)
class _Context:
    """What a conversation mentions, most likely meant first.

    topic: in the newest headline.
    asked: in the last question.
    quoted: in the last quote.
    earlier: in the questions before the last, newest first.
    answered: the last quote as a whole, where it is nothing but a name.
    persons: who may be "he" or "she", or be called by the last name.
    groups: what may be "they".
    single: a topic of one word, which may be a person.
    """

    topic: list[Mention]
    asked: list[Mention]
    quoted: list[Mention]
    earlier: list[Mention]
    answered: list[Mention]
    persons: list[Mention]
    groups: list[Mention]
    single: list[Mention]


def _context(conversation: Conversation) -> _Context:
    last, *older = conversation.turns[::-1]
    topic = headline_mentions(next((turn.headline for turn in (last, *older) if turn.headline), ""))
    asked, quoted = mentions(last.question), mentions(last.quote or "")
    earlier = [mention for turn in older for mention in mentions(turn.question)]
    quoted_earlier = [mention for turn in older for mention in mentions(turn.quote or "")]
    answer = whole_name(last.quote or "")
    answered = [answer] if answer else []
    named = [*answered, *asked, *topic, *earlier, *quoted, *quoted_earlier]
    return _Context(
        topic,
        asked,
        quoted,
        earlier,
        answered,
        persons=[mention for mention in named if mention.kind == "person"],
        groups=[mention for mention in [*answered, *topic] if mention.kind == "name"],
        single=[mention for mention in topic if mention.kind == "name" and " " not in mention.text],
    )


def _said(conversation: Conversation, language: str) -> frozenset[str]:
    recent = conversation.turns[-RECENT:]
    return frozenset(content_words(" ".join(f"{turn.question} {turn.quote or ''}" for turn in recent), language))


class _Reading:
    """A question while it is read: names in place of pronouns, and phrases that go behind it."""

    def __init__(self, question: str, language: str) -> None:
        self._language = language
        self._asked = frozenset(content_words(question, language))
        self._text = question
        self._behind: list[str] = []
        self.added: list[str] = []

    def follow_up(self) -> FollowUp | None:
        if not self.added:
            return None
        behind = f" ({', '.join(self._behind)})" if self._behind else ""
        return FollowUp(self._text.rstrip() + behind, tuple(self.added))

    def make_name_whole(self, persons: Iterable[Mention], topic: list[Mention]) -> None:
        """The first of `persons` that the question names by a part ("Ferry"), is named in full; `topic` by any part."""
        for person in persons:
            parts = _folded(person.text)
            if set(parts) <= set(_folded(self._text)):
                continue
            for part in (parts[-1], parts[0]) if person in topic else (parts[-1],):
                if self._put_for_part(part, person.text):
                    return

    def replace_pronoun(self, pronouns: Mapping[str, str], candidates: list[Mention]) -> None:
        """The first of `pronouns` becomes the first candidate, unless a name before it is what it stands for."""
        for match in _WORD.finditer(self._text) if candidates else ():
            ending = pronouns.get(match.group().lower())
            if ending is None:
                continue
            if not mentions(self._text[: match.start()]):
                object_only = match.group().lower() == "her" and not re.match(r" \w", self._text[match.end() :])
                self._put(match, candidates[0].text, "" if object_only else ending)
            return

    def add(self, candidates: Iterable[Mention], most: int = MOST_ADDED) -> None:
        """The candidates that bring new content words, `most` at most and while there is room."""
        for mention in candidates:
            new = self._new(mention.text)
            if 0 < new <= min(most, self._room):
                self._append(mention.text, mention.text)
                most -= new

    def quote_questions(self, conversation: Conversation) -> None:
        """The last question, and the ones before it until they tell enough."""
        told = 0
        for turn in conversation.turns[::-1]:
            told += len(content_words(turn.question, self._language))
            self.quote(turn.question, 1)
            if told >= _ENOUGH_ASKED:
                return

    def quote(self, text: str, fewest: int) -> None:
        """The first words of `text` from a content word on, as many as there is room for, if `fewest` are new."""
        words = [word for word in _WORD.finditer(text) if content_words(word.group(), self._language)]
        excerpt = ""
        for word in words:
            if self._new(longer := text[words[0].start() : word.end()]) > self._room:
                break
            excerpt = longer
        if excerpt and self._new(excerpt) >= fewest:
            mark = "" if text[words[0].start() : words[-1].end()] == excerpt else "…"
            self._append(excerpt, f"“{excerpt}{mark}”" if " " in excerpt else excerpt)

    def _append(self, phrase: str, shown: str) -> None:
        """Puts `phrase` behind the question, in place of those that it holds."""
        self._behind = [other for other in self._behind if not re.search(rf"\b{re.escape(other)}\b", phrase)]
        self._behind.append(shown)
        self.added.append(phrase)

    @property
    def _room(self) -> int:
        return MOST_ADDED - len(self._held() - self._asked)

    def _held(self) -> frozenset[str]:
        return self._asked.union(content_words(" ".join(self.added), self._language))

    def _new(self, text: str) -> int:
        return len(frozenset(content_words(text, self._language)) - self._held())

    def _put_for_part(self, part: str, name: str) -> bool:
        own = {tuple(_folded(mention.text)) for mention in mentions(self._text)}
        typed_small = self._text[1:] == self._text[1:].lower()
        for match in _WORD.finditer(self._text):
            word = _folded(match.group())
            if len(part) < 3 or word not in ([part], [f"{part}s"] if self._language == "en" else []):
                continue
            after_article = re.search(r"\b(?:the|an?) $", self._text[: match.start()].lower())
            if tuple(word) in own or (typed_small and not after_article):
                self._put(match, name, "'s" if word != [part] or match.group()[-2:] in ("'s", "’s") else "")
                return True
        return False

    def _put(self, match: re.Match[str], name: str, ending: str) -> None:
        ending = "'" if ending and name.endswith("s") else ending
        self._text = self._text[: match.start()] + name + ending + self._text[match.end() :]
        self.added.append(name)


def _folded(name: str) -> list[str]:
    """The words of a name without case, accents and a final 's."""
    return terms(re.sub(r"['’]s?$", "", name), PLAIN)
