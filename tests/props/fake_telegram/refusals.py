"""How Telegram says no: an error code, a description and sometimes parameters."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
"""An object of the Bot API as it goes over the wire."""

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current"
    " content and reply markup of the message"
)


class Refusal(Exception):  # noqa: N818 (an answer of the server, not a failure of it)
    """A call that is answered with `ok: false`.

    Args:
        code: the HTTP status, which is also `error_code`.
        description: as Telegram words it, with its prefix ("Bad Request: ...").
        parameters: `retry_after` or `migrate_to_chat_id`.
    """

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(code, description, parameters)
        self.code = code
        self.description = description
        self.parameters = parameters

    @property
    def body(self) -> Json:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(description: str, parameters: Json | None = None) -> Refusal:
    return Refusal(400, f"Bad Request: {description}", parameters)


def forbidden(description: str) -> Refusal:
    return Refusal(403, f"Forbidden: {description}")


def too_many(retry_after: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})
