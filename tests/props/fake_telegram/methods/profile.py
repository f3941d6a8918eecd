"""What the bot says of itself: getMe, commands, descriptions, rights, logOut, close."""

from __future__ import annotations

from fake_telegram.calls import Call
from fake_telegram.refusals import Json, bad_request
from fake_telegram.validation.commands import check_commands, check_language, scope_and_language
from fake_telegram.world import World
from telegram.constants import BotDescriptionLimit, BotNameLimit

RIGHTS = (
    "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories",
)  # fmt: skip
LIMITS = {
    "description": BotDescriptionLimit.MAX_DESCRIPTION_LENGTH,
    "short_description": BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH,
    "name": BotNameLimit.MAX_NAME_LENGTH,
}


def get_me(world: World, call: Call) -> Json:
    return world.bot | {"can_read_all_group_messages": not world.options.privacy}


def set_my_commands(world: World, call: Call) -> bool:
    key = scope_and_language(call)
    commands = check_commands(call.array("commands"))
    if not commands:
        raise bad_request("BOT_COMMANDS_EMPTY")
    world.commands[key] = commands
    return True


def get_my_commands(world: World, call: Call) -> list[Json]:
    return world.commands.get(scope_and_language(call), [])


def delete_my_commands(world: World, call: Call) -> bool:
    world.commands.pop(scope_and_language(call), None)
    return True


def _set_text(world: World, call: Call, name: str) -> bool:
    text = call.text(name)
    if len(text) > LIMITS[name]:
        raise bad_request(f"BOT_{name.upper()}_TOO_LONG")
    world.texts.setdefault(name, {})[check_language(call)] = text
    return True


def _get_text(world: World, call: Call, name: str) -> Json:
    texts = world.texts.get(name, {})
    return {name: texts.get(check_language(call), texts.get("", ""))}


def set_my_description(world: World, call: Call) -> bool:
    return _set_text(world, call, "description")


def get_my_description(world: World, call: Call) -> Json:
    return _get_text(world, call, "description")


def set_my_short_description(world: World, call: Call) -> bool:
    return _set_text(world, call, "short_description")


def get_my_short_description(world: World, call: Call) -> Json:
    return _get_text(world, call, "short_description")


def set_my_name(world: World, call: Call) -> bool:
    return _set_text(world, call, "name")


def get_my_name(world: World, call: Call) -> Json:
    return _get_text(world, call, "name")


def get_my_default_administrator_rights(world: World, call: Call) -> Json:
    return dict.fromkeys(RIGHTS, False)


def log_out(world: World, call: Call) -> bool:
    world.options.revoked = True
    return True


def close(world: World, call: Call) -> bool:
    return True


METHODS = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": set_my_description,
    "getMyDescription": get_my_description,
    "setMyShortDescription": set_my_short_description,
    "getMyShortDescription": get_my_short_description,
    "setMyName": set_my_name,
    "getMyName": get_my_name,
    "getMyDefaultAdministratorRights": get_my_default_administrator_rights,
    "logOut": log_out,
    "close": close,
}
