"""Who is answered: the lists of ids in the settings. A stranger is told so once, politely; then there is silence."""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import Literal

from qabot.channels.telegram.memory.memory import Memory
from qabot.errors import StateError
from qabot.settings import Settings

Standing = Literal["allowed", "stranger", "denied"]

_REMEMBERED = 10_000
"""Strangers that are remembered without the file, where it cannot be written."""

_log = logging.getLogger(__name__)


class Access:
    """The lists telegram_denied, telegram_allowed and telegram_admins. Ids are of users, and (negative) of groups.

    The deny-list goes first, also for admins. Under an allow-list a user is answered in every chat, and everybody is
    in a group that is on it.
    """

    def __init__(self, settings: Settings, memory: Memory | None) -> None:
        self._denied = frozenset(settings.telegram_denied)
        self._allowed = frozenset(settings.telegram_allowed)
        self._admins = frozenset(settings.telegram_admins)
        self._memory = memory
        self._told: OrderedDict[int, None] = OrderedDict()

    def standing(self, user: int | None, chat: int | None) -> Standing:
        """Whether to answer `user` in `chat`; either may be unknown (inline queries have no chat, channels no user)."""
        who = {user, chat} - {None}
        if who & self._denied:
            return "denied"
        if not self._allowed or who & self._allowed or user in self._admins:
            return "allowed"
        return "stranger"

    def allowed(self, user: int | None, chat: int | None) -> bool:
        return self.standing(user, chat) == "allowed"

    def is_admin(self, user: int | None) -> bool:
        return user in self._admins and user not in self._denied

    def tell(self, user: int | None, chat: int | None) -> bool:
        """Whether a stranger is to be told: once for each user in private, once for each group; never who is denied."""
        if self.standing(user, chat) != "stranger":
            return False
        id_ = chat if chat is not None else user
        if id_ is None or id_ in self._told:
            return False
        self._told[id_] = None
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)
        try:
            return self._memory is None or self._memory.strangers.first_time(id_)
        except StateError as error:
            _log.warning("%s", error)
            return True
