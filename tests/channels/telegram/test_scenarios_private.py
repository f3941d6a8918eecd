"""A private chat with the bot, from the question to the buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot_scene import (
    CHESS_QUESTION,
    CHESS_SENTENCE,
    DAM_QUESTION,
    DAM_SENTENCE,
    NO_ANSWER,
    SEED_QUESTION,
    Scene,
    scene,
    wait_until,
)
from fake_telegram.client import media
from fake_telegram.client.messages import BotMessage
from fake_telegram.driver import FakeTelegram

from qabot.channels.telegram.memory.memory import open_memory
from qabot.channels.wording import LANGUAGES

EN, RU, KK = LANGUAGES["en"], LANGUAGES["ru"], LANGUAGES["kk"]


@pytest.fixture(scope="module")
def bot(module_home: Path) -> Iterator[Scene]:
    with FakeTelegram() as telegram, scene(module_home, telegram) as bot:
        yield bot


def labels(message: BotMessage) -> list[str]:
    return [label for row in message.buttons for label in row]


def test_a_question_gets_one_message_with_the_quote_its_source_and_buttons(bot: Scene) -> None:
    _, chat = bot.person()
    chat.say(DAM_QUESTION)
    assert chat.wait_action() == "typing"
    reply = chat.wait()
    assert ("blockquote", DAM_SENTENCE) in reply.parts
    assert "Kazinform" in reply.text
    assert "4 July 2023" in reply.text
    link = reply.links["Almaty opens a dam"]
    assert link.startswith("https://example.org/dam#:~:text=")
    assert "1" in labels(reply)
    assert {"👍", "👎"} <= set(labels(reply))
    chat.stays_silent(0.3)


def test_the_real_seed_answers_with_its_proposal(bot: Scene) -> None:
    _, chat = bot.person()
    chat.say(SEED_QUESTION)
    assert "UN Regional SDG Centre in Almaty" in chat.wait().text


def test_a_number_opens_the_source_with_the_sentence_in_bold(bot: Scene) -> None:
    _, chat = bot.person()
    chat.say(DAM_QUESTION)
    reply = chat.wait()
    assert reply.press("1").answer() == ""
    source = chat.wait()
    assert ("bold", DAM_SENTENCE) in source.parts
    assert "expandable_blockquote" in [kind for kind, _ in source.parts]
    assert source.reply_to == reply.id


def test_the_whole_article_is_turned_page_by_page_in_one_message(bot: Scene) -> None:
    _, chat = bot.person()
    chat.say(CHESS_QUESTION)
    chat.wait().press("1")
    chat.wait().press(EN.whole_article)
    first = chat.wait()
    assert CHESS_SENTENCE in first.text
    first.press("2 ›")
    second = first.wait_edit()
    assert "Page 2" in second.text
    second.press("‹ 1")
    wait_until(lambda: CHESS_SENTENCE in first.now().text)
    chat.stays_silent(0.2)


def test_an_article_without_an_address_is_linked_to_its_view_in_the_bot(bot: Scene) -> None:
    _, chat = bot.person()
    chat.say(CHESS_QUESTION)
    link = chat.wait().links["Carlsen wins in Stavanger"]
    assert link.startswith(f"https://t.me/{bot.telegram.bot_username}?start=")
    chat.say(f"/start {link.partition('=')[2]}")
    assert CHESS_SENTENCE in chat.wait().text


def test_more_shows_further_passages_that_open_too(bot: Scene) -> None:
    _, chat = bot.person()
    chat.say(DAM_QUESTION)
    chat.wait().press(EN.more)
    more = chat.wait()
    assert more.text.startswith(EN.further)
    more.press(labels(more)[0])
    assert "expandable_blockquote" in [kind for kind, _ in chat.wait().parts]


def test_an_honest_no_says_how_far_the_articles_reach(bot: Scene) -> None:
    _, chat = bot.person()
    chat.say(NO_ANSWER)
    reply = chat.wait()
    assert reply.text.startswith("Not in my 5 articles (newest: 4 July 2023)")
    assert EN.nearest in reply.text
    assert len(reply.links) in {1, 2, 3}


def test_a_follow_up_is_read_with_the_question_before_until_new(bot: Scene) -> None:
    _, chat = bot.person()
    chat.say(CHESS_QUESTION)
    chat.wait()
    chat.say("And how much was the prize?")
    reply = chat.wait()
    assert "Read as:" in reply.text
    assert "60,000 euros" in reply.text
    chat.say("/new")
    assert chat.wait().text == EN.new_conversation
    chat.say("And how much was the prize?")
    assert "Read as:" not in chat.wait().text


def test_feedback_is_kept_with_question_and_generation_and_can_be_taken_back(bot: Scene) -> None:
    anna, chat = bot.person()
    chat.say(DAM_QUESTION)
    reply = chat.wait()
    assert reply.press("👍").answer() == EN.thanks_good
    assert "👍 ✓" in labels(reply.wait_edit())
    with open_memory(bot.settings) as memory:
        rows = memory.database.rows("SELECT question, value, generation FROM feedback WHERE user = ?", (anna.id,))
    assert [(question, value) for question, value, _ in rows] == [(DAM_QUESTION, 1)]
    assert rows[0][2].startswith("000001-")
    assert reply.now().json
    assert reply.press_data(str(reply.button("👍")["callback_data"]), anything=True).answer() == EN.feedback_withdrawn
    assert reply.press("👎").answer() == EN.thanks_bad


def test_a_reaction_counts_as_feedback(bot: Scene) -> None:
    anna, chat = bot.person()
    chat.say(DAM_QUESTION)
    reply = chat.wait()
    chat.react(reply, "👎")

    def value() -> list[int]:
        with open_memory(bot.settings) as memory:
            return [row[0] for row in memory.database.rows("SELECT value FROM feedback WHERE user = ?", (anna.id,))]

    wait_until(lambda: value() == [-1])
    chat.react(reply, "", old="👎")
    wait_until(lambda: value() == [])


def test_an_edited_question_gets_an_edited_answer(bot: Scene) -> None:
    _, chat = bot.person()
    question = chat.say(DAM_QUESTION)
    reply = chat.wait()
    chat.edit(question, CHESS_QUESTION)
    edited = reply.wait_edit()
    assert CHESS_SENTENCE in edited.text
    assert "1" in labels(edited)
    chat.edit(question, CHESS_QUESTION)
    chat.stays_silent(0.3)
    edited.press("1")
    assert CHESS_SENTENCE in chat.wait().text


def test_hostile_text_is_shown_as_it_is(bot: Scene) -> None:
    _, chat = bot.person()
    chat.say("How many zebras did the zebra census count?")
    reply = chat.wait()
    assert "<b>512 zebras</b> _last_ *year* [2](tg://x) 🦓🦓." in reply.text
    assert "Zebras <b>counted</b> *_[x](y)_* 🦓" in reply.text


def test_the_bot_speaks_russian_and_kazakh_to_those_who_do(bot: Scene) -> None:
    _, chat = bot.person("Иван", "ru")
    chat.say("За сколько месяцев построили мост через Иртыш?")
    assert "18 месяцев" in chat.wait().text
    chat.say("Сколько спутников у планеты Юпитер?")
    assert chat.wait().text.startswith("В моих 5 статьях этого нет (самая новая: 4 июля 2023)")
    _, chat = bot.person("Айгүл", "kk")
    chat.say("/start")
    assert KK.start in chat.wait().text


def test_an_answer_is_framed_in_the_language_of_its_question_and_so_is_what_its_buttons_open(bot: Scene) -> None:
    _, chat = bot.person("Иван", "ru")
    chat.say(DAM_QUESTION)
    reply = chat.wait()
    assert "4 July 2023" in reply.text
    assert " · in English" not in reply.text
    reply.press("1")
    assert EN.whole_article in labels(chat.wait())
    chat.say("Юпитер планетасының неше серігі бар?")
    assert chat.wait().text.startswith("Менің 5 мақаламда бұл жоқ (ең жаңасы: 2023 жылғы 4 шілде)")


def test_a_name_alone_is_answered_in_the_language_of_the_user(bot: Scene) -> None:
    _, chat = bot.person("Иван", "ru")
    chat.say("Magnus Carlsen")
    assert re.search(r"\b\d июн|\b\d июл", chat.wait().text)


def test_a_language_that_was_chosen_goes_before_that_of_the_question(bot: Scene) -> None:
    _, chat = bot.person("Anna", "en")
    chat.say("/language")
    menu = chat.wait()
    menu.press("Русский")
    menu.wait_edit()
    chat.say(NO_ANSWER)
    assert chat.wait().text.startswith("В моих 5 статьях этого нет")


def test_the_language_is_chosen_and_stays_chosen(bot: Scene) -> None:
    _, chat = bot.person("Anna", "en")
    chat.say("/language")
    menu = chat.wait()
    menu.press("Русский")
    assert menu.wait_edit().text == RU.language_set
    chat.say("/help")
    assert RU.help.splitlines()[0] in chat.wait().text


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (media.VOICE, EN.voice),
        (media.STICKER, EN.sticker),
        (media.PHOTO, EN.picture),
        (media.VIDEO, EN.picture),
        (media.LOCATION, EN.other_kind),
        (media.CONTACT, EN.other_kind),
    ],
    ids=["voice", "sticker", "photo", "video", "location", "contact"],
)
def test_what_is_no_text_gets_one_friendly_line(bot: Scene, content: dict[str, object], line: str) -> None:
    _, chat = bot.person()
    chat.show(content)
    assert chat.wait().text == line


def test_the_question_under_a_picture_is_answered(bot: Scene) -> None:
    _, chat = bot.person()
    chat.show(media.PHOTO, caption=DAM_QUESTION)
    assert DAM_SENTENCE in chat.wait().text


@pytest.mark.parametrize("text", ["?!…", "🦓", "   . "])
def test_a_question_without_words_is_asked_for_some(bot: Scene, text: str) -> None:
    _, chat = bot.person()
    chat.say(text)
    assert chat.wait().text == EN.empty


def test_a_question_that_is_too_long_is_told_how_long_it_may_be(bot: Scene) -> None:
    _, chat = bot.person()
    chat.say("why " * 600)
    assert "2,000 characters" in chat.wait().text


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("/start", "I have 5 articles"),
        ("/help", "/sources"),
        ("/sources", "Kazinform"),
        ("/latest", "Almaty opens a dam"),
        ("/privacy", "/forget"),
        ("/nonsense", EN.unknown_command),
        ("/status", EN.admins_only),
        ("/rebuild", EN.admins_only),
    ],
)
def test_every_command_answers(bot: Scene, command: str, shown: str) -> None:
    _, chat = bot.person()
    chat.say(command)
    assert shown in chat.wait().text


def test_ask_in_private_is_a_question_and_explains_itself_without_one(bot: Scene) -> None:
    _, chat = bot.person()
    chat.say(f"/ask {DAM_QUESTION}")
    assert DAM_SENTENCE in chat.wait().text
    chat.say("/ask")
    assert chat.wait().text == EN.ask_usage


def test_forget_asks_and_then_deletes_everything_of_that_user(bot: Scene) -> None:
    anna, chat = bot.person()
    boris, other = bot.person("Boris")
    for place in (chat, other):
        place.say(DAM_QUESTION)
        place.wait().press("👍").answer()
    chat.say("/forget")
    question = chat.wait()
    assert question.text == EN.forget_confirm
    question.press(EN.delete)
    assert question.wait_edit().text == EN.forgotten
    with open_memory(bot.settings) as memory:
        for table in ("conversations", "answers", "replies", "feedback"):
            count = f"SELECT count(*) FROM {table} WHERE user = ?"  # noqa: S608
            assert memory.database.row(count, (anna.id,)) == (0,), table
            assert memory.database.row(count, (boris.id,)) != (0,), table


def test_a_forged_or_old_button_is_answered_kindly(bot: Scene) -> None:
    _, chat = bot.person()
    chat.say(DAM_QUESTION)
    reply = chat.wait()
    for data in ("s:AAAAAAAAAAAA:1", "zzz", "s:1:2:3", "🦓", "p:AAAAAAAAAAAA:1", "g:AAAAAAAAAAAA:0"):
        assert reply.press_data(data, anything=True).answer() == EN.too_old, data


def test_commands_are_registered_in_three_languages(bot: Scene) -> None:
    wait_until(lambda: len(bot.telegram.state()["commands"]) >= 8)
    every = str(bot.telegram.state()["commands"])
    for words in LANGUAGES.values():
        assert words.commands["ask"] in every  # type: ignore[index]


def test_nothing_that_the_bot_sent_was_refused(bot: Scene) -> None:
    assert bot.telegram.refusals() == []
