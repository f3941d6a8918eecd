"""Running: the bot from its start to its orderly end."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

from pydantic import SecretStr
from telegram.error import InvalidToken, TelegramError

from qabot.answering.live import LiveEngine
from qabot.channels.telegram.access import Access
from qabot.channels.telegram.allowances import Allowances, open_allowances
from qabot.channels.telegram.application import add_handlers, make_application, make_bot
from qabot.channels.telegram.building import Builder
from qabot.channels.telegram.client import Client
from qabot.channels.telegram.desk import open_desk
from qabot.channels.telegram.heartbeat import Beat, heartbeat_file, keep_beating, process_start
from qabot.channels.telegram.house import TYPED, App, House, Once, Signs
from qabot.channels.telegram.intake import Intake
from qabot.channels.telegram.limiter import BURST, ChatLimiter
from qabot.channels.telegram.memory.memory import Memory, open_memory
from qabot.channels.telegram.menus import set_menus
from qabot.channels.telegram.metrics import Metrics
from qabot.channels.telegram.ordering import ChatOrder
from qabot.channels.telegram.polling import Patience, backoff, confirm, poll, refused
from qabot.channels.telegram.requests import Timeouts
from qabot.channels.telegram.updates import Received
from qabot.channels.telegram.webhook import Door, announce, listening, watch_door
from qabot.errors import NoIndexError, StateError
from qabot.settings import Settings

_log = logging.getLogger(__name__)

PATIENCE = Patience()

_DAY = 24 * 3600.0
_TIDY_AFTER = 60.0
_MENUS_AFTER = 1.0
_LEAST_SECONDS = 0.5
_MOST_UNFINISHED = 5_000
"""Updates in work; Telegram keeps those that the webhook does not take beyond, and sends them again."""


async def run(
    settings: Settings,
    token: SecretStr,
    stop: asyncio.Event,
    *,
    watch: bool = False,
    patience: Patience = PATIENCE,
    burst: int = BURST,
    said: Callable[[str], None] = print,
) -> None:
    """Runs the bot until `stop` is set; then what is being answered is answered, as far as time allows.

    Args:
        settings: of the bot.
        token: of the bot.
        stop: ends it in order.
        watch: build the index whenever the seeds change, also the first one.
        patience: how long disturbances may last.
        burst: messages that may go to one chat at once (see `limiter`).
        said: is told in one line that the bot has begun.

    Raises:
        TokenError: Telegram does not accept the token (any more).
        ConflictError: another process receives the updates of this bot, and goes on doing so.
        StateError: the memory cannot be used.
        GenerationError, EncoderError: there is no index that can be used.
        SettingsError, ChannelError: a port cannot be had, or Telegram does not accept the webhook.
    """
    stopping = asyncio.create_task(stop.wait())
    async with AsyncExitStack() as stack:
        stack.callback(stopping.cancel)
        memory = stack.enter_context(open_memory(settings))
        metrics = Metrics()
        stack.callback(metrics.close)
        if settings.telegram_metrics_port:
            metrics.serve(settings.telegram_metrics_port)
        order = ChatOrder()
        # An answer that cannot be sent is kept as long as it is fresh.
        timeouts = Timeouts(all_tries=60 * settings.telegram_stale_minutes)
        limiter = ChatLimiter(overall=settings.telegram_per_second, burst=burst, on_limited=metrics.limited)
        bot = make_bot(settings, token, limiter, patience, timeouts)
        application = make_application(bot, order)
        stack.push_async_callback(bot.shutdown)
        if watch:
            from qabot.channels.telegram.watching import watching  # noqa: PLC0415 - few bots do

            await stack.enter_async_context(watching(settings))
        # Without an index that can be used only a watcher and admins, who can send articles, have something to do.
        empty = watch or bool(settings.telegram_admins)
        engine = await _begin(application, settings, patience, stopping, empty=empty)
        if engine is None:
            return
        stack.push_async_callback(asyncio.to_thread, engine.close)
        house = _house(settings, bot, engine, memory, metrics)
        stack.callback(house.desk.close)
        add_handlers(application, house)
        await _serve(house, Intake(application, order, memory, metrics), token, patience, stopping, said)


async def _begin(
    application: App, settings: Settings, patience: Patience, stopping: asyncio.Task[bool], *, empty: bool
) -> LiveEngine | None:
    """The engine, once Telegram has told who the bot is; both take a moment, so at once. None if `stopping` came first.

    Args:
        application: asks Telegram.
        settings: of the engine.
        patience: with Telegram.
        stopping: is done when the bot is to end.
        empty: begin also without an index that can be used.
    """
    opening = asyncio.create_task(asyncio.to_thread(LiveEngine, settings, allow_empty=empty))
    meeting = asyncio.create_task(_insist(application.initialize, patience))
    waited: set[asyncio.Task[Any]] = {opening, meeting}
    while waited and not stopping.done():
        done, waited = await asyncio.wait({*waited, stopping}, return_when=asyncio.FIRST_COMPLETED)
        waited.discard(stopping)
        if failed := next((task for task in done if task.exception()), None):
            await _abandon(opening, meeting)
            failed.result()
    if stopping.done():
        await _abandon(opening, meeting)
        return None
    return opening.result()


async def _abandon(opening: asyncio.Task[LiveEngine], meeting: asyncio.Task[None]) -> None:
    """Ends both; an engine that is being opened in a thread is opened first, and then closed."""
    await _end(meeting)
    await asyncio.wait([opening])
    if not opening.exception():
        await asyncio.to_thread(opening.result().close)


async def _serve(
    house: House,
    intake: Intake,
    token: SecretStr,
    patience: Patience,
    stopping: asyncio.Task[bool],
    said: Callable[[str], None],
) -> None:
    """Receives updates until the end, and ends in order. Raises what made it end."""
    intake.resume()
    receiving = asyncio.create_task(_receive(house, intake, token, patience))
    keeping = [
        asyncio.create_task(keep_beating(heartbeat_file(house.settings), lambda: _beat(house))),
        asyncio.create_task(_tidy(house)),
        asyncio.create_task(_offer_menus(house)),
    ]
    said(_hello(house))
    ends: list[asyncio.Future[Any]] = [receiving, stopping, house.signs.fatal]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _end(receiving)
        await _wind_up(house, intake)
        await asyncio.gather(*map(_end, keeping))
    if house.signs.fatal.done():
        raise house.signs.fatal.result()
    if not receiving.cancelled():
        receiving.result()


async def _receive(house: House, intake: Intake, token: SecretStr, patience: Patience) -> None:
    """Receives updates, for ever. Raises: TokenError, ConflictError, ChannelError."""
    if not house.settings.telegram_webhook:
        try:
            await house.bot.delete_webhook()
        except TelegramError as error:
            # Small servers may not know the method. If it is the token or a webhook, the first poll tells.
            _log.info("No webhook was taken away: %s", error)
        await poll(house.bot, intake.take, house.signs.polled, patience)
        return

    def take(received: Received) -> bool:
        if intake.unfinished >= _MOST_UNFINISHED:
            return False
        intake.begin([received])
        return True

    door = Door.of(house.settings, token)
    with listening(house.settings, door, house.bot, take):
        await announce(house.bot, door, patience)
        await watch_door(house.bot, door, house.signs.polled)


async def _insist(call: Callable[[], Awaitable[object]], patience: Patience) -> None:
    """Calls Telegram until it answers. Raises: TokenError."""
    failures = 0
    while True:
        try:
            await call()
        except InvalidToken:
            # Its message has the token.
            raise refused() from None
        except TelegramError as error:
            failures += 1
            if failures == 1:
                _log.warning("Telegram cannot be reached, trying again: %s", error)
            await asyncio.sleep(backoff(failures, patience))
        else:
            return


async def _wind_up(house: House, intake: Intake) -> None:
    """Finishes what was begun, within the time in the settings, and tells Telegram what was received."""
    began = time.monotonic()
    house.builder.cancel()
    dropped = await intake.drain(house.settings.telegram_drain_seconds)
    if dropped:
        _log.warning("%d updates were not finished in time; they are when the bot starts again", dropped)
    spent = time.monotonic() - began
    await house.errands.end(max(_LEAST_SECONDS, house.settings.telegram_drain_seconds - spent))
    if intake.last >= 0 and not house.settings.telegram_webhook and not house.signs.fatal.done():
        await confirm(house.bot, intake.last)


async def _end(task: asyncio.Task[None]) -> None:
    """Cancels a task and waits for its end; how it ended is its own business."""
    task.cancel()
    await asyncio.wait([task])


async def _offer_menus(house: House) -> None:
    """Registers the commands, when the first updates have been seen to."""
    await asyncio.sleep(_MENUS_AFTER)
    await set_menus(house.bot, house.settings)


async def _tidy(house: House) -> None:
    """Forgets daily what is too old."""
    while True:
        await asyncio.sleep(_TIDY_AFTER)
        try:
            await asyncio.to_thread(house.memory.expire, house.settings.telegram_keep_days)
        except StateError as error:
            _log.error("%s", error)
        await asyncio.sleep(_DAY)


def _beat(house: House) -> Beat:
    pid = os.getpid()
    return Beat(
        pid=pid,
        bot=house.bot.username,
        started=house.signs.started,
        written=time.time(),
        generation=house.engine.generation_id or "",
        last_update=house.signs.last_update,
        last_poll=house.signs.last_poll,
        queue_depth=house.desk.depth,
        counters=house.metrics.totals(),
        notice=house.engine.notice or "",
        process=process_start(pid),
    )


def _hello(house: House) -> str:
    name = house.bot.username
    try:
        with house.engine.hold() as engine:
            manifest = engine.generation.manifest
            return f"@{name} answers from {manifest.articles:,} articles ({manifest.generation}). Ctrl-C stops it."
    except NoIndexError:
        return f"@{name} has no index yet. Ctrl-C stops it."


def _house(settings: Settings, bot: Client, engine: LiveEngine, memory: Memory, metrics: Metrics) -> House:
    desk = open_desk(engine, settings, metrics.quick)
    metrics.watch_depth(lambda: desk.depth)
    return House(
        settings=settings,
        bot=bot,
        engine=engine,
        desk=desk,
        memory=memory,
        access=Access(settings, memory),
        allowances=open_allowances(settings),
        inline_allowances=Allowances(TYPED * settings.telegram_per_minute, TYPED * settings.telegram_per_day),
        metrics=metrics,
        builder=Builder(settings, engine),
        signs=Signs(),
        away=Once(60 * settings.telegram_stale_minutes),
        albums=Once(60),
    )
