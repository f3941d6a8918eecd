"""Transliteration: how a word sounds, so that `Токаев`, `Тоқаев` and `Tokayev` come to the same keys.

Not a standard such as ISO 9, which keeps letters apart: newspapers write what they hear, each in its own way. Letters
that stand for one another across the scripts share a sign, as in Soundex (Russell 1918) and Metaphone (Philips 1990).
"""

from __future__ import annotations

import re

_SHORTEST = 3
"""Signs of a key. Shorter ones would be found everywhere."""

_LETTERS = dict(zip("абвгдезийклмнопрстуфыэәғқңөұүі", "abvgdeziiklmnoprstufieagknouui", strict=True))
_SEVERAL = dict(zip("ёжхһцчшщъьюя", ("e", "zh", "kh", "kh", "ts", "ch", "sh", "shch", "", "", "iu", "ia"), strict=True))
_CYRILLIC = str.maketrans(_LETTERS | _SEVERAL)

_SOUNDS = [
    (re.compile(pattern), sign)
    for pattern, sign in (
        (r"ye", "e"),  # Tokayev, Yeltsin
        (r"dzh|dj|zh", "j"),  # Джонс, Jones; Жапаров, Japarov
        (r"sch|tch|shch|sh|ch", "1"),
        (r"tz|ts", "s"),
        (r"(?<=[aeiou])h(?![aeiou])", ""),  # Johnson
        (r"kh|gh|g", "h"),  # Akhmetov, Ахметов; Harvard, Гарвард
        (r"ph", "f"),
        (r"th", "t"),
        (r"qu", "kv"),
        (r"c(?=[eiy])|z", "s"),
        (r"ck|c|q", "k"),
        (r"x", "ks"),
        (r"w", "v"),
        (r"y", "i"),
        (r"(.)\1+", r"\1"),
        (r"(?<=[aeou])i(?=[aeou])", ""),
        (r"(?<=[aeiou])[aeiou]+", ""),
    )
]

_VOWELS = re.compile("[aeiou]")
_FINAL_VOWELS = re.compile("[aeiou]+$")
_DOUBLED = re.compile(r"(.)\1+")
_KEY = re.compile("[a-z1]+")


def sound_keys(word: str) -> tuple[str | None, str | None]:
    """Two keys of a word in small letters, Latin (without accents) or Cyrillic; None where one would be too short.

    The first has its vowels but for the last ones, which are mostly endings: `tokav`. The second has only the first
    of them, as `*`: `tkv`, `*lmt`. It bears what English does to vowels, as in `Байден` and `Biden`, and is found
    oftener by chance.
    """
    sound = word.translate(_CYRILLIC)
    for pattern, sign in _SOUNDS:
        sound = pattern.sub(sign, sound)
    if not _KEY.fullmatch(sound):
        return None, None
    whole = _FINAL_VOWELS.sub("", sound)
    frame = ("*" if _VOWELS.match(sound) else "") + _DOUBLED.sub(r"\1", _VOWELS.sub("", sound))
    return whole if len(whole) >= _SHORTEST else None, frame if len(frame) >= _SHORTEST else None
