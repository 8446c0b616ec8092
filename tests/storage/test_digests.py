"""What ``storage.digests`` promises on every engine."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.errors import StorageError
from bot.model import EVERY_DAY, Digest, Subscriber, SubscriberId
from bot.storage import Storage, digests, subscribers
from tests.build import NOON
from tests.crowd import BOT, join

HOUR = timedelta(hours=1)
MORNING, EVENING = 7 * 60, 19 * 60


async def give(storage: Storage, person: Subscriber, minute: int, next_at: datetime = NOON) -> None:
    async with storage.transaction() as tx:
        await digests.add(tx, person.id, minute, covered_until=NOON - 24 * HOUR, next_at=next_at)


async def due(
    storage: Storage, now: datetime = NOON, limit: int = 10
) -> list[tuple[Digest, Subscriber]]:
    async with storage.transaction() as tx:
        return list(await digests.due(tx, BOT, now, limit))


@pytest.fixture
async def salma(storage: Storage) -> Subscriber:
    """Give a reader."""
    [joined] = await join(storage, [1001])
    return joined


async def test_hours_stand_in_the_order_of_the_day_each_once(
    storage: Storage, salma: Subscriber
) -> None:
    for minute, next_at in ((EVENING, NOON), (MORNING, NOON), (EVENING, NOON + HOUR)):
        await give(storage, salma, minute, next_at)

    hours = await digests.of(storage, salma.id)

    assert [(one.minute, one.next_at) for one in hours] == [(MORNING, NOON), (EVENING, NOON)]
    assert hours[0].weekdays == EVERY_DAY


async def test_an_hour_taken_away_is_never_due(storage: Storage, salma: Subscriber) -> None:
    await give(storage, salma, MORNING)

    async with storage.transaction() as tx:
        await digests.remove(tx, salma.id, MORNING)

    assert list(await digests.of(storage, salma.id)) == await due(storage) == []


async def test_what_is_due_comes_with_its_reader_in_the_order_of_the_hours(
    storage: Storage,
) -> None:
    people = await join(storage, range(1, 6))
    for person, hours in zip(people, (-1, 0, -3, 1, -2), strict=True):
        await give(storage, person, MORNING, NOON + hours * HOUR)

    found = await due(storage)

    assert [reader.chat for _, reader in found] == [3, 5, 1, 2]
    assert all(digest.subscriber == reader.id for digest, reader in found)
    assert [reader.chat for _, reader in await due(storage, limit=2)] == [3, 5]


async def test_an_edition_covers_all_of_its_readers_hours_and_plans_its_own(
    storage: Storage, salma: Subscriber
) -> None:
    [other] = await join(storage, [1002])
    await give(storage, salma, MORNING)
    await give(storage, salma, EVENING, NOON + 7 * HOUR)
    await give(storage, other, MORNING, NOON + HOUR)
    [(digest, _)] = await due(storage)

    async with storage.transaction() as tx:
        await digests.cover(tx, digest, covered_until=NOON, next_at=NOON + 24 * HOUR)

    morning, evening = await digests.of(storage, salma.id)
    [untouched] = await digests.of(storage, other.id)
    assert (morning.covered_until, morning.next_at) == (NOON, NOON + 24 * HOUR)
    assert (evening.covered_until, evening.next_at) == (NOON, NOON + 7 * HOUR)
    assert untouched.covered_until == NOON - 24 * HOUR


async def test_of_two_hours_slept_through_the_second_is_due_when_the_first_has_covered_it(
    storage: Storage, salma: Subscriber
) -> None:
    """Else one reader would be told the same twice after a night of the machine."""
    await give(storage, salma, EVENING, NOON - HOUR)
    await give(storage, salma, MORNING, NOON - 13 * HOUR)

    [(first, _)] = await due(storage)
    async with storage.transaction() as tx:
        await digests.cover(tx, first, covered_until=NOON, next_at=NOON + 11 * HOUR)
    [(second, _)] = await due(storage)

    assert (first.minute, second.minute) == (MORNING, EVENING)
    assert second.covered_until == NOON


async def test_a_plan_moves_the_hour_and_only_named_weekdays(
    storage: Storage, salma: Subscriber
) -> None:
    await give(storage, salma, MORNING)
    [digest] = await digests.of(storage, salma.id)

    async with storage.transaction() as tx:
        await digests.plan(tx, digest.id, next_at=NOON + HOUR, weekdays=0b0011111)
        await digests.plan(tx, digest.id, next_at=NOON + 2 * HOUR)

    [planned] = await digests.of(storage, salma.id)
    assert (planned.next_at, planned.weekdays) == (NOON + 2 * HOUR, 0b0011111)


async def test_who_left_is_due_too_and_is_known_to_have_left(
    storage: Storage, salma: Subscriber
) -> None:
    await give(storage, salma, MORNING)
    async with storage.transaction() as tx:
        await subscribers.leave(tx, salma.id, NOON)

    [(_, reader)] = await due(storage)

    assert not reader.is_active


async def test_nobody_has_an_hour_without_having_joined(storage: Storage) -> None:
    """T57; reader 3.16."""

    async def add() -> None:
        async with storage.transaction() as tx:
            await digests.add(tx, SubscriberId(404), MORNING, covered_until=NOON, next_at=NOON)

    with pytest.raises(StorageError):
        await add()
