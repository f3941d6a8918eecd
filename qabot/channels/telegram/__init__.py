"""Telegram: the bot that answers in chats."""

from __future__ import annotations

import os

# python-telegram-bot warns wherever it gives a duration as a number; asked so, it gives a timedelta.
os.environ.setdefault("PTB_TIMEDELTA", "true")
