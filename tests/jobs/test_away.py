"""After an outage: one brief a reader, of what would have been pushed, once, whatever breaks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.articles.watch import watched
from bot.jobs import away as job
from bot.jobs.away import AwayJob
from bot.model import (
    FeedId,
    Mode,
    Section,
    SourceId,
    UrgentChoice,
    source_subject,
    to_ms,
    words_subject,
)
from bot.outbox.coalesce import STILL_AN_ALARM
from bot.storage import Storage, absence, hold, subscribers
from bot.storage.absence import AWAY, CATCH_UP
from tests.jobs.newsroom import DAY, HOUR, MINUTE, SECOND, TEXTS, Newsroom, entry
from tests.jobs.street import Street, fire, fire_elsewhere, urgent

FOUR_HOURS = 4 * HOUR


class House(Street):
    """A newsroom that stops and begins again."""

    def __init__(self, newsroom: Newsroom) -> None:
        super().__init__(newsroom)
        self.woken = 0
        self.job = self.make()

    def make(self, storage: Storage | None = None) -> AwayJob:
        return AwayJob(
            storage or self.newsroom.storage,
            TEXTS,
            self.newsroom.manners,
            now=self.clock,
            on_written=self._wake,
        )

    def _wake(self) -> None:
        self.woken += 1

    async def away_for(self, span: timedelta = FOUR_HOURS) -> None:
        """Be alive, stop, and begin again after a span."""
        await self.job.live()
        self.clock.turn(span)
        await self.begins()

    async def begins(self) -> None:
        """Do what a start does."""
        await self.newsroom.restart()
        self.job = self.make()
        async with self.newsroom.storage.transaction() as tx:
            await absence.wake(tx, self.clock())

    async def takes(self, feed: FeedId, *numbers: int) -> None:
        """Take in news that happened while we were away."""
        now = self.clock()
        await self.newsroom.take(
            feed, *(entry(number, published_at=now - HOUR) for number in numbers)
        )

    async def catches_up(self) -> int:
        """Let every feed be visited, and tell the readers."""
        self.clock.turn(SECOND)
        async with self.newsroom.storage.transaction() as tx:
            next_visit = to_ms(self.clock() + HOUR)
            await tx.execute("UPDATE feeds SET next_poll_at = :at", {"at": next_visit})
        return await self.job.tell()


@pytest.fixture
def house(newsroom: Newsroom) -> House:
    return House(newsroom)


async def politics(house: House, chat: int, mode: Mode = Mode.INSTANT) -> None:
    person = await house.reader(chat, sections=[Section.POLITICS], mode=mode)
    async with house.newsroom.storage.transaction() as tx:
        await subscribers.choose_urgent(tx, person.id, UrgentChoice.NO)


async def test_forty_stories_of_an_outage_are_one_brief_a_reader(house: House) -> None:
    await politics(house, 1)
    await politics(house, 2)
    await politics(house, 3, Mode.DIGEST)
    feed = await house.newsroom.feed()
    await house.away_for()

    for number in range(1, 41):
        await house.takes(feed, number)
    before = await house.told()
    written = await house.catches_up()

    assert (before, written, house.woken) == ([], 2, 1)
    assert await house.told() == [1, 2]
    [said] = await house.content(1)
    assert "في غيابنا: 40 خبرا جديدا" in said
    assert all(entry(number).title in said for number in range(1, 41))
    assert await house.newsroom.count("briefs", "content LIKE '%في غيابنا%'") == 1
    assert await house.newsroom.count("waves") == 0


async def test_when_we_have_caught_up_news_goes_out_as_ever(house: House) -> None:
    await politics(house, 1)
    feed = await house.newsroom.feed()
    await house.away_for()
    await house.takes(feed, 1)
    await house.catches_up()
    first = await house.delivered()
    again = await house.job.tell()

    await house.newsroom.take(feed, entry(2))

    assert [key.partition(":")[0] for _, key in first] == ["away"]
    assert again == 0
    assert [key for _, key in await house.delivered()] == ["story:2"]


@pytest.mark.parametrize("span", [AWAY, timedelta(0)], ids=["half an hour", "a restart"])
async def test_a_short_absence_is_none(house: House, span: timedelta) -> None:
    await politics(house, 1)
    feed = await house.newsroom.feed()
    await house.away_for(span)

    await house.takes(feed, 1)

    assert await house.told() == [1]


async def test_a_clock_that_jumps_while_we_run_is_no_absence(house: House) -> None:
    """A demo runs at six hundred times the speed, and machines sleep with their lids closed."""
    await politics(house, 1)
    feed = await house.newsroom.feed()
    await house.job.live()
    house.clock.turn(FOUR_HOURS)

    await house.takes(feed, 1)

    assert await house.told() == [1]


async def test_a_first_start_and_a_clock_set_back_are_no_absence(house: House) -> None:
    await politics(house, 1)
    feed = await house.newsroom.feed()
    await house.begins()
    await house.away_for(-DAY)

    await house.takes(feed, 1)

    assert await house.told() == [1]


async def test_nobody_waits_longer_than_ten_minutes_for_a_feed_that_does_not_answer(
    house: House,
) -> None:
    await politics(house, 1)
    feed = await house.newsroom.feed()
    await house.newsroom.feed("https://silent.example/feed", source="الصامت")
    await house.away_for()
    await house.takes(feed, 1)

    early = await house.job.tell()
    house.clock.turn(CATCH_UP)
    async with house.newsroom.storage.transaction() as tx:
        await tx.execute("UPDATE feeds SET next_poll_at = 0 WHERE host = 'marfa.example'")

    assert (early, await house.job.tell()) == (0, 1)


# Urgent news


@pytest.mark.parametrize("is_fresh", [True, False], ids=["still an alarm", "a report by now"])
async def test_fresh_urgent_news_goes_at_once_and_older_is_told_with_the_rest(
    house: House, *, is_fresh: bool
) -> None:
    feed = await house.newsroom.feed()
    await house.reader(1)
    await house.away_for()
    age = STILL_AN_ALARM if is_fresh else STILL_AN_ALARM + SECOND
    await house.newsroom.take(feed, urgent(entry(1, published_at=house.clock() - age)))

    at_once = await house.told()
    await house.catches_up()
    later = await house.told()

    assert (at_once, later) == (([1], []) if is_fresh else ([], [1]))


async def test_who_wants_no_urgent_news_is_not_told_of_it_later(house: House) -> None:
    feed = await house.newsroom.feed()
    person = await house.reader(1)
    async with house.newsroom.storage.transaction() as tx:
        await subscribers.choose_urgent(tx, person.id, UrgentChoice.NO)
    await house.away_for()
    await house.newsroom.take(feed, urgent(entry(1, published_at=house.clock() - HOUR)))

    assert await house.catches_up() == 0


# Whom it concerns


async def test_what_was_too_old_to_push_is_for_the_digest_alone(house: House) -> None:
    await politics(house, 1)
    feed = await house.newsroom.feed()
    await house.away_for(2 * DAY)
    await house.newsroom.take(feed, entry(1, published_at=house.clock() - DAY))

    assert await house.catches_up() == 0


async def test_a_first_visit_in_the_middle_of_catching_up_tells_nobody(house: House) -> None:
    """T27; mattermost-plugin-rssfeed #20."""
    await politics(house, 1)
    await house.away_for()
    feed = await house.newsroom.feed(is_new=True)
    await house.takes(feed, 1)

    assert await house.catches_up() == 0


