"""Documents into a real database: what is stored, what of it is news, and who is told."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import StorageError
from bot.model import Document, Entry, Feed, Mode, Query, Section, Term
from bot.storage import Transaction, Values, articles, sources, stories
from tests.jobs.newsroom import (
    DAY,
    FIRE,
    FIRE_CORRECTED,
    FIRE_ELSEWHERE,
    HOUR,
    MINUTE,
    Newsroom,
    entry,
)

KNOWN = 30  # entries of a whole feed


class FailingAt:
    """A transaction whose statement fails late: the one that begins with these words."""

    def __init__(self, tx: Transaction, words: str) -> None:
        self._tx = tx
        self._words = words

    def __getattr__(self, name: str) -> object:
        return getattr(self._tx, name)

    async def fetch(self, sql: str, values: Values | None = None, /) -> object:
        """Fail at the statement, or run it."""
        if sql.startswith(self._words):
            raise StorageError("the disk is full")
        return await self._tx.fetch(sql, values)


async def fail_at(newsroom: Newsroom, words: str, feed: Feed, *entries: Entry) -> None:
    """Take a document in and fail at the statement that begins with these words."""
    with suppress(StorageError):
        async with newsroom.storage.transaction() as tx:
            broken: Transaction = FailingAt(tx, words)  # type: ignore[assignment] # by delegation
            await newsroom.intake.take_in(broken, feed, Document(entries), newsroom.clock())
            pytest.fail(f"nothing began with {words}")


async def texts_told(newsroom: Newsroom) -> list[str]:
    """Return what the waves say, in their order."""
    rows = await newsroom.rows(
        "SELECT content FROM waves JOIN briefs ON briefs.id = waves.brief ORDER BY waves.id"
    )
    return [str(row["content"]) for row in rows]


async def test_an_article_is_stored_found_in_a_story_and_told(newsroom: Newsroom) -> None:
    feed = await newsroom.feed()

    taken = await newsroom.take(feed, entry(1))

    assert (taken.new, taken.calls) == (1, 1)
    [article] = await articles.latest(newsroom.storage, limit=9)
    telling = await stories.telling(newsroom.storage, article.story)
    assert telling is not None
    assert telling.story.lead == article.id
    assert await newsroom.occasions() == [f"story:{article.story}"]
    word = article.title.split()[0]
    query = Query(word, (Term((word,), word),))
    assert list(await newsroom.storage.search(query, limit=9)) == [article.id]


async def test_the_same_document_again_changes_nothing(newsroom: Newsroom) -> None:
    feed = await newsroom.feed()
    await newsroom.take(feed, entry(1), entry(2))

    again = await newsroom.take(feed, entry(1), entry(2))

    assert (again.new, again.changed, again.calls) == (0, 0, 0)
    assert await newsroom.count("articles") == 2
    assert await newsroom.count("waves") == 2


# One transaction from articles to waves


@pytest.mark.parametrize("late", ["INSERT INTO waves", "SELECT id FROM briefs"])
async def test_a_failure_at_the_wave_leaves_nothing_behind(newsroom: Newsroom, late: str) -> None:
    feed = await newsroom.feed()
    row = await newsroom.row(feed)

    await fail_at(newsroom, late, row, entry(1))

    tables = ("articles", "stories", "sightings", "article_sections", "briefs", "occasions")
    assert [await newsroom.count(table) for table in tables] == [0] * len(tables)
    assert len(newsroom.window) == 0
    taken = await newsroom.take(feed, entry(1))
    assert (taken.new, taken.calls) == (1, 1)


async def test_a_failure_gives_the_window_its_old_tellings_back(newsroom: Newsroom) -> None:
    feed = await newsroom.feed()
    await newsroom.take(feed, entry(1, title=FIRE[0], body=FIRE[1]))
    row = await newsroom.row(feed)
    before = await stories.window(newsroom.storage, newsroom.clock() - DAY)
    corrected = entry(1, title=FIRE_CORRECTED[0], body=FIRE_CORRECTED[1])

    await fail_at(newsroom, "INSERT INTO waves", row, corrected, entry(2))

    assert list(await stories.window(newsroom.storage, newsroom.clock() - DAY)) == list(before)
    fresh = Newsroom(newsroom.storage, newsroom.clock)
    await fresh.restart()
    assert seen_in(newsroom) == seen_in(fresh)


async def test_what_was_taken_back_is_not_in_the_window(newsroom: Newsroom) -> None:
    feed = await newsroom.feed()
    row = await newsroom.row(feed)

    with suppress(InterruptedError):  # as when the commit fails
        async with newsroom.storage.transaction() as tx:
            await newsroom.intake.take_in(tx, row, Document((entry(1),)), newsroom.clock())
            raise InterruptedError
    newsroom.intake.take_back()

    assert len(newsroom.window) == 0
    assert await newsroom.count("articles") == 0


def seen_in(newsroom: Newsroom) -> set[tuple[object, ...]]:
    """Return what a window knows, for comparing two."""
    return {
        (seen.id, seen.story, seen.seen_at, *sorted(seen.signature.stems))
        for seen in newsroom.window._articles.values()
    }


# What is news


async def test_a_new_source_stores_and_pushes_nothing(newsroom: Newsroom) -> None:
    """T27; mattermost-plugin-rssfeed #20, progval/Limnoria #489: 30 items of today, a restart."""
    feed = await newsroom.feed(is_new=True)
    document = [
        entry(number, published_at=newsroom.clock() - number * MINUTE) for number in range(KNOWN)
    ]

    first = await newsroom.take(feed, *document)
    await newsroom.restart()
    again = await newsroom.take(feed, *document)

    assert (first.new, first.calls) == (KNOWN, 0)
    assert (again.new, again.calls) == (0, 0)
    assert await newsroom.count("articles") == KNOWN
    assert await newsroom.count("waves") == 0


