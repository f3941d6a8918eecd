"""Names across scripts: the terms by which a question in one language finds a name in a text of another.

They are in a field of their own, and a question asks it for its words in *other* writings than its own. So a question
and a text in one language are matched by their terms as ever, and no score among them changes.

A term is the writing that the name stands in and one of three keys: `en=UN` (one of `SAME_NAMES`), `en:tokav` and
`en.tkv` (`sound_keys`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from qabot.index import kazakh
from qabot.index.analysis import PLAIN, STOP_WORDS, normalized, terms
from qabot.index.same_names import SAME_NAMES
from qabot.index.transliteration import sound_keys

THING, WHOLE, FRAME = "=", ":", "."
"""The kinds of keys, the surest first."""

_ENGLISH, _RUSSIAN, _KAZAKH = WRITINGS = "en", "ru", "kk"
"""Latin letters, Cyrillic ones, and Cyrillic ones in Kazakh: each by the language whose endings are taken off."""

_CYRILLIC_TOO = frozenset("ba be bg cv ky mk mn os sr tg tt uk uz und".split())
"""Other languages that are written in Cyrillic letters, or may be."""

_LONGEST_WORD = 40
"""Letters; longer ones are no names, and are not to fill the memory."""

_REMEMBERED = 50_000
"""Words that are looked up once only."""

_LONG_PLURAL = 4
"""Letters above which a final s is tried without: Huguenots, but not Mars."""

_SHORTEST_SMALL = 3
"""Letters of an abbreviation that a question may have in small letters: `us` is a word."""

_BEGINNING = 3
"""Letters by which a word is known to begin no phrase."""

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_KAZAKH_LETTERS = re.compile("[әғқңөұүһі]", re.IGNORECASE)


def written_names(text: str, language: str) -> list[str]:
    """The terms of the names in `text`, a text in `language` (ISO 639-1): of every word with a capital letter.

    Words in another script than the language's are left out: they crowd out what a question in it is about.
    """
    words = _WORD.findall(normalized(text))
    allowed = writings_of(language)
    named = _named(words, language == _KAZAKH, capitals=True)
    return [writing + key for _, writing, keys in named if writing in allowed for key in keys]


def writings_of(language: str) -> tuple[str, ...]:
    """The writings that names in a text in `language` may have."""
    if language in WRITINGS:
        return (language,)
    return (_ENGLISH, _RUSSIAN) if language in _CYRILLIC_TOO else (_ENGLISH,)


def asked_names(question: str, writings: Collection[str] = WRITINGS) -> dict[str, tuple[str, ...]]:
    """The words of `question`, as they are written there, each with the terms that may stand for it in other writings.

    Small letters do not matter: people type names as they like. Stop words, and words without such terms, are left out.

    Args:
        question: text in any language.
        writings: that are looked for.
    """
    kazakh_text = bool(_KAZAKH_LETTERS.search(question))
    words = _WORD.findall(normalized(question))
    own = _writing_of_most(words, kazakh_text)
    others = [writing for writing in writings if writing != own]
    if not others:
        return {}
    small = not any(word[0].isupper() for word in words[1:])
    asked: dict[str, tuple[str, ...]] = {}
    for name, writing, keys in _named(words, kazakh_text, small=small, capitals=False):
        elsewhere = tuple(other + key for key in keys for other in others if other != writing)
        if elsewhere:
            asked[name] = elsewhere
    return asked


def _named(
    words: list[str], kazakh_text: bool, *, capitals: bool, small: bool = False
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The names that `words` may be, each with its writing and its keys.

    Args:
        words: of a text, in order.
        kazakh_text: whether Cyrillic words are Kazakh.
        capitals: whether a single word has to have a capital letter.
        small: whether abbreviations may be in small letters.
    """
    at = 0
    while at < len(words):
        length = 1
        if (about := _about(words[at], kazakh_text, capitals, small)) is not None:
            writing, phrases, keys = about
            for stems, thing in phrases:
                following = words[at + 1 : at + 1 + len(stems)]
                if tuple(_stem(other, writing) for other in following) == stems:
                    length, keys = 1 + len(stems), (thing,)
                    break
            if keys:
                yield " ".join(words[at : at + length]), writing, keys
        at += length


