"""A long silence that Telegram asks for in, a word to the owners with its end out; a beat looks.

Pushes are silent then, so it goes as an answer would, straight to each owner. Each silence is told
once, by this process: after a restart the pace knows of none, and meets it anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.briefs.layouts.announce import hush
from bot.jobs.pacer import Pacer
from bot.model import BotId, ChatId
from bot.storage import Storage, subscribers, team
from bot.texts import Texts
from bot.transports import Board

LONG = timedelta(minutes=5)  # shorter ones are over before anybody has read of them
PAUSE = timedelta(minutes=1)  # before an owner is tried again whom the word did not reach


@dataclass(slots=True)
class _Silence:
    """One silence that is being told."""

    until: datetime
    told: set[ChatId] = field(default_factory=set)
    tried_at: datetime | None = None


class HushJob:
    """Tell owners of silences; ``zone`` is of owners who chose none."""

    def __init__(
        self,
        storage: Storage,
        board: Board,
        pacer: Pacer,
        texts: Texts,
        *,
        bot: BotId,
        zone: ZoneInfo,
        now: Callable[[], datetime],
    ) -> None:
        self._storage = storage
        self._board = board
        self._pacer = pacer
        self._texts = texts
        self._bot = bot
        self._zone = zone
        self._now = now
        self._silences: dict[bool, _Silence] = {}  # of copies alone, or of everything

    async def look(self) -> None:
        """Tell of a silence that has begun; one of everything is not told again of copies."""
        everything = timedelta(seconds=self._pacer.silence())
        copies = timedelta(seconds=self._pacer.silence(is_copy=True))
        await self._tell(everything, are_copies=False)
        await self._tell(copies if copies > everything else timedelta(0), are_copies=True)

    async def _tell(self, left: timedelta, *, are_copies: bool) -> None:
        now = self._now()
        silence = self._silences.get(are_copies)
        if silence is None or silence.until <= now:
            if left < LONG:
                return
            silence = self._silences[are_copies] = _Silence(now + left)
        if silence.tried_at is not None and now - silence.tried_at < PAUSE:
            return
        silence.tried_at = now
        for owner in await team.owners(self._storage):
            await self._tell_one(ChatId(owner), silence, are_copies=are_copies)

    async def _tell_one(self, owner: ChatId, silence: _Silence, *, are_copies: bool) -> None:
        if owner in silence.told:
            return
        reader = await subscribers.find(self._storage, self._bot, owner)
        zone = self._zone if reader is None else ZoneInfo(reader.zone)
        word = hush(silence.until, self._now(), zone, self._texts, are_copies=are_copies)
        if await self._board.show(owner, None, word) is not None:
            silence.told.add(owner)
