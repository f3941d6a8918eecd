"""What kind of thing a question asks for, and whether a text holds one: a number, a time, a name."""

from __future__ import annotations

import re
from enum import Enum


class Expectation(Enum):
    """What an answer has to hold."""

    NUMBER = "number"
    TIME = "time"
    NAME = "name"
    ANYTHING = "anything"


_ASKS_FOR = {
    Expectation.NUMBER: re.compile(
        r"\bhow\s+(?:many|much|old|long|far|tall|high|large|big|fast|often)\b"
        r"|\bwhat\s+(?:\w+\s+){0,2}?(?:percent|percentage|number|amount|price|cost|population|share|age|size)\b"
        r"|\bсколько\b|\bкак(?:ая|ов|ова)\s+(?:\w+\s+)?(?:цена|стоимость|доля|сумма|численность|население|площадь)"
        r"|\bқанша\b|\bнеше\b",
        re.IGNORECASE,
    ),
    Expectation.TIME: re.compile(
        r"\bwhen\b|\b(?:what|which)\s+(?:\w+\s+)?(?:years?|months?|days?|dates?|decades?|century|time)\b"
        r"|\bкогда\b|\bв\s+как(?:ом|ой|ие)\s+(?:год|месяц|день|век|числ)|\bкакого\s+числа\b"
        r"|\bқашан\b|\bқай\s+(?:жылы|күні|айда)\b",
        re.IGNORECASE,
    ),
    Expectation.NAME: re.compile(
        r"\bwho(?:m|se)?\b|\bwhere\b"
        r"|\b(?:what|which)\s+(?:\w+\s+)?(?:country|countries|city|cities|state|person|man|woman|team|company|companies"
        r"|president|minister|actor|actress|singer|author|nation|organization|organisation|agency|school|university)\b"
        r"|\b(?:кто|кого|кому|кем|где|куда|откуда)\b|\b(?:в\s+)?как(?:ая|ой|ом|ие)\s+(?:стран|город|компани|команд)"
        r"|\b(?:кім|кімді|кімге|қайда|қай\s+(?:ел|қала))",
        re.IGNORECASE,
    ),
}

_NUMBER = re.compile(
    r"\b\w*\d\w*\b|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?"
    r"|billions?|trillions?|half|twice|double|один|одна|два|две|три|четыре|пять|шесть|семь|восемь|девять|десять|сто"
    r"|тысяч\w*|миллион\w*|миллиард\w*|половин\w*|бір|екі|үш|төрт|бес|алты|жеті|сегіз|тоғыз|он|жүз|мың|миллион)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:1\d|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\b(?:january|february|march|april|may|june|july|august|september|october"
    r"|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|today|tomorrow|year|month"
    r"|week|day|century|decade|январ\w+|феврал\w+|март\w*|апрел\w+|ма[яе]|июн\w+|июл\w+|август\w*|сентябр\w+|октябр\w+"
    r"|ноябр\w+|декабр\w+|понедельник\w*|вторник\w*|сред[уы]|четверг\w*|пятниц\w+|суббот\w+|воскресень\w+|год\w*|век\w*"
    r"|қаңтар\w*|ақпан\w*|наурыз\w*|сәуір\w*|мамыр\w*|маусым\w*|шілде\w*|тамыз\w*|қыркүйек\w*|қазан\w*|қараша\w*"
    r"|желтоқсан\w*|жыл\w*|ғасыр\w*|күн\w*)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+(?:[-’']\w+)*")


def expectation(question: str) -> Expectation:
    """What the question asks for, by its question words in English, Russian or Kazakh."""
    for kind, asks in _ASKS_FOR.items():
        if asks.search(question):
            return kind
    return Expectation.ANYTHING


def meets(kind: Expectation, text: str, question: str) -> bool:
    """Whether `text` holds something of that kind which the question does not hold itself."""
    if kind is Expectation.ANYTHING:
        return True
    asked = {word.casefold() for word in _WORD.findall(question)}
    if kind is Expectation.NAME:
        return any(name.casefold() not in asked for name in names(text))
    pattern = _NUMBER if kind is Expectation.NUMBER else _TIME
    return any(match.group().casefold() not in asked for match in pattern.finditer(text))


def names(text: str) -> list[str]:
    """Words of `text` that look like names or numbers: capitalised inside a sentence, or with a digit."""
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        before = text[: match.start()].rstrip()
        opens = not before or before[-1] in ".!?«»“”\"'(:;–—"
        if any(character.isdigit() for character in word) or (word[0].isupper() and (not opens or word.isupper())):
            found.append(word)
    return found
