"""A digest keeps to the clock of its reader's place, over every change of that clock."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.jobs.digest_desk import FRIDAY, MONDAY_ONLY, SEVEN, Desk, local
from tests.jobs.newsroom import DAY, HOUR, MINUTE, SECOND, ZONE, Newsroom

CHANGES = {
    "Ramadan begins": (ZONE.key, date(2026, 2, 12)),
    "Ramadan ends": (ZONE.key, date(2026, 3, 19)),
    "summer begins in Paris": ("Europe/Paris", date(2026, 3, 26)),
    "summer ends in Paris": ("Europe/Paris", date(2026, 10, 22)),
    "summer ends in Toronto": ("America/Toronto", date(2026, 10, 29)),
}


@pytest.fixture
def desk(newsroom: Newsroom) -> Desk:
    return Desk(newsroom)


@pytest.mark.parametrize("minute", [SEVEN, 2 * 60 + 30, 30, 23 * 60 + 30])
@pytest.mark.parametrize(("zone", "first"), CHANGES.values(), ids=CHANGES)
async def test_every_day_has_its_digest_over_a_change_of_the_clock(
    desk: Desk, zone: str, first: date, minute: int
) -> None:
    """T17; PTB #1381, OpenCTI-Platform/opencti #4310."""
    place, days = ZoneInfo(zone), 7
    offsets = {
        local(first + day * DAY, "12:00", zone).astimezone(place).utcoffset() for day in range(days)
    }
    assert len(offsets) == 2
    desk.clock.moment = local(first, "00:00", zone)
    reader = await desk.newsroom.reader(1, minutes=[minute], zone=zone)

    written = []
    for _ in range(days):
        await desk.news()
        due = (await desk.digest_of(reader)).next_at
        assert await desk.at(due - SECOND) == 0
        assert await desk.at(due) == 1
        written.append(due.astimezone(place))
        desk.clock.turn(MINUTE)

    assert [one.date() for one in written] == [first + day * DAY for day in range(days)]
    hours = {one.time() for one in written}
    skipped = {time(3, 0), time(3, 30)}  # an hour that is skipped counts when the clock goes on
    assert hours - skipped == {time(minute // 60, minute % 60)}


async def test_a_weekday_is_the_readers_own(desk: Desk) -> None:
    """T18; PTB #1693: Monday 00:30 at home is Sunday 23:30 in UTC, and the other way round."""
    early = await desk.newsroom.reader(1, minutes=[30], weekdays=MONDAY_ONLY)
    late = await desk.newsroom.reader(
        2, minutes=[23 * 60 + 30], weekdays=MONDAY_ONLY, zone="America/Toronto"
    )
    monday = date(2026, 11, 30)
    await desk.at(local(monday - DAY, "12:00"))
    await desk.news()

    assert await desk.at(local(monday, "00:30")) == 1
    desk.clock.moment = local(monday, "20:00", "America/Toronto")
    await desk.news()
    assert await desk.at(local(monday, "23:30", "America/Toronto")) == 1

    assert [len(await desk.told(reader)) for reader in (early, late)] == [1, 1]


async def test_an_edition_is_of_the_local_day(desk: Desk) -> None:
    """T19; duyet/monorepo PR #1304."""
    reader = await desk.newsroom.reader(1, minutes=[30], zone="Asia/Dubai")
    await desk.news()

    await desk.at_due(reader)

    [key] = await desk.editions()
    assert "2026-11-27T00:30" in key  # in UTC it is still the 26th
    [told] = await desk.told(reader)
    assert "الجمعة 27 نونبر" in told


async def test_slow_jobs_let_no_hour_drift_in_thirty_days(desk: Desk) -> None:
    """T20; PTB #1338, #1903."""
    reader = await desk.newsroom.reader(1, minutes=[SEVEN])

    for day in range(30):
        due = (await desk.digest_of(reader)).next_at
        assert due.astimezone(ZONE).time() == time(7)
        assert due.astimezone(ZONE).date() == FRIDAY + timedelta(days=day)
        desk.clock.moment = due - HOUR
        await desk.news()
        assert await desk.at(due + day * 7 * MINUTE) == 1