async def test_pushes_begin_with_what_comes_after_the_first_visit(newsroom: Newsroom) -> None:
    feed = await newsroom.feed(is_new=True)
    await newsroom.take(feed, entry(1), entry(2))
    newsroom.clock.turn(10 * MINUTE)

    taken = await newsroom.take(feed, entry(3), entry(1), entry(2))

    assert (taken.new, taken.calls) == (1, 1)
    [said] = await texts_told(newsroom)
    assert entry(3).title in said


async def test_a_feed_that_was_off_for_three_days_is_stored_and_not_pushed(
    newsroom: Newsroom,
) -> None:
    """T31; RSStT #642."""
    feed = await newsroom.feed()
    await newsroom.take(feed, entry(1))
    async with newsroom.storage.transaction() as tx:
        await sources.switch(tx, feed, is_on=False, now=newsroom.clock())
    now = newsroom.clock.turn(3 * DAY)
    async with newsroom.storage.transaction() as tx:
        await sources.switch(tx, feed, is_on=True, now=now)

    missed = [entry(number, published_at=now - number * HOUR) for number in range(2, 12)]
    taken = await newsroom.take(feed, *missed)

    assert (taken.new, taken.calls) == (10, 0)
    newsroom.clock.turn(MINUTE)
    assert (await newsroom.take(feed, entry(20), *missed)).calls == 1


async def test_twenty_at_once_are_one_calm_message(newsroom: Newsroom) -> None:
    """T34; easychen/rsspush #18, element-hq/element-web #3802."""
    feed = await newsroom.feed()

    taken = await newsroom.take(feed, *(entry(number) for number in range(20)))

    assert (taken.new, taken.calls) == (20, 1)
    [said] = await texts_told(newsroom)
    assert all(entry(number).title in said for number in range(20))


async def test_twenty_at_once_in_many_sections_are_one_message_a_section(
    newsroom: Newsroom,
) -> None:
    """T34: who follows everything is not told twenty times either."""
    feed = await newsroom.feed(section=None)
    names = ("سياسة", "اقتصاد", "رياضة", "حوادث", "ثقافة", "دولي", "مجتمع")
    entries = [entry(number, categories=(names[number % len(names)],)) for number in range(20)]

    taken = await newsroom.take(feed, *entries)

    sections = await newsroom.rows("SELECT section FROM waves ORDER BY section")
    assert taken.new == 20
    assert len(sections) == len({row["section"] for row in sections}) > 1
    told = "".join(await texts_told(newsroom))
    assert all(entry(number).title in told for number in range(20))


