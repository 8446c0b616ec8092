"""A clock that was a year ahead and is put right stops nothing for that year."""

from __future__ import annotations

from datetime import timedelta

from bot.jobs.prune import prune
from bot.model import Priority, from_ms
from bot.storage import Storage, digests, sources
from bot.storage.future import forget_future
from tests.crowd import ALL, BOT, join, say, tell_all
from tests.fakes import THURSDAY, FakeClock

YEAR = timedelta(days=365)
HOUR = timedelta(hours=1)


async def live_a_year_ahead(storage: Storage) -> None:
    """Plan a feed's visit, a digest and a wave under a clock that is a year ahead."""
    ahead = THURSDAY + YEAR
    [salma] = await join(storage, [1001])
    async with storage.transaction() as tx:
        source = await sources.add_source(tx, "المرفأ", ahead)
        await sources.add_feed(
            tx, source, "https://m.example/f", host="m.example", section=None,
            interval=HOUR, now=ahead,
        )  # fmt: skip
        await digests.add(tx, salma.id, 420, covered_until=ahead, next_at=ahead + HOUR)
    await say(storage, audience=ALL, priority=Priority.URGENT, now=ahead)


async def test_feeds_digests_and_waves_go_on_when_the_clock_is_put_right(storage: Storage) -> None:
    await live_a_year_ahead(storage)

    clock = FakeClock()
    await prune(storage, clock)

    async with storage.transaction() as tx:
        feeds = await sources.claim_due(tx, THURSDAY, limit=9, hosts=9, lease=HOUR)
        due = await digests.due(tx, BOT, THURSDAY, 9)
    assert len(feeds) == 1
    assert [digest.covered_until for digest, _ in due] == [THURSDAY]
    assert [len(batch.parcels) for batch in await tell_all(storage)] == [1]


async def test_what_is_planned_within_reason_stays(storage: Storage) -> None:
    [salma] = await join(storage, [1001])
    week = THURSDAY + timedelta(days=7)
    async with storage.transaction() as tx:
        await digests.add(tx, salma.id, 420, covered_until=THURSDAY, next_at=week)
        touched = await forget_future(tx, THURSDAY)

    rows = await storage.fetch("SELECT next_at FROM digests")
    assert touched == 0
    assert from_ms(int(str(rows[0]["next_at"]))) == week