class _About(NamedTuple):
    """A word: its writing, the stems of the words that make it a phrase of `SAME_NAMES` with the phrase's key, and the
    keys of the word by itself."""

    writing: str
    phrases: tuple[tuple[tuple[str, ...], str], ...]
    keys: tuple[str, ...]


@lru_cache(_REMEMBERED)
def _about(word: str, kazakh_text: bool, capitals: bool, small: bool) -> _About | None:
    """What `_named` has to know of a word; None if it is no name and begins none. Most words are met again."""
    writing = _writing(word, kazakh_text) if len(word) <= _LONGEST_WORD else None
    if writing is None:
        return None
    known = _known(writing)
    begins = word[:_BEGINNING].lower() in known.beginnings
    phrases = known.phrases.get(_stem(word, writing), ()) if begins else ()
    keys: tuple[str, ...] = ()
    if word[0].isupper() or not capitals:
        keys = _keys(word.upper() if small and _is_small_abbreviation(word, writing) else word, writing)
    return _About(writing, phrases, keys) if phrases or keys else None


def _writing(word: str, kazakh_text: bool) -> str | None:
    if _CYRILLIC.match(word):
        return _KAZAKH if kazakh_text else _RUSSIAN
    return _ENGLISH if _LATIN.match(word) else None


def _writing_of_most(words: list[str], kazakh_text: bool) -> str | None:
    """The question's own writing; of equally many words, the first one's."""
    writings = Counter(_writing(word, kazakh_text) for word in words)
    return max(writings, key=lambda writing: writings[writing], default=None)


def _keys(word: str, writing: str) -> tuple[str, ...]:
    """The keys of a word by itself."""
    known = _known(writing)
    if word in known.abbreviations:
        return (known.abbreviations[word],)
    if word.lower() in STOP_WORDS:
        return ()
    if (stem := _stem(word, writing)) in known.words:
        return (known.words[stem],)
    sounds = [sound_keys(form) for form in _forms(word, writing)]
    wholes = [WHOLE + whole for whole, _ in sounds if whole]
    frames = [FRAME + frame for _, frame in sounds if frame]
    return tuple(dict.fromkeys(wholes + frames))


def _forms(word: str, writing: str) -> list[str]:
    """The word in small letters, without accents, and with endings taken off in each way that may be right."""
    form = "".join(terms(word, PLAIN))
    if writing == _KAZAKH:
        return list(kazakh.shortened(form))
    if writing == _RUSSIAN:
        return [form, *terms(form, writing)]
    return [form, form.removesuffix("s")] if len(form) > _LONG_PLURAL else [form]


def _stem(word: str, writing: str) -> str:
    return "".join(terms(word, writing))


def _is_small_abbreviation(word: str, writing: str) -> bool:
    return len(word) >= _SHORTEST_SMALL and word not in STOP_WORDS and word.upper() in _known(writing).abbreviations


_CONSONANTS = frozenset("бвгджзйклмнпрстфхцчшщ")
_CASES = "а", "у", "ом", "е"
"""Endings of Russian names of one word that end in a consonant."""


class _Known(NamedTuple):
    """`SAME_NAMES` in one language: abbreviation, stem or first stem -> key; and how the first words begin, since most
    words can be passed over by that."""

    abbreviations: dict[str, str]
    words: dict[str, str]
    phrases: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    beginnings: set[str]


@cache
def _known(writing: str) -> _Known:
    known = _Known({}, {}, {}, set())
    for names in SAME_NAMES:
        key = THING + names[_ENGLISH][0].replace(" ", "_")
        for name in names[writing]:
            first, *others = (_stem(word, writing) for word in _WORD.findall(name))
            if others:
                known.beginnings.add(name[:_BEGINNING].lower())
                longest_first = sorted(
                    [*known.phrases.get(first, ()), (tuple(others), key)], key=lambda one: -len(one[0])
                )
                known.phrases[first] = tuple(longest_first)
            elif name.isupper():
                known.abbreviations[name] = key
            else:
                known.words[first] = key
                if writing == _RUSSIAN and name[-1] in _CONSONANTS:
                    # Snowball gives some cases of a name another stem than the name itself: Афганистан, Афганистану.
                    for ending in _CASES:
                        known.words.setdefault(_stem(name + ending, writing), key)
    return known
