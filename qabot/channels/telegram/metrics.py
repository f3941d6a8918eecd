"""Metrics: what the bot does, counted for Prometheus and for the heartbeat."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Literal
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from qabot.answering.answer import Verdict
from qabot.errors import SettingsError

LOOPBACK = "127.0.0.1"

Refusal = Literal["busy", "allowance", "stranger", "denied", "stale", "question", "stopping"]
"""Why a question was not asked; "question": empty or too long."""

Failure = Literal["engine", "memory", "network", "telegram", "malformed", "handler"]

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counters of one bot in a registry of their own. Safe to use from several threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._updates = Counter("qabot_updates", "Updates received.", ["kind"], registry=self.registry)
        self._answers = Counter("qabot_answers", "Questions answered.", ["verdict"], registry=self.registry)
        self._quick = Counter(
            "qabot_quick_answers", "Questions answered without the reader, since many waited.", registry=self.registry
        )
        self._refusals = Counter("qabot_refusals", "Questions refused.", ["reason"], registry=self.registry)
        self._errors = Counter("qabot_errors", "Errors met.", ["where"], registry=self.registry)
        self._limited = Counter("qabot_too_many_requests", "Answers 429 of Telegram.", registry=self.registry)
        self._seconds = Histogram(
            "qabot_answer_seconds",
            "From the receipt of a question to its reply.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._depth = Gauge("qabot_queue_depth", "Questions that wait for a worker.", registry=self.registry)
        self._served: tuple[WSGIServer, threading.Thread] | None = None

    def update(self, kind: str) -> None:
        """An update came; `kind` is the name of its field ("message", "callback_query"), one of Telegram's few."""
        self._updates.labels(kind).inc()

    def answered(self, verdict: Verdict, seconds: float) -> None:
        """A question was answered, so long after it had come."""
        self._answers.labels(verdict).inc()
        self._seconds.observe(seconds)

    def quick(self) -> None:
        """A question was answered without the reader, since many waited."""
        self._quick.inc()

    def refused(self, reason: Refusal) -> None:
        self._refusals.labels(reason).inc()

    def failed(self, where: Failure) -> None:
        self._errors.labels(where).inc()

    def limited(self) -> None:
        """Telegram answered 429."""
        self._limited.inc()

    def watch_depth(self, depth: Callable[[], int]) -> None:
        """Asks `depth` for the length of the queue whenever it is shown."""
        self._depth.set_function(depth)

    def totals(self) -> dict[str, int]:
        """Every count, without its labels: {"updates": 12, "answers": 9, …}."""
        totals: dict[str, int] = {}
        for metric in self.registry.collect():
            if metric.type == "counter":
                counted = sum(sample.value for sample in metric.samples if sample.name.endswith("_total"))
                totals[metric.name.removeprefix("qabot_")] = int(counted)
        return totals

    def serve(self, port: int) -> int:
        """Shows the metrics at http://127.0.0.1:PORT/metrics, to this machine only.

        Args:
            port: setting telegram_metrics_port.

        Returns:
            The port.

        Raises:
            SettingsError: the port cannot be had.
        """
        try:
            server, thread = start_http_server(port, addr=LOOPBACK, registry=self.registry)
        except OSError as error:
            cause = f"Port {port} of {LOOPBACK} cannot be had for metrics: {error.strerror}"
            raise SettingsError(cause, "Set telegram_metrics_port to another one, or to 0 for none") from error
        self._served = server, thread
        return int(server.server_port)

    def close(self) -> None:
        """Stops showing them."""
        if self._served:
            server, thread = self._served
            server.shutdown()
            server.server_close()
            thread.join()
            self._served = None
