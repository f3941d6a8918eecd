"""How the server is set up and looked at: options, rates, faults, raw updates, events, the record."""

from __future__ import annotations

import time
from typing import Any

from fake_telegram.faults import Chance, Fault, Faults
from fake_telegram.rates import Rates
from fake_telegram.refusals import Json
from fake_telegram.world import World


def configure(world: World, asked: Json) -> Json:
    """Sets options by their names, `duplicates` (copies of each update) and `webhook` target hosts."""
    for name, value in asked.items():
        if name == "duplicates":
            world.updates.duplicates = value
        elif name == "bot":
            world.bot |= value
        elif hasattr(world.options, name):
            setattr(world.options, name, value)
        else:
            raise ValueError(f"no such option: {name}")
    return {}


def rates(world: World, asked: Json) -> Json:
    """Starts counting anew: `enabled`, `speed`, `burst`."""
    world.rates = Rates(**asked)
    return {}


def fault(world: World, asked: Json) -> Json:
    """Plans a fault; the fields are those of Fault."""
    world.faults.plan(Fault(**asked | {"methods": tuple(asked.get("methods", ()))}))
    return {}


def chance(world: World, asked: Json) -> Json:
    """Faults by chance; the fields are those of Chance."""
    given = asked | {"kinds": tuple(asked["kinds"]), "methods": tuple(m.casefold() for m in asked.get("methods", ()))}
    world.faults.chance = Chance(**given)
    return {}


def calm(world: World, asked: Json) -> Json:
    """No more faults."""
    world.faults = Faults(struck=world.faults.struck)
    return {}


def raw(world: World, asked: Json) -> Json:
    """Queues `update` as it is; `forced` gives it whatever offset the bot asks for."""
    if asked.get("forced"):
        world.updates.force(asked["update"])
        return {}
    return {"update_id": world.updates.push_raw(asked["update"])}


async def wait(world: World, asked: Json) -> Json | None:
    """The first event after `after` whose fields have the values of `match` (lists: one of), within `seconds`."""
    match: Json = asked["match"]
    end = time.monotonic() + float(asked.get("seconds", 0))
    after = int(asked["after"])
    while True:
        while after < len(world.log):
            event = world.log[after]
            after += 1
            if all(_agrees(event.get(name), value) for name, value in match.items()):
                return event
        left = end - time.monotonic()
        if left <= 0:
            return None
        await world.next_event(left)


def _agrees(found: Any, value: Any) -> bool:
    return found in value if isinstance(value, list) else found == value


def last_seq(world: World, asked: Json) -> int:
    return len(world.log)


def events(world: World, asked: Json) -> list[Json]:
    """The log from `after` on, of one chat if `chat_id` is given."""
    found = world.log[asked.get("after", 0) :]
    chat_id = asked.get("chat_id")
    return [event for event in found if chat_id is None or event.get("chat_id") == chat_id]


def message_now(world: World, asked: Json) -> Json:
    """A message as it is now."""
    stored = world.chats[asked["chat_id"]].messages[asked["message_id"]]
    return {"message": stored.message, "edits": stored.edits, "deleted": stored.deleted}


def calls(world: World, asked: Json) -> list[Json]:
    """Every call of the bot, of one `method` if given."""
    method = asked.get("method")
    return [call for call in world.calls if method is None or call["method"].casefold() == method.casefold()]


def state(world: World, asked: Json) -> Json:
    """Counters and settings of the bot."""
    return {
        "counts": world.counts, "faults": world.faults.struck, "limited": world.rates.refused,
        "pending": len(world.updates.pending) + len(world.updates.forced), "next_update": world.updates.next_id,
        "polls": world.updates.polls, "last_poll": world.updates.last_poll, "given": world.updates.given,
        "commands": world.commands, "texts": world.texts, "webhook": world.webhook,
        "allowed": sorted(world.updates.allowed) if world.updates.allowed is not None else None,
        "events": len(world.log),
    }  # fmt: skip


ACTS = {
    "configure": configure, "rates": rates, "fault": fault, "chance": chance, "calm": calm, "raw": raw, "wait": wait,
    "last_seq": last_seq, "events": events, "message_now": message_now, "calls": calls, "state": state,
}  # fmt: skip
