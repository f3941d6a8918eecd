"""Keys: numbers of articles and passages that depend on the article's id alone.

However an index was made, in one go or by adding to another, an article and its passages have the same keys in it. So
their order, which decides between equals, is the same too.
"""

from __future__ import annotations

from hashlib import blake2b

ORDINAL_BITS = 20
MOST_PASSAGES = 1 << ORDINAL_BITS
"""Passages that an article can have."""

_ARTICLE_BITS = 63 - ORDINAL_BITS
"""Keys are positive in 64 bits. Among a million articles two have one hash with a probability of 0.06."""

MOST_ARTICLES = 1 << _ARTICLE_BITS


def article_key(article_id: str) -> int:
    """The key of the article with that id, unless another one has it already: then the next free one is."""
    digest = blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) % MOST_ARTICLES


def first_passage_key(article: int) -> int:
    """The key of the first passage of the article with that key; the others follow one by one."""
    return article << ORDINAL_BITS


def passage_range(article: int) -> tuple[int, int]:
    """The least and the greatest key that a passage of the article with that key can have."""
    return article << ORDINAL_BITS, (article << ORDINAL_BITS) + MOST_PASSAGES - 1
