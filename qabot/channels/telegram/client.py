"""Client: python-telegram-bot's, which also gives updates as they come."""

from __future__ import annotations

import datetime as dtm
from collections.abc import Sequence

from telegram.error import NetworkError
from telegram.ext import ExtBot


class Client(ExtBot[None]):
    """The Bot API. Its own `get_updates` parses a whole batch or nothing of it; this one adds `get_raw_updates`."""

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
        try:
            batch = await self._post("getUpdates", asked, read_timeout=wait.total_seconds() + slack)
        except (KeyError, TypeError, AttributeError) as error:
            raise NetworkError("the answer to getUpdates has no result") from error
        if not isinstance(batch, list):
            raise NetworkError("the answer to getUpdates is no list")
        return list(batch)
