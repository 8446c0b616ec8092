"""Plain instants that pile up before a reader in, one brief of them all out; a beat starts it.

They pile up in quiet hours, or when Telegram cannot be reached. Urgent ones never wait so long, and
what has expired lives on in the digest. The deliverer knows nothing of this: it finds one row where
there were many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from bot.briefs.layouts.away import together
from bot.jobs.manners import Manners
from bot.model import BriefId, Priority
from bot.outbox.coalesce import MOST_ALONE, together_occasion
from bot.outbox.settle import LONGEST_WAIT
from bot.storage import Storage, Transaction, briefs, deliveries, stories, waves
from bot.storage import together as outbox
from bot.storage.together import Piled
from bot.texts import Texts

SEEN = 20_000  # deliveries looked at once: to look costs more than to bundle
AT_ONCE = 500  # of them a transaction, about
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

    async def bundle(self) -> int:
        """Bundle what has piled up; return for how many readers."""
        bundled = 0
        while some := await self._piled():
            written = 0
            for slice_ in _slices(some):
                async with self._storage.transaction() as tx:
                    written += await self._bundle_some(tx, slice_)
            if not written:
                break  # the deliverer was faster
            bundled += written
            self._on_written()
        return bundled

    async def _piled(self) -> Sequence[Piled]:
        """Return what has piled up before some readers; the last of a full view may be cut off."""
        now = self._now()
        some = await outbox.piled(
            self._storage, self._manners.bot,
            now=now, soon=now + SOON, most=MOST_ALONE, limit=SEEN,
        )  # fmt: skip
        if len(some) < SEEN:
            return some
        last = some[-1].subscriber
        return [one for one in some if one.subscriber != last] or some

    async def _bundle_some(self, tx: Transaction, some: Sequence[Piled]) -> int:
        """Bundle the instants of some readers; readers of the same ones share a brief."""
        now = self._now()
        made: dict[tuple[BriefId, ...], BriefId] = {}
        bundled = 0
        for subscriber, theirs in groupby(some, attrgetter("subscriber")):
            taken = await outbox.take(tx, subscriber, tuple(theirs), now)
            if not taken:
                continue
            told = tuple(one.brief for one in taken)
            if told not in made:
                made[told] = await self._lay_out(tx, told, now)
            occasion = await waves.occasion(tx, together_occasion(made[told], now), now)
            lasts = max(one.expires_at for one in taken) - now
            bundled += await deliveries.write(
                tx, occasion, [subscriber], made[told],
                priority=Priority.INSTANT, now=now, lasts=lasts,
            )  # fmt: skip
        return bundled

    async def _lay_out(self, tx: Transaction, told: Sequence[BriefId], now: datetime) -> BriefId:
        said = [await briefs.get(tx, brief) for brief in told]
        listed = [story for brief in said for story in brief.stories]
        words = together(await stories.tellings(tx, listed), self._texts)
        return await briefs.keep(tx, words, now)


def _slices(some: Sequence[Piled]) -> Iterator[list[Piled]]:
    """Divide deliveries into transactions; those of one reader stay together."""
    slice_: list[Piled] = []
    for _, theirs in groupby(some, attrgetter("subscriber")):
        slice_ += theirs
        if len(slice_) >= AT_ONCE:
            yield slice_
            slice_ = []
    if slice_:
        yield slice_
