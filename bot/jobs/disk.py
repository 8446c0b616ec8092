"""A database that takes nothing any more in, one word to the owners out; a beat looks each minute.

The disk is full, or the file became read-only. Meanwhile feeds are visited again later and nothing
is sent, so nothing is lost; when the database takes a word again everything goes on by itself. The
outbox cannot carry this notice, since it must be written: it goes straight to the owners.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from bot.briefs.layouts.notices import Notices
from bot.errors import StorageError
from bot.model import Brief, ChatId
from bot.storage import Storage, desk, team
from bot.transports import Board

log = logging.getLogger(__name__)

_SETTING = "last_written"


class DiskWatch:
    """Tell the owners once when the database takes nothing, and once when it does again."""

    def __init__(
        self,
        storage: Storage,
        board: Board,
        words: Notices,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._storage = storage
        self._board = board
        self._words = words
        self._now = now
        self._since: datetime | None = None  # when it was first found to take nothing
        self._is_told = False  # that it takes nothing

    async def look(self) -> None:
        """Write one word; what comes of it is what the owners hear."""
        now = self._now()
        try:
            async with self._storage.transaction() as tx:
                await desk.keep_setting(tx, _SETTING, now.isoformat())
        except StorageError as error:
            if self._since is None:
                self._since = now
                log.error("disk.refused", extra={"cause": str(error)})
            if not self._is_told:
                self._is_told = await self._tell(self._words.disk_refuses(self._since, now))
            return
        if self._since is not None:
            since, was_told = self._since, self._is_told
            self._since, self._is_told = None, False
            log.warning("disk.takes_again", extra={"since": since.isoformat()})
            if was_told:
                await self._tell(self._words.disk_takes_again(since, now))

    async def _tell(self, brief: Brief) -> bool:
        """Tell every owner; say whether somebody was reached."""
        people = await team.in_charge(self._storage)
        shown = [await self._board.show(ChatId(person), None, brief) for person in people]
        return not people or any(message is not None for message in shown)
