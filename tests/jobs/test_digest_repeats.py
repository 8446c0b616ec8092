"""No news stands in two digests of a reader, and none between them is lost, whatever the clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model import ChatId
from bot.storage import digests
from bot.storage.engines.sqlite.engine import open_sqlite
from tests.crowd import tell_all
from tests.jobs.digest_desk import FRIDAY, SEVEN, Desk, local
from tests.jobs.newsroom import DAY, HOUR, MINUTE, SECOND, Newsroom


@pytest.fixture
def desk(newsroom: Newsroom) -> Desk:
    return Desk(newsroom)


async def test_what_an_edition_showed_the_next_does_not(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    [first] = await desk.news()
    await desk.at_due(reader)
    desk.clock.turn(HOUR)
    [second] = await desk.news()

    await desk.at_due(reader)

    morning, next_morning = await desk.told(reader)
    assert first in morning
    assert first not in next_morning
    assert second in next_morning


async def test_two_hours_of_one_reader_do_not_repeat_each_other(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN, 19 * 60])
    [early] = await desk.news()
    await desk.at(local(FRIDAY - DAY, "19:00"))
    desk.clock.turn(HOUR)
    [late] = await desk.news()

    await desk.at(local(FRIDAY, "07:00"))

    evening, morning = await desk.told(reader)
    assert (early in evening, late in evening) == (True, False)
    assert (early in morning, late in morning) == (False, True)


async def test_a_second_run_sends_nothing_twice(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    await desk.news()

    assert await desk.at_due(reader) == 1
    assert await desk.job.write_due() == 0

    assert len(await desk.told(reader)) == 1


async def test_a_restart_between_sends_nothing_twice(desk: Desk, tmp_path: Path) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    await desk.news()
    await desk.at_due(reader)

    again = await open_sqlite(tmp_path / "mujaz.db")
    written = await desk.make(again).write_due()
    await again.close()

    assert written == 0
    assert len(await desk.told(reader)) == 1


async def test_three_hours_asleep_are_one_digest_of_all_that_came(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN, 8 * 60, 9 * 60])
    titles = await desk.news(3)

    written = await desk.at(local(FRIDAY, "10:00"))

    assert written == 1
    [told] = await desk.told(reader)
    assert all(title in told for title in titles)
    hours = await digests.of(desk.newsroom.storage, reader.id)
    tomorrow = FRIDAY + DAY
    assert [one.next_at for one in hours] == [
        local(tomorrow, clock) for clock in ("07:00", "08:00", "09:00")
    ]


async def test_two_days_away_are_one_digest(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    desk.clock.moment = local(FRIDAY + 2 * DAY, "09:00")
    [title] = await desk.news()
    desk.clock.turn(HOUR)

    written = [await desk.job.write_due() for _ in range(3)]

    assert written == [1, 0, 0]
    [told] = await desk.told(reader)
    assert title in told
    assert (await desk.digest_of(reader)).next_at == local(FRIDAY + 3 * DAY, "07:00")


async def test_a_clock_set_back_an_hour_repeats_nothing(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    [first] = await desk.news()
    await desk.at_due(reader)

    desk.clock.turn(-HOUR)
    for _ in range(120):
        desk.clock.turn(MINUTE)
        assert await desk.job.write_due() == 0
    [second] = await desk.news()
    await desk.at_due(reader)

    _, next_morning = await desk.told(reader)
    assert (first in next_morning, second in next_morning) == (False, True)


async def test_asking_in_an_hour_that_comes_twice_uncovers_nothing(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    desk.clock.moment = local(FRIDAY, "06:00")
    [first] = await desk.news()
    await desk.at_due(reader)

    desk.clock.turn(-12 * HOUR)
    assert await desk.ask_now(reader) == 0
    desk.clock.turn(13 * HOUR)
    await desk.news()
    await desk.ask_now(reader)

    told = await desk.told(reader)
    assert [first in one for one in told] == [True, False]


async def test_a_clock_set_forward_and_right_again_repeats_nothing(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    await desk.news()

    assert await desk.at(local(FRIDAY, "07:00")) == 1  # in truth it is half past five
    desk.clock.moment = local(FRIDAY, "05:30")
    for _ in range(10):
        desk.clock.turn(15 * MINUTE)
        assert await desk.job.write_due() == 0
    assert len(await desk.told(reader)) == 1


async def test_news_of_the_very_moment_is_shown_once(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    desk.clock.moment = local(FRIDAY, "07:00")
    [title] = await desk.news()
    await desk.job.write_due()
    desk.clock.turn(HOUR)
    await desk.news()

    await desk.at_due(reader)

    assert [title in told for told in await desk.told(reader)] == [True, False]


# «Now»


async def test_asking_for_it_now_comes_on_top_of_an_edition_of_the_day(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    [first] = await desk.news()
    await desk.at_due(reader)
    desk.clock.turn(3 * HOUR)
    [second] = await desk.news()

    assert await desk.ask_now(reader) == 1

    morning, asked = await desk.told(reader)
    assert (first in morning, second in asked, first in asked) == (True, True, False)
    assert (await desk.digest_of(reader)).next_at == local(FRIDAY + DAY, "07:00")


async def test_asking_before_the_hour_leaves_the_hour_its_own_news(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    [first] = await desk.news()
    desk.clock.moment = local(FRIDAY, "06:50")
    assert await desk.ask_now(reader) == 1
    desk.clock.turn(SECOND)
    [second] = await desk.news()

    assert await desk.at_due(reader) == 1

    asked, morning = await desk.told(reader)
    assert desk.clock() == local(FRIDAY, "07:00")
    assert (first in asked, second in morning, first in morning) == (True, True, False)


async def test_asking_twice_in_a_minute_loses_no_news(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])
    await desk.news()
    await desk.ask_now(reader)
    desk.clock.turn(20 * SECOND)
    [second] = await desk.news()

    again = await desk.ask_now(reader)
    await desk.at_due(reader)

    told = await desk.told(reader)
    assert again == 0
    assert [second in one for one in told] == [False, True]


async def test_a_new_reader_is_not_told_what_was_before_it_joined(desk: Desk) -> None:
    old = await desk.news(2)
    desk.clock.turn(HOUR)
    reader = await desk.newsroom.reader(ChatId(1), minutes=[SEVEN])
    new = await desk.news(2)

    await desk.at_due(reader)

    [told] = await desk.told(reader)
    assert [title in told for title in old + new] == [False, False, True, True]


async def test_the_editions_of_a_reader_are_known_by_what_they_said(desk: Desk) -> None:
    reader = await desk.newsroom.reader(1, minutes=[SEVEN, 19 * 60])
    await desk.news()
    began = desk.clock()
    await desk.at(local(FRIDAY - DAY, "19:00"))
    await tell_all(desk.newsroom.storage, now=desk.clock())
    desk.clock.turn(HOUR)
    await desk.news()
    await desk.at(local(FRIDAY, "07:00"))
    await tell_all(desk.newsroom.storage, now=desk.clock())

    both = await digests.told(desk.newsroom.storage, reader.id, began)
    none = await digests.told(desk.newsroom.storage, reader.id, desk.clock() + SECOND)

    assert (len(both), len(none)) == (2, 0)
