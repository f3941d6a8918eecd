"""The fake lets through to the bot what Telegram lets through in groups."""

from __future__ import annotations

from fake_telegram.client.messages import BotMessage
from fake_telegram.driver import FakeTelegram
from fake_telegram.refusals import Json


def arrived(telegram: FakeTelegram) -> list[Json]:
    """Updates since the last call."""
    updates: list[Json] = telegram.call("getUpdates")["result"]
    if updates:
        telegram.call("getUpdates", offset=updates[-1]["update_id"] + 1)
    return updates


def texts(telegram: FakeTelegram) -> list[str]:
    return [update["message"]["text"] for update in arrived(telegram)]


def test_privacy_mode_lets_through_what_is_meant_for_the_bot(telegram: FakeTelegram) -> None:
    anna, boris = telegram.user("Anna"), telegram.user("Boris")
    group = telegram.group("Newsroom", anna, boris)
    me = telegram.bot_username
    telegram.call("sendMessage", chat_id=group.id, text="I am here")
    mine = group.wait()
    for text in (
        "hello all", "/ask Why?", f"/ask@{me} Why?", f"/ask@{me.upper()} Why?", "/ask@other_bot Why?",
        f"why, @{me}?", f"mail@{me}", f"@{me}ish", "not /ask",
    ):  # fmt: skip
        group.say(anna, text)
    group.say(boris, "and then?", reply_to=mine)
    group.say(boris, "to Anna", reply_to=group.say(anna, "something"))
    assert texts(telegram) == [
        "/ask Why?", f"/ask@{me} Why?", f"/ask@{me.upper()} Why?", f"why, @{me}?", "and then?",
    ]  # fmt: skip


def test_a_command_without_a_name_goes_to_the_bot_that_wrote_last(telegram: FakeTelegram) -> None:
    anna = telegram.user("Anna")
    group = telegram.group("Newsroom", anna)
    group.another_bot_writes()
    group.say(anna, "/ask one")
    group.say(anna, f"/ask@{telegram.bot_username} two")
    telegram.call("sendMessage", chat_id=group.id, text="here")
    group.say(anna, "/ask three")
    assert texts(telegram) == [f"/ask@{telegram.bot_username} two", "/ask three"]


def test_replies_reach_the_bot_that_the_message_was_meant_for(telegram: FakeTelegram) -> None:
    anna, boris = telegram.user("Anna"), telegram.user("Boris")
    group = telegram.group("Newsroom", anna, boris)
    theirs = group.another_bot_writes()
    group.say(anna, f"/ask@{telegram.bot_username} one", reply_to=theirs)
    asked = group.say(anna, f"/ask@{telegram.bot_username} two")
    group.say(boris, "good question", reply_to=asked)
    group.say(boris, "unheard", reply_to=group.say(anna, "hello"))
    assert texts(telegram) == [f"/ask@{telegram.bot_username} two", "good question"]


def test_mentions_can_be_kept_from_the_bot(telegram: FakeTelegram) -> None:
    anna = telegram.user("Anna")
    group = telegram.group("Newsroom", anna)
    telegram.configure(mentions=False)
    group.say(anna, f"@{telegram.bot_username} hello")
    assert texts(telegram) == []


def test_administrators_and_bots_without_privacy_mode_get_everything(telegram: FakeTelegram) -> None:
    anna = telegram.user("Anna")
    group, other = telegram.group("Newsroom", anna, bot="administrator"), telegram.group("Other", anna)
    group.say(anna, "hello all")
    assert texts(telegram) == ["hello all"]
    telegram.configure(privacy=False)
    other.say(anna, "hello")
    assert texts(telegram) == ["hello"]
    assert telegram.call("getMe")["result"]["can_read_all_group_messages"] is True


def test_anonymous_administrators_and_channels_have_a_sender_chat(telegram: FakeTelegram) -> None:
    anna, channel = telegram.user("Anna"), telegram.channel("News")
    group = telegram.group("Newsroom", anna)
    group.say_anonymously("/ask Why?")
    group.say(anna, f"@{telegram.bot_username} forwarded", as_channel=channel.id)
    channel.post("a post")
    anonymous, forwarded, post = arrived(telegram)
    assert anonymous["message"]["from"]["username"] == "GroupAnonymousBot"
    assert anonymous["message"]["sender_chat"]["id"] == group.id
    assert forwarded["message"]["sender_chat"]["id"] == channel.id
    assert post["channel_post"]["text"] == "a post"


def test_the_bot_learns_that_it_was_added_and_removed(telegram: FakeTelegram) -> None:
    anna = telegram.user("Anna")
    group = telegram.group("Newsroom", anna, bot="left")
    group.bot_is("member", by=anna)
    group.bot_is("kicked", by=anna)
    group.say(anna, "/ask Why?")
    added, told, removed = arrived(telegram)
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert told["message"]["new_chat_members"][0]["username"] == telegram.bot_username
    assert removed["my_chat_member"]["new_chat_member"]["status"] == "kicked"


def test_edits_and_files_and_reactions_in_groups(telegram: FakeTelegram) -> None:
    anna = telegram.user("Anna")
    group = telegram.group("Newsroom", anna, bot="administrator")
    telegram.call("getUpdates", allowed_updates=["message", "edited_message", "message_reaction"])
    asked = group.say(anna, "/ask Wy?")
    group.edit(asked, "/ask Why?")
    group.send_file(anna, "a.txt", b"x", caption="add")
    telegram.call("sendMessage", chat_id=group.id, text="Because")
    reply = group.wait()
    assert isinstance(reply, BotMessage)
    group.react(anna, reply, "👍")
    assert [next(key for key in update if key != "update_id") for update in arrived(telegram)] == [
        "message", "edited_message", "message", "message_reaction",
    ]  # fmt: skip
