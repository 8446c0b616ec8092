"""What ``storage.feedback`` promises on every engine."""

from __future__ import annotations

from datetime import timedelta

from bot.model import BotId, ChatId, ChatKind, StoryId, SubscriberId
from bot.storage import Storage, Transaction, feedback, subscribers
from tests.build import NOON, draft, print_story

HOUR = timedelta(hours=1)


async def reader(tx: Transaction, chat: int) -> SubscriberId:
    made, _ = await subscribers.join(
        tx, BotId(7), ChatId(chat), kind=ChatKind.PRIVATE, zone="UTC", now=NOON
    )
    return made.id


async def test_a_reader_reports_a_story_once(storage: Storage) -> None:
    async with storage.transaction() as tx:
        salma, story = await reader(tx, 1001), await print_story(tx, draft())
        before = await feedback.has_reported(tx, salma, story)
        first = await feedback.report(tx, salma, story, "العنوان مضلل", NOON)
        again = await feedback.report(tx, salma, story, "القسم خاطئ", NOON + HOUR)

    assert (before, first, again) == (False, True, False)
    assert await feedback.has_reported(storage, salma, story)
    assert [one.words for one in await feedback.open_ones(storage, 10)] == ["العنوان مضلل"]


async def test_reports_wait_oldest_first_and_are_counted(storage: Storage) -> None:
    async with storage.transaction() as tx:
        story = await print_story(tx, draft())
        people = [await reader(tx, chat) for chat in (1001, 1002, 1003)]
        for number, person in enumerate(people):
            await feedback.report(tx, person, story, "", NOON - number * HOUR)

    waiting = await feedback.open_ones(storage, 2)

    assert [one.subscriber for one in waiting] == [people[2], people[1]]
    assert [one.at for one in waiting] == [NOON - 2 * HOUR, NOON - HOUR]
    assert {one.story for one in waiting} == {story}
    assert await feedback.count(storage) == 3


async def test_what_was_dealt_with_waits_no_more_and_may_not_be_reported_anew(
    storage: Storage,
) -> None:
    async with storage.transaction() as tx:
        salma, story = await reader(tx, 1001), await print_story(tx, draft())
        await feedback.report(tx, salma, story, "", NOON)
        (mistake,) = await feedback.open_ones(tx, 10)
        done = await feedback.handle(tx, mistake.id, NOON + HOUR)
        again = await feedback.handle(tx, mistake.id, NOON + HOUR)
        reported = await feedback.report(tx, salma, story, "", NOON + HOUR)

    assert (done, again, reported) == (True, False, False)
    assert await feedback.count(storage) == 0
    assert await feedback.has_reported(storage, salma, story)


async def test_of_a_story_that_is_gone_nothing_is_kept(storage: Storage) -> None:
    async with storage.transaction() as tx:
        salma = await reader(tx, 1001)
        is_kept = await feedback.report(tx, salma, StoryId(99), "", NOON)

    assert not is_kept
    assert await feedback.count(storage) == 0