async def test_followed_sources_and_words_are_in_it_and_mutes_are_not(house: House) -> None:
    here, there, _ = await house.papers()
    fire_words = words_subject(watched("مخزن الأخشاب"))
    await house.reader(1, source_subject(SourceId(2)))
    await house.reader(2, fire_words)
    muting = await house.reader(3, sections=[Section.POLITICS], mode=Mode.INSTANT)
    await house.mute(muting, fire_words)
    await house.away_for()
    await house.newsroom.take(here, fire())
    await house.newsroom.take(there, fire_elsewhere())

    await house.catches_up()

    assert await house.told() == [1, 2]


async def test_what_was_told_together_is_not_told_again_by_a_later_article(house: House) -> None:
    here, there, third = await house.papers()
    await house.reader(1, *(source_subject(SourceId(number)) for number in (1, 2, 3)))
    await house.newsroom.take(here, fire())
    first = await house.told()
    await house.away_for()
    await house.newsroom.take(there, fire_elsewhere())
    await house.takes(here, 7)
    await house.catches_up()
    second = await house.told()
    [_, said] = await house.content(1)

    await house.newsroom.take(third, fire_elsewhere(3), entry(7, link="https://jabal.example/7"))

    assert (first, second, await house.told()) == ([1], [1], [])
    assert entry(7).title in said
    assert fire().title not in said  # it was told before the outage


