"""Wording: what qabot says of its own to those who ask, in English, Russian and Kazakh."""

from __future__ import annotations

from qabot.channels.wording.english import ENGLISH
from qabot.channels.wording.kazakh import KAZAKH
from qabot.channels.wording.russian import RUSSIAN
from qabot.channels.wording.words import ADMIN_COMMANDS, Command, Words

__all__ = ["ADMIN_COMMANDS", "LANGUAGES", "Command", "Words", "words_for"]

LANGUAGES = {words.code: words for words in (ENGLISH, RUSSIAN, KAZAKH)}
"""The languages that qabot speaks, by ISO 639-1."""


def words_for(language_code: str | None) -> Words:
    """The words for an IETF language tag as Telegram gives it (`ru`, `kk-KZ`); English for others and for None."""
    return LANGUAGES.get((language_code or "").replace("_", "-").partition("-")[0].lower(), ENGLISH)
