"""A real HTTP server on loopback that does whatever a test wants, byte by byte, and says what it was asked."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

PAGE = """<!DOCTYPE html><html lang="en"><head><title>{title}</title>
<meta property="og:site_name" content="Kazinform">
<meta property="article:published_time" content="2023-07-04T10:00:00Z">
</head><body><nav>Home News Contact</nav><article><h1>{title}</h1><p>{text}</p>
<p>Engineers had planned the work since 1966, and the ministry of water has paid for most of it.</p>
<p>Its wall is 150 metres high. It will give light to the whole of the city and water to the farms around it.</p>
</article></body></html>"""


def page(title: str = "Almaty opens a dam", text: str = "The dam near Almaty cost 12 million dollars.") -> bytes:
    return PAGE.format(title=title, text=text).encode()


def response(
    body: bytes = b"", status: str = "200 OK", kind: str = "text/html; charset=utf-8", **headers: str
) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the server got it."""

    path: str
    headers: dict[str, str]


Act = Callable[[socket.socket, Asked], None]
"""What a route does with the connection."""


@dataclass(slots=True)
class Site:
    """The server; `routes` are by path, `robots` is what /robots.txt answers."""

    port: int
    routes: dict[str, bytes | Act] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    robots: bytes = response(status="404 Not Found")
    sent: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """Paths asked for, without robots.txt."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def endless(self, piece: bytes, pause: float = 0) -> Act:
        """Sends `piece` until the other side has had enough."""

        def act(connection: socket.socket, _: Asked) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
            waiting = threading.Event()
            while True:
                connection.sendall(piece)
                self.sent += len(piece)
                waiting.wait(pause)

        return act

    def serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(30)
            head = b""
            while b"\r\n\r\n" not in head:
                got = connection.recv(65536)
                if not got:
                    return
                head += got
            first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            asked = Asked(first.split(" ")[1], headers)
            self.asked.append(asked)
            answer = self.robots if asked.path == "/robots.txt" else self.routes.get(asked.path)
            if callable(answer):
                answer(connection, asked)
            else:
                connection.sendall(answer if answer is not None else response(status="404 Not Found"))


@contextlib.contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site that answers until the block ends, over TLS if `tls` is given."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        site = Site(server.getsockname()[1])
        ended = threading.Event()

        def accept() -> None:
            while not ended.is_set():
                with contextlib.suppress(OSError):
                    connection, _ = server.accept()
                    connection.settimeout(30)
                    if tls:
                        connection = tls.wrap_socket(connection, server_side=True)
                    threading.Thread(target=site.serve, args=(connection,), daemon=True).start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield site
        finally:
            ended.set()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", site.port), timeout=1):
                pass  # wakes the thread up
            accepting.join(5)
