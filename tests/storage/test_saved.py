"""What ``storage.saved`` promises on every engine."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.model import BotId, ChatId, ChatKind, StoryId, SubscriberId
from bot.storage import Storage, Transaction, saved, subscribers
from tests.build import NOON, draft, print_story

HOUR = timedelta(hours=1)


async def reader(tx: Transaction, chat: int = 1001) -> SubscriberId:
    made, _ = await subscribers.join(
        tx, BotId(7), ChatId(chat), kind=ChatKind.PRIVATE, zone="UTC", now=NOON
    )
    return made.id


async def shelve(storage: Storage, count: int) -> tuple[SubscriberId, list[StoryId]]:
    """Save some stories, an hour after another."""
    async with storage.transaction() as tx:
        salma = await reader(tx)
        told = [await print_story(tx, draft(title=f"خبر {n}")) for n in range(count)]
        for number, story in enumerate(told):
            await saved.save(tx, salma, story, NOON + number * HOUR)
    return salma, told


async def shelf(storage: Storage, salma: SubscriberId, until: datetime | None = None) -> list[int]:
    return list(await saved.shelf(storage, salma, until or NOON + 100 * HOUR))


async def test_what_was_saved_last_stands_first(storage: Storage) -> None:
    salma, told = await shelve(storage, 3)

    assert await shelf(storage, salma) == told[::-1]
    assert await saved.count(storage, salma) == 3


async def test_a_shelf_can_be_seen_as_it_was_at_a_moment(storage: Storage) -> None:
    salma, told = await shelve(storage, 3)

    assert await shelf(storage, salma, NOON + HOUR) == [told[1], told[0]]


async def test_saved_twice_it_stands_once_and_where_it_stood(storage: Storage) -> None:
    salma, told = await shelve(storage, 2)

    async with storage.transaction() as tx:
        is_there = await saved.save(tx, salma, told[0], NOON + 9 * HOUR)

    assert is_there
    assert await shelf(storage, salma) == told[::-1]


async def test_what_is_taken_off_is_gone_and_again_is_no_fault(storage: Storage) -> None:
    salma, told = await shelve(storage, 2)

    async with storage.transaction() as tx:
        await saved.unsave(tx, salma, told[0])
        await saved.unsave(tx, salma, told[0])

    assert await shelf(storage, salma) == [told[1]]
    assert not await saved.is_saved(storage, salma, told[0])
    assert await saved.is_saved(storage, salma, told[1])


async def test_a_story_that_is_not_there_cannot_be_saved(storage: Storage) -> None:
    async with storage.transaction() as tx:
        salma = await reader(tx)
        is_there = await saved.save(tx, salma, StoryId(99), NOON)

    assert not is_there
    assert await shelf(storage, salma) == []


async def test_a_shelf_is_its_readers_own(storage: Storage) -> None:
    _, told = await shelve(storage, 1)
    async with storage.transaction() as tx:
        younes = await reader(tx, 1003)

    assert await shelf(storage, younes) == []
    assert not await saved.is_saved(storage, younes, told[0])
