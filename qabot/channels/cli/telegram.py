"""`qabot telegram`: the bot in Telegram's chats, whether it can work, and how it is."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING, Annotated

import typer

from qabot.channels.cli.exits import ERROR, INTERRUPTED, NOT_FOUND, say_line
from qabot.channels.cli.options import AsJson, Common, Debug, Embeddings, Home
from qabot.channels.cli.words import duration

if TYPE_CHECKING:
    from pydantic import SecretStr

    from qabot.channels.telegram.heartbeat import Health
    from qabot.settings import Settings

_SWITCH_SECONDS = 0.001

telegram = typer.Typer(rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]})


@telegram.callback(invoke_without_command=True)
def run(
    ctx: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Look whether the bot can work, and end.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Build the index whenever seeds/ or the feeds change.")
    ] = False,
    embeddings: Embeddings = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Run the Telegram bot, until Ctrl-C or SIGTERM.

    Its token, from @BotFather, stands in QABOT_TELEGRAM_TOKEN or in config/telegram-token. It goes over to a new index
    by itself. The first has to be built (qabot index), but for --watch and telegram_admins, who can send articles.
    --check exits with 0 if all is well, 1 if something is off, 2 if the bot cannot work.

    \b
    Examples:
      qabot telegram --check
      qabot telegram
      qabot telegram status
    """
    common = Common.of(ctx, home, debug)
    if ctx.invoked_subcommand is not None:
        return
    settings = common.settings(embeddings=embeddings)

    from qabot.channels.telegram.logs import set_up_logs
    from qabot.channels.telegram.token import read_token
    from qabot.errors import ChannelError, QabotError

    token = read_token(settings)
    redaction = set_up_logs(token, debug=common.debug)
    try:
        if check:
            _check(settings, token)
        else:
            _run(settings, token, watch=watch)
    except typer.Exit:
        raise
    except Exception as error:
        if common.debug:
            # Errors of libraries name the token; whoever prints the traceback later does not hide it.
            sys.stderr.write(redaction.text("".join(traceback.format_exception(error))))
            common.debug = False
        if isinstance(error, QabotError):
            raise
        cause = redaction.text(f"Unexpected {type(error).__name__}: {error}")
        raise ChannelError(cause, "" if debug else "Run it again with --debug to see where") from None


@telegram.command("status", short_help="Show how the running bot is.")
def status(ctx: typer.Context, as_json: AsJson = False, home: Home = None, debug: Debug = False) -> None:
    """Show how the bot is that runs on this machine. Exits with 0 if it is well, 1 if it does not run or hangs.

    \b
    Example:
      qabot telegram status
    """
    settings = Common.of(ctx, home, debug).settings()

    from qabot.channels.telegram.heartbeat import heartbeat_file, read_heartbeat

    health = read_heartbeat(heartbeat_file(settings))
    if as_json:
        import json
        from dataclasses import asdict

        print(json.dumps(asdict(health), ensure_ascii=False))
    else:
        print(_line(health))
    if health.state != "running":
        raise typer.Exit(NOT_FOUND)


def _run(settings: Settings, token: SecretStr, *, watch: bool) -> None:
    import asyncio
    import signal

    from qabot.channels.telegram.running import run as run_bot

    # The event loop shares the interpreter with threads that answer; it gets its turn sooner than after 5 ms.
    sys.setswitchinterval(_SWITCH_SECONDS)

    async def until_signal() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        main = asyncio.current_task()

        def heard() -> None:
            # The first asks for an orderly end, the second for the end.
            if stop.is_set() and main is not None:
                main.cancel()
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, heard)
        await run_bot(settings, token, stop, watch=watch, said=lambda line: print(line, flush=True))

    try:
        asyncio.run(until_signal())
    except asyncio.CancelledError:
        say_line("Interrupted")
        raise typer.Exit(INTERRUPTED) from None


def _check(settings: Settings, token: SecretStr) -> None:
    import asyncio

    from qabot.channels.telegram.checking import Level, check

    marks = {Level.FINE: "ok", Level.OFF: "!!", Level.BROKEN: "no"}
    found = asyncio.run(check(settings, token))
    for finding in found:
        print(f"{marks[finding.level]}  {finding.what}{f'. {finding.mend}' if finding.mend else ''}")
    worst = max(finding.level for finding in found)
    if worst:
        raise typer.Exit(NOT_FOUND if worst is Level.OFF else ERROR)


def _line(health: Health) -> str:
    beat = health.beat
    if health.state != "running" or beat is None:
        return f"The bot does not run: {health.why}" if health.state == "stopped" else f"The bot hangs: {health.why}"
    asked = sum(beat.counters.get(name, 0) for name in ("answers", "refusals"))
    facts = [
        f"@{beat.bot} runs for {duration(beat.written - beat.started)}",
        f"generation {beat.generation or 'none'}",
        f"{asked:,} questions, {beat.queue_depth} waiting",
        f"{beat.counters.get('errors', 0):,} errors",
    ]
    if beat.last_poll:
        facts.append(f"Telegram answered {duration(max(0.0, beat.written - beat.last_poll))} ago")
    return ", ".join(facts) + (f". {beat.notice}" if beat.notice else "")
