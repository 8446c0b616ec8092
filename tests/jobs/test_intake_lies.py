"""Feeds that lie about what is new, and sites that move: nobody is told old news."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Entry
from bot.storage import subscribers, team
from tests.jobs.newsroom import DAY, EDITOR, HOUR, Newsroom, entry


async def test_a_page_whose_text_changes_daily_is_a_new_article_each_day(
    newsroom: Newsroom,
) -> None:
    """A feed without guids whose one link always shows the day's text must not stop its poll."""
    feed = await newsroom.feed()
    page = {"guid": "", "link": "https://marfa.example/weather"}
    await newsroom.take(feed, entry(1, **page))
    newsroom.clock.turn(DAY)

    taken = await newsroom.take(feed, entry(2, **page))
    again = await newsroom.take(feed, entry(2, **page))

    assert (taken.new, taken.calls) == (1, 1)
    assert (again.new, again.changed, again.calls) == (0, 0, 0)
    assert await newsroom.count("articles") == 2


def rekeyed(number: int) -> Entry:
    """Make the entry of the same event as a site writes it after it has moved."""
    return entry(
        number, guid=f"https://new.example/?p={number}", link=f"https://new.example/n/{number}"
    )


async def test_a_site_that_has_moved_pushes_nothing_and_its_editors_are_told(
    newsroom: Newsroom,
) -> None:
    """T4; reader #322, miniflux #1409, newsboat/newsboat #1729."""
    await newsroom.reader(EDITOR)
    stopped = await newsroom.reader(901)
    async with newsroom.storage.transaction() as tx:
        await subscribers.leave(tx, stopped.id, newsroom.clock())
        await team.configure(tx, [EDITOR], [EDITOR, 901, 902], newsroom.clock())
    feed = await newsroom.feed(is_new=True)
    await newsroom.take(feed, *(entry(number) for number in range(20)))
    newsroom.clock.turn(HOUR)

    moved = await newsroom.take(feed, *(rekeyed(number) for number in range(20)))
    again = await newsroom.take(feed, *(rekeyed(number) for number in range(20)))

    assert (moved.new, moved.calls, moved.has_moved) == (0, 0, True)
    assert not again.has_moved
    assert await newsroom.count("waves") == 0
    rows = await newsroom.rows(
        "SELECT chat, key, state, content FROM deliveries"
        " JOIN occasions ON occasions.id = occasion JOIN briefs ON briefs.id = brief"
        " JOIN subscribers ON subscribers.id = subscriber"
    )
    [told] = rows
    assert (told["chat"], told["state"]) == (EDITOR, "waiting")
    assert str(told["key"]).startswith("notice:moved:")
    assert "20 خبرا" in str(told["content"])
    assert "https://marfa.example/feed" in str(told["content"])
    [note] = await newsroom.rows("SELECT person, act FROM audit")
    assert (note["person"], note["act"]) == (None, "notice")


async def test_a_site_that_has_moved_and_touched_its_texts_pushes_nothing(
    newsroom: Newsroom,
) -> None:
    """T4: the markup changed too, and with it the words around the text."""
    feed = await newsroom.feed(is_new=True)
    await newsroom.take(feed, *(entry(number) for number in range(20)))
    newsroom.clock.turn(HOUR)

    def touched(number: int) -> Entry:
        one = rekeyed(number)
        return replace(one, body=f"{one.body} المصدر: المرفأ")

    moved = await newsroom.take(feed, *(touched(number) for number in range(20)))

    assert (moved.new, moved.calls, moved.has_moved) == (0, 0, True)


async def test_what_a_moved_site_has_rewritten_is_not_pushed_as_news(newsroom: Newsroom) -> None:
    """T4: an old article that nobody knows again must not buzz; the digest may have it."""
    feed = await newsroom.feed()
    await newsroom.take(feed, *(entry(number) for number in range(20)))
    waves = await newsroom.count("waves")

    moved = await newsroom.take(feed, *(rekeyed(number) for number in range(12)), rekeyed(99))

    assert (moved.new, moved.calls, moved.has_moved) == (1, 0, True)
    assert await newsroom.count("waves") == waves


async def test_a_second_feed_of_one_source_has_not_moved(newsroom: Newsroom) -> None:
    front = await newsroom.feed()
    await newsroom.take(front, *(entry(number) for number in range(20)))
    sport = await newsroom.feed("https://marfa.example/sport")

    taken = await newsroom.take(sport, *(entry(number) for number in range(20)))

    assert taken.new == 0
    assert not taken.has_moved


async def test_a_feed_that_names_nothing_has_not_moved(newsroom: Newsroom) -> None:
    """Entries without guid that share one link go by their titles, poll after poll."""
    feed = await newsroom.feed()
    entries = [entry(number, guid="", link="https://marfa.example/") for number in range(8)]
    await newsroom.take(feed, *entries)

    again = await newsroom.take(feed, *entries)

    assert (again.new, again.has_moved) == (0, False)


async def test_one_unreadable_entry_stops_no_other(newsroom: Newsroom) -> None:
    feed = await newsroom.feed()

    taken = await newsroom.take(feed, entry(1, title="", body="", summary=""), entry(2))

    assert (taken.ignored, taken.new, taken.calls) == (1, 1, 1)
