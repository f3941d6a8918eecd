"""Delivery of updates to a webhook: one POST an update, with the secret, repeated until it is answered with 2xx.

Updates of one chat are posted in order, those of other chats beside them, as telegram-bot-api does it.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import urlsplit

from fake_telegram.updates import as_bytes
from fake_telegram.world import World
from telegram.constants import WebhookLimit
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 2.0
"""Seconds between two tries; Telegram waits longer and longer, the fake has no time for that."""
PATIENCE = 10.0
"""Seconds for an answer."""

Entry = tuple[int, Any]


async def deliver_for_ever(world: World) -> None:
    """Delivers while a webhook is set; updates stay in the queue until they are accepted."""
    client = AsyncHTTPClient(force_instance=True, max_clients=int(WebhookLimit.MAX_CONNECTIONS_LIMIT))
    pause = FIRST_PAUSE
    while True:
        if not world.updates.webhook or not world.updates.pending:
            await world.updates.wait_for_news()
            continue
        batch = list(world.updates.pending)[: world.webhook.get("max_connections", 40)]
        lines: dict[str, list[Entry]] = {}
        for entry in batch:
            lines.setdefault(_chat_of(entry[1]), []).append(entry)
        accepted = await asyncio.gather(*(_post_in_order(world, client, line) for line in lines.values()))
        done = {id(entry) for entries in accepted for entry in entries}
        kept = [entry for entry in world.updates.pending if id(entry) not in done]
        world.updates.pending.clear()
        world.updates.pending.extend(kept)
        if len(done) == len(batch):
            pause = FIRST_PAUSE
        else:
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def _post_in_order(world: World, client: AsyncHTTPClient, line: list[Entry]) -> list[Entry]:
    """Posts the updates of one chat one after the other, until one is not accepted; gives the accepted ones."""
    accepted = []
    for entry in line:
        if not await _post(world, client, entry[1]):
            break
        accepted.append(entry)
    return accepted


def _chat_of(update: Any) -> str:
    """What keeps updates in order: the chat, or the person of a query."""
    for payload in update.values() if isinstance(update, dict) else ():
        if isinstance(payload, dict):
            place = payload.get("chat") or payload.get("from") or {}
            return str(place.get("id", "")) if isinstance(place, dict) else ""
    return ""


async def _post(world: World, client: AsyncHTTPClient, update: Any) -> bool:
    """Whether the webhook accepted the update."""
    parts = urlsplit(world.updates.webhook)
    host = f"{parts.scheme}://{parts.netloc}"
    target = world.options.hosts.get(host, host) + parts.path + (f"?{parts.query}" if parts.query else "")
    headers = {"Content-Type": "application/json"}
    if world.webhook.get("secret"):
        headers["X-Telegram-Bot-Api-Secret-Token"] = world.webhook["secret"]
    request = HTTPRequest(target, "POST", headers, as_bytes(update), request_timeout=PATIENCE)
    problem = ""
    try:
        await client.fetch(request)
    except HTTPClientError as error:
        problem = f"Wrong response from the webhook: {error.code} {error.message}"
    except OSError as error:
        problem = f"Connection failed: {error.strerror or error}"
    if problem:
        world.webhook |= {"last_error_date": int(time.time()), "last_error_message": problem}
    return not problem
