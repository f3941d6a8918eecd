"""FakeTelegram: starts the server in its own process and gives tests people, chats and faults."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any

from fake_telegram.client.control import Control
from fake_telegram.client.groups import Channel, Group
from fake_telegram.client.messages import PATIENCE
from fake_telegram.client.users import User
from fake_telegram.load import Load, load_of
from fake_telegram.refusals import Json
from fake_telegram.transcript import transcript
from fake_telegram.world import BOT, TOKEN


class FakeTelegram:
    """A Telegram of one bot on loopback.

        with FakeTelegram() as telegram:
            anna = telegram.user("Anna", language="ru")
            chat = anna.private()
            chat.say("How much did the dam cost?")
            reply = chat.wait()
            reply.press("[1]")

    The bot is led to it by `telegram.api` (the setting `telegram_api`) and `telegram.token`.
    """

    token = TOKEN
    bot_id: int = BOT["id"]
    bot_username: str = BOT["username"]

    def __init__(self, **options: Any) -> None:
        """`options`: those of `configure`."""
        folder = str(Path(__file__).resolve().parent.parent)
        paths = [folder, os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fake_telegram.server", "0"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in paths if path)},
            text=True,
        )
        assert self._process.stdout is not None
        listening = self._process.stdout.readline()
        assert listening, "the fake Telegram did not start; its errors are above"
        self.port = int(listening)
        self.control = Control(self.port)
        self._names: dict[int, str] = {}
        if options:
            self.configure(**options)

    def __enter__(self) -> FakeTelegram:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends the server; a second time does nothing."""
        self.control.close()
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait(timeout=10)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def api(self) -> str:
        """For the setting `telegram_api`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """For python-telegram-bot's `base_url`."""
        return f"{self.api}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.api}/file/bot"

    def user(self, name: str, language: str | None = None, *, started: bool = True, **fields: Any) -> User:
        """A person. `fields`: last_name, username, id, is_premium. Without `started` the bot may not write first."""
        json = self.control("user", first_name=name, language_code=language, started=started, **fields)
        return User(self.control, json, self._names)

    def group(self, title: str, *members: User, kind: str = "supergroup", bot: str = "member",
              admins: tuple[User, ...] = (), forum: bool = False, username: str | None = None) -> Group:  # fmt: skip
        """A group; `bot` is member, administrator or left."""
        statuses = {user.id: "member" for user in members} | {user.id: "administrator" for user in admins}
        json = self.control("chat", type=kind, title=title, members=statuses, bot=bot, is_forum=forum,
                            username=username)  # fmt: skip
        return Group(self.control, json["id"], self._names)

    def channel(self, title: str, bot: str = "administrator") -> Channel:
        json = self.control("chat", type="channel", title=title, bot=bot)
        return Channel(self.control, json["id"], self._names)

    def configure(self, **options: Any) -> None:
        """Sets options of the server: see `world.Options`; also `duplicates` and `bot` (fields of getMe)."""
        self.control("configure", **options)

    def limit_rates(self, speed: float = 1.0, *, enabled: bool = True, **fields: Any) -> None:
        """Turns the flood limits on; `speed` is how many seconds pass for them in a real one."""
        self.control("rates", enabled=enabled, speed=speed, **fields)

    def fault(self, kind: str, *methods: str, **fields: Any) -> None:
        """The next calls of `methods` (none: of any) go wrong. `fields`: count, skip, retry_after, seconds, chat."""
        self.control("fault", kind=kind, methods=methods, **fields)

    def chance_of(self, share: float, *kinds: str, seed: int = 1, **fields: Any) -> None:
        """A share of all calls goes wrong, drawn from `kinds`. `fields`: methods, retry_after, seconds."""
        self.control("chance", share=share, kinds=kinds, seed=seed, **fields)

    def calm(self) -> None:
        """No more faults."""
        self.control("calm")

    def update(self, update: Any, *, forced: bool = False) -> Any:
        """Delivers any JSON as an update; `forced` also against the offset, as a late duplicate."""
        return self.control("raw", update=update, forced=forced)

    def bulk(self, messages: list[Json], per_second: float = 0.0) -> None:
        """Injects many messages: {chat_id, user_id, text}, all at once or so many a second."""
        self.control("bulk", messages=messages, per_second=per_second)

    def load(self, after: int = 0) -> Load:
        """What became of every message that reached the bot since event `after`."""
        return load_of(self.control("summary", after=after))

    def wait_for_replies(self, count: int, seconds: float = 60.0, after: int = 0) -> Load:
        """The same, once `count` messages were answered; at the latest after `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.state()["counts"].get("sendmessage 200", 0) >= count:
                load = self.load(after)
                if len(load.seconds) >= count:
                    return load
            time.sleep(0.2)
        return self.load(after)

    def state(self) -> Json:
        """Counters, commands, webhook, faults that struck, updates that wait."""
        found: Json = self.control("state")
        return found

    def calls(self, method: str | None = None) -> list[Json]:
        """Every call of the bot: method, values, at, seconds, code, note."""
        found: list[Json] = self.control("calls", method=method)
        return found

    def call(self, method: str, **values: Any) -> Json:
        """Calls a method as the bot would, and gives the whole answer: `ok`, `result` or `error_code`, ..."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with closing(connection):
            headers = {"Content-Type": "application/json"}
            connection.request("POST", f"/bot{self.token}/{method}", json.dumps(values), headers)
            answer: Json = json.loads(connection.getresponse().read())
        return answer

    def download(self, path: str) -> bytes:
        """A file of `getFile`, as the bot would fetch it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with closing(connection):
            connection.request("GET", f"/file/bot{self.token}/{path}")
            return connection.getresponse().read()

    def refusals(self) -> list[str]:
        """Descriptions of all calls that were refused as wrong: a bot that does right has none."""
        wrong = (400, 404, 599)
        return [f"{call['method']}: {call['note']}" for call in self.calls() if call["code"] in wrong]

    def events(self, after: int = 0) -> list[Json]:
        found: list[Json] = self.control("events", after=after)
        return found

    def wait_for_event(self, after: int = 0, seconds: float = PATIENCE, **match: Any) -> Json | None:
        """The first event after `after` whose fields have these values (a list: one of them)."""
        found: Json | None = self.control("wait", after=after, seconds=seconds, match=match)
        return found

    def transcript(self) -> str:
        return transcript(self.events(), self._names)
