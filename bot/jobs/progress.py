"""Broadcasts under way in, their progress messages brought up to date out; a beat starts it.

One message each, edited in place; the report of how it ended is the last edit. What is shown is
read from the wave, so a restart shows the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.briefs.layouts.progress import progress, report
from bot.model import BotId, Brief, BroadcastId, Tally, Wave, WaveState
from bot.outbox import report as numbers
from bot.storage import Storage, broadcasts, waves
from bot.storage.broadcasts import Broadcast
from bot.texts import Texts
from bot.transports import Board

SPAN = timedelta(seconds=10)  # over which the speed is measured: shorter spans jump
PATIENCE = timedelta(seconds=5)  # a confirmed broadcast without a message by then gets another


@dataclass(frozen=True, slots=True)
class _Look:
    """What an earlier look at a wave saw."""

    at: datetime
    tally: Tally


class ProgressJob:
    """Show every broadcast that is under way to the editor who confirmed it."""

    def __init__(
        self,
        storage: Storage,
        board: Board,
        texts: Texts,
        *,
        bot: BotId,
        now: Callable[[], datetime],
    ) -> None:
        self._bot = bot
        self._storage = storage
        self._board = board
        self._texts = texts
        self._now = now
        self._looks: dict[BroadcastId, list[_Look]] = {}
        self._shown: dict[BroadcastId, Brief] = {}

    async def show(self) -> None:
        """Bring every progress message up to date; a broadcast that is over gets its report."""
        for broadcast in await broadcasts.unreported(self._storage, self._bot):
            if broadcast.wave is None:
                continue
            wave = await waves.get(self._storage, broadcast.wave)
            if wave is not None:
                await self._show_one(broadcast, wave)

    async def _show_one(self, broadcast: Broadcast, wave: Wave) -> None:
        is_over = await self._is_over(wave)
        brief = self._report(broadcast, wave) if is_over else self._progress(broadcast, wave)
        if self._shown.get(broadcast.id) != brief:
            if not await self._put(broadcast, brief):
                return
            self._shown[broadcast.id] = brief
        if is_over:
            async with self._storage.transaction() as tx:
                await broadcasts.reported(tx, broadcast.id)
            self._looks.pop(broadcast.id, None)
            self._shown.pop(broadcast.id, None)

    async def _is_over(self, wave: Wave) -> bool:
        """Say whether a wave has ended and nothing of it is in hand any more."""
        if wave.state is WaveState.CANCELLED:
            return not await waves.is_in_flight(self._storage, wave.id)
        return wave.state is WaveState.DONE

    async def _put(self, broadcast: Broadcast, brief: Brief) -> bool:
        """Edit the message, and say whether it shows the brief now.

        A broadcast confirmed just now has no message yet: it is on its way. If the process died
        before it was sent, it is sent here.
        """
        message, confirmed = broadcast.progress_message, broadcast.confirmed_at
        if message is None and confirmed is not None and self._now() - confirmed < PATIENCE:
            return False
        shown = await self._board.show(broadcast.chat, message, brief)
        if shown is not None and shown != message:
            async with self._storage.transaction() as tx:
                await broadcasts.show_in(tx, broadcast.id, shown)
        return shown is not None

    def _progress(self, broadcast: Broadcast, wave: Wave) -> Brief:
        now, total = self._now(), broadcast.total or 0
        looks = self._looks.setdefault(broadcast.id, [])
        looks.append(_Look(now, wave.tally))
        while now - looks[0].at > SPAN:
            looks.pop(0)
        first = looks[0]
        seen = numbers.progress(
            wave.tally, total, since=first.tally, seconds=(now - first.at).total_seconds()
        )
        return progress(
            broadcast.id,
            wave.state,
            wave.tally,
            self._texts,
            total=total,
            percent=seen.percent,
            per_second=seen.per_second,
            left=seen.left,
            act=wave.act,
        )

    def _report(self, broadcast: Broadcast, wave: Wave) -> Brief:
        is_cancelled = wave.state is WaveState.CANCELLED
        total = max(broadcast.total or 0, wave.tally.settled)
        return report(
            broadcast.id,
            wave.tally,
            self._texts,
            total=total,
            is_cancelled=is_cancelled,
            act=wave.act,
        )
