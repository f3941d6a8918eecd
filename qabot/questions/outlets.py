"""Outlets and authors named in a question: those that the index has, and those that it has not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qabot.passages.context import MONTHS

_SHORTEST = 3
"""Letters of a name; shorter ones need their exact form, as "AP"."""

_DOMAIN = re.compile(r"(?:www\.)?([\w-]+)(?:\.\w{2,}){1,2}", re.IGNORECASE)
_PARTS = re.compile(r"\s+[|–—-]\s+|:\s+")

_BEFORE = (
    r"(?:according\s+to|(?:reported|published|written|covered|cited|noted)\s+(?:by|in)|as\s+per|by|from|in"
    r"|по\s+данным|по\s+сообщени\w+|как\s+(?:пишет|сообща\w+|переда[её]т)|сообща\w+|пишет)"
)
_AFTER = (
    r"(?:['’]s?)?\s+(?:articles?|reports?|reported|reporting|stor(?:y|ies)|pieces?|coverage|review|says|said|writes|wrote"
    r"|editorial|column|interview|сообща\w+|пишет|переда[её]т|хабарла\w+|мәліметінше)"
)
_OPEN, _CLOSE = r"(?:(?:the|an?|издани\w+|агентств\w+)\s+)?['\"«“‘]?", r"['\"»”’]?"

_PRESS = (
    r"(?:Reuters|Bloomberg|BBC|CNN|CNBC|Forbes|AFP|TASS|Interfax|Politico|Axios|Vox|NPR|Newsweek|Wired|Xinhua|Al\sJazeera"
    r"|Associated\sPress|Sky\sNews|Euronews|Deutsche\sWelle|(?:[A-Z]\w+\s){1,3}(?:Times|Post|Journal|News|Magazine"
    r"|Herald|Gazette|Tribune|Telegraph|Chronicle|Daily|Review|Mail|Guardian|Standard|Observer|Weekly))"
)
_A_TITLE = r"(?:[A-Z][\w&.'’]*)(?:\s(?:(?:of|and|the|&)\s){0,2}[A-Z][\w&.'’]*){0,4}"
_AND = re.compile(r"\s(?:and|&)\s(?:the\s)?$")
_INSIDE_A_NAME = re.compile(r"[A-Z]\w+\sof\s$")
_KIND = r"(?:articles?|reports?|reporting|stor(?:y|ies)|pieces?|reviews?|coverage|editorials?)"
_THE = r"(?:[Tt]he\s|[Aa]n?\s)?"
_MISSING = [
    re.compile(rf"\b[Aa]ccording\sto\s{_THE}['\"«“]?(?P<name>{_PRESS})(?!\w)"),
    re.compile(rf"\b(?:reported|published|noted|covered)\s(?:by|in)\s{_THE}['\"«“]?(?P<name>{_PRESS})(?!\w)"),
    re.compile(
        rf"(?<!\w){_THE}['\"«“]?(?P<name>{_PRESS}|(?<=[Aa]\s){_A_TITLE}){_CLOSE}(?:['’]s?)?\s(?:news\s)?{_KIND}(?!\w)"
    ),
    re.compile(rf"(?<!\w){_KIND}\s(?:published\s)?(?:from|by|in)\s{_THE}['\"«“]?(?P<name>{_PRESS}|{_A_TITLE})"),
]
"""Where an outlet stands that the index need not have: a name of the press behind "according to", any name before or
behind "article" and the like."""


@dataclass(frozen=True, slots=True)
class OutletReading:
    """What a question says about outlets.

    named: outlets and authors of the index, as they are written there.
    missing: names that stand where an outlet would, of which the index has none.
    """

    named: frozenset[str]
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        """Share of the outlets asked for that the index has; 1 if none is asked for."""
        asked = len(self.named) + len(self.missing)
        return len(self.named) / asked if asked else 1.0


class OutletNames:
    """The names of the outlets and authors of an index, for finding them in questions.

    A name counts where a word such as "according to" or "article" stands beside it. Without one it has to be written as
    the index has it, and be neither the first word alone ("Fortune favours whom?") nor the end of another name ("Wheel
    of Fortune").
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._full: dict[str, set[str]] = {}
        self._forms: set[str] = set()
        for name in names:
            for form in _forms(name):
                self._forms.add(form)
                self._full.setdefault(_folded(form), set()).add(name)
        longest_first = sorted(self._forms, key=len, reverse=True)
        choice = "|".join(_inflected(form) for form in longest_first) or r"(?!)"
        self._anywhere = re.compile(rf"(?<![\w.])(?:{choice})(?!\w)", re.IGNORECASE)
        self._cued = re.compile(rf"{_BEFORE}\s+{_OPEN}$", re.IGNORECASE)
        self._cued_behind = re.compile(rf"{_CLOSE}{_AFTER}\b", re.IGNORECASE)

    def read(self, question: str) -> OutletReading:
        """The outlets that `question` names."""
        named: set[str] = set()
        taken: list[tuple[int, int]] = []
        for match in self._anywhere.finditer(question):
            if self._counts(question, match):
                named |= self._known(match.group())
                taken.append(match.span())
        missing: dict[str, str] = {}
        for pattern in _MISSING:
            for match in pattern.finditer(question):
                start, end = match.span("name")
                # "Engadget and TechCrunch" are two, if the second is known.
                end = min((at for at, _ in taken if start < at < end and _AND.search(question, 0, at)), default=end)
                name = _AND.sub("", question[start:end]).rstrip("'’")
                if name not in MONTHS["en"] and not any(at < end and start < to for at, to in taken):
                    missing.setdefault(name.casefold().removeprefix("the "), name)
                    taken.append((start, end))
        return OutletReading(frozenset(named), tuple(missing.values()))

    def _counts(self, question: str, match: re.Match[str]) -> bool:
        beside = self._cued.search(question, 0, match.start()) or self._cued_behind.match(question, match.end())
        if beside:
            return True
        written_so = any(match.group().startswith(form) for form in self._forms if form[:1].isupper())
        first_word = match.start() == 0 and " " not in match.group()
        return written_so and not first_word and not _INSIDE_A_NAME.search(question, 0, match.start())

    def _known(self, written: str) -> set[str]:
        folded = _folded(written)
        while folded and folded not in self._full:
            folded = folded[:-1]
        return self._full.get(folded, set())


def _forms(name: str) -> set[str]:
    """Ways to write a name: whole, its part before a dash or bar, and a domain without its ending."""
    forms = {name, _PARTS.split(name)[0].strip()}
    forms |= {match[1] for form in forms if (match := _DOMAIN.fullmatch(form))}
    return {form for form in forms if len(form) >= _SHORTEST or form.isupper()}


def _inflected(form: str) -> str:
    """A pattern for a name; one in Cyrillic may take an ending."""
    ending = r"\w{0,4}" if re.search(r"[а-яәғқңөұүһі]$", form.lower()) else ""
    return re.escape(form) + ending


def _folded(text: str) -> str:
    """`text` without case; to `re.IGNORECASE` the dotless i of Turkish and Kazakh is an i too, so it is here."""
    return text.replace("İ", "I").replace("ı", "i").casefold()
