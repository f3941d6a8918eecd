"""The language of an article or a question: letters first, then common words, then a statistical model.

Letters and words settle nearly all English, Russian and Kazakh in microseconds. The model of py3langid (half a
second to load) is only loaded for what they leave open.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

UNKNOWN = "und"
"""ISO 639-2 for a language that could not be told."""

SAMPLE = 2000
"""Characters looked at: enough to be sure, few enough for thousands of articles a second."""

_SHORT = 25
"""Words up to which a text is read as a question: one English word is evidence, and a guess needs to be sure."""

_SURE = 0.6
"""Probability from which the model's guess is taken over the commonest language of the letters."""

_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_WORD = re.compile(r"[^\W\d_]+")

# Words that are common in English and rare as words of other languages: "was", "is", "in" and "die" are left out.
_ENGLISH = frozenset(
    "the what which who whom whose when where why how did does and are were been with from for his her their "
    "has have had that this these those than by about between into after before during against they them he she "
    "you your would could should will can any most of it its at be not but we our there said".split()
)
# The commonest words of other languages in Latin letters, apart from those that are English words too.
_FOREIGN = frozenset(
    "der das und ist den dem ein eine nicht mit wer wie warum wann welche für von auf "
    "le la les des est une du que qui dans pour quel quelle quels quelles où sont "
    "el los las del es por para con una qué quién cuál cuándo dónde cómo cuáles "
    "il che di della sono chi quando dove perché quale per nel gli "
    "het een van wie wat waar hoe zijn dat niet voor "
    "o os as um uma não em da dos quem qual onde "
    "i w na jest nie kto co gdzie jak jaki się ve bir bu ne kim nedir nasıl için och är vad vem som att det".split()
)
_RUSSIAN = frozenset(
    "что как кто где когда почему какой какая какое какие каком каким какого какую чем чего кого кому это "
    "был была было были для при сколько чей чья зачем куда откуда после между или он она они его её их из от".split()
)
_KAZAKH = frozenset(
    "мен және кім неше қай қандай қалай қашан бұл деген туралы үшін болды болып болған "
    "неге кімнің ненің қайда жылы жылғы жыл бар кандай калай кашан калай деп бойынша арасында дейін кейін "
    "немен неден кімге кімдер дегеніміз аталады".split()
)
_KAZAKH_LETTERS = re.compile("[әғқңөұүһӘҒҚҢӨҰҮҺ]")
_ONLY_KAZAKH_LETTERS = re.compile("[ғқұҒҚҰ]")
_UKRAINIAN_LETTERS = re.compile("[їєґЇЄҐ]")
_RUSSIAN_LETTERS = re.compile("[ыэёЫЭЁ]")
_OTHER_CYRILLIC_LETTERS = re.compile("[іІђѓѕјљњћќџҷҳӯӣҖҗҢңҘҙҪҫҡӨөҮүӘәҺһЂЃЅЈЉЊЋЌЏ]")

_NAMES = {
    "english": "en",
    "eng": "en",
    "russian": "ru",
    "rus": "ru",
    "русский": "ru",
    "kazakh": "kk",
    "kaz": "kk",
    "қазақша": "kk",
    "kz": "kk",
}


def detect(text: str) -> str:
    """The ISO 639-1 code of the language of `text` (its first `SAMPLE` characters), or "und".

    A few unclear words in Latin letters count as English: a wrong "en" adds noise to a search, while a wrong
    other language would switch its dense arm off. Never raises.
    """
    sample = text[:SAMPLE]
    words = _WORD.findall(sample.lower())
    if not words:
        return UNKNOWN
    english = sum(word in _ENGLISH for word in words)
    if sample.isascii():
        return _latin(sample, words, english)
    cyrillic, latin = len(_CYRILLIC.findall(sample)), len(_LATIN.findall(sample))
    others = sum(map(len, words)) - cyrillic - latin
    if others > cyrillic + latin:
        return _by_model(sample)[0]
    share = cyrillic / (cyrillic + latin)
    own = sum(word in _RUSSIAN or word in _KAZAKH for word in words)
    # English that quotes a Russian name is English; Russian that names a foreign firm is Russian.
    if share > 0.6 or (share > 0.4 and own) or (share >= 0.15 and own >= english):
        return _cyrillic(sample, words, cyrillic)
    return _latin(sample, words, english)


def language_code(given: str | None) -> str | None:
    """The ISO 639-1 code that `given` stands for ("en", "EN-us", "Russian"), or None if it names none."""
    name = re.split("[-_]", (given or "").strip().lower())[0]
    if name in _NAMES:
        return _NAMES[name]
    return name if re.fullmatch("[a-z]{2}", name) else None


def _latin(sample: str, words: list[str], english: int) -> str:
    foreign = sum(word in _FOREIGN for word in words)
    short = len(words) <= _SHORT
    if english > foreign and (short or english >= 0.1 * len(words)):
        return "en"
    if short and not foreign and len(words) < 4 and sample.isascii():
        return "en"
    language, probability = _by_model(sample)
    return language if probability >= _SURE else "en"


def _cyrillic(sample: str, words: list[str], letters: int) -> str:
    kazakh_words = sum(word in _KAZAKH for word in words)
    russian_words = sum(word in _RUSSIAN for word in words)
    turkic = len(_KAZAKH_LETTERS.findall(sample)) / letters >= 0.03 and kazakh_words >= russian_words
    if turkic and _ONLY_KAZAKH_LETTERS.search(sample):
        return "kk"
    if len(_UKRAINIAN_LETTERS.findall(sample)) / letters >= 0.005 and russian_words <= len(words) / 2:
        return "uk"
    if kazakh_words > russian_words:
        return "kk"
    foreign = len(_OTHER_CYRILLIC_LETTERS.findall(sample)) / letters >= 0.02
    if not foreign and (russian_words or _RUSSIAN_LETTERS.search(sample) or len(words) < 4):
        return "ru"
    language, probability = _by_model(sample)
    if probability >= _SURE:
        return language
    return "kk" if turkic else "ru"


def _by_model(sample: str) -> tuple[str, float]:
    language, probability = _model().classify(sample)
    return str(language), float(probability)


@cache
def _model() -> Any:
    # Loaded here since it takes half a second, which most questions need not spend.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Its codes of three letters and its rarest languages take more right guesses away than they add.
    model.set_languages([code for code in model.labels if len(code) == 2 and code not in _RARE])
    return model


_RARE = frozenset("an br eo fo fy gd gl ht jv la lb ln lg mg oc om qu rw se sn so st vo wa xh zu yo ig".split())
