"""Connections that only ever lead to an address that was checked, and that end when their time is over.

The name is resolved once, here, and the connection is made to what was checked: a second answer of the resolver, as
DNS rebinding gives one, is never asked for. The name goes into the Host header and is what the certificate must show.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore

from qabot.errors import FetchError
from qabot.gathering.addresses import check_ip

Resolve = Callable[[str, int], Sequence[str]]
"""(host, port) -> its IP addresses; raises OSError for a name that is unknown."""

_MOST_TRIED = 4
"""Of a name's addresses: one of them answers, or the site is down."""


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses that the system's resolver gives for `host`, in its order, each once.

    Raises:
        OSError: the name is unknown, or no resolver answers.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class GuardedNetwork(httpcore.NetworkBackend):
    """The network as one request may use it: checked addresses only, until `deadline` (of `time.monotonic`)."""

    def __init__(self, resolving: Resolve, deadline: float, *, private: bool) -> None:
        self._resolve = resolving
        self._deadline = deadline
        self._private = private
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - what is left of the time is the limit
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of `host` that answers, all of them having been checked.

        Raises:
            ForbiddenAddressError: one of the addresses may not be fetched from.
            FetchError: the name is unknown.
            httpcore.ConnectError, httpcore.ConnectTimeout: none answers.
        """
        addresses = self._addresses(host, port)
        for address in addresses:
            check_ip(address, private=self._private, name=host)
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses[:_MOST_TRIED]:
            left = time_left(self._deadline)
            try:
                stream = self._network.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failed

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """Refused: pages do not live behind sockets of this machine."""
        raise FetchError(f"{path} is a socket of this machine")

    def _addresses(self, host: str, port: int) -> Sequence[str]:
        # The system's resolver knows no time limit: it is waited for in a thread that may be left behind.
        answer: list[Sequence[str] | OSError | UnicodeError] = []

        def ask() -> None:
            try:
                answer.append(self._resolve(host, port))
            except (OSError, UnicodeError) as error:  # UnicodeError: a label that is too long for the resolver
                answer.append(error)

        asking = threading.Thread(target=ask, name="resolving", daemon=True)
        asking.start()
        asking.join(time_left(self._deadline))
        if not answer:
            raise httpcore.ConnectTimeout(f"{host} was not resolved in time")
        if isinstance(answer[0], Exception):
            mend = "Check the address and the network"
            raise FetchError(f"{host} cannot be found: the name is unknown here", mend) from answer[0]
        return answer[0]


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends at the deadline: a server that drips cannot draw a page out."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, time_left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, time_left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, time_left(self._deadline))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def time_left(deadline: float) -> float:
    """Seconds until `deadline`.

    Raises:
        httpcore.ReadTimeout: it has passed.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is over")
    return left