@pytest.mark.parametrize("count", [1, 2, 3])
async def test_a_few_stories_are_told_one_by_one(newsroom: Newsroom, count: int) -> None:
    feed = await newsroom.feed()

    taken = await newsroom.take(feed, *(entry(number) for number in range(count)))

    assert taken.calls == count
    assert all(key.startswith("story:") for key in await newsroom.occasions())


async def test_a_corrected_article_is_not_its_own_duplicate(newsroom: Newsroom) -> None:
    """T9; FreshRSS PR #6664."""
    feed = await newsroom.feed()
    told = entry(1, title=FIRE[0], body=FIRE[1])
    corrected = replace(told, title=FIRE_CORRECTED[0], body=FIRE_CORRECTED[1])
    await newsroom.take(feed, told)
    newsroom.clock.turn(HOUR)

    first = await newsroom.take(feed, corrected)
    second = await newsroom.take(feed, corrected)

    assert (first.new, first.changed, first.calls) == (0, 1, 0)
    assert (second.new, second.changed, second.calls) == (0, 0, 0)
    [article] = await articles.latest(newsroom.storage, limit=9)
    assert (article.title, article.revision) == (FIRE_CORRECTED[0], 1)
    assert await newsroom.count("stories") == 1


async def test_a_correction_is_what_the_search_finds(newsroom: Newsroom) -> None:
    feed = await newsroom.feed()
    await newsroom.take(feed, entry(1, title="لقاء الوزيرين في مرزاقة"))

    await newsroom.take(feed, entry(1, title="لقاء الوزيرين في تنزارة"))

    found = [
        len(await newsroom.storage.search(Query(word, (Term((word,), word),)), limit=9))
        for word in ("مرزاقه", "تنزاره")
    ]
    assert found == [0, 1]


async def test_a_correction_of_an_old_article_does_not_open_its_story_again(
    newsroom: Newsroom,
) -> None:
    """A page of last week that is touched up must not swallow what happens today."""
    feed = await newsroom.feed()
    other = await newsroom.feed("https://sahil.example/feed", source="الساحل")
    told = entry(1, title=FIRE[0], body=FIRE[1])
    await newsroom.take(feed, told)
    newsroom.clock.turn(5 * DAY)
    await newsroom.take(feed, entry(9), told)

    corrected = replace(told, title=FIRE_CORRECTED[0], body=FIRE_CORRECTED[1])
    await newsroom.take(feed, corrected)
    today = entry(2, title=FIRE_ELSEWHERE[0], body=FIRE_ELSEWHERE[1])
    taken = await newsroom.take(other, today)

    assert taken.calls == 1
    assert await newsroom.count("stories") == 3


async def test_an_entry_that_returns_after_a_thousand_others_is_not_new(
    newsroom: Newsroom,
) -> None:
    """T10; RSStT #200: a "most read" feed."""
    feed = await newsroom.feed()
    first = entry(1, published_at=newsroom.clock() - HOUR)
    await newsroom.take(feed, first)
    for begin in range(2, 1002, 250):
        newsroom.clock.turn(6 * HOUR)
        await newsroom.take(feed, *(entry(number) for number in range(begin, begin + 250)))
    waves = await newsroom.count("waves")

    taken = await newsroom.take(feed, first)

    assert (taken.new, taken.calls) == (0, 0)
    assert await newsroom.count("articles") == 1001
    assert await newsroom.count("waves") == waves


async def test_an_entry_whose_article_was_pruned_is_not_new(newsroom: Newsroom) -> None:
    """T10; RSStT #200: sightings outlive the article."""
    feed = await newsroom.feed()
    await newsroom.take(feed, entry(1))
    async with newsroom.storage.transaction() as tx:
        await tx.execute("DELETE FROM articles")
    newsroom.clock.turn(30 * DAY)
    await newsroom.restart()

    taken = await newsroom.take(feed, entry(1), entry(2))

    assert (taken.new, taken.calls) == (1, 1)
    [article] = await articles.latest(newsroom.storage, limit=9)
    assert article.title == entry(2).title


