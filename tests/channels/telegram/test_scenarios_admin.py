"""Admins: how the bot is, building the index while it answers, and sending it articles."""

from __future__ import annotations

import http.server
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from bot_scene import DAM_QUESTION, DAM_SENTENCE, Scene, scene, wait_until
from fake_telegram.client.users import Private, User
from fake_telegram.driver import FakeTelegram

from qabot.channels.wording import LANGUAGES

EN = LANGUAGES["en"]
BOSS = 777
LIGHTHOUSE = "The lighthouse of Aktau was painted red in May."
LIGHTHOUSE_QUESTION = "What colour was the lighthouse of Aktau painted?"


@pytest.fixture
def bot(home: Path, telegram: FakeTelegram) -> Iterator[Scene]:
    with scene(home, telegram, telegram_admins=(BOSS,), private_addresses=True, fetch_pause_seconds=0) as bot:
        yield bot


@pytest.fixture
def boss(bot: Scene) -> tuple[User, Private]:
    user = bot.telegram.user("Boss", "en", id=BOSS)
    return user, user.private()


@pytest.fixture
def page() -> Iterator[str]:
    """The address of a page about the lighthouse."""
    body = (
        "<!doctype html><html lang=en><head><title>Lighthouse painted</title></head><body><article>"
        f"<h1>Lighthouse painted</h1><p>{LIGHTHOUSE} " + "The painters worked for many days. " * 20 + "</p></article>"
    )

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/lighthouse"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode() if found else b"")

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/lighthouse"
        server.shutdown()
        thread.join()


def confirm(chat: Private, name: str) -> None:
    """Presses Add under the question, and waits until the new index serves."""
    question = chat.wait()
    assert name in question.text
    question.press(EN.add).answer()
    wait_until(lambda: question.now().text.startswith("Added: 1 article"))
    progress = chat.wait()
    wait_until(lambda: progress.now().text.startswith("Done in"), seconds=40)


def test_status_names_the_generation(bot: Scene, boss: tuple[User, Private]) -> None:
    _, chat = boss
    chat.say("/status")
    shown = chat.wait().text
    assert "000001-" in shown
    assert "Articles: 5" in shown


def test_a_file_is_added_after_a_confirmation_and_answers_at_once(bot: Scene, boss: tuple[User, Private]) -> None:
    _, chat = boss
    chat.send_file("lighthouse.txt", LIGHTHOUSE.encode())
    confirm(chat, "lighthouse.txt")
    _, other = bot.person()
    other.say(LIGHTHOUSE_QUESTION)
    assert LIGHTHOUSE in other.wait().text


def test_a_docx_is_read(bot: Scene, boss: tuple[User, Private]) -> None:
    document, written = docx.Document(), io.BytesIO()
    document.add_paragraph("Lighthouse painted")
    document.add_paragraph(LIGHTHOUSE)
    document.save(written)
    _, chat = boss
    chat.send_file("lighthouse.docx", written.getvalue())
    confirm(chat, "lighthouse.docx")
    _, other = bot.person()
    other.say(LIGHTHOUSE_QUESTION)
    assert LIGHTHOUSE in other.wait().text


def test_a_link_is_fetched_after_a_confirmation(bot: Scene, boss: tuple[User, Private], page: str) -> None:
    _, chat = boss
    entity = {"type": "url", "offset": 0, "length": len(page)}
    chat.say(page, entities=[entity])
    confirm(chat, page)
    _, other = bot.person()
    other.say(LIGHTHOUSE_QUESTION)
    assert LIGHTHOUSE in other.wait().text


def test_a_page_that_is_not_there_is_said_so_and_nothing_is_built(
    bot: Scene, boss: tuple[User, Private], page: str
) -> None:
    _, chat = boss
    missing = page + "-house"
    chat.say(missing, entities=[{"type": "url", "offset": 0, "length": len(missing)}])
    question = chat.wait()
    question.press(EN.add)
    wait_until(lambda: question.now().text.startswith(EN.upload_failed))
    assert "404" in question.now().text
    chat.stays_silent()


