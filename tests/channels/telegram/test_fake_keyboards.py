"""The fake accepts and refuses keyboards, inline results and commands as Telegram does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fake_telegram.calls import Call
from fake_telegram.refusals import Json, Refusal
from fake_telegram.validation.commands import check_commands, scope_and_language
from fake_telegram.validation.inline_results import check_results
from fake_telegram.validation.keyboards import check_markup


def refused(check: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        check()
    return caught.value.description.removeprefix("Bad Request: ")


def keyboard(*buttons: Json, columns: int = 8) -> Json:
    return {"inline_keyboard": [list(buttons[at : at + columns]) for at in range(0, len(buttons), columns)]}


def article(identity: str = "1", **more: Any) -> Json:
    return {"type": "article", "id": identity, "title": "Dam", "input_message_content": {"message_text": "A"}} | more


@pytest.mark.parametrize(
    "button",
    [
        {"text": "[1]", "callback_data": "я" * 32},
        {"text": "👍", "callback_data": "x"},
        {"text": "Open", "url": "https://example.org/#:~:text=a"},
        {"text": "Ask", "switch_inline_query_current_chat": ""},
    ],
)
def test_good_buttons_are_kept(button: Json) -> None:
    assert check_markup(keyboard(button)) == keyboard(button)


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"text": "A", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "A", "callback_data": "я" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": " ", "callback_data": "a"}, "inline keyboard button text must be non-empty"),
        (
            {"text": "A"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"text": "A", "url": "example"}, "inline keyboard button URL 'example' is invalid: Unsupported URL protocol"),
        ({"text": "A", "url": "https://x.org", "callback_data": "b"}, "strict: a button with url and callback_data"),
    ],
)
def test_wrong_buttons_are_refused(button: Json, description: str) -> None:
    assert refused(lambda: check_markup(keyboard(button))) == description


def test_a_keyboard_has_at_most_100_buttons_and_8_in_a_row() -> None:
    buttons = [{"text": str(at), "callback_data": str(at)} for at in range(101)]
    assert check_markup(keyboard(*buttons[:100])) == keyboard(*buttons[:100])
    assert refused(lambda: check_markup(keyboard(*buttons))) == "reply markup is too long"
    assert refused(lambda: check_markup(keyboard(*buttons[:9], columns=9))).startswith("strict: more than 8")


def test_other_markups_are_for_new_messages_only() -> None:
    assert check_markup({"remove_keyboard": True}) is None
    assert refused(lambda: check_markup({"force_reply": True}, inline_only=True)) == "inline keyboard expected"
    assert refused(lambda: check_markup({"nonsense": 1})) == "object expected as reply markup"


@pytest.mark.parametrize(
    ("results", "description"),
    [
        ([article(), article()], "RESULT_ID_DUPLICATE"),
        ([article(str(at)) for at in range(51)], "RESULTS_TOO_MUCH"),
        ([article("я" * 33)], "RESULT_ID_INVALID"),
        ([article("")], "RESULT_ID_INVALID"),
        ([article(title=None)], 'can\'t parse inline query result: Can\'t find field "title"'),
        ([article(title="  ")], "ARTICLE_TITLE_EMPTY"),
        ([article(input_message_content={"message_text": ""})], "message text is empty"),
        ([article(input_message_content={"message_text": "a" * 4097})], "MESSAGE_TOO_LONG"),
        ([article(input_message_content=None)],
         'can\'t parse inline query result: Can\'t find field "input_message_content"'),
        ([article(reply_markup=keyboard({"text": "A", "callback_data": "x" * 65}))], "BUTTON_DATA_INVALID"),
        (["text"], "can't parse inline query result: Object expected"),
    ],
)  # fmt: skip
def test_wrong_inline_results_are_refused(results: list[Any], description: str) -> None:
    assert refused(lambda: check_results(Call("answerinlinequery", {"results": results}))) == description


def test_good_inline_results_are_kept() -> None:
    call = Call("answerinlinequery", {"results": [article("1"), article("2", description="d" * 5000)]})
    assert [result["id"] for result in check_results(call)] == ["1", "2"]
    assert check_results(Call("answerinlinequery", {"results": []})) == []


def test_a_deep_link_of_inline_mode_has_its_limits() -> None:
    asked = {"results": [], "button": {"text": "Start", "start_parameter": "a b"}}
    assert refused(lambda: check_results(Call("answerinlinequery", asked))) == "START_PARAM_INVALID"


@pytest.mark.parametrize(
    ("commands", "description"),
    [
        ([{"command": "Ask", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a" * 33, "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "ask", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "ask", "description": "x" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": f"c{at}", "description": "x"} for at in range(101)], "BOT_COMMANDS_TOO_MUCH"),
    ],
)
def test_wrong_commands_are_refused(commands: list[Json], description: str) -> None:
    assert refused(lambda: check_commands(commands)) == description


def test_commands_are_set_by_scope_and_language() -> None:
    assert scope_and_language(Call("setmycommands", {})) == "default"
    chat = {"scope": {"type": "chat", "chat_id": 5}, "language_code": "kk"}
    assert scope_and_language(Call("setmycommands", chat)) == "chat 5 kk"
    assert refused(lambda: scope_and_language(Call("x", {"language_code": "eng"}))) == "LANG_CODE_INVALID"
    assert refused(lambda: scope_and_language(Call("x", {"scope": {"type": "chat"}}))).endswith('field "chat_id"')
