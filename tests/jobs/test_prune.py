"""What is forgotten once an hour, and what is not."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.articles.query import parse_query
from bot.jobs.prune import KEEP_ACTS, KEEP_DELIVERIES, KEEP_VIEWS, prune
from bot.model import (
    EPOCH,
    Audience,
    AudienceKind,
    ChatId,
    Later,
    Mode,
    Priority,
    Section,
    UserId,
    WaveState,
    section_subject,
    story_subject,
)
from bot.storage import (
    Storage,
    articles,
    briefs,
    deliveries,
    desk,
    saved,
    stories,
    subscriptions,
    waves,
)
from bot.storage.desk import Prompt, ViewKind
from bot.storage.engines.sqlite.engine import open_sqlite
from tests.crowd import answer, brief, claim, say, tell_all, turn, wave_of, write
from tests.jobs.conftest import NOW
from tests.jobs.newsroom import (
    DAY,
    FIRE,
    FIRE_ELSEWHERE,
    HOUR,
    SECOND,
    Clock,
    Newsroom,
    entry,
    event,
)

CHAT, PERSON = ChatId(1), UserId(1)


async def test_pages_are_kept_for_thirty_days(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        view = await desk.keep_view(tx, CHAT, ViewKind.SEARCH, {"words": "ميناء"}, clock())

    clock.turn(KEEP_VIEWS)
    await prune(storage, clock)
    assert await desk.view(storage, CHAT, view) is not None

    clock.turn(SECOND)
    await prune(storage, clock)
    assert await desk.view(storage, CHAT, view) is None


async def test_an_act_is_remembered_for_a_week(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        assert await desk.first_time(tx, CHAT, 7, clock())

    clock.turn(KEEP_ACTS)
    await prune(storage, clock)
    async with storage.transaction() as tx:
        assert not await desk.first_time(tx, CHAT, 7, clock())

    clock.turn(KEEP_ACTS + SECOND)
    await prune(storage, clock)
    async with storage.transaction() as tx:
        assert await desk.first_time(tx, CHAT, 7, clock())


async def test_a_question_that_still_waits_is_kept(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        await desk.ask(tx, CHAT, PERSON, Prompt("hour", {}), clock() + HOUR)

    clock.turn(HOUR - SECOND)
    await prune(storage, clock)

    assert await desk.asked(storage, CHAT, PERSON, clock()) is not None


async def test_a_question_that_nobody_answered_is_forgotten(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        await desk.ask(tx, CHAT, PERSON, Prompt("hour", {}), clock() + HOUR)

    clock.turn(2 * HOUR)
    await prune(storage, clock)

    assert await storage.fetch("SELECT * FROM prompts") == []


# News


class Archive:
    """A newsroom that has run for long: stories of any age, told and untold."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.storage = newsroom.storage
        self.clock = newsroom.clock

    async def prune(self) -> None:
        await prune(self.storage, self.clock, KEEP)

    async def titles(self) -> set[str]:
        return {one.title for one in await articles.latest(self.storage, limit=100)}

    async def finds(self, number: int) -> bool:
        """Say whether a search finds an event by its headline."""
        return bool(await self.storage.search(parse_query(event(number)[0]), limit=9))

    async def of_ages(self, ages: Sequence[int], on_shelf: Collection[int]) -> set[int]:
        """Print and tell a story of each age in days; return those that must be kept."""
        reader = await self.newsroom.reader(1)
        feed = await self.newsroom.feed()
        wanted: set[int] = set()
        for number, age in sorted(enumerate(ages), key=lambda pair: -pair[1]):
            self.clock.moment = NOW + (LONGEST - age) * DAY
            await self.newsroom.take(feed, entry(number))
            await tell_all(self.storage, now=self.clock())
            [newest] = await articles.latest(self.storage, limit=1)
            if number in on_shelf:
                async with self.storage.transaction() as tx:
                    await saved.save(tx, reader.id, newest.story, self.clock())
            if number in on_shelf or age * DAY <= KEEP:
                wanted.add(number)
        self.clock.moment = NOW + LONGEST * DAY
        return wanted

    async def tables(self) -> dict[str, list[str]]:
        """Return every row of every table that pruning may touch."""
        names = ("articles", "stories", "deliveries", "occasions", "waves", "briefs", "sightings",
                 "article_sections", "saved", "subscriptions")  # fmt: skip
        return {
            name: sorted(
                str(dict(row)) for row in await self.newsroom.rows(f"SELECT * FROM {name}")
            )
            for name in names
        }


KEEP = 60 * DAY
LONGEST = 120  # days that the archive goes back


@pytest.fixture
def archive(newsroom: Newsroom) -> Archive:
    return Archive(newsroom)


