"""Metrics: counted, shown to this machine only, and summed up for the heartbeat."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Iterator

import pytest

from qabot.channels.telegram.metrics import Metrics
from qabot.errors import SettingsError


@pytest.fixture
def metrics() -> Iterator[Metrics]:
    metrics = Metrics()
    yield metrics
    metrics.close()


def shown(port: int) -> dict[str, float]:
    """What Prometheus would read."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as page:
        lines = page.read().decode().splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_what_happens_is_counted_and_shown(metrics: Metrics) -> None:
    waiting = [4]
    metrics.watch_depth(lambda: waiting[0])
    port = metrics.serve(0)
    metrics.update("message")
    metrics.update("message")
    metrics.update("callback_query")
    metrics.answered("answered", 0.03)
    metrics.answered("not found", 7)
    metrics.refused("busy")
    metrics.failed("network")
    metrics.limited()
    metrics.quick()
    page = shown(port)
    assert page['qabot_updates_total{kind="message"}'] == 2
    assert page['qabot_updates_total{kind="callback_query"}'] == 1
    assert page['qabot_answers_total{verdict="not found"}'] == 1
    assert page['qabot_refusals_total{reason="busy"}'] == 1
    assert page['qabot_errors_total{where="network"}'] == 1
    assert page["qabot_too_many_requests_total"] == 1
    assert page["qabot_quick_answers_total"] == 1
    assert page["qabot_queue_depth"] == 4
    assert page['qabot_answer_seconds_bucket{le="0.05"}'] == 1
    assert page["qabot_answer_seconds_count"] == 2
    waiting[0] = 0
    assert shown(port)["qabot_queue_depth"] == 0


def test_totals_have_no_labels(metrics: Metrics) -> None:
    assert set(metrics.totals().values()) == {0}
    metrics.update("message")
    metrics.update("inline_query")
    metrics.answered("answered", 1)
    assert metrics.totals() == {
        "updates": 2,
        "answers": 1,
        "quick_answers": 0,
        "refusals": 0,
        "errors": 0,
        "too_many_requests": 0,
    }


def test_two_bots_count_apart(metrics: Metrics) -> None:
    metrics.update("message")
    assert Metrics().totals()["updates"] == 0


def test_they_are_shown_to_this_machine_only(metrics: Metrics) -> None:
    metrics.serve(0)
    assert metrics._served is not None
    assert metrics._served[0].server_address[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_named(metrics: Metrics) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"Port {port} of 127.0.0.1") as caught:
            metrics.serve(port)
    assert "telegram_metrics_port" in caught.value.mend


def test_the_port_is_free_again_after_closing(metrics: Metrics) -> None:
    port = metrics.serve(0)
    metrics.close()
    metrics.close()
    assert metrics.serve(port) == port
