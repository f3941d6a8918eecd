"""Working: "typing…" is shown in a chat for as long as its question is worked on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telegram.constants import ChatAction
from telegram.error import TelegramError

from qabot.channels.telegram.house import House
from qabot.channels.telegram.sending import Place

_SHOWN_SECONDS = 4.0
"""Telegram shows an action for five seconds."""


@asynccontextmanager
async def typing(house: House, place: Place) -> AsyncIterator[None]:
    """Shows that the bot is typing in `place`, from now until the end of the block."""
    done = asyncio.Event()
    house.errands.run(_type(house, place, done))
    try:
        yield
    finally:
        # A request that is under way is left alone: cutting its connection would cost more than its end.
        done.set()


async def _type(house: House, place: Place, done: asyncio.Event) -> None:
    while not done.is_set():
        async with house.actions:
            if done.is_set():
                return
            with suppress(TelegramError):  # it only looks nice
                await house.bot.send_chat_action(place.chat, ChatAction.TYPING, message_thread_id=place.thread)
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _SHOWN_SECONDS)
