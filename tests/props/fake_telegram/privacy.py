"""Which messages of a group reach a bot.

In privacy mode (the default of BotFather) a bot gets, by https://core.telegram.org/bots/features#privacy-mode and
https://core.telegram.org/bots/faq#what-messages-will-my-bot-get: commands with its name, commands without a name if it
was the last bot to write, messages sent through it, replies to its messages and to messages that were meant for it, and
service messages. A reply to another bot is that bot's alone, whatever it says. BotFather adds messages that mention the
bot by name; those two pages do not, and people report that mentions do not arrive: an option decides. A bot that is an
administrator or has no privacy mode gets all but what other bots write.
"""

from __future__ import annotations

from fake_telegram.chats import Chat
from fake_telegram.found_entities import entity_text
from fake_telegram.refusals import Json
from fake_telegram.world import World

SERVICE = ("new_chat_members", "left_chat_member", "forum_topic_created", "forum_topic_closed", "migrate_to_chat_id",
           "migrate_from_chat_id", "group_chat_created", "pinned_message", "new_chat_title")  # fmt: skip


def reaches(world: World, chat: Chat, message: Json) -> bool:
    """Whether Telegram delivers this message of a person to the bot."""
    if chat.bot not in ("member", "administrator"):
        return False
    if message.get("from", {}).get("is_bot") and "sender_chat" not in message:
        return False
    if not chat.is_group or chat.bot == "administrator" or not world.options.privacy:
        return True
    if any(kind in message for kind in SERVICE):
        return True
    if message.get("via_bot", {}).get("id") == world.bot["id"]:
        return True
    replied = chat.messages.get(message.get("reply_to_message", {}).get("message_id", 0))
    if replied and (replied.by_bot or replied.reached):
        return True
    if replied and replied.message.get("from", {}).get("is_bot") and "sender_chat" not in replied.message:
        return False
    return _is_called(world, chat, message)


def _is_called(world: World, chat: Chat, message: Json) -> bool:
    name = f"@{world.bot['username']}".casefold()
    text = message.get("text") or message.get("caption") or ""
    for entity in message.get("entities") or message.get("caption_entities") or []:
        words = entity_text(text, entity).casefold()
        if entity["type"] == "bot_command":
            if words.endswith(name):
                return True
            if "@" not in words and entity["offset"] == 0 and chat.last_bot_is_ours:
                return True
        if not world.options.mentions:
            continue
        if entity["type"] == "mention" and words == name:
            return True
        if entity["type"] == "text_mention" and entity.get("user", {}).get("id") == world.bot["id"]:
            return True
    return False
