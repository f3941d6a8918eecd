"""Text -> terms: lower-cased, folded and, for English, Russian and Kazakh, stemmed."""

from __future__ import annotations

import re
from functools import cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from qabot.index import kazakh

ANALYSIS = 3
"""Raise it whenever the same text could give other terms: older generations are then rebuilt."""

STEMMERS = {"en": "english", "ru": "russian"}
"""Languages that tantivy stems."""

KAZAKH, PLAIN = "kk", "plain"
"""Kazakh is stemmed here, before tantivy gets the text. All languages without a stemmer share the analyzer `PLAIN`."""

ANALYZERS = (*STEMMERS, KAZAKH, PLAIN)

_LONGEST_TERM = 60
"""Bytes; longer tokens (base64, URLs without marks) are no words and are left out."""

_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
"""`U.S.`, `U.N.`, `т.д.`: written without dots, so that `US` finds them."""

_STOP_WORDS = {
    "en": """a about all also am an and any are as at be been being but by can could did do does doing for from had
        has have having he her hers him his how i if in into is it its just may me might more most must my no nor not
        of on or our out s shall she should so some such t than that the their them then there these they this those
        to too up us very was we were what when where which who whom whose why will with would you your""",
    "ru": """а без более бы был была были было быть в вам вас весь во вот все всего всех вы где да для до его ее если
        есть еще же за и из или им их к как какая какие какой каком какую ко когда кто куда ли между мне может мы на
        над не него нее нет ни них но ну о об он она они оно от откуда по под почему при с сколько со так также такой
        там то того тоже только том ты у уже чего чей чем через что чтобы эта эти это этого этой этом этот я""",
    KAZAKH: """ал және мен пен бен бір бұл сол ол олар осы не неше кім қай қандай қайда қашан қалай неге үшін туралы
        де да та те ғана бар жоқ емес еді екен болды болған болып деп дейін кейін ме ма ба бе па пе""",
}

STOP_WORDS = frozenset(word for words in _STOP_WORDS.values() for word in words.split())
"""Of all languages: a text in one may hold words of another."""


def analyzer_of(language: str) -> str:
    """The analyzer for a text in `language` (ISO 639-1)."""
    return language if language in ANALYZERS else PLAIN


@cache
def text_analyzer(name: str) -> TextAnalyzer:
    """The tantivy analyzer of that name, one of `ANALYZERS`."""
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(_LONGEST_TERM))
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    if stemmer := STEMMERS.get(name):
        builder = builder.filter(Filter.stemmer(stemmer))
    return builder.build()


def prepared(text: str, analyzer: str) -> str:
    """`text` as the tantivy analyzer of that name has to get it. Not for offsets: lengths change."""
    text = normalized(text)
    return kazakh.stemmed(text) if analyzer == KAZAKH else text


def normalized(text: str) -> str:
    """`text` with abbreviations without dots and ё as е. Not for offsets: lengths change."""
    text = _DOTTED.sub(lambda match: match.group().replace(".", ""), text)
    return text.replace("ё", "е").replace("Ё", "Е")


def terms(text: str, analyzer: str) -> list[str]:
    """All terms of `text`, in order, stop words included."""
    return text_analyzer(analyzer).analyze(prepared(text, analyzer))


def content_terms(text: str, analyzer: str) -> list[str]:
    """The different terms of `text` but for stop words, in order; all of them if nothing else is left."""
    found = list(dict.fromkeys(terms(text, analyzer)))
    return [term for term in found if term not in _stop_terms(analyzer)] or found


@cache
def _stop_terms(analyzer: str) -> frozenset[str]:
    """Stop words as the analyzer writes them."""
    return frozenset(terms(" ".join(sorted(STOP_WORDS)), analyzer))
