"""The head of a news text: `date 2023-07-04`, then a dateline such as `ASTANA. KAZINFORM` or `NEW YORK (AP) —`.

A wrong guess takes words from an article, so a dateline has to look like one: a place in capitals, and behind it
a known agency or the marks that agencies use. What is left is always the end of what was given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_AGENCIES = (
    "Kazinform|TASS|AFP|AP|Associated Press|Reuters|Thomson Reuters|BBC|CNN|CNN Business|UPI|DPA|PTI|ANI|IANS|EFE"
    "|ANSA|ITAR-TASS|Interfax|Interfax-Kazakhstan|RIA Novosti|Sputnik|Xinhua|Yonhap|Kyodo|Kyodo News|Anadolu"
    "|Anadolu Agency|Bloomberg|Ukrinform|BelTA|Trend|Azertac|AKIpress|Kabar|UzA|QazTAG|KazTAG|Tengrinews|Zakon.kz"
    "|RFE/RL|VOA|NPR|CNBC|IRNA|WAM|SPA|JTA|MENA|GLOBE NEWSWIRE|PRNewswire|Business Wire"
    "|Казинформ|ҚазАқпарат|ТАСС|ИТАР-ТАСС|РИА Новости|Интерфакс|Интерфакс-Казахстан"
    "|Спутник|БЕЛТА|КазТАГ|ҚазТАГ|АКИpress|Кабар|Укринформ|Тренд|РБК|РИАН|Рейтер|Регнум|Росбалт|Прайм"
)
_KNOWN = {name.casefold(): name for name in _AGENCIES.split("|")}

_L = r"[^\W\d_a-zà-ÿа-яёәғқңөұүһі]"  # a capital letter, nearly: what a match gives is looked at again
_CAPS = rf"(?:(?:{_L}\.){{2,}}|(?:ST|MT|FT)\.|{_L}(?:{_L}|['’.-](?={_L}))*)"
_PLACE = rf"(?P<place>{_CAPS}(?: {_CAPS}){{0,4}}(?:, {_L}[\w.]*(?: {_L}[\w.]*){{0,2}})?)"
_DAY = r"(?P<day>(?:\d{1,2} [^\W\d_]{3,9}\.?|[^\W\d_]{3,9}\.? \d{1,2})(?:,? \d{4}(?: г\.)?)?)"
_DASH = r"[-–—]{1,2}"
_NAME = r"(?P<source>[^\W\d_][\w./&’' -]{0,40}?)"
_AGENCY = rf"(?i:{'|'.join(map(re.escape, sorted(_KNOWN, key=len, reverse=True)))})(?!\w)"
# Capitals behind a full stop that are no outlets, though long enough for one.
_ORGANISATIONS = frozenset("UNESCO UNICEF BRICS ASEAN COVID OPEC+ FRONTEX EUROPOL INTERPOL ЮНЕСКО ЮНИСЕФ БРИКС".split())

_SLASHED = re.compile(  # МОСКВА, 4 июля. /ТАСС/.        MOSCOW, July 4. /TASS/.
    rf"{_PLACE}, {_DAY}\.? /{_NAME}/\.?\s*(?:{_DASH}\s*)?"
)
_DAY_AND_DASH = re.compile(  # МОСКВА, 4 июля — ТАСС/РИА Новости.
    rf"{_PLACE}, {_DAY}\.?\s+{_DASH}\s+{_NAME}\.\s+"
)
_BRACKETED = re.compile(  # NEW YORK (AP) —        LONDON, July 4 (Reuters) -        KYIV, Ukraine (AP) —
    rf"{_PLACE}(?:, {_DAY})?\s?(?:{_DASH})?\({_NAME}\)\s*{_DASH}\s*"
)
_PLAIN = re.compile(  # ASTANA. KAZINFORM        ASTANA - KAZINFORM -        АСТАНА. 4 июля. ТАСС –
    rf"{_PLACE}(?:[.,] {_DAY})?(?:\.|\s{_DASH})\s"
    rf"(?P<source>{_AGENCY}|{_CAPS}(?: {_CAPS}){{0,2}}?)(?P<end>\s+{_DASH}\s+|\.?\s+)"
)
_MIXED = re.compile(  # Астана. Казинформ –
    rf"(?P<place>{_L}[\w-]+(?: {_L}[\w-]+)?)\. (?P<source>{_AGENCY})\s+{_DASH}\s+"
)
_AGENCY_ALONE = re.compile(  # (Reuters) -        (CNN)        CNN —
    rf"\((?P<source>{_AGENCY})\)\s*(?:{_DASH}\s*)?|CNN\s+[–—]\s+"
)
_PLACE_ALONE = re.compile(rf"{_PLACE}\s+{_DASH}\s+")

_DATE = re.compile(r"\s*(?:date|Date:|DATE:)[ \t]+(?P<date>\d{4}-\d\d-\d\d)(?:\s+|$)")
_BEGINS = re.compile(r"[\"'«“„‘(\[]*[^\W_a-zа-яёәғқңөұүһі]")
_MINOR = frozenset("of the de la le del el al upon on and na на де ла и".split())


@dataclass(frozen=True, slots=True)
class Head:
    """What stood before a text: the date and day as they were written, place and source as they are shown."""

    text: str
    date: str | None = None
    place: str | None = None
    source: str | None = None


def split_head(text: str) -> Head:
    """The header's date, place and source, and the text after it. Never raises.

    Without the `date` header only a dateline is taken that has the marks of one, or a known agency.

    Args:
        text: canonical; white space before the header is passed over.
    """
    dated = _DATE.match(text)
    # "date 2023-07-04 was set" is prose: behind the header a sentence begins, or nothing.
    if dated and (dated.end() == len(text) or _BEGINS.match(text, dated.end())):
        rest = text[dated.end() :]
        head = _dateline(rest, trusting=True)
        return Head(head.text, dated["date"], head.place, head.source)
    return _dateline(text.lstrip(), trusting=False)


def _dateline(text: str, *, trusting: bool) -> Head:
    """Takes the dateline off `text`; `trusting` where the `date` header stood before it."""
    start = text[:200]
    for form in (_SLASHED, _DAY_AND_DASH, _BRACKETED, _PLAIN, _MIXED, _AGENCY_ALONE, _PLACE_ALONE):
        found = form.match(start)
        if found and _BEGINS.match(text, found.end()) and _is_dateline(form, found, trusting=trusting):
            return _head(text, found)
    return Head(text)


def _is_dateline(form: re.Pattern[str], found: re.Match[str], *, trusting: bool) -> bool:
    """Whether a match of `form` is a dateline indeed, and not a text that begins in capitals."""
    part: dict[str, str] = {"place": "", "day": "", "source": "", "end": "", **found.groupdict("")}
    source = part["source"]
    known = all(name.casefold() in _KNOWN for name in source.split("/"))
    if form is _MIXED or form is _AGENCY_ALONE:
        return True
    place = part["place"].split(",")[0]
    if not place.isupper() or len(place) < 2:
        return False
    if form is _PLACE_ALONE:
        return trusting
    if form is _DAY_AND_DASH:  # "PARIS, 4 July — The fire is out. Nobody ..." names no agency
        return known
    if form is _BRACKETED:  # "NATO (North Atlantic Treaty Organization) — The ..." is none
        return known or trusting or bool(part["day"])
    if form is _PLAIN and any(dash in part["end"] for dash in "-–—"):
        return known or (trusting and source.isupper())
    if form is _PLAIN:
        # With nothing behind it, a word in capitals may begin the text ("WARSAW. NATO Secretary General"), and so may
        # a name ("MOSCOW. Sputnik V"): what is neither short nor an organisation is an outlet.
        long = len(source) > 4 and source not in _ORGANISATIONS
        return not source.istitle() and ((known and (trusting or long)) or (trusting and long and source.isupper()))
    return True


def _head(text: str, found: re.Match[str]) -> Head:
    part = found.groupdict()
    day, place = part.get("day"), part.get("place")
    source = part.get("source") or ("CNN" if found.re is _AGENCY_ALONE else None)
    return Head(
        text=text[found.end() :],
        date=day if day and re.search(r"\d{4}", day) else None,
        place=", ".join(shown_name(name, longest_kept=3) for name in place.split(", ")) if place else None,
        source="/".join(_KNOWN.get(name.casefold(), shown_name(name)) for name in source.split("/"))
        if source
        else None,
    )


def shown_name(name: str, *, longest_kept: int = 4) -> str:
    """A name in capitals as it is written in a text: "NEW YORK" is "New York"; with few letters it stays ("TASS")."""
    if not name.isupper() or sum(ch.isalpha() for ch in name) <= longest_kept:
        return name
    pieces = re.split(r"([ -])", name)
    return "".join(_word(piece, first=position == 0) for position, piece in enumerate(pieces))


def _word(word: str, *, first: bool) -> str:
    if word.count(".") > 1:  # D.C.
        return word
    lower = word.lower()
    return lower if lower in _MINOR and not first else lower[:1].upper() + lower[1:]
