"""The token is in no log: not in messages, arguments, tracebacks, stacks, addresses or errors that nobody caught."""

from __future__ import annotations

import asyncio
import io
import logging
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from telegram import Bot
from telegram.error import InvalidToken, NetworkError

from qabot.channels.telegram.redaction import HIDDEN, Redaction, install

PART = "AAEhBOweik6ad9r_Gu4jCUlaQtd-wer1Vxx"
TOKEN = f"123456789:{PART}"
FORMS = [
    TOKEN,
    PART,
    quote(TOKEN, safe=""),
    quote(TOKEN, safe="").lower(),
    quote(quote(TOKEN, safe=""), safe=""),
    f"https://api.telegram.org/bot{TOKEN}/getMe",
    f"https://api.telegram.org/file/bot{TOKEN}/documents/file_1.pdf",
    TOKEN.upper(),
]


@pytest.fixture(autouse=True)
def clean_process() -> Iterator[None]:
    """What `install` changes is as before after each test."""
    factory, hook, hook_in_thread = logging.getLogRecordFactory(), sys.excepthook, threading.excepthook
    levels = {name: logging.getLogger(name).level for name in ("", "httpx", "httpcore", "telegram")}
    filters = {handler: list(handler.filters) for handler in logging.getLogger().handlers}
    yield
    logging.setLogRecordFactory(factory)
    sys.excepthook, threading.excepthook = hook, hook_in_thread
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    for handler, before in filters.items():
        handler.filters[:] = before


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that a handler of the root logger prints, at every level, with tracebacks."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)


def fail(text: str) -> None:
    raise ValueError(f"cannot reach {text}")


class Address:
    """An argument whose text is made when it is printed."""

    def __str__(self) -> str:
        return f"https://api.telegram.org/bot{TOKEN}/getUpdates"


class Unprintable:
    def __str__(self) -> str:
        raise OSError("no text")

    def __repr__(self) -> str:
        return f"Unprintable({TOKEN})"


@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_the_token_is_printed(log: io.StringIO, form: str) -> None:
    install(TOKEN)
    logger = logging.getLogger("qabot.test")
    logger.info("plain %s", form)
    logger.info("in a dict %(a)s", {"a": form})
    logger.info(f"in the message {form} itself")
    logger.info("in a tuple %s and %r", (form,), {"token": form})
    try:
        fail(form)
    except ValueError:
        logger.exception("traceback")
    printed = log.getvalue()
    assert PART.lower() not in printed.lower()
    assert printed.count(HIDDEN) >= 5
    assert "ValueError: cannot reach" in printed
    assert "in fail" in printed