@pytest.mark.parametrize("is_standing", [True, False], ids=["catching up", "asleep"])
async def test_a_database_that_wakes_elsewhere_tells_nobody_what_its_twin_has_told(
    house: House, *, is_standing: bool
) -> None:
    """T39; listmonk #1801: no send without an owner's yes, also not of what was missed."""
    feed = await house.newsroom.feed()
    await politics(house, 1)
    await moves(house, "here")
    if is_standing:
        await house.away_for()
        await house.takes(feed, 1, 2, 3)
    else:
        await house.job.live()
        house.clock.turn(FOUR_HOURS)

    await moves(house, "there")
    await house.begins()
    await house.takes(feed, 4, 5, 6)
    told = await house.catches_up()
    at_first = await house.delivered()
    await house.takes(feed, 7)

    assert (told, at_first) == (0, [])
    assert await house.told() == [1]


async def moves(house: House, place: str) -> None:
    """Let the database wake at a place."""
    async with house.newsroom.storage.transaction() as tx:
        await hold.arrive(tx, place, house.clock())


async def test_a_quiet_outage_says_nothing(house: House) -> None:
    await politics(house, 1)
    await house.newsroom.feed()
    await house.away_for()

    assert await house.catches_up() == 0
    assert await absence.standing(house.newsroom.storage) is None


# Crashes


async def test_a_crash_while_we_catch_up_forgets_nothing(house: House) -> None:
    await politics(house, 1)
    feed = await house.newsroom.feed()
    await house.away_for()
    await house.takes(feed, 1)

    house.clock.turn(2 * MINUTE)
    await house.begins()
    await house.takes(feed, 2)
    await house.catches_up()

    assert await house.told() == [1]
    [said] = await house.content(1)
    assert entry(1).title in said
    assert entry(2).title in said


class PowerCut(Exception):  # noqa: N818 - it is what happened, not an error of ours
    """The process is gone."""


async def test_a_crash_while_readers_are_told_repeats_nothing_and_leaves_nobody_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "AT_ONCE", 2)
    for chat in range(1, 8):
        await politics(house, chat)
    feed = await house.newsroom.feed()
    await house.away_for()
    await house.takes(feed, 1)

    def cut() -> None:
        house.woken += 1
        if house.woken == 2:
            raise PowerCut

    house.job = AwayJob(
        house.newsroom.storage, TEXTS, house.newsroom.manners, now=house.clock, on_written=cut
    )
    with pytest.raises(PowerCut):
        await house.catches_up()
    half = await house.newsroom.count("deliveries")
    written = await house.make().tell()

    assert (half, written) == (4, 3)
    assert await house.told() == list(range(1, 8))


async def test_away_again_before_anybody_was_told_is_still_one_brief(house: House) -> None:
    await politics(house, 1)
    feed = await house.newsroom.feed()
    for number in (1, 2):
        await house.away_for()
        await house.takes(feed, number)

    assert await house.catches_up() == 1
    assert await house.told() == [1]