async def test_old_stories_go_with_their_search_rows_and_new_ones_stay(archive: Archive) -> None:
    feed = await archive.newsroom.feed()
    await archive.newsroom.take(feed, entry(1))
    archive.clock.turn(KEEP)
    await archive.newsroom.take(feed, entry(2))

    await archive.prune()
    before = (await archive.finds(1), await archive.finds(2))
    archive.clock.turn(SECOND)
    await archive.prune()

    assert before == (True, True)
    assert (await archive.finds(1), await archive.finds(2)) == (False, True)
    assert await archive.titles() == {entry(2).title}
    for table in ("stories", "articles", "article_sections"):
        assert await archive.newsroom.count(table) == 1


async def test_a_story_that_is_still_told_keeps_its_first_article(archive: Archive) -> None:
    here = await archive.newsroom.feed()
    there = await archive.newsroom.feed("https://sahil.example/feed", source="الساحل")
    await archive.newsroom.take(here, entry(1, title=FIRE[0], body=FIRE[1]))
    archive.clock.turn(2 * DAY)
    await archive.newsroom.take(there, entry(2, title=FIRE_ELSEWHERE[0], body=FIRE_ELSEWHERE[1]))
    archive.clock.turn(KEEP - DAY)
    await archive.newsroom.take(here, entry(3))

    await archive.prune()

    assert await archive.titles() == {FIRE[0], FIRE_ELSEWHERE[0], entry(3).title}


async def test_what_a_reader_saved_stays(archive: Archive) -> None:
    reader = await archive.newsroom.reader(1)
    feed = await archive.newsroom.feed()
    await archive.newsroom.take(feed, entry(1), entry(2))
    [kept, _] = await stories.begun_between(archive.storage, EPOCH, archive.clock(), 9)
    async with archive.storage.transaction() as tx:
        await saved.save(tx, reader.id, kept, archive.clock())
    archive.clock.turn(KEEP + SECOND)
    await archive.newsroom.take(feed, entry(3))

    await archive.prune()

    assert list(await saved.shelf(archive.storage, reader.id, archive.clock())) == [kept]
    assert await stories.telling(archive.storage, kept) is not None
    assert await archive.newsroom.count("articles") == 2


async def test_an_entry_that_comes_back_after_its_article_was_pruned_is_no_news(
    archive: Archive,
) -> None:
    """T10; RSStT #200."""
    feed = await archive.newsroom.feed()
    await archive.newsroom.take(feed, entry(1))
    archive.clock.turn(KEEP + SECOND)
    await archive.newsroom.take(feed, entry(2))
    await archive.prune()

    taken = await archive.newsroom.take(feed, entry(1), entry(2))

    assert (taken.new, taken.calls) == (0, 0)


async def test_the_number_of_a_story_is_never_given_twice(archive: Archive) -> None:
    """Who was told of story 1 would else never hear of the next story 1."""
    await archive.newsroom.reader(1)
    feed = await archive.newsroom.feed()
    await archive.newsroom.take(feed, entry(1))
    await tell_all(archive.storage, now=archive.clock())
    archive.clock.turn(10 * KEEP)

    await archive.prune()
    await archive.newsroom.restart()
    await archive.newsroom.take(feed, entry(2))

    assert len(await tell_all(archive.storage, now=archive.clock())) == 1


async def test_who_follows_a_story_that_is_gone_follows_nothing(archive: Archive) -> None:
    reader = await archive.newsroom.reader(1)
    feed = await archive.newsroom.feed()
    await archive.newsroom.take(feed, entry(1))
    [story] = await stories.begun_between(archive.storage, EPOCH, archive.clock(), 9)
    async with archive.storage.transaction() as tx:
        subject = story_subject(story)
        await subscriptions.follow(tx, reader.id, [subject], Mode.DIGEST, archive.clock())
    archive.clock.turn(KEEP + SECOND)
    await archive.newsroom.take(feed, entry(2))

    await archive.prune()

    taste = await subscriptions.taste(archive.storage, reader.id, archive.clock())
    assert list(taste.follows) == [section_subject(Section.POLITICS)]


# What was said


async def test_how_old_messages_fared_is_forgotten_and_the_tally_stays(archive: Archive) -> None:
    await archive.newsroom.reader(1)
    feed = await archive.newsroom.feed()
    await archive.newsroom.take(feed, entry(1))
    await tell_all(archive.storage, now=archive.clock())
    archive.clock.turn(KEEP_DELIVERIES)
    await archive.prune()
    kept = await archive.newsroom.count("deliveries")
    archive.clock.turn(SECOND)

    await archive.prune()

    assert (kept, await archive.newsroom.count("deliveries")) == (1, 0)
    [wave] = await archive.newsroom.rows("SELECT state, sent FROM waves")
    assert (wave["state"], wave["sent"]) == ("done", 1)
    assert await archive.newsroom.count("briefs") == 1  # the wave's


