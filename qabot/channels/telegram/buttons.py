"""Keyboards under the bot's messages."""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardMarkupLimit

from qabot.channels.telegram.callbacks import Callback, Verb
from qabot.channels.wording import LANGUAGES, Words

GOOD, BAD = "👍", "👎"
_CHOSEN = " ✓"
_NAMES = {"en": "English", "ru": "Русский", "kk": "Қазақша"}


def answer_keyboard(
    words: Words, answer_id: str, *, sources: int, more: bool, rating: int | None = None
) -> InlineKeyboardMarkup:
    """What stands under an answer.

    Args:
        words: of the reader.
        answer_id: by which the bot remembers the answer.
        sources: number of sources; each has a button.
        more: whether there are further passages.
        rating: +1 or -1 if the reader has said whether it helped; that button is ticked.
    """
    rows = numbered_rows(Verb.SOURCE, answer_id, sources)
    last = [button(words.more, Verb.MORE, answer_id)] if more else []
    last.append(button(GOOD + (_CHOSEN if rating == 1 else ""), Verb.GOOD, answer_id))
    last.append(button(BAD + (_CHOSEN if rating == -1 else ""), Verb.BAD, answer_id))
    return InlineKeyboardMarkup([*rows, last])


def numbered_rows(verb: Verb, key: str, count: int, first: int = 1) -> list[list[InlineKeyboardButton]]:
    """Buttons for 1 to `count`, in rows, labelled from `first` on."""
    buttons = [button(str(number + first - 1), verb, key, number) for number in range(1, count + 1)]
    wide = InlineKeyboardMarkupLimit.BUTTONS_PER_ROW
    return [buttons[at : at + wide] for at in range(0, len(buttons), wide)]


def page_keyboard(key: str, page: int, pages: int) -> InlineKeyboardMarkup | None:
    """Back and forth between the pages of an article; None if there is one only."""
    row = [button(f"‹ {page - 1}", Verb.PAGE, key, page - 1)] if page > 1 else []
    if page < pages:
        row.append(button(f"{page + 1} ›", Verb.PAGE, key, page + 1))
    return InlineKeyboardMarkup([row]) if row else None


def whole_article_keyboard(words: Words, key: str) -> InlineKeyboardMarkup:
    """Opens the bot's view of an article, by its short id."""
    return InlineKeyboardMarkup([[button(words.whole_article, Verb.PAGE, key, 1)]])


def language_keyboard(words: Words) -> InlineKeyboardMarkup:
    """The languages, each in its own name, and the choice to follow Telegram's."""
    names = [button(_NAMES[code], Verb.LANGUAGE, code) for code in LANGUAGES]
    return InlineKeyboardMarkup([names, [button(words.as_in_telegram, Verb.LANGUAGE, "auto")]])


def upload_keyboard(words: Words, upload_id: str) -> InlineKeyboardMarkup:
    """Asks whether to add an upload or link."""
    return InlineKeyboardMarkup([[button(words.add, Verb.ADD, upload_id), button(words.cancel, Verb.DROP, upload_id)]])


def forget_keyboard(words: Words) -> InlineKeyboardMarkup:
    """Asks whether to delete everything about the user."""
    return InlineKeyboardMarkup([[button(words.delete, Verb.FORGET, "-"), button(words.keep, Verb.KEEP, "-")]])


def button(label: str, verb: Verb, key: str, number: int = 0) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=Callback(verb, key, number).data)
