"""Client: python-telegram-bot's, which also gives updates as they come."""

from __future__ import annotations

import datetime as dtm
from collections.abc import Sequence
from typing import Any

from telegram.error import NetworkError
from telegram.ext import ExtBot

from qabot.channels.telegram.completing import completed_result
from qabot.channels.telegram.limiter import Lane


class Client(ExtBot[Lane]):
    """The Bot API. Its own `get_updates` parses a whole batch or nothing of it; this one adds `get_raw_updates`.

    Results in which a small server left something out are understood, too.
    """

    async def _do_post(self, endpoint: str, data: dict[str, Any], **options: Any) -> Any:
        try:
            result = await super()._do_post(endpoint, data, **options)
        except (KeyError, TypeError, AttributeError) as error:
            raise NetworkError(f"the answer to {endpoint} has no result") from error
        return completed_result(endpoint, result, data)

    async def get_raw_updates(
        self, offset: int, *, limit: int, wait: dtm.timedelta, slack: float, allowed: Sequence[str]
    ) -> list[object]:
        """What Telegram says to getUpdates, unparsed.

        Args:
            offset: updates before it count as received from now on.
            limit: most updates, 1 to 100.
            wait: how long Telegram may take if there are none.
            slack: seconds to wait for its answer beyond that.
            allowed: the kinds of updates.

        Raises:
            InvalidToken: Telegram does not know the token.
            TelegramError: any other failure, an answer that is no list among them.
        """
        asked = {"offset": offset, "limit": limit, "timeout": int(wait.total_seconds()), "allowed_updates": allowed}
        batch = await self._post("getUpdates", asked, read_timeout=wait.total_seconds() + slack)
        if not isinstance(batch, list):
            raise NetworkError("the answer to getUpdates is no list")
        return list(batch)
