"""Many messages at once, and what became of each: for load tests."""

from __future__ import annotations

import asyncio
from typing import Any

from fake_telegram.acts.messages import message
from fake_telegram.refusals import Json
from fake_telegram.world import World

_running: set[asyncio.Task[None]] = set()


def bulk(world: World, asked: Json) -> Json:
    """Injects `messages` (as `message` takes them), `per_second` of them or all at once; does not wait for it."""
    messages: list[Json] = asked["messages"]
    per_second = float(asked.get("per_second") or 0)
    if not per_second:
        for one in messages:
            message(world, one)
        return {"injected": len(messages)}
    task = asyncio.get_running_loop().create_task(_inject(world, messages, per_second))
    _running.add(task)
    task.add_done_callback(_running.discard)
    return {"injected": 0}


async def _inject(world: World, messages: list[Json], per_second: float) -> None:
    loop = asyncio.get_running_loop()
    begin = loop.time()
    for number, one in enumerate(messages):
        await asyncio.sleep(max(0.0, begin + number / per_second - loop.time()))
        message(world, one)


def summary(world: World, asked: Json) -> Json:
    """For every message of a person that reached the bot: the replies, and seconds to the first.

    A reply belongs to the message that it replies to; in a private chat without a reply mark, to the oldest message
    there that has none yet.
    """
    asked_by_chat: dict[int, dict[int, Json]] = {}
    stray = 0
    for event in world.log[asked.get("after", 0) :]:
        questions = asked_by_chat.setdefault(event.get("chat_id") or 0, {})
        if event["kind"] == "said" and event.get("update_id"):
            questions[event["message_id"]] = {
                "chat_id": event["chat_id"], "message_id": event["message_id"], "at": event["at"],
                "text": event["message"].get("text", ""), "replies": 0, "seconds": None,
            }  # fmt: skip
        elif event["kind"] == "sent":
            found = _question_of(event, questions)
            if found is None:
                stray += 1
                continue
            found["replies"] += 1
            if found["seconds"] is None:
                found["seconds"] = event["at"] - found["at"]
    rows: list[Any] = [row for questions in asked_by_chat.values() for row in questions.values()]
    return {"questions": rows, "stray": stray}


def _question_of(event: Json, questions: dict[int, Json]) -> Json | None:
    replied = event["message"].get("reply_to_message", {}).get("message_id")
    if replied is not None:
        return questions.get(replied)
    return next((row for row in questions.values() if row["replies"] == 0), None)


ACTS = {"bulk": bulk, "summary": summary}
