"""ChatOrder: one chat in order, all chats side by side, and nothing kept of an idle one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import (
    CallbackQuery,
    Chat,
    InlineQuery,
    Message,
    MessageReactionUpdated,
    Poll,
    ReactionTypeEmoji,
    Update,
    User,
)

from qabot.channels.telegram.ordering import ChatOrder

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def user(id_: int) -> User:
    return User(id_, "Ann", is_bot=False)


def message(chat: int, number: int = 1) -> Update:
    return Update(number, message=Message(number, NOW, Chat(chat, Chat.SUPERGROUP), from_user=user(9), text="hello"))


def edited(chat: int) -> Update:
    return Update(2, edited_message=Message(2, NOW, Chat(chat, Chat.SUPERGROUP), from_user=user(9), text="hello"))


def press(chat: int) -> Update:
    under = Message(3, NOW, Chat(chat, Chat.SUPERGROUP), text="an answer")
    return Update(3, callback_query=CallbackQuery("3", user(9), "instance", message=under, data="x"))


def reaction(chat: int) -> Update:
    emoji = (ReactionTypeEmoji("👍"),)
    return Update(4, message_reaction=MessageReactionUpdated(Chat(chat, Chat.SUPERGROUP), 3, NOW, (), emoji, user(9)))


def inline(who: int) -> Update:
    return Update(5, inline_query=InlineQuery("5", user(who), "question", ""))


class Diary:
    """What the handlers of updates did; each ends when it is told to."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    def give(self, order: ChatOrder, update: object, name: str) -> None:
        self.ends[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(order.process_update(update, self._handle(name)))

    async def end(self, *names: str) -> None:
        for name in names:
            self.ends[name].set()
        await self.settle()

    async def settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    async def _handle(self, name: str) -> None:
        self.lines.append(f"{name} begins")
        await self.ends[name].wait()
        self.lines.append(f"{name} ends")

    @property
    def begun(self) -> set[str]:
        return {line.removesuffix(" begins") for line in self.lines if line.endswith(" begins")}


def run(work: Callable[[ChatOrder, Diary], Awaitable[None]]) -> None:
    async def main() -> None:
        order, diary = ChatOrder(), Diary()
        await asyncio.wait_for(work(order, diary), 20)
        await diary.end(*diary.ends)
        await asyncio.wait(diary.tasks.values())
        assert (order.lines, order.unfinished) == (0, 0)

    asyncio.run(main())


def test_a_chat_waits_for_its_slow_question_and_other_chats_do_not() -> None:
    async def work(order: ChatOrder, diary: Diary) -> None:
        diary.give(order, message(1), "slow")
        diary.give(order, message(1), "start")
        diary.give(order, edited(1), "edit")
        diary.give(order, message(2), "other")
        await diary.settle()
        assert diary.begun == {"slow", "other"}
        await diary.end("slow")
        assert diary.begun == {"slow", "other", "start"}
        await diary.end("start")
        assert diary.lines[-2:] == ["start ends", "edit begins"]

    run(work)


def test_a_button_and_a_reaction_do_not_wait_for_a_question() -> None:
    async def work(order: ChatOrder, diary: Diary) -> None:
        diary.give(order, message(1), "slow")
        diary.give(order, press(1), "press")
        diary.give(order, reaction(1), "reaction")
        await diary.settle()
        assert diary.begun == {"slow", "press"}
        await diary.end("press")
        assert diary.begun == {"slow", "press", "reaction"}

    run(work)


def test_no_message_overtakes_a_button() -> None:
    async def work(order: ChatOrder, diary: Diary) -> None:
        diary.give(order, press(1), "choose a language")
        diary.give(order, message(1), "question")
        await diary.settle()
        assert diary.begun == {"choose a language"}
        await diary.end("choose a language")
        assert diary.begun == {"choose a language", "question"}

    run(work)


def test_inline_queries_are_in_order_for_each_user() -> None:
    async def work(order: ChatOrder, diary: Diary) -> None:
        diary.give(order, inline(7), "first")
        diary.give(order, inline(7), "second")
        diary.give(order, inline(8), "another's")
        diary.give(order, message(7), "chat of the same number")
        await diary.settle()
        assert diary.begun == {"first", "another's", "chat of the same number"}

    run(work)


def test_what_belongs_to_no_chat_waits_for_nothing() -> None:
    poll = Poll("1", "?", [], 0, False, False, Poll.REGULAR, False, allows_revoting=True, members_only=False)

    async def work(order: ChatOrder, diary: Diary) -> None:
        diary.give(order, Update(6, poll=poll), "poll")
        diary.give(order, Update(7, poll=poll), "another")
        diary.give(order, "no update at all", "text")
        await diary.settle()
        assert diary.begun == {"poll", "another", "text"}

    run(work)


def test_a_handler_that_fails_or_is_cancelled_lets_the_next_begin() -> None:
    async def fail() -> None:
        raise ValueError("a fault of a handler")

    async def work(order: ChatOrder, diary: Diary) -> None:
        failing = asyncio.create_task(order.process_update(message(1), fail()))
        diary.give(order, message(1), "in work")
        diary.give(order, message(1), "waiting")
        diary.give(order, message(1), "last")
        await diary.settle()
        with pytest.raises(ValueError, match="a fault of a handler"):
            await failing
        diary.tasks["waiting"].cancel()
        await diary.settle()
        assert diary.begun == {"in work"}
        diary.tasks["in work"].cancel()
        await diary.settle()
        assert diary.begun == {"in work", "last"}

    run(work)


def test_a_new_chat_waits_for_none_of_hundred_questions() -> None:
    async def work(order: ChatOrder, diary: Diary) -> None:
        for number in range(100):
            diary.give(order, message(100 + number % 20), f"question {number}")
        await diary.settle()
        assert len(diary.begun) == 20
        diary.give(order, message(1), "start")
        await diary.end("start")
        assert "start ends" in diary.lines
        assert len(diary.begun) == 21
        while order.unfinished:
            await diary.end(*diary.ends)

    run(work)


def test_room_is_made_by_what_finishes() -> None:
    async def main() -> None:
        order, diary = ChatOrder(concurrent=10), Diary()
        await order.room()
        for number in range(5):
            diary.give(order, message(number), f"question {number}")
        await diary.settle()
        waiting = asyncio.create_task(order.room())
        await diary.settle()
        assert not waiting.done()
        await diary.end("question 3")
        await waiting
        await diary.end(*diary.ends)
        await asyncio.wait(diary.tasks.values())

    asyncio.run(main())


KINDS: dict[str, Callable[[int], Update]] = {"message": message, "edit": edited, "press": press, "reaction": reaction}


@given(
    updates=st.lists(st.tuples(st.integers(1, 3), st.sampled_from(sorted(KINDS)), st.integers(0, 3), st.booleans())),
    cancelled=st.sets(st.integers(0, 30)),
)
def test_whatever_comes_is_in_order(updates: list[tuple[int, str, int, bool]], cancelled: set[int]) -> None:
    began: list[int] = []
    ended: list[int] = []

    async def handle(number: int, steps: int, fails: bool) -> None:
        began.append(number)
        # What is not yet over of this chat and came before: only messages, if this is a press.
        chat, kind = updates[number][:2]
        before = [one for one in range(number) if updates[one][0] == chat and one not in ended and one not in cancelled]
        if kind in {"press", "reaction"}:
            before = [one for one in before if updates[one][1] in {"press", "reaction"}]
        assert before == []
        try:
            for _ in range(steps):
                await asyncio.sleep(0)
            if fails:
                raise ValueError("a fault of a handler")
        finally:
            ended.append(number)

    async def main() -> None:
        order = ChatOrder()
        tasks = [
            asyncio.create_task(order.process_update(KINDS[kind](chat), handle(number, steps, fails)))
            for number, (chat, kind, steps, fails) in enumerate(updates)
        ]
        await asyncio.sleep(0)
        for number in cancelled & set(range(len(tasks))):
            tasks[number].cancel()
        for end in await asyncio.gather(*tasks, return_exceptions=True):
            assert end is None or isinstance(end, ValueError | asyncio.CancelledError)
        assert set(range(len(tasks))) - set(ended) <= cancelled
        assert (order.lines, order.unfinished) == (0, 0)

    asyncio.run(main())