def test_a_file_that_is_declined_is_not_added(bot: Scene, boss: tuple[User, Private]) -> None:
    _, chat = boss
    chat.send_file("lighthouse.txt", LIGHTHOUSE.encode())
    question = chat.wait()
    question.press(EN.cancel)
    wait_until(lambda: question.now().text == EN.upload_dropped)
    assert not list(bot.settings.seeds_folder.rglob("lighthouse*"))


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd.txt", "\\..\\x.txt", "a\x00b\n.txt", "🦓" * 300 + ".txt", ".txt"]
)
def test_a_hostile_file_name_stays_in_the_seeds(bot: Scene, boss: tuple[User, Private], name: str) -> None:
    before = {path for path in bot.settings.home.parent.rglob("*") if path.is_file()}
    _, chat = boss
    chat.send_file(name, LIGHTHOUSE.encode())
    question = chat.wait()
    if EN.add not in str(question.buttons):
        assert question.text == EN.upload_kind
        return
    question.press(EN.add)
    wait_until(lambda: question.now().text != question.text)
    assert question.now().text.startswith("Added: 1 article")
    wait_until(lambda: any("Done" in message.now().text for message in chat.messages()), seconds=40)
    new = {path for path in bot.settings.home.parent.rglob("*") if path.is_file()} - before
    seeds = [path for path in new if not path.is_relative_to(bot.settings.home / "embeddings")]
    seeds = [path for path in seeds if not path.is_relative_to(bot.settings.state_folder)]
    assert seeds
    assert all(path.is_relative_to(bot.settings.seeds_folder) for path in seeds)


def test_what_is_too_large_or_no_article_is_refused(bot: Scene, boss: tuple[User, Private]) -> None:
    _, chat = boss
    chat.send_file("big.pdf", b"%PDF-1.7", size=25_000_000)
    assert "20 MB" in chat.wait().text
    chat.send_file("virus.exe", b"MZ")
    assert chat.wait().text == EN.upload_kind
    chat.send_file("empty.pdf", b"%PDF-nothing")
    question = chat.wait()
    question.press(EN.add)
    wait_until(lambda: question.now().text.startswith(EN.upload_failed))


def test_others_who_send_files_or_press_the_button_get_a_friendly_line(bot: Scene, boss: tuple[User, Private]) -> None:
    _, chat = bot.person()
    chat.send_file("lighthouse.txt", LIGHTHOUSE.encode())
    assert chat.wait().text == EN.other_kind
    chat.say(DAM_QUESTION)
    assert chat.wait().press_data("a:AAAAAAAAAAAA:0", anything=True).answer() == EN.admins_only


def test_the_index_is_built_while_questions_are_answered(bot: Scene, boss: tuple[User, Private]) -> None:
    for number in range(150):
        text = f"Village {number} has a well that is {number + 3} metres deep. It was dug by {number + 7} people."
        (bot.settings.seeds_folder / f"well-{number}.txt").write_text(text)
    _, chat = boss
    chat.say("/rebuild")
    progress = chat.wait()
    assert progress.text.startswith(EN.rebuild_started)
    chat.say("/rebuild")
    assert chat.wait().text == EN.rebuild_running
    _, other = bot.person()
    other.say(DAM_QUESTION)
    assert DAM_SENTENCE in other.wait().text
    wait_until(lambda: progress.now().text.startswith("Done in"), seconds=60)
    assert "155 articles" in progress.now().text
    other.say("How deep is the well of village 30?")
    assert "33 metres deep" in other.wait().text


def test_a_build_is_cancelled_by_its_button(bot: Scene, boss: tuple[User, Private]) -> None:
    for number in range(300):
        text = f"Village {number} has a well that is {number + 3} metres deep. It was dug by {number + 7} people."
        (bot.settings.seeds_folder / f"well-{number}.txt").write_text(text)
    _, chat = boss
    chat.say("/rebuild")
    progress = chat.wait()
    progress.press(EN.cancel)
    wait_until(lambda: progress.now().text == EN.rebuild_failed)
    chat.say(DAM_QUESTION)
    assert DAM_SENTENCE in chat.wait().text


def test_without_an_index_admins_can_begin_by_sending_an_article(tmp_path: Path, telegram: FakeTelegram) -> None:
    boss = telegram.user("Boss", "en", id=BOSS)
    (tmp_path / "seeds").mkdir()
    with scene(tmp_path, telegram, telegram_admins=(BOSS,)) as bot:
        chat = boss.private()
        chat.say(LIGHTHOUSE_QUESTION)
        assert chat.wait().text == EN.no_index
        chat.send_file("lighthouse.txt", LIGHTHOUSE.encode())
        confirm(chat, "lighthouse.txt")
        chat.say(LIGHTHOUSE_QUESTION)
        assert LIGHTHOUSE in chat.wait().text
        assert "no index yet" in bot.bot.said[0]
