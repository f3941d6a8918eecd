"""Commands of a bot, their scopes and languages."""

from __future__ import annotations

import re
from typing import Any

from fake_telegram.calls import Call
from fake_telegram.refusals import Json, bad_request
from telegram.constants import BotCommandLimit, BotCommandScopeType

_COMMAND = re.compile(rf"^[a-z0-9_]{{{int(BotCommandLimit.MIN_COMMAND)},{int(BotCommandLimit.MAX_COMMAND)}}}$")
_LANGUAGE = re.compile(r"^([a-z]{2})?$")
_NEEDED = {"chat": ["chat_id"], "chat_administrators": ["chat_id"], "chat_member": ["chat_id", "user_id"]}


def check_commands(commands: list[Any]) -> list[Json]:
    """Raises: Refusal."""
    if len(commands) > BotCommandLimit.MAX_COMMAND_NUMBER:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not isinstance(command, dict):
            raise bad_request("can't parse BotCommand: Object expected")
        name, description = command.get("command"), command.get("description")
        if not isinstance(name, str) or not _COMMAND.match(name.removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not isinstance(description, str) or not 1 <= len(description) <= BotCommandLimit.MAX_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    names = [command["command"] for command in commands]
    if len(set(names)) < len(names):
        raise bad_request("BOT_COMMAND_DUPLICATE")
    return commands


def scope_and_language(call: Call) -> str:
    """A key for what commands are set for, such as "all_group_chats ru". Raises: Refusal."""
    scope = call.object("scope") or {"type": "default"}
    kind = scope.get("type")
    if kind not in set(BotCommandScopeType):
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    missing = [name for name in _NEEDED.get(str(kind), []) if name not in scope]
    if missing:
        raise bad_request(f"can't parse BotCommandScope: Can't find field \"{missing[0]}\"")
    values = [str(scope[name]) for name in _NEEDED.get(str(kind), [])]
    return " ".join([str(kind), *values, check_language(call)]).strip()


def check_language(call: Call) -> str:
    language = call.text("language_code")
    if not _LANGUAGE.match(language):
        raise bad_request("LANG_CODE_INVALID")
    return language
