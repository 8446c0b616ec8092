"""Broadcasts whose hour has come in, waves out; a beat starts it.

The audience is the one of that hour: who joined since the editor confirmed is in it. An hour that
passed while nobody was there to keep it is not made up for in silence: readers may be asleep by
now, or the news may be old, so the editor is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.briefs.layouts import announce
from bot.model import BotId
from bot.storage import Storage, audit, broadcasts, scheduled, subscribers
from bot.storage.broadcasts import Broadcast
from bot.storage.launch import launch
from bot.texts import Texts
from bot.transports import Board

LATE = timedelta(minutes=15)  # what an editor forgives; a restart takes less


class AnnounceJob:
    """Begin what is due, and ask about what is late. ``zone`` is of editors who chose none."""

    def __init__(
        self,
        storage: Storage,
        board: Board,
        texts: Texts,
        *,
        bot: BotId,
        name: str,
        zone: ZoneInfo,
        now: Callable[[], datetime],
        on_begun: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._board = board
        self._texts = texts
        self._bot = bot
        self._name = name
        self._zone = zone
        self._now = now
        self._on_begun = on_begun

    async def begin_due(self) -> None:
        """Begin every broadcast whose hour has come; ask its editor where it came too long ago."""
        for broadcast in await scheduled.due(self._storage, self._bot, self._now()):
            await self._begin(broadcast)
        for broadcast in await scheduled.unasked(self._storage, self._bot):
            await self._ask(broadcast)

    async def _begin(self, broadcast: Broadcast) -> None:
        """Begin one, or note that it is late; what was moved or called off meanwhile is left."""
        now = self._now()
        async with self._storage.transaction() as tx:
            today = await broadcasts.get(tx, broadcast.id)
            if today != broadcast or today.due_at is None:
                return
            if now - today.due_at > LATE:
                await scheduled.miss(tx, today.id)
                await audit.note(tx, None, "broadcast.late", {"broadcast": today.id}, now)
                return
            await launch(tx, today.id, None, now)
        self._on_begun()

    async def _ask(self, broadcast: Broadcast) -> None:
        """Ask the editor, once; while it cannot be asked, the next beat tries again."""
        editor = await subscribers.find(self._storage, self._bot, broadcast.chat)
        zone = self._zone if editor is None else ZoneInfo(editor.zone)
        due = broadcast.due_at or self._now()
        question = announce.late(
            broadcast.id,
            announce.whom(broadcast.audience, broadcast.days, broadcast.total or 0, self._texts),
            announce.exact(due, zone=zone, now=self._now()),
            self._texts,
            name=self._name,
        )
        shown = await self._board.show(broadcast.chat, None, question)
        if shown is not None:
            async with self._storage.transaction() as tx:
                await broadcasts.show_in(tx, broadcast.id, shown)
