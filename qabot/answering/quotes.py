"""Sentences -> quotes: how many to show, and where one needs its neighbour to be understood."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from qabot.answering.answer import Quote
from qabot.answering.sentences import ScoredSentence
from qabot.articles.article import Article
from qabot.passages.passage import Span
from qabot.passages.sentences import split_sentences

WORTH_SHOWING = 0.8
"""A further quote needs at least this share of the first one's score."""

WORTH_SHOWING_READ = 0.7
"""The same where a reader read, which sets the scores further apart: so as many quotes are shown as without it."""

WORTH_COMPARING = 0.6
"""The same for a question that wants several articles."""

_CLOSING = {"«": "»", "“": "”", "„": "“"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}

_LEANS_BACK = re.compile(
    r"""[^\w]*(?:
        (?:he|she|it|they|his|hers|her|its|their|theirs|him|them|these|those)\b
      | (?:this|that)\s+(?:is|was|will|would|has|had|can|could|may|might|must|should|does|did|means|meant|came|comes)\b
      | (?:он|она|оно|они|его|ее|её|их|ему|ей|им)\b
      | это\b(?!\s+\w+(?:ние|ция|сть|ство)\b)
      | (?:ол|олар|оның|олардың|оған|оларға)\b
      | бұл\s+(?:туралы|жөнінде|жайында|[—–-])
    )""",
    re.IGNORECASE | re.VERBOSE,
)
"""A sentence that opens with a pronoun, or with a bare "this", in English, Russian or Kazakh."""


def choose_quotes(sentences: Sequence[ScoredSentence], limit: int, *, several: bool = False) -> list[Quote]:
    """The quotes to show, best first: the best sentence, and others nearly as good, none inside another or the same.

    Args:
        sentences: best first.
        limit: most quotes to give.
        several: take the best sentence of each article before a second one of any.
    """
    if not sentences:
        return []
    worth = WORTH_SHOWING
    if sentences[0].read is not None:
        worth = WORTH_COMPARING if several else WORTH_SHOWING_READ
    good = [sentence for sentence in sentences if sentence.score >= worth * sentences[0].score]
    if several:
        good = _firsts_first(good)
    quotes: list[Quote] = []
    for sentence in good:
        if len(quotes) == limit:
            break
        span = without_stray_marks(sentence.article, with_neighbour(sentence.article, sentence.span))
        quote = Quote(sentence.article, span.start, span.end, sentence.score)
        if not any(_repeats(quote, other) for other in quotes):
            quotes.append(quote)
    return quotes


def _repeats(quote: Quote, other: Quote) -> bool:
    """Whether two quotes overlap, or say the same in the same words."""
    overlap = quote.article.id == other.article.id and quote.start < other.end and other.start < quote.end
    return overlap or quote.text.casefold().split() == other.text.casefold().split()


def _firsts_first(sentences: Sequence[ScoredSentence]) -> list[ScoredSentence]:
    """Each article's best sentence, in order, then the others."""
    firsts: dict[str, ScoredSentence] = {}
    for sentence in sentences:
        firsts.setdefault(sentence.article.id, sentence)
    chosen = list(firsts.values())
    taken = set(map(id, chosen))
    return chosen + [sentence for sentence in sentences if id(sentence) not in taken]


def without_stray_marks(article: Article, span: Span) -> Span:
    """`span` without a quotation mark at either end whose partner stands outside of it."""
    text = article.text[span.start : span.end]
    first, last = 0, len(text)
    if text[0] in _CLOSING and _CLOSING[text[0]] not in text:
        first = len(text) - len(text[1:].lstrip())
    if text[-1] in _OPENING and _OPENING[text[-1]] not in text:
        last = len(text[:-1].rstrip())
    return Span(span.start + first, span.start + last) if first < last else span


def with_neighbour(article: Article, sentence: Span) -> Span:
    """`sentence`, begun one sentence earlier if its own opening points back."""
    if not _LEANS_BACK.match(article.text, sentence.start, sentence.end):
        return sentence
    starts = [span.start for paragraph in split_sentences(article.text, article.language) for span in paragraph]
    at = bisect_right(starts, sentence.start - 1) - 1
    return Span(starts[at], sentence.end) if at >= 0 else sentence
