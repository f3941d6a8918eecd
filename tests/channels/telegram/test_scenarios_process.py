"""`qabot telegram` as a process: how it starts, ends, is killed, and what it never says."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from bot_scene import CHESS_QUESTION, CHESS_SENTENCE, DAM_QUESTION, DAM_SENTENCE, Process, wait_until
from fake_telegram.driver import FakeTelegram

from qabot.channels.wording import LANGUAGES
from qabot.encoders.encoder import Encoder
from qabot.index.building import build
from qabot.index.manifest import Manifest, read_manifest
from qabot.index.publishing import current_generation
from qabot.settings import load_settings

EN = LANGUAGES["en"]


def polled(telegram: FakeTelegram) -> bool:
    return bool(telegram.state()["polls"])


def test_it_answers_says_who_it_is_and_ends_in_order(home: Path, telegram: FakeTelegram) -> None:
    chat = telegram.user("Anna", "en").private()
    with Process(home, telegram) as bot:
        chat.say(DAM_QUESTION)
        assert DAM_SENTENCE in chat.wait().text
        wait_until(lambda: f"@{telegram.bot_username} answers from 5 articles" in bot.output)
        bot.process.terminate()
        assert bot.end() == 0
        assert telegram.state()["pending"] == 0
    assert telegram.token not in bot.output
    assert "Traceback" not in bot.output


def test_questions_in_work_are_answered_before_it_ends_and_not_again_after_it(
    home: Path, telegram: FakeTelegram
) -> None:
    people = [telegram.user(f"P{number}", "en") for number in range(12)]
    telegram.configure(network_seconds=0.2)
    with Process(home, telegram) as bot:
        wait_until(lambda: polled(telegram))
        telegram.bulk([{"chat_id": user.id, "user_id": user.id, "text": DAM_QUESTION} for user in people])
        wait_until(lambda: telegram.state()["given"])
        bot.process.terminate()
        assert bot.end() == 0
    with Process(home, telegram) as bot:
        load = telegram.wait_for_replies(12, seconds=20)
        bot.process.terminate()
        assert bot.end() == 0
    assert telegram.load().replies == {1: 12}
    assert load.unanswered == ()


def test_a_killed_process_loses_and_doubles_nothing(home: Path, telegram: FakeTelegram) -> None:
    people = [telegram.user(f"P{number}", "en") for number in range(12)]
    with Process(home, telegram, telegram_workers="1") as bot:
        wait_until(lambda: polled(telegram))
        telegram.bulk([{"chat_id": user.id, "user_id": user.id, "text": DAM_QUESTION} for user in people])
        wait_until(lambda: telegram.state()["counts"].get("sendmessage 200", 0) >= 3)
        bot.process.kill()
        bot.end()
    answered = telegram.state()["counts"]["sendmessage 200"]
    assert answered < 12, "the bot was too quick to be killed at work"
    with Process(home, telegram) as bot:
        telegram.wait_for_replies(12, seconds=10)
        bot.process.terminate()
        assert bot.end() == 0
    replies = telegram.load().replies
    assert set(replies) <= {0, 1}
    # Those whose reply was just going out when the process was killed are not sent again.
    assert replies[1] >= 10


def test_buttons_and_conversation_outlive_a_restart(home: Path, telegram: FakeTelegram) -> None:
    chat = telegram.user("Anna", "en").private()
    with Process(home, telegram) as bot:
        chat.say(CHESS_QUESTION)
        reply = chat.wait()
        bot.process.kill()
        bot.end()
    with Process(home, telegram) as bot:
        assert reply.press("1").answer() == ""
        assert CHESS_SENTENCE in chat.wait().text
        chat.say("And how much was the prize?")
        assert "60,000 euros" in chat.wait().text
        bot.process.terminate()
        bot.end()


def test_without_a_token_it_says_where_one_is_from(home: Path, telegram: FakeTelegram) -> None:
    with Process(home, telegram, telegram_token="") as bot:
        assert bot.end() == 2
    assert "There is no Telegram token" in bot.output
    assert "@BotFather" in bot.output


def test_a_token_from_the_file_is_used(home: Path, telegram: FakeTelegram) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "telegram-token").write_text(f"  {telegram.token}\n")
    chat = telegram.user("Anna", "en").private()
    with Process(home, telegram, telegram_token="") as bot:
        chat.say(DAM_QUESTION)
        assert DAM_SENTENCE in chat.wait().text
        bot.process.send_signal(signal.SIGINT)
        assert bot.end() == 0


@pytest.mark.parametrize("debug", [(), ("--debug",)], ids=["plain", "debug"])
def test_a_token_that_telegram_does_not_know_ends_it_with_2_and_is_not_shown(
    home: Path, telegram: FakeTelegram, debug: tuple[str, ...]
) -> None:
    telegram.configure(revoked=True)
    with Process(home, telegram, *debug) as bot:
        assert bot.end() == 2
    assert "Telegram does not accept the token" in bot.output
    assert telegram.token not in bot.output
    assert telegram.token.partition(":")[2] not in bot.output


def test_a_token_revoked_in_mid_run_ends_it_with_2(home: Path, telegram: FakeTelegram) -> None:
    with Process(home, telegram, "--debug") as bot:
        wait_until(lambda: polled(telegram))
        telegram.configure(revoked=True)
        telegram.user("Anna", "en").private().say(DAM_QUESTION)
        assert bot.end() == 2
    assert "Telegram does not accept the token" in bot.output
    assert telegram.token.partition(":")[2] not in bot.output


def test_without_an_index_it_says_how_to_build_one(tmp_path: Path, telegram: FakeTelegram) -> None:
    with Process(tmp_path, telegram) as bot:
        assert bot.end() == 2
    assert "Build it: qabot index" in bot.output


def test_a_damaged_memory_ends_it_with_what_mends_it(home: Path, telegram: FakeTelegram) -> None:
    (home / "state").mkdir()
    (home / "state" / "telegram.sqlite").write_bytes(b"not a database" * 1000)
    with Process(home, telegram) as bot:
        assert bot.end() == 2
    assert "mv " in bot.output


def test_status_tells_whether_it_runs(home: Path, telegram: FakeTelegram) -> None:
    def status(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "qabot", "--home", str(home), "telegram", "status", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    before = status()
    assert (before.returncode, before.stdout) == (1, "The bot does not run: it has not run here yet\n")
    with Process(home, telegram) as bot:
        wait_until((home / "state" / "telegram.json").exists)
        wait_until(lambda: status().returncode == 0)
        running = status("--json")
        assert json.loads(running.stdout)["state"] == "running"
        assert json.loads(running.stdout)["beat"]["bot"] == telegram.bot_username
        bot.process.kill()
        bot.end()
    killed = status()
    assert killed.returncode == 1
    assert "has ended without a word" in killed.stdout


def test_check_says_in_words_what_is_off(home: Path, telegram: FakeTelegram) -> None:
    with Process(home, telegram, "--check") as bot:
        assert bot.end() == 0
    assert f"@{telegram.bot_username}" in bot.output
    assert "5 articles" in bot.output
    telegram.configure(bot={"supports_inline_queries": False, "can_join_groups": False})
    telegram.call("setWebhook", url="https://bot.example/secret-path")
    with Process(home, telegram, "--check") as bot:
        assert bot.end() == 1
    assert "/setinline" in bot.output
    assert "/setjoingroups" in bot.output
    assert "A webhook is set, to bot.example" in bot.output
    assert "secret-path" not in bot.output
    telegram.configure(revoked=True)
    with Process(home, telegram, "--check") as bot:
        assert bot.end() == 2


def test_check_without_a_network_or_an_index_fails(home: Path, tmp_path: Path, telegram: FakeTelegram) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with Process(empty, telegram, "--check") as bot:
        assert bot.end() == 2
    assert "Build it: qabot index" in bot.output
    with Process(home, telegram, "--check", telegram_api="http://127.0.0.1:9") as bot:
        assert bot.end() == 2
    assert "Telegram cannot be reached at http://127.0.0.1:9" in bot.output


def test_with_watch_it_builds_the_first_index_and_every_later_one(tmp_path: Path, telegram: FakeTelegram) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "dam.txt").write_text(f"Almaty opened a dam on Monday.\n\n{DAM_SENTENCE}")
    chat = telegram.user("Anna", "en").private()
    with Process(tmp_path, telegram, "--watch", watch_seconds="0.2") as bot:
        wait_until((tmp_path / "embeddings" / "generations" / "CURRENT").exists)
        wait_until(lambda: "serves" in bot.output)
        chat.say(DAM_QUESTION)
        assert DAM_SENTENCE in chat.wait().text
        (seeds / "chess.txt").write_text(f"{CHESS_SENTENCE} The prize was 60,000 euros.")
        wait_until(lambda: bot.output.count("serves") >= 2)
        chat.say(CHESS_QUESTION)
        assert CHESS_SENTENCE in chat.wait().text
        bot.process.terminate()
        assert bot.end() == 0
    assert "Traceback" not in bot.output


def test_an_index_of_another_model_answers_until_the_new_one_is_built(
    home: Path, telegram: FakeTelegram, light_encoder: Encoder
) -> None:
    build(load_settings(home), light_encoder)
    chat = telegram.user("Anna", "en").private()
    with Process(home, telegram) as bot:
        chat.say(DAM_QUESTION)
        assert DAM_SENTENCE in chat.wait().text
        wait_until(lambda: f"made by the model '{light_encoder.name}' and serves with it" in bot.output)
        bot.process.terminate()
        assert bot.end() == 0
    with Process(home, telegram, "--check") as bot:
        assert bot.end() == 1
    assert f"!!  The index was made with {light_encoder.name}" in bot.output
    with Process(home, telegram, "--watch", watch_seconds="0.2") as bot:
        chat.say(DAM_QUESTION)
        assert DAM_SENTENCE in chat.wait().text
        wait_until(lambda: current_manifest(home).recipe.model != light_encoder.name, seconds=60)
        wait_until(lambda: f"Generation {current_manifest(home).generation} serves" in bot.output, seconds=60)
        chat.say(CHESS_QUESTION)
        assert CHESS_SENTENCE in chat.wait().text
    assert "passages are embedded again with" in bot.output
    assert "Traceback" not in bot.output


def test_with_watch_an_index_that_cannot_be_used_is_built_again_and_the_bot_stays(
    home: Path, telegram: FakeTelegram, encoder: Encoder
) -> None:
    build(load_settings(home, passage_tokens=64), encoder)
    chat = telegram.user("Anna", "en").private()
    with Process(home, telegram) as bot:
        assert bot.end() == 2
    assert bot.output.count("Error: ") == 1
    assert "Build it again: qabot index" in bot.output
    with Process(home, telegram, "--watch", watch_seconds="0.2") as bot:
        wait_until(lambda: current_manifest(home).recipe.passage_tokens != 64, seconds=60)
        wait_until(lambda: f"Generation {current_manifest(home).generation} serves" in bot.output, seconds=60)
        chat.say(DAM_QUESTION)
        assert DAM_SENTENCE in chat.wait().text


def current_manifest(home: Path) -> Manifest:
    return read_manifest(current_generation(home / "embeddings/generations"))
