"""Asks the seeds, composes the replies as the bot does, and draws the chats. See scripts/telegram_picture."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from telegram import InlineKeyboardMarkup
from telegram.constants import MessageEntityType

from qabot.answering.engine import Engine, open_engine
from qabot.channels.telegram.about import sources_text
from qabot.channels.telegram.replies import answer_reply
from qabot.channels.telegram.sources import source_reply
from qabot.channels.telegram.text import Composed, marks_of, plain
from qabot.channels.wording import words_for
from qabot.encoders.models import load_encoder
from qabot.index.building import build
from qabot.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "telegram.svg"
BOT = "qabot"

PANEL, GAP, MARGIN = 410, 16, 14
BUBBLE, PADDING, INDENT = 340, 12, 12
SIZE, LINE = 15, 21
HEADER, BUTTON = 56, 34
QUOTED = {MessageEntityType.BLOCKQUOTE, MessageEntityType.EXPANDABLE_BLOCKQUOTE}
STYLES = {
    MessageEntityType.BOLD: "bold",
    MessageEntityType.ITALIC: "italic",
    MessageEntityType.TEXT_LINK: "link",
}

FRAME = """<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" xml:space="preserve" role="img"
  aria-label="{label}">
<style>
text {{ font-family: -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans",
  "DejaVu Sans", "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif;
  font-size: {size}px; fill: #14181c; white-space: pre; }}
.bold {{ font-weight: 600; }} .italic {{ font-style: italic; fill: #4a545d; }} .link {{ fill: #1678b8; }}
.small {{ font-size: 12px; fill: #7d8a94; }} .key {{ font-size: 14px; font-weight: 500; fill: #fff; }}
.title {{ font-size: 16px; font-weight: 600; }} .face {{ font-size: 19px; font-weight: 600; fill: #fff; }}
.mark {{ font-size: 20px; font-weight: 700; fill: #1678b8; opacity: .55; }}
</style>
<defs>
<linearGradient id="wall" x1="0" y1="0" x2="1" y2="1">
<stop offset="0" stop-color="#cfe3ee"/><stop offset=".55" stop-color="#d9e8cf"/><stop offset="1" stop-color="#c3ddc4"/>
</linearGradient>
<linearGradient id="face" x1="0" y1="0" x2="0" y2="1">
<stop offset="0" stop-color="#54a9eb"/><stop offset="1" stop-color="#2b7fc4"/>
</linearGradient>
</defs>
{panels}
</svg>
"""


class Piece(NamedTuple):
    """Words of one style."""

    text: str
    style: str


@dataclass
class Row:
    """A line of a bubble."""

    pieces: list[Piece] = field(default_factory=list)
    quoted: bool = False
    first: bool = False
    width: float = 0.0

    def add(self, text: str, style: str) -> None:
        if self.pieces and self.pieces[-1].style == style:
            self.pieces[-1] = Piece(self.pieces[-1].text + text, style)
        else:
            self.pieces.append(Piece(text, style))
        self.width += width_of(text, style)


class Message(NamedTuple):
    """What one side says, and what stands under it."""

    text: Composed
    mine: bool
    keyboard: InlineKeyboardMarkup | None = None


def main() -> None:
    with tempfile.TemporaryDirectory() as embeddings:
        settings = load_settings(ROOT, embeddings=embeddings)
        build(settings, load_encoder(settings))
        with open_engine(settings) as engine:
            english = converse(engine, "en", ["Which strategy does Kazakhstan propose to adopt?"], tapped=True)
            russian = converse(engine, "ru", ["Кто выиграл футбольный матч в Астане?", "What are the three evils?"])
            counts = sources_text(words_for("ru"), engine.generation.store.counts())
            russian += [Message(plain("/sources"), mine=True), Message(counts, mine=False)]
    PICTURE.write_text(draw([english, russian]), encoding="utf-8")


def converse(engine: Engine, language: str, questions: list[str], *, tapped: bool = False) -> list[Message]:
    """A chat: the questions and their replies; `tapped` opens the first source of the last one."""
    words = words_for(language)
    chat = []
    for question in questions:
        answer = engine.ask(question)
        reply = answer_reply(answer, words, answer_id="a", bot_username=BOT, article_link=lambda _: "a")
        chat += [Message(plain(question), mine=True), Message(reply.text, mine=False, keyboard=reply.keyboard)]
        if tapped and answer.quotes:
            citations = [str(quote.citation) for quote in answer.quotes]
            store = engine.generation.store
            opened = source_reply(citations, 1, store, words, bot_username=BOT, article_link=lambda _: "a")
            chat.append(Message(opened.text, mine=False, keyboard=opened.keyboard))
    return chat


def draw(panels: list[list[Message]]) -> str:
    """The picture: the chats side by side, equally high."""
    drawn = [draw_chat(chat) for chat in panels]
    height = max(bottom for _, bottom in drawn) + MARGIN
    parts = []
    for number, (shapes, _) in enumerate(drawn):
        parts.append(f'<g transform="translate({number * (PANEL + GAP)} 0)">{background(number, height)}{shapes}</g>')
    width = len(panels) * (PANEL + GAP) - GAP
    label = "Two chats with the bot: an answer with its quote and source, and an honest no"
    return FRAME.format(width=width, height=f"{height:.0f}", size=SIZE, label=label, panels="\n".join(parts))


def background(number: int, height: float) -> str:
    clip = f"panel{number}"
    return (
        f'<clipPath id="{clip}"><rect width="{PANEL}" height="{height:.0f}" rx="14"/></clipPath>'
        f'<g clip-path="url(#{clip})"><rect width="{PANEL}" height="{height:.0f}" fill="url(#wall)"/>'
        f'<rect width="{PANEL}" height="{HEADER}" fill="#fff"/></g>'
        f'<circle cx="36" cy="28" r="19" fill="url(#face)"/>'
        f'<text class="face" x="36" y="35" text-anchor="middle">q</text>'
        f'<text class="title" x="66" y="25">{BOT}</text><text class="small" x="66" y="43">bot</text>'
    )


def draw_chat(chat: list[Message]) -> tuple[str, float]:
    """The bubbles of a chat, and where they end."""
    top = float(HEADER + MARGIN)
    shapes = []
    for message in chat:
        drawn, top = draw_message(message, top)
        shapes.append(drawn)
        top += 8
    return "".join(shapes), top


def draw_message(message: Message, top: float) -> tuple[str, float]:
    rows = wrapped(message.text)
    width = min(BUBBLE, max(row.width + (INDENT if row.quoted else 0) for row in rows) + 2 * PADDING)
    if message.keyboard:
        width = max(width, 240.0)
    height = len(rows) * LINE + 2 * 9
    left = PANEL - MARGIN - width if message.mine else float(MARGIN)
    fill = "#e2fdd0" if message.mine else "#ffffff"
    shapes = [f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height}" rx="13" fill="{fill}"/>']
    shapes += [quotation(left + PADDING, top + 9 + LINE * at, width - 2 * PADDING, count) for at, count in blocks(rows)]
    for at, row in enumerate(rows):
        x = left + PADDING + (INDENT if row.quoted else 0)
        spans = "".join(f'<tspan class="{style}">{escape(text)}</tspan>' for text, style in row.pieces)
        shapes.append(f'<text x="{x:.1f}" y="{top + 9 + LINE * at + 15.5:.1f}">{spans}</text>')
    top += height
    for keys in message.keyboard.inline_keyboard if message.keyboard else ():
        top += 4
        wide = (width - 4 * (len(keys) - 1)) / len(keys)
        for at, key in enumerate(keys):
            x = left + at * (wide + 4)
            shapes.append(draw_button(key.text, x, top, wide))
        top += BUTTON
    return "".join(shapes), top


def draw_button(label: str, x: float, y: float, width: float) -> str:
    middle = f'x="{x + width / 2:.1f}" y="{y + 22:.1f}" text-anchor="middle"'
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{BUTTON}" rx="9" fill="#3f6b52" opacity=".62"/>'
        f'<text class="key" {middle}>{escape(label)}</text>'
    )


def quotation(x: float, y: float, width: float, rows: int) -> str:
    """The bar, the tint and the mark of a quotation that is `rows` lines high."""
    height = rows * LINE - 2
    return (
        f'<rect x="{x:.1f}" y="{y + 1:.1f}" width="{width:.1f}" height="{height}" rx="4" fill="#1678b8" opacity=".09"/>'
        f'<rect x="{x:.1f}" y="{y + 1:.1f}" width="3" height="{height}" rx="1.5" fill="#1678b8"/>'
        f'<text class="mark" x="{x + width - 6:.1f}" y="{y + 18:.1f}" text-anchor="end">”</text>'
    )


def blocks(rows: list[Row]) -> Iterable[tuple[int, int]]:
    """Where quotations begin and how many lines they have."""
    start = None
    for at, row in enumerate([*rows, Row()]):
        if start is not None and (not row.quoted or row.first):
            yield start, at - start
            start = None
        if row.quoted and start is None:
            start = at


def wrapped(message: Composed) -> list[Row]:
    """The lines of a message, with the style of each word."""
    marks = marks_of(message)
    rows = []
    start = 0
    for line in message.text.split("\n"):
        quoted = any(mark.kind in QUOTED and mark.start <= start < mark.end for mark in marks)
        rows.append(Row(quoted=quoted, first=any(mark.kind in QUOTED and mark.start == start for mark in marks)))
        room = BUBBLE - 2 * PADDING - (INDENT + 14 if quoted else 0)
        for found in re.finditer(r"\S+\s*", line):
            word, place = found.group(), start + found.start()
            style = " ".join(
                STYLES[mark.kind] for mark in marks if mark.kind in STYLES and mark.start <= place < mark.end
            )
            if rows[-1].pieces and rows[-1].width + width_of(word.rstrip(), style) > room:
                rows.append(Row(quoted=quoted))
            rows[-1].add(word, style)
        start += len(line) + 1
    return rows


def width_of(text: str, style: str) -> float:
    """About how wide a text is drawn: no font is at hand, and readers have different ones."""
    return sum(map(_em, text)) * SIZE * (1.16 if style == "bold" else 1.0)


def _em(character: str) -> float:
    if character in "ijlI.,:;'’|!()[]·ft ":
        return 0.33
    if character in "mwMWШЩЮЖФшщюжфы@—…":
        return 0.86
    if character > "\u2fff":
        return 1.3
    return 0.7 if character.isupper() else 0.6


if __name__ == "__main__":
    main()