def test_arguments_that_print_late_or_not_at_all(log: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    install(TOKEN)
    logger = logging.getLogger("qabot.test")
    logger.info("GET %s", Address())
    logger.info("too few %s %s", TOKEN)  # noqa: PLE1206
    logger.info("too many", TOKEN)  # noqa: PLE1205
    logger.info("broken %s", Unprintable())
    printed = log.getvalue() + capsys.readouterr().err
    assert PART not in printed
    assert "Logging error" not in printed
    assert printed.count(HIDDEN) == 4


def test_the_stack_and_chained_errors_are_clean(log: io.StringIO) -> None:
    install(TOKEN)
    try:
        try:
            fail(TOKEN)
        except ValueError as error:
            raise RuntimeError("outer") from error
    except RuntimeError:
        logging.getLogger("qabot.test").error("chained", exc_info=True, stack_info=True)
    printed = log.getvalue()
    assert PART not in printed
    assert "RuntimeError: outer" in printed
    assert "Stack (most recent call last)" in printed


def test_a_handler_that_prints_tracebacks_its_own_way_gets_none_with_the_token() -> None:
    try:
        fail(TOKEN)
    except ValueError:
        given = {"msg": "failed", "exc_info": sys.exc_info(), "stack_info": f'open("bot{TOKEN}")'}
    record = Redaction(TOKEN).clean(logging.makeLogRecord(given))
    assert record.exc_info is None
    assert PART not in str(vars(record))
    assert record.stack_info == f'open("bot{HIDDEN}")'


def test_what_has_no_token_is_printed_as_it_is(log: io.StringIO) -> None:
    install(TOKEN)
    logger = logging.getLogger("qabot.test")
    logger.info("%d questions, %.1f s, %s", 3, 0.25, "50%")
    try:
        fail("the moon")
    except ValueError:
        logger.exception("traceback")
    assert log.getvalue().startswith("INFO qabot.test 3 questions, 0.2 s, 50%\n")
    assert "ValueError: cannot reach the moon" in log.getvalue()


def test_a_handler_that_is_added_later_is_clean_too(log: io.StringIO) -> None:
    install(TOKEN)
    stream = io.StringIO()
    logger = logging.getLogger("qabot.test.later")
    handler = logging.StreamHandler(stream)
    logger.addHandler(handler)
    logger.propagate = False
    logger.warning("%s", TOKEN)
    logger.removeHandler(handler)
    assert stream.getvalue() == f"{HIDDEN}\n"


def test_a_handler_that_prints_every_attribute_is_clean(log: io.StringIO) -> None:
    (handler,) = (one for one in logging.getLogger().handlers if getattr(one, "stream", None) is log)
    install(TOKEN)
    handler.setFormatter(logging.Formatter("%(message)s %(address)s"))
    logging.getLogger("qabot.test").info("extra", extra={"address": f"bot{TOKEN}"})
    assert log.getvalue() == f"extra bot{HIDDEN}\n"


def test_two_tokens_are_both_hidden(log: io.StringIO) -> None:
    install(TOKEN)
    install("987:second-secret")
    logging.getLogger("qabot.test").info("%s and %s", TOKEN, "987:second-secret")
    assert log.getvalue() == f"INFO qabot.test {HIDDEN} and {HIDDEN}\n"


def test_what_people_are_told_can_be_cleaned() -> None:
    redaction = Redaction(TOKEN)
    assert (
        redaction.text(str(InvalidToken(f"The token `{TOKEN}` was rejected"))) == f"The token `{HIDDEN}` was rejected"
    )
    assert Redaction("no colon").text("a no%20colon and no colon") == f"a {HIDDEN} and {HIDDEN}"


def test_httpx_and_the_bot_at_every_level(log: io.StringIO) -> None:
    """A real bot that calls a port where nobody listens, with httpx and httpcore at DEBUG."""
    redaction = install(TOKEN)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    async def call() -> None:
        bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot")
        with pytest.raises(NetworkError) as caught:
            await bot.initialize()
        logging.getLogger("qabot.test").error("the bot failed", exc_info=caught.value)
        logging.getLogger("qabot.test").error("%r", httpx.URL(f"http://127.0.0.1:{port}/bot{TOKEN}/getMe"))
        await bot.shutdown()

    asyncio.run(call())
    printed = log.getvalue()
    assert "httpcore" in printed
    assert "telegram" in printed
    assert PART not in printed
    assert redaction.text(printed) == printed


def test_the_line_that_httpx_logs_for_each_request(log: io.StringIO) -> None:
    install(TOKEN)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b'{"ok": false, "error_code": 401, "description": "Unauthorized"}'
        head = b"HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
        writer.write(head % len(body) + body)
        await writer.drain()
        writer.close()

    async def call() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot")
            with pytest.raises(InvalidToken):
                await bot.initialize()
            await bot.shutdown()

    asyncio.run(call())
    printed = log.getvalue()
    assert "HTTP Request: POST http://127.0.0.1" in printed
    assert f"/bot{HIDDEN}/getMe" in printed
    assert PART not in printed


@pytest.mark.parametrize(
    "end",
    [
        "raise ValueError(f'bot{token}')",
        "threading.Thread(target=lambda: print(1 / 0, token)).start(); raise SystemExit",
        "t = threading.Thread(target=fail, args=(token,)); t.start(); t.join()",
        "async def main():\n    asyncio.ensure_future(afail(token))\n    await asyncio.sleep(0)\nasyncio.run(main())",
    ],
)
def test_an_error_that_nobody_catches(end: str) -> None:
    program = """
        import asyncio, logging, sys, threading
        from qabot.channels.telegram.redaction import install
        token = sys.argv[1]
        logging.basicConfig(level=logging.DEBUG)
        def fail(text): raise ValueError(text)
        async def afail(text): raise ValueError(text)
        install(token)
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program) + end, TOKEN], capture_output=True, text=True, check=False
    )
    assert "Error" in ended.stderr
    assert PART not in ended.stderr + ended.stdout
