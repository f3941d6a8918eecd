"""python-telegram-bot talks to the fake as to Telegram, and the driver reads like a chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fake_telegram.client.media import EVERY
from fake_telegram.driver import FakeTelegram
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    MessageEntity,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

Context = ContextTypes.DEFAULT_TYPE


def with_bot(telegram: FakeTelegram, work: Callable[[Bot], Awaitable[None]]) -> None:
    async def run() -> None:
        async with Bot(telegram.token, telegram.base_url, telegram.base_file_url) as bot:
            await work(bot)

    asyncio.run(run())


def with_application(telegram: FakeTelegram, prepare: Callable[[Any], None], person: Callable[[], None]) -> None:
    """Runs an application that polls while `person` acts in a thread."""

    async def run() -> None:
        builder = ApplicationBuilder().token(telegram.token)
        application = builder.base_url(telegram.base_url).base_file_url(telegram.base_file_url).build()
        prepare(application)
        async with application:
            assert application.updater is not None
            await application.start()
            await application.updater.start_polling(allowed_updates=Update.ALL_TYPES)
            try:
                await asyncio.to_thread(person)
            finally:
                await application.updater.stop()
                await application.stop()

    asyncio.run(run())


def test_every_method_that_the_bot_needs_answers_what_the_library_reads(telegram: FakeTelegram) -> None:
    anna = telegram.user("Anna", "ru", username="anna")
    group = telegram.group("Newsroom", anna, admins=(telegram.user("Boris"),), bot="administrator")
    asked = anna.private().send_file("a.txt", b"content", "text/plain")

    async def work(bot: Bot) -> None:
        assert (await bot.get_me()).supports_guest_queries
        sent = await bot.send_message(anna.id, "a" * 4096, entities=[MessageEntity("bold", 0, 4096)])
        assert await sent.edit_text("b") is not True
        assert await sent.delete()
        assert (await bot.send_document(anna.id, b"x", filename="report.txt", caption="c")).document is not None
        assert await bot.send_chat_action(anna.id, "typing")
        assert await bot.set_my_commands([BotCommand("ask", "Ask")], BotCommandScopeAllGroupChats(), "ru")
        assert (await bot.get_my_commands(BotCommandScopeAllGroupChats(), "ru"))[0].command == "ask"
        assert await bot.delete_my_commands()
        assert await bot.set_my_description("d")
        assert await bot.set_my_short_description("s", language_code="kk")
        assert (await bot.get_chat(group.id)).title == "Newsroom"
        assert (await bot.get_chat_member(group.id, anna.id)).status == "member"
        assert len(await bot.get_chat_administrators(group.id)) == 2
        assert (await bot.get_my_default_administrator_rights()).can_manage_chat is False
        assert await bot.set_message_reaction(anna.id, asked.id, "👍")
        file = await bot.get_file(asked.json["document"]["file_id"])
        assert bytes(await file.download_as_bytearray()) == b"content"
        assert (await bot.get_webhook_info()).url == ""
        assert await bot.leave_chat(group.id)
        assert await bot.close()
        assert await bot.log_out()

    with_bot(telegram, work)
    assert telegram.refusals() == []


def test_refusals_become_the_exceptions_of_the_library(telegram: FakeTelegram) -> None:
    anna = telegram.user("Anna")
    old = telegram.group("Newsroom", anna, kind="group")
    old.upgrade(by=anna)

    async def work(bot: Bot) -> None:
        with pytest.raises(BadRequest, match="Message is too long"):
            await bot.send_message(anna.id, "a" * 4097)
        with pytest.raises(ChatMigrated):
            await bot.send_message(old.id, "a")
        telegram.fault("429", "sendMessage", retry_after=3)
        with pytest.raises(RetryAfter):
            await bot.send_message(anna.id, "a")
        telegram.fault("409", "getUpdates")
        with pytest.raises(Conflict):
            await bot.get_updates()
        for kind in ("500", "502", "hang_up"):
            telegram.fault(kind, "sendMessage")
            with pytest.raises(NetworkError):
                await bot.send_message(anna.id, "a")
        anna.blocks_the_bot()
        with pytest.raises(Forbidden, match="blocked by the user"):
            await bot.send_message(anna.id, "a")
        telegram.configure(revoked=True)
        with pytest.raises(InvalidToken):
            await bot.get_me()

    with_bot(telegram, work)


def test_a_conversation_reads_like_a_chat(telegram: FakeTelegram) -> None:
    anna = telegram.user("Anna", "ru")
    chat = anna.private()

    async def answer(update: Update, _: Context) -> None:
        message = update.effective_message
        assert message is not None
        assert message.text is not None
        await message.chat.send_action("typing")
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("[1] Kazinform", callback_data="s:1")]])
        link = MessageEntity("text_link", 0, 4, url="https://example.org/#:~:text=dam")
        await message.reply_text(f"Dam: {message.text}", do_quote=True, entities=[link], reply_markup=keyboard)

    async def pressed(update: Update, _: Context) -> None:
        query = update.callback_query
        assert query is not None
        await query.answer("Source 1")
        await query.edit_message_text("The dam cost 12 million.")

    def prepare(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        application.add_handler(MessageHandler(filters.TEXT, answer))
        application.add_handler(CallbackQueryHandler(pressed))

    def person() -> None:
        asked = chat.say("Сколько стоила плотина? 👉")
        assert chat.wait_action() == "typing"
        reply = chat.wait()
        assert reply.text == "Dam: Сколько стоила плотина? 👉"
        assert reply.reply_to == asked.id
        assert reply.links == {"Dam:": "https://example.org/#:~:text=dam"}
        assert reply.press("[1]").answer() == "Source 1"
        assert reply.wait_edit().text == "The dam cost 12 million."
        chat.edit(asked, "Why?")
        assert chat.wait().text == "Dam: Why?"
        chat.stays_silent(0.2)

    with_application(telegram, prepare, person)
    assert telegram.refusals() == []


def test_inline_and_guest_queries_reach_an_application(telegram: FakeTelegram) -> None:
    anna = telegram.user("Anna")
    group = telegram.group("Elsewhere", anna, bot="left")

    def article(text: str) -> InlineQueryResultArticle:
        return InlineQueryResultArticle("1", "Dam", InputTextMessageContent(text))

    async def inline(update: Update, _: Context) -> None:
        assert update.inline_query is not None
        await update.inline_query.answer([article("inline")], cache_time=0, is_personal=True)

    async def other(update: Update, _: Context) -> None:
        if update.guest_message:
            await update.guest_message.answer_guest_query(article("guest"))

    def prepare(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        application.add_handler(InlineQueryHandler(inline))
        application.add_handler(TypeHandler(Update, other), group=1)

    def person() -> None:
        asked = anna.inline("dam")
        assert asked.answer()["is_personal"] is True
        posted = asked.choose(asked.results()[0], anna.private())
        assert posted.text == "inline"
        assert group.guest(anna, f"@{telegram.bot_username} dam?").answer().text == "guest"

    with_application(telegram, prepare, person)
    assert telegram.refusals() == []


def test_messages_of_every_kind_are_read_by_the_library(telegram: FakeTelegram) -> None:
    anna, channel = telegram.user("Anna"), telegram.channel("News")
    group = telegram.group("Newsroom", anna, bot="administrator", forum=True)
    telegram.call("getUpdates", allowed_updates=list(Update.ALL_TYPES))
    for content in EVERY.values():
        anna.private().show(content)
    topic = group.topic("Markets", by=anna)
    asked = topic.say(anna, "/ask Why?")
    topic.edit(asked, "/ask Who?")
    group.say_anonymously("hello")
    channel.post("a post")
    anna.private().react(anna.private().say("hi"), "👍")
    group.bot_is("member", by=anna)
    anna.blocks_the_bot()

    async def work(bot: Bot) -> None:
        updates = await bot.get_updates()
        assert len(updates) == len(EVERY) + 9
        assert all(update.effective_chat for update in updates)

    with_bot(telegram, work)


def test_many_messages_are_injected_and_summed_up(telegram: FakeTelegram) -> None:
    people = [telegram.user(f"Person {at}") for at in range(20)]

    async def answer(update: Update, _: Context) -> None:
        assert update.effective_message is not None
        await update.effective_message.reply_text("yes", do_quote=True)

    def prepare(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        application.add_handler(MessageHandler(filters.TEXT, answer))

    def person() -> None:
        asked = [
            {"chat_id": who.id, "user_id": who.id, "text": f"Question {at}?"} for at in range(10) for who in people
        ]
        telegram.bulk(asked[:100])
        telegram.bulk(asked[100:], per_second=500)
        load = telegram.wait_for_replies(200, seconds=30)
        assert load.questions == 200
        assert load.replies == {1: 200}
        assert load.stray == 0
        assert 0 < load.p50 <= load.p95 <= load.worst < 30

    with_application(telegram, prepare, person)
