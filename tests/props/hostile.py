"""Strategies for hostile text: what articles, headlines and people have sent to bots."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

PIECES = [
    *(
        "<b>",
        "</b>",
        "_",
        "*",
        "[",
        "]",
        "(",
        ")",
        "`",
        "~",
        "||",
        "\\",
        "{",
        "}",
        "{n}",
        "%s",
        "@spam",
        "/forget",
        "#x",
    ),
    *("😀", "👨‍👩‍👧‍👦", "👍🏽", "🇰🇿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "e\u0301", "a\u0308\u0323", "\u200d", "\ufe0f", "𝔘𝔫𝔦", "𠮷"),
    *("Қазақстан", "ұсынды", "Россия.", "«", "»", "شركة", "עברית", "\u202e", "\u202c", "\u2066", "\u2069", "\u200f"),
    *(" ", "  ", "\t", "\n", "\n\n", "\u00a0", "\u2028", "\u3000", "\x1b[31m", "\x00", "\x07", "\u200b", "\ufeff"),
    *(
        ".",
        ". ",
        "! ",
        "? ",
        "…",
        "。",
        "Almaty",
        "dam",
        "12,000",
        "-",
        ",",
        "&",
        "https://evil.example/?a=1",
        "ไทย",
        "日本語",
    ),
]

texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=60).map("".join)
"""Any text, with a liking for what breaks messages."""

headlines = st.one_of(texts, st.sampled_from(PIECES).map(lambda piece: (piece * 10_000)[:10_000]))
"""Headlines, also of 10,000 characters."""

urls = st.one_of(
    st.none(),
    texts,
    texts.map(lambda text: f"https://example.org/{text}"),
    st.sampled_from(["javascript:alert(1)", "https://a@example.org/", "http://localhost/", "https://пример.рф/é#x"]),
)


@st.composite
def sayings(draw: st.DrawFn) -> str:
    """A text with a letter in it and no white space at its ends, as a sentence has."""
    first = draw(st.sampled_from(["A", "Ж", "ע", "«И", "😀a"]))
    last = draw(st.sampled_from(["z.", "я»", "ת", "!"]))
    return f"{first}{draw(texts)}{last}"


def random_text(chance: Random, most: int = 60) -> str:
    """Hostile text as fast as a thousand messages need it."""
    return "".join(chance.choices(PIECES, k=chance.randrange(most)))


def random_headline(chance: Random) -> str:
    """One of ten has 10,000 characters."""
    return random_text(chance) if chance.random() < 0.9 else (random_text(chance, 10) * 10_000)[:10_000]
