"""What the memory keeps: it is there after a restart, opens only where it belongs, and takes hostile text."""

from __future__ import annotations

import re
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.channels.telegram.memory.answers import INLINE
from qabot.channels.telegram.memory.memory import Memory, open_memory
from qabot.channels.telegram.memory.uploads import Upload
from qabot.questions.conversation import Conversation
from qabot.settings import Settings

ANN, BOB = 101, 102
PRIVATE, GROUP, OTHER_GROUP = 101, -500, -600


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "telegram.sqlite"


@pytest.fixture
def memory(path: Path) -> Iterator[Memory]:
    with Memory(path) as opened:
        yield opened


def remember(memory: Memory, chat: int = GROUP, user: int = ANN, question: str = "Where is the dam?") -> str:
    quotes = ("dam:0-64@0123456789ab", "bees:3-9@ba9876543210")
    kept = memory.answers.remember(
        chat=chat, user=user, thread=7, question=question, read_as="Where is the dam of Almaty?", generation="000001-x",
        quotes=quotes, candidates=("chess:0-5",), language="kk",
    )  # fmt: skip
    return kept.id


def test_everything_is_there_after_a_restart(path: Path) -> None:
    conversation = Conversation().with_turn("Who won?", "Magnus Carlsen won.", "Chess")
    with Memory(path) as memory:
        memory.conversations.save(GROUP, ANN, conversation, thread=7)
        memory.languages.choose(ANN, "ru")
        id_ = remember(memory)
        memory.replies.remember(GROUP, 11, ANN, [12, 13], id_)
        assert memory.feedback.give(id_, BOB, 1)
        upload = memory.uploads.wait(Upload(PRIVATE, ANN, "file", "file-id", "report.pdf"))
        link = memory.links.name("dam")
    with Memory(path) as memory:
        assert memory.conversations.load(GROUP, ANN, thread=7) == conversation
        assert memory.languages.chosen(ANN) == "ru"
        found = memory.answers.find(id_, GROUP)
        assert found is not None
        assert (found.question, found.thread, found.language) == ("Where is the dam?", 7, "kk")
        assert found.quotes == ("dam:0-64@0123456789ab", "bees:3-9@ba9876543210")
        reply = memory.replies.by(GROUP, 13)
        assert reply == memory.replies.to(GROUP, 11)
        assert reply is not None
        assert (reply.question, reply.user, reply.messages, reply.answer) == (11, ANN, (12, 13), id_)
        assert memory.feedback.given(id_, BOB) == 1
        assert memory.uploads.take(upload, PRIVATE, ANN) == Upload(PRIVATE, ANN, "file", "file-id", "report.pdf")
        assert memory.links.article(link) == "dam"


def test_it_lies_in_the_state_folder_and_only_its_user_can_read_it(settings: Settings) -> None:
    with open_memory(settings) as memory:
        memory.languages.choose(ANN, "en")
        for file in settings.state_folder.iterdir():
            assert file.name.startswith("telegram.sqlite")
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_conversations_are_apart_by_chat_user_and_topic(memory: Memory) -> None:
    places = [(PRIVATE, ANN, None), (GROUP, ANN, None), (GROUP, BOB, None), (GROUP, ANN, 7)]
    for number, (chat, user, thread) in enumerate(places):
        memory.conversations.save(chat, user, Conversation().with_turn(f"question {number}"), thread)
    for number, (chat, user, thread) in enumerate(places):
        assert memory.conversations.load(chat, user, thread).turns[0].question == f"question {number}"
    assert memory.conversations.forget(GROUP, ANN)
    assert not memory.conversations.forget(GROUP, ANN)
    assert memory.conversations.load(GROUP, ANN) == Conversation()
    assert memory.conversations.load(GROUP, ANN, 7) != Conversation()


@pytest.mark.parametrize(
    "turns", ["", "{", "[" * 100_000, '{"turns": 5}', '"x"', "null", '{"turns": [{"question": 1}]}']
)
def test_a_damaged_conversation_is_dropped(memory: Memory, turns: str) -> None:
    memory.database.change("INSERT INTO conversations VALUES (1, 2, 0, ?, 0)", (turns,))
    assert memory.conversations.load(1, 2) == Conversation()


def test_an_answer_does_not_open_in_another_chat(memory: Memory) -> None:
    id_, inline = remember(memory, chat=GROUP), remember(memory, chat=INLINE)
    assert memory.answers.find(id_, OTHER_GROUP) is None
    assert memory.answers.find(id_, INLINE) is None
    assert memory.answers.find(inline, GROUP) is None
    assert memory.answers.find(inline, INLINE) is not None
    memory.answers.forget(id_)
    assert memory.answers.find(id_, GROUP) is None


