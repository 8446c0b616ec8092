"""What a reader follows, mutes and prefers decides what stands in the digest."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.articles.watch import watched
from bot.model import (
    FeedId,
    Fixture,
    Length,
    Mode,
    Section,
    SourceId,
    StoryId,
    Subject,
    Subscriber,
    source_subject,
    story_subject,
    words_subject,
)
from bot.storage import fixtures, subscribers, subscriptions
from tests.jobs.digest_desk import FRIDAY, SEVEN, Desk, local
from tests.jobs.newsroom import DAY, HOUR, Newsroom, entry


@pytest.fixture
def desk(newsroom: Newsroom) -> Desk:
    return Desk(newsroom)


async def prefer(desk: Desk, reader: Subscriber, *subjects: Subject) -> None:
    """Let a reader follow subjects in the digest."""
    async with desk.newsroom.storage.transaction() as tx:
        await subscriptions.follow(tx, reader.id, subjects, Mode.DIGEST, desk.clock())


async def mute(desk: Desk, reader: Subscriber, subject: Subject) -> None:
    now = desk.clock()
    async with desk.newsroom.storage.transaction() as tx:
        await subscriptions.mute(tx, reader.id, subject, until=now + 3 * DAY, now=now)


async def test_a_followed_source_and_followed_words_bring_their_news_in(desk: Desk) -> None:
    readers = [await desk.newsroom.reader(chat, Section.SPORT, minutes=[SEVEN]) for chat in (1, 2)]
    await prefer(desk, readers[0], source_subject(SourceId(1)))
    await prefer(desk, readers[1], words_subject(watched(entry(1).title)))
    one, two = await desk.news(2)

    await desk.at(local(FRIDAY, "07:00"))

    [of_source], [of_words] = [await desk.told(reader) for reader in readers]
    assert (one in of_source, two in of_source) == (True, True)
    assert (one in of_words, two in of_words) == (True, False)


async def test_muted_words_are_in_no_digest_until_the_mute_ends(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    await mute(desk, reader, words_subject(watched(entry(1).title)))
    one, two = await desk.news(2)
    await desk.at_due(reader)
    desk.clock.moment = local(FRIDAY + 5 * DAY, "06:00")
    [again] = await desk.news(body=f"{entry(1).title} {entry(1).body}")

    await desk.at(local(FRIDAY + 5 * DAY, "07:00"))

    first, second = await desk.told(reader)
    assert (one in first, two in first, again in second) == (False, True, True)


async def test_a_followed_story_is_in_again_when_it_grew_and_not_else(desk: Desk) -> None:
    """T54; kite #289: once, and again only when something happened."""
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    [title] = await desk.news()
    await prefer(desk, reader, story_subject(StoryId(1)))
    await desk.at_due(reader)
    desk.clock.turn(HOUR)
    other = await desk.newsroom.feed("https://sahil.example/feed", source="الساحل")
    await desk.newsroom.take(other, entry(1, link="https://sahil.example/1"))
    await desk.at_due(reader)
    desk.clock.turn(HOUR)
    await desk.news()

    await desk.at_due(reader)

    assert [title in told for told in await desk.told(reader)] == [True, True, False]


async def test_who_wants_to_know_is_told_of_a_quiet_day_in_the_same_words_as_others(
    desk: Desk,
) -> None:
    for chat in (1, 2, 3):
        reader = await desk.newsroom.reader(chat, minutes=[SEVEN])
        if chat < 3:
            async with desk.newsroom.storage.transaction() as tx:
                await subscribers.choose_quiet_day(tx, reader.id, is_wanted=True)

    assert await desk.at(local(FRIDAY, "07:00")) == 2

    assert await desk.newsroom.count("briefs") == 1


@pytest.mark.parametrize(
    ("sections", "is_told"),
    [((Section.SPORT, Section.POLITICS), True), ((), True), ((Section.POLITICS,), False)],
    ids=["follows sport", "follows everything", "follows something else"],
)
async def test_todays_matches_are_for_who_follows_sport_or_everything(
    desk: Desk, sections: Sequence[Section], *, is_told: bool
) -> None:
    reader = await desk.newsroom.reader(1, *sections, minutes=[SEVEN])
    if not sections:
        async with desk.newsroom.storage.transaction() as tx:
            await subscriptions.unfollow_sections(tx, reader.id, Section)
    await desk.news()
    days = (FRIDAY - DAY, FRIDAY, FRIDAY + DAY)
    played = [Fixture(f"{d}", f"الوداد {d.day}", "الرجاء", local(d, "18:00")) for d in days]
    async with desk.newsroom.storage.transaction() as tx:
        await fixtures.keep(tx, FeedId(1), played, desk.clock())

    await desk.at(local(FRIDAY, "07:00"))

    [told] = await desk.told(reader)
    assert ("الوداد 27" in told, "الوداد 28" in told) == (is_told, False)


async def test_the_length_is_the_readers_and_readers_of_one_length_share_a_brief(
    desk: Desk,
) -> None:
    for chat, length in enumerate((*Length, *Length), start=1):
        reader = await desk.newsroom.reader(chat, minutes=[SEVEN])
        async with desk.newsroom.storage.transaction() as tx:
            await subscribers.choose_length(tx, reader.id, length)
    await desk.news(9)

    await desk.at(local(FRIDAY, "07:00"))

    sizes = [len((await desk.told(reader))[0]) for reader in await everybody(desk)]
    assert sizes[:3] == sizes[3:] == sorted(sizes[:3])
    assert await desk.newsroom.count("briefs", "kind = 'digest'") == 3


async def everybody(desk: Desk) -> list[Subscriber]:
    rows = await desk.newsroom.rows("SELECT * FROM subscribers ORDER BY id")
    return [subscribers.subscriber_from(row) for row in rows]
