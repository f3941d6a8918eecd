"""What is asked over HTTP: calls of methods, downloads, and acts of the tests."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fake_telegram.acts import bulk, messages, people, queries, settings
from fake_telegram.calls import Call, read_call
from fake_telegram.faults import Fault
from fake_telegram.methods import editing, members, profile, receiving, sending
from fake_telegram.methods import queries as answers
from fake_telegram.refusals import Json, Refusal, too_many
from fake_telegram.world import World
from tornado.web import RequestHandler

METHODS: Mapping[str, Callable[[World, Call], Any]] = {
    name.casefold(): method
    for module in (sending, editing, answers, profile, members, receiving)
    for name, method in module.METHODS.items()
}
ACTS: Mapping[str, Callable[[World, Json], Any]] = {
    name: act for module in (people, messages, queries, bulk, settings) for name, act in module.ACTS.items()
}
BROKEN = 599
"""The status when the fake itself fails; nothing of Telegram's."""

_TOKEN = re.compile(r"^\d{3,12}:[A-Za-z0-9_-]{30,50}$")
_HTML = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"


class Answering(RequestHandler):
    """What all requests share."""

    def initialize(self, world: World) -> None:
        self.world = world
        self._work: asyncio.Task[Any] | None = None

    async def work(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Raises: asyncio.CancelledError when the client has gone."""
        self._work = asyncio.get_running_loop().create_task(coroutine)
        return await self._work

    def on_connection_close(self) -> None:
        """Ends what only waits; all other work is done although nobody reads its answer, as in Telegram."""
        if self._work and self.waits():
            self._work.cancel()

    def waits(self) -> bool:
        return False

    def answer(self, code: int, body: Any) -> None:
        self.set_status(code)
        self.set_header("Content-Type", "application/json")
        self.finish(body if isinstance(body, str | bytes) else json.dumps(body, ensure_ascii=False).encode())

    def hang_up(self) -> None:
        """Closes the connection without a byte of an answer."""
        self.detach().close()


class Method(Answering):
    """A call of the Bot API."""

    def waits(self) -> bool:
        return self.request.path.casefold().endswith("/getupdates")

    async def get(self, token: str, method: str) -> None:
        await self.post(token, method)

    async def post(self, token: str, method: str) -> None:
        try:
            await self.work(self._call(token, method))
        except asyncio.CancelledError:
            self._finished = True

    async def _call(self, token: str, method: str) -> None:
        world, begin, called = self.world, time.time(), Call(method, {})
        half = world.options.network_seconds / 2
        if half:
            await asyncio.sleep(half)
        fault: Fault | None = None
        try:
            _check_token(world, token)
            request = self.request
            called = read_call(method.casefold(), request.query, request.headers.get("Content-Type", ""), request.body)
            fault = world.faults.next(called.method, str(called.values.get("chat_id", "")))
            if fault and await self._struck(fault):
                _record(world, called, begin, 0, fault.kind)
                return
            result = await _result(world, called)
            code, body = 200, {"ok": True, "result": result}
        except Refusal as refusal:
            code, body = refusal.code, refusal.body
        except Exception as error:  # noqa: BLE001 (a fault of the fake shall be seen as one, see FakeTelegram.refusals)
            code, body = BROKEN, {"ok": False, "error_code": BROKEN, "description": f"the fake broke: {error!r}"}
        _record(world, called, begin, code, body.get("description") or (fault.kind if fault else ""))
        if fault and fault.kind == "drop":
            self.hang_up()
            return
        if half:
            await asyncio.sleep(half)
        self.answer(code, body)

    async def _struck(self, fault: Fault) -> bool:
        """Answers with the fault. False if the work shall be done all the same."""
        if fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault.kind in ("delay", "drop"):
            return False
        if fault.kind == "hang_up":
            self.hang_up()
        elif fault.kind == "bad_json":
            self.answer(200, '{"ok":true,"result":[{"upd')
        elif fault.kind == "502":
            self.set_status(502)
            self.set_header("Content-Type", "text/html")
            self.finish(_HTML)
        else:
            refusal = _refusal(fault)
            self.answer(refusal.code, refusal.body)
        return True


class Download(Answering):
    """A file of `getFile`."""

    def get(self, token: str, path: str) -> None:
        try:
            _check_token(self.world, token)
        except Refusal as refusal:
            self.answer(refusal.code, refusal.body)
            return
        file_id = self.world.file_paths.get(path)
        if file_id is None:
            self.answer(404, Refusal(404, "Not Found").body)
            return
        self.world.count("download")
        self.set_header("Content-Type", "application/octet-stream")
        self.finish(self.world.file_contents[file_id])


class Control(Answering):
    """An act of a test."""

    def waits(self) -> bool:
        return True

    async def post(self, act: str) -> None:
        try:
            asked = json.loads(self.request.body or b"{}")
            result = ACTS[act](self.world, asked)
            if inspect.isawaitable(result):
                result = await self.work(_awaited(result))
        except asyncio.CancelledError:
            self._finished = True
            return
        except Exception as error:  # noqa: BLE001 (whatever is wrong with an act, the test has to read it)
            self.answer(400, {"error": f"{act}: {error!r}"})
            return
        self.answer(200, {"result": result})


class Nothing(Answering):
    def prepare(self) -> None:
        self.answer(404, Refusal(404, "Not Found").body)


async def _awaited(result: Any) -> Any:
    return await result


async def _result(world: World, call: Call) -> Any:
    method = METHODS.get(call.method)
    if method is None:
        raise Refusal(404, "Not Found")
    result = method(world, call)
    return await result if inspect.isawaitable(result) else result


def _check_token(world: World, token: str) -> None:
    if not _TOKEN.match(token):
        raise Refusal(404, "Not Found")
    if token != world.token or world.options.revoked:
        raise Refusal(401, "Unauthorized")


def _refusal(fault: Fault) -> Refusal:
    if fault.kind == "429":
        return too_many(fault.retry_after)
    descriptions = {
        "401": "Unauthorized",
        "409": "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        "500": "Internal Server Error",
    }
    return Refusal(int(fault.kind), descriptions[fault.kind])


def _record(world: World, call: Call, begin: float, code: int, note: str) -> None:
    world.count(call.method)
    world.count(f"{call.method} {code or note}")
    if world.options.keep_calls:
        world.calls.append({"method": call.method, "values": dict(call.values), "at": begin,
                            "seconds": time.time() - begin, "code": code, "note": note})  # fmt: skip