def test_ids_fit_a_button_and_no_two_are_the_same(memory: Memory) -> None:
    ids = {remember(memory) for _ in range(500)}
    assert len(ids) == 500
    assert all(re.fullmatch(r"[\w-]{12}", id_, re.ASCII) for id_ in ids)


def test_an_answer_whose_row_is_damaged_is_forgotten(memory: Memory) -> None:
    id_ = remember(memory)
    memory.database.change("UPDATE answers SET quotes = '['")
    assert memory.answers.find(id_, GROUP) is None


def test_an_edited_question_has_its_new_reply(memory: Memory) -> None:
    memory.replies.remember(GROUP, 11, ANN, [12, 13], "first")
    memory.replies.remember(GROUP, 11, ANN, [12], "second")
    reply = memory.replies.to(GROUP, 11)
    assert reply is not None
    assert (reply.messages, reply.answer) == ((12,), "second")
    assert memory.replies.by(GROUP, 13) is None
    assert memory.replies.by(OTHER_GROUP, 12) is None


def test_feedback_is_one_value_a_user_and_can_be_taken_back(memory: Memory) -> None:
    id_ = remember(memory)
    memory.feedback.give(id_, ANN, 1)
    memory.feedback.give(id_, ANN, -1)
    memory.feedback.give(id_, BOB, -1)
    assert memory.feedback.counts() == (0, 2)
    assert memory.feedback.give(id_, BOB, None)
    assert memory.feedback.given(id_, BOB) is None
    assert memory.feedback.counts() == (0, 1)
    stored = memory.database.row("SELECT question, generation FROM feedback")
    assert stored == ("Where is the dam?", "000001-x")
    assert not memory.feedback.give("forgotten-id", ANN, 1)


def test_an_upload_is_taken_once_by_who_sent_it(memory: Memory) -> None:
    id_ = memory.uploads.wait(Upload(GROUP, ANN, "link", "https://example.org/a", "example.org"))
    assert memory.uploads.take(id_, GROUP, BOB) is None
    assert memory.uploads.take(id_, OTHER_GROUP, ANN) is None
    taken = [memory.uploads.take(id_, GROUP, ANN) for _ in range(2)]
    assert taken == [Upload(GROUP, ANN, "link", "https://example.org/a", "example.org"), None]


def test_a_link_to_an_article_is_the_same_each_time_and_fits_telegram(memory: Memory) -> None:
    article = "news/2024 год/отчёт.txt#" + "x" * 500
    name = memory.links.name(article)
    assert memory.links.name(article) == name
    assert re.fullmatch(r"[\w-]{1,64}", name, re.ASCII)
    assert memory.links.article(name) == article
    assert memory.links.article("no-such-name") is None


def test_a_group_that_becomes_a_supergroup_keeps_its_buttons(memory: Memory) -> None:
    id_ = remember(memory, chat=GROUP)
    memory.conversations.save(GROUP, ANN, Conversation().with_turn("Who?"))
    memory.replies.remember(GROUP, 11, ANN, [12], id_)
    memory.move_chat(GROUP, OTHER_GROUP)
    assert memory.answers.find(id_, OTHER_GROUP) is not None
    assert memory.conversations.load(OTHER_GROUP, ANN).turns[0].question == "Who?"
    assert memory.replies.by(OTHER_GROUP, 12) is not None


@given(question=st.text(alphabet=st.characters(), max_size=50))
def test_any_text_can_be_asked(tmp_path_factory: pytest.TempPathFactory, question: str) -> None:
    with Memory(tmp_path_factory.getbasetemp() / "any.sqlite") as memory:
        found = memory.answers.find(remember(memory, question=question), GROUP)
    assert found is not None
    assert found.question == question.encode("utf-8", "replace").decode()


def test_half_of_an_emoji_can_be_asked(memory: Memory) -> None:
    found = memory.answers.find(remember(memory, question="\ud83d?"), GROUP)
    assert found is not None
    assert found.question == "??"


def test_threads_share_it(memory: Memory) -> None:
    def work(user: int) -> None:
        for number in range(50):
            memory.conversations.save(GROUP, user, Conversation().with_turn(f"{user} asks {number}"))
            memory.replies.remember(GROUP, user * 1000 + number, user, [user * 1000 + number], None)

    threads = [threading.Thread(target=work, args=(user,)) for user in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert memory.database.row("SELECT count(*) FROM replies") == (400,)
    assert memory.conversations.load(GROUP, 8).turns[0].question == "8 asks 49"
