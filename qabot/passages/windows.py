"""Sentences -> passages: windows of whole sentences that fit the encoder."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from qabot.articles.article import Article
from qabot.passages.context import context_line
from qabot.passages.passage import Passage, Span
from qabot.passages.sentences import split_sentences

SPLITTING = 3
"""Raise it whenever the same article could give other passages or another embedded text: older generations are then
rebuilt. An article that has not changed keeps its passages and their hashes as long as this number stays."""

SPECIAL_TOKENS = 2
"""Word pieces that an encoder puts around a text."""

SMALLEST_WINDOW = 32
"""A window of fewer word pieces (a lone headline, say) is not closed just because a long paragraph follows."""

SMALLEST_BUDGET = 24
"""Word pieces that sentences get even when the context line is very long."""

PIECES_PER_WORD = 4 / 3
"""Word pieces that a word counts as where the model's do not matter: about what English words need."""

MOST_PIECES_PER_WORD = 1.5
"""Word pieces that a word of an article may take before its passages get more of them. English articles take 1.3 to 1.5
in any model; in one made for many languages Russian takes 2 and Kazakh 2.3, and passages of as many pieces would hold
half as many words, fewer than a paragraph has."""

WHOLE_PARAGRAPH = 2.0
"""A paragraph of so many times the word pieces of a passage is still not divided: it is what an author meant to be read
together, and half of it answers fewer questions."""

_WORD = re.compile(r"\w+")

CountTokens = Callable[[Sequence[str]], list[int]]


def split_passages(
    article: Article, count_tokens: CountTokens, passage_tokens: int, max_tokens: int | None = None
) -> list[Passage]:
    """The passages of `article`, in order; together they hold every sentence.

    A paragraph of up to `WHOLE_PARAGRAPH` times a passage's word pieces is not divided; a longer one is, and the parts
    then share one sentence.

    Args:
        article: may be empty, and then has none.
        count_tokens: word pieces of texts.
        passage_tokens: most word pieces of a passage, its context line included, where a word takes no more than
            `MOST_PIECES_PER_WORD` of them; where it takes more, passages get more in proportion.
        max_tokens: most word pieces of any passage, beyond which the model would cut it; None if it cuts nothing.
    """
    paragraphs = split_sentences(article.text, article.language)
    sentences = [sentence for paragraph in paragraphs for sentence in paragraph]
    if not sentences:
        return []
    sizes = count_tokens([context_line(article), *(article.text[start:end] for start, end in sentences)])
    words = sum(len(_WORD.findall(article.text, start, end)) for start, end in sentences)
    room = passage_tokens * max(sum(sizes[1:]) / max(words, 1) / MOST_PIECES_PER_WORD, 1.0)
    most = max(passage_tokens, max_tokens or passage_tokens)
    budget, whole = (
        max(int(min(pieces, most)) - sizes[0] - SPECIAL_TOKENS, SMALLEST_BUDGET)
        for pieces in (room, room * WHOLE_PARAGRAPH)
    )

    pieces: list[Span] = []
    tokens: list[int] = []
    breaks: list[int] = []
    position = 1
    for paragraph in paragraphs:
        breaks.append(len(pieces))
        for sentence in paragraph:
            for piece, size in _fitting(article.text, sentence, sizes[position], budget, count_tokens):
                pieces.append(piece)
                tokens.append(size)
            position += 1
    return [Passage(article.id, tuple(pieces[first:last])) for first, last in windows(tokens, breaks, budget, whole)]


def count_by_words(texts: Sequence[str]) -> list[int]:
    """Sizes of texts in a language that the model does not know: its tokenizer would cut them into single letters."""
    return [math.ceil(len(_WORD.findall(text)) * PIECES_PER_WORD) for text in texts]


def windows(tokens: Sequence[int], breaks: Sequence[int], budget: int, whole: int) -> list[tuple[int, int]]:
    """Half-open ranges of sentences, each of at most `budget` word pieces unless it ends with a whole paragraph.

    Args:
        tokens: word pieces of each sentence, every one at most `budget`.
        breaks: ascending indexes of the sentences that begin a paragraph, the first being 0.
        budget: most word pieces in a window.
        whole: most word pieces of a paragraph that is not divided, and of its window; at least `budget`.
    """
    before = [0, *accumulate(tokens)]
    ends = [*breaks[1:], len(tokens)]
    result: list[tuple[int, int]] = []
    first = 0
    while first < len(tokens):
        last = max(bisect_right(before, before[first] + budget) - 1, first + 1)
        paragraph = bisect_right(breaks, last) - 1
        begin, end = breaks[paragraph], ends[paragraph]
        divides = last < len(tokens) and begin != last
        if divides and begin >= first and before[end] - before[begin] <= whole:
            if before[begin] - before[first] >= SMALLEST_WINDOW:
                last, divides = begin, False
            elif before[end] - before[first] <= whole:
                last, divides = end, False
        result.append((first, last))
        first = _after(first, last, before, budget) if divides else last
    return result


def _after(first: int, last: int, before: Sequence[int], budget: int) -> int:
    """Where the next window starts inside a divided paragraph: one sentence back, if that leaves room to go on."""
    overlapping = last - 1
    if overlapping > first and before[last + 1] - before[overlapping] <= budget:
        return overlapping
    return last


def _fitting(text: str, span: Span, size: int, budget: int, count_tokens: CountTokens) -> list[tuple[Span, int]]:
    """`span`, halved at white space, or anywhere if there is none, until each part has at most `budget` word pieces."""
    if size <= budget or span.end - span.start < 2:
        return [(span, size)]
    middle = (span.start + span.end) // 2
    space = text.find(" ", middle, span.end)
    cut = space if space != -1 else middle
    halves = [_trim(text, Span(span.start, cut)), _trim(text, Span(cut, span.end))]
    counts = count_tokens([text[half.start : half.end] for half in halves])
    return [
        part
        for half, count in zip(halves, counts, strict=True)
        for part in _fitting(text, half, count, budget, count_tokens)
    ]


def _trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
