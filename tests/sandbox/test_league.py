"""The sample calendar: matches around now at every hour, results once they were played."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.feeds.kinds import read
from bot.feeds.wire import Request
from bot.model import Document, FeedKind, FixtureState
from bot.sandbox import league
from bot.sandbox.newspaper import Newspaper

START = datetime(2026, 3, 31, 21, 30, tzinfo=UTC)  # 22:30 in Casablanca
ZONE = ZoneInfo("Africa/Casablanca")
DAY = timedelta(days=1)


def as_read(now: datetime) -> Document:
    body = Newspaper(START).league.calendar(now)
    return read(Request(body, league.ICAL_TYPE, "", ZoneInfo("UTC"), now))


@pytest.mark.parametrize("later", [timedelta(0), 10 * DAY, 100 * DAY], ids=str)
def test_there_are_matches_on_both_sides_of_now(later: timedelta) -> None:
    now = START + later

    moments = [fixture.starts_at for fixture in as_read(now).fixtures]

    assert any(now - 2 * DAY < moment < now for moment in moments)
    assert any(now < moment < now + 2 * DAY for moment in moments)
    assert len(moments) == len(set(moments)) + 0 >= 20


def test_every_event_is_a_match_with_clubs_and_competition() -> None:
    document = as_read(START)

    assert (document.kind, document.skipped) == (FeedKind.MATCHES, 0)
    assert document.title == "رزنامة الكرة"
    assert all(one.home and one.away and one.competition for one in document.fixtures)


def test_what_was_played_has_a_result_and_what_comes_has_none() -> None:
    for fixture in as_read(START).fixtures:
        is_over = fixture.starts_at + league.LASTS <= START
        if fixture.is_timed and fixture.state is not FixtureState.OFF:
            assert (fixture.score is not None) is is_over


def test_the_match_of_the_eve_is_the_one_the_newspapers_tell() -> None:
    yesterday = START.astimezone(ZONE).date() - DAY

    scores = {
        (one.home, one.away): one.score
        for one in as_read(START).fixtures
        if one.starts_at.astimezone(ZONE).date() == yesterday
    }

    assert scores["اتحاد المرسى", "نجم تادلة"] == (2, 1)


def test_a_week_later_the_clubs_meet_again_elsewhere() -> None:
    def meetings(now: datetime) -> set[tuple[str, str]]:
        today = now.astimezone(ZONE).date()
        fixtures = as_read(now).fixtures
        return {(f.home, f.away) for f in fixtures if f.starts_at.astimezone(ZONE).date() == today}

    first, second = meetings(START), meetings(START + 7 * DAY)

    assert first
    assert second == {(away, home) for home, away in first}


def test_some_have_no_hour_and_some_are_not_played() -> None:
    fixtures = as_read(START).fixtures

    assert any(not one.is_timed for one in fixtures)
    assert any(one.state is FixtureState.OFF for one in fixtures)


def test_no_line_is_longer_than_the_standard_allows() -> None:
    lines = Newspaper(START).league.calendar(START).split(b"\r\n")

    assert max(map(len, lines)) <= 75
    assert lines[-1] == b""


async def test_the_calendar_is_served_by_the_callers_clock_and_known_again() -> None:
    paper, clock = Newspaper(START), [START]
    app = web.Application()
    app.add_routes(paper.routes(clock=lambda: clock[0]))
    path, name, section = paper.feeds()[-1]
    async with TestClient(TestServer(app, host="127.0.0.1")) as client:
        first = await client.get(path)
        known = {"If-None-Match": first.headers["ETag"]}
        again = await client.get(path, headers=known)
        clock[0] += DAY
        later = await client.get(path, headers=known)

    assert (name, section) == ("رزنامة الكرة", "مباريات")
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert (again.status, later.status) == (304, 200)
