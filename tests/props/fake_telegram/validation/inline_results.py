"""Results of inline queries and of guest queries: articles with a text, as qabot sends them."""

from __future__ import annotations

import re
from typing import Any

from fake_telegram.calls import Call
from fake_telegram.refusals import Json, bad_request
from fake_telegram.validation.addresses import check_address
from fake_telegram.validation.keyboards import check_markup
from fake_telegram.validation.text import check_text
from telegram.constants import InlineQueryLimit, InlineQueryResultLimit, InlineQueryResultsButtonLimit

_START = re.compile(r"^[A-Za-z0-9_-]+$")


def check_results(call: Call) -> list[Json]:
    """Gives the results of answerInlineQuery as they are kept. Raises: Refusal."""
    results = [check_result(result) for result in call.array("results")]
    if len(results) > InlineQueryLimit.RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    if len({result["id"] for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(call.text("next_offset").encode()) > InlineQueryLimit.MAX_OFFSET_LENGTH:
        raise bad_request("NEXT_OFFSET_INVALID")
    if call.integer("cache_time", 300) < 0:
        raise bad_request("CACHE_TIME_INVALID")
    _check_button(call.object("button"))
    return results


def check_result(result: Any) -> Json:
    """Gives one result as it is kept. Raises: Refusal."""
    if not isinstance(result, dict):
        raise bad_request("can't parse inline query result: Object expected")
    identity = result.get("id")
    size = len(identity.encode()) if isinstance(identity, str) else 0
    if not InlineQueryResultLimit.MIN_ID_LENGTH <= size <= InlineQueryResultLimit.MAX_ID_LENGTH:
        raise bad_request("RESULT_ID_INVALID")
    if result.get("type") != "article":
        raise bad_request("can't parse inline query result: the fake knows results of type article only")
    title = result.get("title")
    if not isinstance(title, str):
        raise bad_request("can't parse inline query result: Can't find field \"title\"")
    if not title.strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    for name in ("url", "thumbnail_url"):
        if result.get(name):
            check_address(result[name], name.replace("_", " "))
    return result | {
        "input_message_content": _check_content(result.get("input_message_content")),
        "reply_markup": check_markup(result.get("reply_markup"), inline_only=True),
    }


def _check_content(content: Any) -> Json:
    if not isinstance(content, dict) or "message_text" not in content:
        raise bad_request("can't parse inline query result: Can't find field \"input_message_content\"")
    if content.get("parse_mode"):
        raise bad_request("unsupported parse_mode")
    message = content["message_text"]
    if not isinstance(message, str):
        raise bad_request('can\'t parse input message content: Field "message_text" must be of type String')
    text, entities = check_text(message, content.get("entities") or [], too_long="MESSAGE_TOO_LONG")
    return content | {"message_text": text, "entities": entities}


def _check_button(button: Json | None) -> None:
    if button is None:
        return
    if not button.get("text"):
        raise bad_request("can't parse inline query results button: Can't find field \"text\"")
    start = button.get("start_parameter")
    limit = InlineQueryResultsButtonLimit.MAX_START_PARAMETER_LENGTH
    if start is None and "web_app" not in button:
        raise bad_request("can't parse inline query results button: exactly one action must be specified")
    if start is not None and not (isinstance(start, str) and len(start) <= limit and _START.match(start)):
        raise bad_request("START_PARAM_INVALID")
