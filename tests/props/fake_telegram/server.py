"""The server: `/bot<token>/<method>`, `/file/bot<token>/<path>` and `/control/<act>` on loopback.

Run by `python -m fake_telegram.server PORT`; port 0 takes a free one. It prints the port when it listens, and ends when
its standard input is closed, so that it never outlives the test that started it.
"""

from __future__ import annotations

import asyncio
import logging
import sys

from fake_telegram.requests import Control, Download, Method, Nothing
from fake_telegram.webhooks import deliver_for_ever
from fake_telegram.world import World
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

BIGGEST_BODY = 60_000_000
"""Bytes; Telegram takes files of 50 MB."""


def application(world: World) -> Application:
    given = {"world": world}
    return Application(
        [
            (r"/bot([^/]*)/([A-Za-z]+)", Method, given),
            (r"/file/bot([^/]*)/(.+)", Download, given),
            (r"/control/(\w+)", Control, given),
            (r".*", Nothing, given),
        ],
        log_function=lambda _: None,
    )


async def serve(port: int) -> None:
    world = World()
    sockets = bind_sockets(port, "127.0.0.1")
    server = HTTPServer(application(world), max_body_size=BIGGEST_BODY, max_buffer_size=BIGGEST_BODY)
    server.add_sockets(sockets)
    sys.stdout.write(f"{sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    ended = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    delivery = asyncio.create_task(deliver_for_ever(world))
    await asyncio.wait([ended, delivery], return_when=asyncio.FIRST_COMPLETED)
    delivery.cancel()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(serve(int(sys.argv[1])))
