"""Plain instants that pile up before a reader in, one brief of them all out; a beat starts it.

They pile up in quiet hours, or when Telegram cannot be reached. Urgent ones never wait so long, and
what has expired lives on in the digest. The deliverer knows nothing of this: it finds one row where
there were many.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from bot.briefs.layouts.away import together
from bot.jobs.manners import Manners
from bot.model import BriefId, Priority
from bot.outbox.coalesce import MOST_ALONE, together_occasion
from bot.outbox.settle import LONGEST_WAIT
from bot.storage import Storage, Transaction, alerts, briefs, stories, waves
from bot.storage import together as outbox
from bot.storage.together import Piled
from bot.texts import Texts

AT_ONCE = 500  # deliveries a transaction
# What will be due so soon is told together. It is longer than the longest wait between two tries:
# while Telegram is away, all that waits is seen.
SOON = LONGEST_WAIT + timedelta(minutes=5)


class TogetherJob:
    """Make one message of many that wait for one reader."""

    def __init__(
        self,
        storage: Storage,
        texts: Texts,
        manners: Manners,
        *,
        now: Callable[[], datetime],
        on_written: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._texts = texts
        self._manners = manners
        self._now = now
        self._on_written = on_written

    async def fold(self) -> int:
        """Fold what has piled up; return for how many readers."""
        folded = 0
        while some := await self._piled():
            async with self._storage.transaction() as tx:
                written = await self._fold_some(tx, some)
            if not written:
                break  # the deliverer was faster
            folded += written
            self._on_written()
        return folded

    async def _piled(self) -> Sequence[Piled]:
        """Return what has piled up, a slice of readers; the last one is cut off with the slice."""
        now = self._now()
        some = await outbox.piled(
            self._storage, self._manners.bot,
            now=now, soon=now + SOON, most=MOST_ALONE, limit=AT_ONCE,
        )  # fmt: skip
        if len(some) < AT_ONCE:
            return some
        last = some[-1].subscriber
        return [one for one in some if one.subscriber != last] or some

    async def _fold_some(self, tx: Transaction, some: Sequence[Piled]) -> int:
        """Fold the instants of some readers; readers of the same ones share a brief."""
        now = self._now()
        made: dict[tuple[BriefId, ...], BriefId] = {}
        folded = 0
        for subscriber, theirs in groupby(some, attrgetter("subscriber")):
            taken = await outbox.take(tx, subscriber, tuple(theirs), now)
            if not taken:
                continue
            told = tuple(one.brief for one in taken)
            if told not in made:
                made[told] = await self._lay_out(tx, told, now)
            occasion = await waves.occasion(tx, together_occasion(made[told]), now)
            lasts = max(one.expires_at for one in taken) - now
            folded += await alerts.write(
                tx, occasion, [subscriber], made[told],
                priority=Priority.INSTANT, now=now, lasts=lasts,
            )  # fmt: skip
        return folded

    async def _lay_out(self, tx: Transaction, told: Sequence[BriefId], now: datetime) -> BriefId:
        said = [await briefs.get(tx, brief) for brief in told]
        listed = [story for brief in said for story in brief.stories]
        words = together(await stories.tellings(tx, listed), self._texts)
        return await briefs.keep(tx, words, now)