async def test_entries_in_any_order_without_dates_come_once_each(newsroom: Newsroom) -> None:
    """T12; n8n #8856 and PR #10991, fent/node-feedsub #52: no date tells what was seen."""
    feed = await newsroom.feed()
    noon = newsroom.clock() - HOUR
    one, two, three = entry(1), entry(2, published_at=noon), entry(3, published_at=noon)
    await newsroom.take(feed, two, one)

    taken = await newsroom.take(feed, one, three, two)
    again = await newsroom.take(feed, three, two, one)

    assert (taken.new, again.new) == (1, 0)
    assert await newsroom.count("articles") == 3


async def test_entries_are_stored_oldest_first_however_the_feed_runs(newsroom: Newsroom) -> None:
    feed = await newsroom.feed()
    now = newsroom.clock()
    entries = [entry(hours, published_at=now - hours * HOUR) for hours in (3, 1, 2)]

    await newsroom.take(feed, *entries)

    latest = await articles.latest(newsroom.storage, limit=9)
    assert [now - article.moment for article in latest] == [1 * HOUR, 2 * HOUR, 3 * HOUR]


async def test_a_late_entry_with_an_old_date_is_in_the_latest_and_in_the_next_digest(
    newsroom: Newsroom,
) -> None:
    """T14; miniflux/picoFeed #197, n8n PR #8572."""
    feed = await newsroom.feed()
    await newsroom.take(feed, entry(1))
    last_digest = newsroom.clock.turn(HOUR)
    now = newsroom.clock.turn(HOUR)

    late = entry(2, published_at=last_digest - 5 * HOUR)
    await newsroom.take(feed, late, entry(1))

    [newest, _] = await articles.latest(newsroom.storage, limit=9)
    assert newest.title == late.title
    begun = await stories.begun_between(newsroom.storage, last_digest, now, 9)
    assert list(begun) == [newest.story]


async def test_a_date_in_the_future_buries_nothing(newsroom: Newsroom) -> None:
    feed = await newsroom.feed()
    await newsroom.take(feed, entry(1, published_at=newsroom.clock() + 9 * DAY))
    newsroom.clock.turn(HOUR)

    taken = await newsroom.take(feed, entry(2))

    assert taken.calls == 1
    latest = await articles.latest(newsroom.storage, limit=9)
    assert [article.title for article in latest] == [entry(2).title, entry(1).title]


@pytest.mark.parametrize("is_urgent", [False, True], ids=["plain", "urgent"])
async def test_what_a_feed_digs_out_of_its_archive_is_no_alert(
    newsroom: Newsroom, *, is_urgent: bool
) -> None:
    feed = await newsroom.feed()

    old = entry(1, published_at=newsroom.clock() - 9 * DAY, is_urgent=is_urgent)
    taken = await newsroom.take(feed, old)

    assert (taken.new, taken.calls) == (1, 0)


# Whom a wave addresses


async def test_only_who_follows_instantly_is_addressed_by_a_plain_story(
    newsroom: Newsroom,
) -> None:
    await newsroom.reader(1, Section.POLITICS)
    await newsroom.reader(2, Section.POLITICS, mode=Mode.DIGEST)
    await newsroom.reader(3, Section.SPORT)
    feed = await newsroom.feed()

    await newsroom.take(feed, entry(1))

    [wave] = await newsroom.rows("SELECT audience, section, last_subscriber FROM waves")
    assert (wave["audience"], wave["section"]) == ("instant", "politics")
    assert wave["last_subscriber"] == 3


async def test_urgent_news_expires_sooner_than_plain(newsroom: Newsroom) -> None:
    feed = await newsroom.feed()

    await newsroom.take(feed, entry(1), entry(2, is_urgent=True))

    rows = await newsroom.rows("SELECT audience, expires_at - not_before AS lasts FROM waves")
    lasts = {row["audience"]: timedelta(milliseconds=int(str(row["lasts"]))) for row in rows}
    assert lasts == {"urgent": 3 * HOUR, "instant": 6 * HOUR}
