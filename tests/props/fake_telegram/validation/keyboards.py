"""Inline keyboards and the other reply markups."""

from __future__ import annotations

from typing import Any

from fake_telegram.refusals import Json, bad_request
from fake_telegram.validation.addresses import check_address
from fake_telegram.validation.entities import strict
from telegram.constants import InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit

KINDS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip
OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")
LONGEST_MARKUP = 10_000
"""Bytes of callback data and labels after which Telegram says REPLY_MARKUP_TOO_LONG."""


def check_markup(markup: Json | None, *, inline_only: bool = False) -> Json | None:
    """Gives the inline keyboard to keep, or None. Raises: Refusal."""
    if not markup:
        return None
    if "inline_keyboard" not in markup:
        if inline_only:
            raise bad_request("inline keyboard expected")
        if not any(name in markup for name in OTHER_MARKUPS):
            raise bad_request("object expected as reply markup")
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse inline keyboard: Array expected")
    checked = [[_checked(button) for button in row] for row in rows if row]
    buttons = [button for row in checked for button in row]
    if any(len(row) > InlineKeyboardMarkupLimit.BUTTONS_PER_ROW for row in checked):
        raise strict(f"more than {int(InlineKeyboardMarkupLimit.BUTTONS_PER_ROW)} buttons in a row")
    if len(buttons) > InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER:
        raise bad_request("reply markup is too long")
    size = sum(len(button["text"].encode()) + len(button.get("callback_data", "").encode()) for button in buttons)
    if size > LONGEST_MARKUP:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": checked} if checked else None


def _checked(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: Object expected")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    kinds = [kind for kind in KINDS if kind in button]
    if not kinds:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(kinds) > 1:
        raise strict(f"a button with {' and '.join(kinds)}")
    kind, value = kinds[0], button[kinds[0]]
    if kind == "callback_data":
        _check_data(value)
    elif kind == "url":
        check_address(value, "inline keyboard button URL")
    elif kind == "copy_text":
        copied = value.get("text") if isinstance(value, dict) else None
        if not isinstance(copied, str) or not 1 <= len(copied) <= InlineKeyboardButtonLimit.MAX_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    elif kind.startswith("switch_inline_query") and isinstance(value, str) and len(value) > 256:
        raise bad_request("BUTTON_SWITCH_INLINE_QUERY_INVALID")
    return button


def _check_data(value: Any) -> None:
    limit = InlineKeyboardButtonLimit
    size = len(value.encode()) if isinstance(value, str) else 0
    if not limit.MIN_CALLBACK_DATA <= size <= limit.MAX_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
