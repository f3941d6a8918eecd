"""What goes wrong on purpose: faults for the next calls of a method, and faults by chance."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

KINDS = ("429", "401", "409", "500", "502", "bad_json", "hang_up", "delay", "drop")
"""Refusals; a page of a proxy (502); half a JSON; no answer; a late answer; the work is done but its answer is lost."""


@dataclass(slots=True)
class Fault:
    """One kind of fault.

    Args:
        kind: one of KINDS.
        methods: names of methods; empty means all.
        count: how many calls it hits; -1 means every call.
        skip: calls that pass before the first is hit.
        retry_after: seconds, for 429.
        seconds: how late, for delay.
        chat: only calls with this chat_id.
    """

    kind: str
    methods: tuple[str, ...] = ()
    count: int = 1
    skip: int = 0
    retry_after: int = 1
    seconds: float = 0.0
    chat: int | None = None

    def hits(self, method: str, chat: str) -> bool:
        if self.methods and method.casefold() not in self.methods:
            return False
        if self.chat is not None and str(self.chat) != chat:
            return False
        if self.skip:
            self.skip -= 1
            return False
        return True


@dataclass(slots=True)
class Chance:
    """Faults by chance: `share` of the calls of `methods`, kinds drawn in the order of `seed`."""

    share: float
    kinds: tuple[str, ...]
    seed: int
    methods: tuple[str, ...] = ()
    retry_after: int = 1
    seconds: float = 0.05
    random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def draw(self, method: str) -> Fault | None:
        if self.methods and method.casefold() not in self.methods:
            return None
        if self.random.random() >= self.share:
            return None
        kind = self.random.choice(self.kinds)
        return Fault(kind, retry_after=self.retry_after, seconds=self.seconds)


@dataclass(slots=True)
class Faults:
    """What is planned; `struck` counts by kind what happened."""

    planned: list[Fault] = field(default_factory=list)
    chance: Chance | None = None
    struck: dict[str, int] = field(default_factory=dict)

    def plan(self, fault: Fault) -> None:
        if fault.kind not in KINDS:
            raise ValueError(f"no such fault: {fault.kind}")
        fault.methods = tuple(name.casefold() for name in fault.methods)
        self.planned.append(fault)

    def next(self, method: str, chat: str) -> Fault | None:
        """The fault that hits this call, if any."""
        found = self._next_planned(method, chat) or (self.chance.draw(method) if self.chance else None)
        if found:
            self.struck[found.kind] = self.struck.get(found.kind, 0) + 1
        return found

    def _next_planned(self, method: str, chat: str) -> Fault | None:
        for fault in self.planned:
            if fault.hits(method, chat):
                fault.count -= 1
                if fault.count == 0:
                    self.planned.remove(fault)
                return fault
        return None
