"""What ``storage.stats`` promises on every engine: figures that add up, and stay when rows go."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Priority, Rejected, Source, SourceId, Unreachable
from bot.storage import Storage, stats, subscribers
from bot.storage.stats import Newsroom, Pushes
from tests.build import NOON, draft, print_story
from tests.crowd import BOT, OTHER_BOT, answer, claim, join, say, tell_all, write
from tests.fakes import THURSDAY

HOUR = timedelta(hours=1)


async def test_pushes_are_counted_by_kind_and_end(storage: Storage) -> None:
    [salma, younes] = await join(storage, [1, 2])
    await say(storage, "عاجل", priority=Priority.URGENT)
    await tell_all(storage)
    await write(storage, salma, "digest")
    await tell_all(storage, Unreachable("blocked"))
    await write(storage, younes, "digest")
    await tell_all(storage, Rejected("too long"))

    assert await stats.pushes(storage, THURSDAY) == {
        Priority.URGENT: Pushes(sent=2),
        Priority.DIGEST: Pushes(failed=2),
    }


async def test_pushes_before_the_span_are_not_in_it(storage: Storage) -> None:
    [salma] = await join(storage, [1])
    for hours in range(3):
        await write(storage, salma, f"digest:{hours}")
        await tell_all(storage, now=THURSDAY + hours * HOUR)

    counted = [
        (await stats.pushes(storage, THURSDAY + hours * HOUR)).get(Priority.DIGEST, Pushes()).sent
        for hours in range(4)
    ]

    assert counted == [3, 2, 1, 0]


async def test_what_will_be_tried_again_is_not_counted_yet(storage: Storage) -> None:
    await join(storage, [1, 2])
    await say(storage, priority=Priority.INSTANT)
    batch = await claim(storage)
    assert batch is not None

    await answer(storage, batch, only=1)
    assert (await stats.pushes(storage, THURSDAY))[Priority.INSTANT] == Pushes(sent=1)


async def test_pushes_stay_counted_when_their_deliveries_are_pruned(storage: Storage) -> None:
    await join(storage, range(1, 4))
    await say(storage, priority=Priority.BROADCAST)
    await tell_all(storage)
    async with storage.transaction() as tx:
        await tx.execute("DELETE FROM deliveries")

    assert (await stats.pushes(storage, THURSDAY))[Priority.BROADCAST].sent == 3


async def test_counts_that_are_very_old_are_forgotten(storage: Storage) -> None:
    await join(storage, [1])
    await say(storage)
    await tell_all(storage)

    async with storage.transaction() as tx:
        await stats.forget(tx, THURSDAY)
        assert await stats.pushes(tx, THURSDAY)
        await stats.forget(tx, THURSDAY + HOUR)

    assert await stats.pushes(storage, THURSDAY) == {}


async def test_the_readership_is_counted_for_one_bot(storage: Storage) -> None:
    salma, younes, _ = await join(storage, [1, 2, 3])
    await join(storage, [1, 2], OTHER_BOT)
    async with storage.transaction() as tx:
        await subscribers.leave(tx, salma.id, THURSDAY + HOUR)
        await subscribers.block(tx, younes.id, THURSDAY + 2 * HOUR)

    of_all = await stats.newsroom(storage, BOT, THURSDAY)
    later = await stats.newsroom(storage, BOT, THURSDAY + 2 * HOUR)

    assert of_all == Newsroom(
        articles=0, stories=0, readers=1, active=1, joined=3, left=1, blocked=1
    )
    assert later == Newsroom(
        articles=0, stories=0, readers=1, active=0, joined=0, left=0, blocked=1
    )


async def test_the_most_told_stories_and_the_busiest_sources_come_first(storage: Storage) -> None:
    async with storage.transaction() as tx:
        alone = await print_story(tx, draft(title="خبر وحيد"))
        many = await print_story(
            tx,
            draft(title="خبر يرويه كثيرون"),
            draft(title="خبر يرويه كثيرون أيضا", source=Source(SourceId(0), "المرفأ")),
        )

    assert await stats.most_told(storage, NOON, 5) == [many, alone]
    assert await stats.most_told(storage, NOON, 1) == [many]
    assert await stats.most_told(storage, NOON + HOUR, 5) == []
    assert await stats.busiest_sources(storage, NOON, 5) == [("صحيفة الغد", 2), ("المرفأ", 1)]
    assert await stats.busiest_sources(storage, NOON + HOUR, 5) == []
    counted = await stats.newsroom(storage, BOT, NOON)
    assert (counted.articles, counted.stories) == (3, 2)


async def test_the_readership_is_counted_from_indexes_alone(storage: Storage) -> None:
    """A million rows are not read for one figure."""
    plan = await storage.fetch(f"EXPLAIN QUERY PLAN {stats.NEWSROOM}", {"bot": 1, "since": 5})

    looks = [str(row["detail"]) for row in plan if "SEARCH" in str(row["detail"])]
    assert len(looks) == 7
    assert [look for look in looks if "COVERING INDEX" not in look] == []