async def test_a_personal_message_goes_with_its_words(archive: Archive) -> None:
    reader = await archive.newsroom.reader(1)
    await write(archive.storage, reader, "digest:1:2026-11-26T07:00", now=archive.clock())
    await tell_all(archive.storage, now=archive.clock())
    archive.clock.turn(KEEP_DELIVERIES + SECOND)

    await archive.prune()

    assert [await archive.newsroom.count(one) for one in ("deliveries", "occasions", "briefs")] == [
        0, 0, 0,
    ]  # fmt: skip


async def test_words_that_are_said_again_are_kept(archive: Archive) -> None:
    """A quiet day is said in the same words for years."""
    reader = await archive.newsroom.reader(1)
    await write(archive.storage, reader, "quiet", now=archive.clock())
    await tell_all(archive.storage, now=archive.clock())
    archive.clock.turn(KEEP_DELIVERIES)
    async with archive.storage.transaction() as tx:
        said = await briefs.keep(tx, brief("quiet"), archive.clock())
        again = await waves.occasion(tx, "another day", archive.clock())
        await deliveries.write(
            tx, again, [reader.id], said, priority=Priority.DIGEST, now=archive.clock()
        )
    archive.clock.turn(SECOND)

    await archive.prune()

    [batch] = await tell_all(archive.storage, now=archive.clock())
    assert await briefs.get(archive.storage, batch.parcels[0].brief) == brief("quiet")


@pytest.mark.parametrize("state", ["waiting", "held", "paused wave", "followed up"])
async def test_what_is_still_on_its_way_is_kept(archive: Archive, state: str) -> None:
    await archive.newsroom.reader(1)
    wave = await say(archive.storage, "إعلان", now=archive.clock())
    if state in ("waiting", "held"):
        batch = await claim(archive.storage, archive.clock())
        assert batch is not None
        await answer(archive.storage, batch, Later("away"), archive.clock())
        sql = "UPDATE deliveries SET state = :state"
        async with archive.storage.transaction() as tx:
            await tx.execute(sql, {"state": state})
    elif state == "paused wave":
        await turn(archive.storage, wave, WaveState.PAUSED)
    else:
        await tell_all(archive.storage, now=archive.clock())
        occasion = (await wave_of(archive.storage, wave)).occasion
        await say(
            archive.storage, "تصحيح", now=archive.clock(),
            audience=Audience(AudienceKind.REACHED, follows_up=occasion),
        )  # fmt: skip
    before = await archive.tables()
    archive.clock.turn(KEEP_DELIVERIES + DAY)

    await archive.prune()

    assert await archive.tables() == before


async def test_who_was_told_a_story_that_lives_on_is_remembered(archive: Archive) -> None:
    """A story that grows for weeks is told once, however old the first telling is."""
    await archive.newsroom.reader(1)
    here = await archive.newsroom.feed()
    await archive.newsroom.take(here, entry(1, title=FIRE[0], body=FIRE[1]))
    await tell_all(archive.storage, now=archive.clock())
    for number in range(2, 10):
        archive.clock.turn(2 * DAY)
        body = f"{FIRE[1]} {number}"
        there = await archive.newsroom.feed(f"https://{number}.example/feed", source=str(number))
        await archive.newsroom.take(there, entry(number, title=FIRE[0], body=body))
    await archive.prune()
    last = await archive.newsroom.feed("https://last.example/feed", source="الأخير")

    await archive.newsroom.take(last, entry(99, title=f"عاجل: {FIRE[0]}", body=FIRE[1]))

    assert await archive.newsroom.count("stories") == 1
    assert await tell_all(archive.storage, now=archive.clock()) == []


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(0, LONGEST), min_size=1, max_size=6), st.sets(st.integers(0, 5)))
async def test_nothing_needed_is_pruned_and_twice_is_once(
    tmp_path_factory: pytest.TempPathFactory, ages: list[int], on_shelf: set[int]
) -> None:
    """Stories of any ages in days, some of them saved: who is young or saved is found as before."""
    storage = await open_sqlite(tmp_path_factory.mktemp("archive") / "mujaz.db")
    try:
        archive = Archive(Newsroom(storage, Clock(NOW)))
        wanted = await archive.of_ages(ages, on_shelf)

        await archive.prune()
        once = await archive.tables()
        await archive.prune()

        assert await archive.tables() == once
        assert [number for number in wanted if not await archive.finds(number)] == []
        used = "SELECT brief FROM deliveries UNION SELECT brief FROM waves"
        assert await archive.newsroom.rows(f"{used} EXCEPT SELECT id FROM briefs") == []
    finally:
        await storage.close()
