"""The fake accepts and refuses texts and entities as Telegram does."""

from __future__ import annotations

from typing import Any

import pytest
from fake_telegram.refusals import Json, Refusal
from fake_telegram.validation.text import check_text
from hypothesis import given
from hypothesis import strategies as st


def entity(kind: str, offset: int, length: int, **more: Any) -> Json:
    return {"type": kind, "offset": offset, "length": length} | more


def refused(text: str, *entities: Json) -> str:
    with pytest.raises(Refusal) as caught:
        check_text(text, list(entities))
    assert caught.value.code == 400
    return caught.value.description.removeprefix("Bad Request: ")


@pytest.mark.parametrize(
    "entities",
    [
        [entity("bold", 0, 5), entity("italic", 0, 5)],
        [entity("blockquote", 0, 11), entity("bold", 6, 5)],
        [entity("expandable_blockquote", 0, 11), entity("text_link", 0, 11, url="https://example.org/a?b=c#d")],
        [entity("blockquote", 0, 11), entity("code", 0, 5)],
        [entity("text_link", 0, 5, url="tg://user?id=1"), entity("underline", 1, 2), entity("spoiler", 6, 5)],
        [entity("pre", 0, 11, language="python")],
        [entity("bold", 0, 5), entity("bold", 5, 6)],
        [entity("text_link", 0, 5, url="http://xn--80ak6aa92e.com/%D0%B0")],
        [entity("text_mention", 0, 5, user={"id": 5, "is_bot": False, "first_name": "Anna"})],
    ],
)
def test_entities_that_telegram_shows_are_accepted(entities: list[Json]) -> None:
    _, kept = check_text("Hello world", entities)
    assert sorted(map(repr, kept)) == sorted(map(repr, entities))


@pytest.mark.parametrize(
    ("given_entity", "description"),
    [
        (entity("bold", -1, 2), "receive an entity with incorrect offset -1"),
        (entity("bold", 0, -1), "receive an entity with incorrect length -1"),
        (entity("bold", 9, 1), "entity begins after the end of the text at UTF-16 offset 9"),
        (entity("bold", 3, 6), "entity beginning at UTF-16 offset 3 ends after the end of the text at UTF-16 offset 9"),
        (entity("heading", 0, 1), "can't parse MessageEntity: Unsupported type specified"),
        ({"type": "bold", "offset": 0}, 'can\'t parse MessageEntity: Field "length" must be of type Number'),
        (entity("bold", 0, 0), "strict: an empty entity of type bold"),
        (entity("text_link", 0, 3), "wrong message entity: URL is empty"),
        (
            entity("text_link", 0, 3, url="ftp://example.org"),
            "wrong message entity: URL 'ftp://example.org' is invalid: Unsupported URL protocol",
        ),
        (
            entity("text_link", 0, 3, url="https://exa mple.org"),
            "wrong message entity: URL 'https://exa mple.org' is invalid: URL contains white space",
        ),
        (
            entity("text_link", 0, 3, url="javascript:alert(1)"),
            "wrong message entity: URL 'javascript:alert(1)' is invalid: Unsupported URL protocol",
        ),
        (
            entity("text_link", 0, 3, url="https:///x"),
            "wrong message entity: URL 'https:///x' is invalid: URL host is empty",
        ),
        (entity("text_mention", 0, 3), 'can\'t parse MessageEntity: Can\'t find field "user"'),
    ],
)  # fmt: skip
def test_wrong_entities_are_refused_with_telegrams_words(given_entity: Json, description: str) -> None:
    assert refused("aba caba", given_entity) == description


def test_an_entity_may_not_split_a_surrogate_pair() -> None:
    text = "👉 👉"
    assert refused(text, entity("bold", 1, 1)) == "entity begins in a middle of a UTF-16 symbol at byte offset 4"
    assert refused(text, entity("bold", 0, 1)) == (
        "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 4"
    )
    assert check_text(text, [entity("bold", 3, 2)])[1] == [entity("bold", 3, 2)]


@pytest.mark.parametrize(
    "entities",
    [
        [entity("bold", 0, 6), entity("italic", 3, 6)],
        [entity("blockquote", 0, 8), entity("expandable_blockquote", 2, 3)],
        [entity("bold", 0, 8), entity("code", 2, 3)],
        [entity("pre", 0, 8), entity("bold", 2, 3)],
        [entity("text_link", 0, 8, url="https://example.org"), entity("blockquote", 2, 3)],
        [entity("bold", 0, 8), entity("bold", 2, 3)],
        [entity("bold", 0, 1)] * 101,
    ],
)
def test_what_telegram_would_repair_silently_is_refused(entities: list[Json]) -> None:
    assert refused("aba caba aba", *entities).startswith("strict: ")


def test_texts_have_to_have_something_and_to_fit() -> None:
    assert refused("") == "message text is empty"
    assert refused(" \n\t ") == "text must be non-empty"
    assert refused("\ud800") == "strings must be encoded in UTF-8"
    assert check_text("я" * 4096, [])[0] == "я" * 4096
    assert refused("я" * 4097) == "message is too long"
    assert check_text("👉" * 2048, [])[0] == "👉" * 2048
    assert refused("👉" * 2048 + "a") == "message is too long"


def test_white_space_and_control_characters_go_and_entities_move_along() -> None:
    text, entities = check_text("  \n a\r\nb\x1b[31m \u202ec ", [entity("bold", 4, 1), entity("italic", 7, 7)])
    assert text == "a\nb [31m c"
    assert entities == [entity("bold", 0, 1), entity("italic", 2, 7)]
    assert check_text("a\r", [entity("bold", 1, 1)]) == ("a", [])


@given(st.text(min_size=1, max_size=40), st.data())
def test_any_range_of_whole_characters_is_accepted(text: str, data: st.DataObject) -> None:
    borders = [len(text[:at].encode("utf-16-le", "surrogatepass")) // 2 for at in range(len(text) + 1)]
    start, end = sorted(data.draw(st.lists(st.sampled_from(borders), min_size=2, max_size=2, unique=True)))
    try:
        kept, entities = check_text(text, [entity("bold", start, end - start)])
    except Refusal as refusal:
        assert refusal.description in ("Bad Request: text must be non-empty",)  # noqa: PT017
        return
    size = len(kept.encode("utf-16-le")) // 2
    assert kept == kept.strip(" \n")
    assert all(0 <= one["offset"] < one["offset"] + one["length"] <= size for one in entities)
