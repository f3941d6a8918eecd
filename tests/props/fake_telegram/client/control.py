"""The control interface as the tests call it."""

from __future__ import annotations

import http.client
import json
import threading
from typing import Any

SLACK = 30.0
"""Seconds that a call may take beyond what it was told to wait."""


class ControlError(AssertionError):
    """The fake refused an act: the test asked for something that cannot be."""


class Control:
    """Calls acts of the server; every thread has its own connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._local = threading.local()
        self._opened: list[http.client.HTTPConnection] = []

    def __call__(self, act: str, **asked: Any) -> Any:
        """Gives the act's result. Raises: ControlError."""
        wait = float(asked.get("seconds", 0.0)) if act == "wait" else 0.0
        connection = self._connection(wait + SLACK)
        connection.request("POST", f"/control/{act}", json.dumps(asked), {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
        if "error" in answer:
            raise ControlError(answer["error"])
        return answer["result"]

    def close(self) -> None:
        """Closes the connections of all threads."""
        while self._opened:
            self._opened.pop().close()
        self._local = threading.local()

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = http.client.HTTPConnection("127.0.0.1", self.port)
            self._opened.append(connection)
        connection.timeout = timeout
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        return connection
