"""A call of a method: its name and parameters, however they were sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from fake_telegram.refusals import Json, bad_request
from tornado.httputil import HTTPFile, HTTPHeaders, parse_body_arguments


@dataclass(frozen=True, slots=True)
class Call:
    """A method with its parameters; a form sends every value as text, a JSON body as it is."""

    method: str
    values: Mapping[str, Any]
    files: Mapping[str, HTTPFile] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def text(self, name: str) -> str:
        value = self.values.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Raises: Refusal if the value is no whole number."""
        value = self.values.get(name, default)
        if isinstance(value, str):
            try:
                return int(value or default)
            except ValueError:
                raise bad_request(f"invalid {name} specified") from None
        if isinstance(value, bool) or not isinstance(value, int):
            raise bad_request(f"invalid {name} specified")
        return value

    def flag(self, name: str) -> bool:
        return self.values.get(name) in (True, "true", "True", "1", 1)

    def parsed(self, name: str) -> Any:
        """The value parsed as JSON, None if it was not sent. Raises: Refusal if it is no JSON."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        return _parse(value, f"can't parse {name} JSON object")

    def object(self, name: str) -> Json | None:
        value = self.parsed(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"object expected as {name.replace('_', ' ')}")
        return value

    def array(self, name: str) -> list[Any]:
        value = self.parsed(name)
        if value is not None and not isinstance(value, list):
            raise bad_request(f"can't parse {name} JSON object")
        return value or []


def read_call(method: str, query: str, content_type: str, body: bytes) -> Call:
    """Makes a call of the parts of an HTTP request. Raises: Refusal if the body cannot be read."""
    values: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    files: dict[str, HTTPFile] = {}
    if content_type.startswith("application/json"):
        sent = _parse(body.decode("utf-8", "replace") or "{}", "failed to parse request body as JSON")
        if not isinstance(sent, dict):
            raise bad_request("object expected as request body")
        values |= sent
    elif content_type.startswith("application/x-www-form-urlencoded"):
        values |= parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    elif content_type.startswith("multipart/form-data"):
        arguments: dict[str, list[bytes]] = {}
        parts: dict[str, list[HTTPFile]] = {}
        parse_body_arguments(content_type, body, arguments, parts, HTTPHeaders())
        values |= {name: _last(found).decode("utf-8", "replace") for name, found in arguments.items()}
        files = {name: found[-1] for name, found in parts.items()}
    return Call(method, values, files)


def _parse(text: str, problem: str) -> Any:
    r"""Parses JSON; half a surrogate pair, which only an escape such as \ud83d can bring, is refused."""
    try:
        value = json.loads(text)
        if "\\ud" in text.casefold():
            json.dumps(value, ensure_ascii=False).encode()
    except ValueError:  # also the errors of decoding and encoding
        raise bad_request(problem) from None
    return value


def _last(found: Sequence[bytes]) -> bytes:
    return found[-1] if found else b""
