"""Local hours as moments, over every change of the clock that readers will meet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import EPOCH, EVERY_DAY, Digest, DigestId, QuietHours, SubscriberId
from bot.outbox.hours import MINUTES_A_DAY, at, edition, next_digest, quiet_until

MOROCCO = "Africa/Casablanca"
ZONES = (
    MOROCCO,
    "Europe/Paris",
    "Asia/Kolkata",  # half an hour
    "Australia/Lord_Howe",  # changes by half an hour
    "Asia/Kathmandu",  # three quarters
    "Africa/Cairo",  # skips midnight
    "America/St_Johns",
    "UTC",
)
SEVEN = 7 * 60
NIGHT = QuietHours(22 * 60 + 30, 6 * 60 + 30)


def changes(zone: str) -> Iterator[datetime]:
    """Find every moment from 2024 to 2030 at which a zone's clock jumps, to the minute."""
    local, day = ZoneInfo(zone), datetime(2024, 1, 1, tzinfo=UTC)
    while day.year < 2031:
        after = day + timedelta(days=1)
        if day.astimezone(local).utcoffset() != after.astimezone(local).utcoffset():
            minute = day
            while minute.astimezone(local).utcoffset() == day.astimezone(local).utcoffset():
                minute += timedelta(minutes=1)
            yield minute
        day = after


CHANGES = [(zone, change) for zone in ZONES for change in changes(zone)]


def ids(cases: list[tuple[str, datetime]]) -> list[str]:
    return [f"{zone} {change:%Y-%m-%d}" for zone, change in cases]


def wall(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%a %d %H:%M}"


def there(text: str, zone: str = MOROCCO) -> datetime:
    """Return the moment at which a zone's clock shows this."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_calendar_of_changes_is_not_empty() -> None:
    """Paris changes twice a year, Morocco round Ramadan for as long as it leaves its offset."""
    per_zone = [zone for zone, _ in CHANGES]

    assert per_zone.count(MOROCCO) >= 6
    assert per_zone.count("Europe/Paris") == 14
    assert per_zone.count("Asia/Kolkata") == 0


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=ids(CHANGES))
def test_a_digest_at_seven_comes_once_a_day_at_seven_over_a_change_of_the_clock(
    zone: str, change: datetime
) -> None:
    """T17; PTB #1381, OpenCTI-Platform/opencti #4310."""
    moment, days = change - timedelta(days=3), []
    for _ in range(6):
        moment = next_digest(SEVEN, EVERY_DAY, zone, moment)
        days.append(moment.astimezone(ZoneInfo(zone)).date())

        assert wall(moment, zone).endswith("07:00")

    assert days == [days[0] + timedelta(days=n) for n in range(6)]


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=ids(CHANGES))
def test_every_minute_round_a_change_of_the_clock_has_one_moment_a_day(
    zone: str, change: datetime
) -> None:
    """T17; a minute that is skipped falls on the skip, one that comes twice on its first time."""
    local = ZoneInfo(zone)
    day = change.astimezone(local).date()
    before, after = (
        (change + step).astimezone(local).utcoffset() or timedelta(0)
        for step in (-timedelta(minutes=1), timedelta(0))
    )

    for minute in range(0, MINUTES_A_DAY, 5):
        moment = at(day, minute, local)
        clock = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
        if moment.astimezone(local).replace(tzinfo=None) == clock:
            earlier = moment - abs(before - after)
            assert earlier.astimezone(local).replace(tzinfo=None) != clock
        else:
            assert moment == change


def test_a_skipped_minute_counts_at_the_moment_of_the_skip() -> None:
    """T17; in Paris 02:30 does not come on 29 March 2026."""
    moment = next_digest(2 * 60 + 30, EVERY_DAY, "Europe/Paris", utc("2026-03-28T12:00"))

    assert moment == utc("2026-03-29T01:00")
    assert wall(moment, "Europe/Paris") == "Sun 29 03:00"
    assert (
        wall(next_digest(150, EVERY_DAY, "Europe/Paris", moment), "Europe/Paris") == "Mon 30 02:30"
    )


def test_a_minute_that_comes_twice_counts_the_first_time_only() -> None:
    """T17; Morocco turns its clock back at 03:00 when Ramadan begins, 15 February 2026."""
    first = next_digest(2 * 60 + 30, EVERY_DAY, MOROCCO, utc("2026-02-14T12:00"))
    second = next_digest(2 * 60 + 30, EVERY_DAY, MOROCCO, first)

    assert first == utc("2026-02-15T01:30")
    assert second == utc("2026-02-16T02:30")


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/St_Johns", "Asia/Kolkata"])
@pytest.mark.parametrize(
    ("now", "minute", "weekdays", "comes"),
    [
        pytest.param("2026-11-26T23:30", 23 * 60 + 45, 1 << 3, "Thu 26 23:45", id="at 23:30"),
        pytest.param("2026-11-26T00:30", 45, 1 << 3, "Thu 26 00:45", id="at 00:30"),
        pytest.param("2026-11-26T00:30", 45, 1 << 2, "Wed 02 00:45", id="Wednesday has passed"),
        pytest.param("2026-11-26T07:00", SEVEN, 1 << 3, "Thu 03 07:00", id="now is not after now"),
        pytest.param("2026-11-26T06:59", SEVEN, 1 << 3, "Thu 26 07:00", id="a minute before"),
        pytest.param("2026-11-26T12:00", SEVEN, 0b0011111, "Fri 27 07:00", id="working days"),
        pytest.param("2026-11-27T12:00", SEVEN, 0b0011111, "Mon 30 07:00", id="over a weekend"),
    ],
)
def test_a_weekday_is_the_readers_own(
    now: str, minute: int, weekdays: int, comes: str, zone: str
) -> None:
    """T18; PTB #1693."""
    assert wall(next_digest(minute, weekdays, zone, there(now, zone)), zone) == comes


@pytest.mark.parametrize("weekdays", [0, 1 << 7])
def test_a_digest_without_a_day_is_an_error(weekdays: int) -> None:
    with pytest.raises(ValueError, match="has no day"):
        next_digest(SEVEN, weekdays, MOROCCO, utc("2026-11-26T12:00"))


def digest(next_at: datetime, number: int = 17) -> Digest:
    return Digest(DigestId(number), SubscriberId(1), SEVEN, EVERY_DAY, EPOCH, next_at)


def test_an_edition_is_keyed_by_the_readers_date() -> None:
    """T19; duyet/monorepo PR #1304."""
    late = digest(utc("2026-11-26T23:30"))

    assert edition(late, "Europe/Paris").startswith("digest:17:2026-11-27")
    assert edition(late, "America/St_Johns").startswith("digest:17:2026-11-26")


def test_an_hour_shown_twice_is_one_edition_and_two_hours_are_two() -> None:
    """T19; the clock of 15 February 2026 shows 02:30 twice."""
    first, again = (edition(digest(utc(f"2026-02-15T0{hour}:30")), MOROCCO) for hour in (1, 2))

    assert first == again
    assert edition(digest(utc("2026-02-15T07:00")), MOROCCO) != first
    assert edition(digest(utc("2026-02-15T01:30"), number=18), MOROCCO) != first


@pytest.mark.parametrize("zone", ZONES)
def test_over_thirty_days_of_slow_jobs_the_hour_does_not_drift(zone: str) -> None:
    """T20; PTB #1338, #1903."""
    begun = utc("2026-02-10T12:00")
    due = next_digest(SEVEN, EVERY_DAY, zone, begun)
    for day in range(30):
        finished = due + timedelta(minutes=7 * day, seconds=13)
        due = next_digest(SEVEN, EVERY_DAY, zone, finished)

        assert wall(due, zone).endswith("07:00")

    days = due.astimezone(ZoneInfo(zone)).date() - begun.astimezone(ZoneInfo(zone)).date()
    assert days.days == 31


def test_three_days_asleep_are_one_digest() -> None:
    due = next_digest(SEVEN, EVERY_DAY, MOROCCO, utc("2026-11-26T12:00"))

    assert next_digest(SEVEN, EVERY_DAY, MOROCCO, due + timedelta(days=3)) == due + timedelta(
        days=4
    )


_MOMENTS = st.integers(0, 7 * 365 * MINUTES_A_DAY).map(
    lambda minutes: utc("2024-01-01T00:00") + timedelta(minutes=minutes, seconds=17)
)
_MINUTES = st.integers(0, MINUTES_A_DAY - 1)


@given(_MINUTES, st.integers(1, EVERY_DAY), st.sampled_from(ZONES), _MOMENTS)
def test_the_next_digest_is_after_now_on_its_day_at_its_minute(
    minute: int, weekdays: int, zone: str, now: datetime
) -> None:
    moment = next_digest(minute, weekdays, zone, now)
    local = moment.astimezone(ZoneInfo(zone))

    assert now < moment <= now + timedelta(days=8, hours=2)
    assert weekdays >> local.weekday() & 1
    shown = local.hour * 60 + local.minute
    assert shown == minute or (moment.second == 0 and (zone, moment) in CHANGES)


# Quiet hours


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        pytest.param("22:29", None, id="a minute before"),
        pytest.param("22:30", "Fri 27 06:30", id="to the minute"),
        pytest.param("23:30", "Fri 27 06:30", id="after midnight"),
        pytest.param("06:29", "Thu 26 06:30", id="the last minute"),
        pytest.param("06:30", None, id="awake"),
        pytest.param("12:00", None, id="by day"),
    ],
)
def test_quiet_hours_over_midnight(now: str, ends: str | None) -> None:
    wakes = quiet_until(NIGHT, MOROCCO, there(f"2026-11-26T{now}"))

    assert (wakes and wall(wakes, MOROCCO)) == ends


@pytest.mark.parametrize(
    ("quiet", "now", "ends"),
    [
        pytest.param(None, "23:00", None, id="none"),
        pytest.param(QuietHours(0, 0), "23:00", None, id="equal ends"),
        pytest.param(QuietHours(1350, 1350), "22:30", None, id="equal ends, to the minute"),
        pytest.param(QuietHours(13 * 60, 15 * 60), "14:00", "15:00", id="a siesta"),
        pytest.param(QuietHours(13 * 60, 15 * 60), "15:00", None, id="after a siesta"),
        pytest.param(QuietHours(13 * 60, 15 * 60), "12:59", None, id="before a siesta"),
        pytest.param(QuietHours(0, 6 * 60), "00:30", "06:00", id="from midnight"),
        pytest.param(QuietHours(22 * 60, 0), "23:59", "00:00", id="until midnight"),
        pytest.param(QuietHours(1, 0), "12:00", "00:00", id="all day but a minute"),
    ],
)
def test_quiet_hours(quiet: QuietHours | None, now: str, ends: str | None) -> None:
    wakes = quiet_until(quiet, MOROCCO, there(f"2026-11-26T{now}"))

    assert (wakes and wall(wakes, MOROCCO)[-5:]) == ends


@pytest.mark.parametrize(
    ("quiet", "now", "ends"),
    [
        pytest.param(NIGHT, "2026-02-15T00:00", "2026-02-15T06:30", id="a night an hour longer"),
        pytest.param(NIGHT, "2026-03-22T01:00", "2026-03-22T05:30", id="a night an hour shorter"),
        pytest.param(
            QuietHours(60, 165), "2026-02-15T01:44", "2026-02-15T01:45", id="the first end"
        ),
        pytest.param(QuietHours(60, 165), "2026-02-15T02:30", None, id="an end shown twice is one"),
        pytest.param(
            QuietHours(60, 150), "2026-03-22T01:59", "2026-03-22T02:00", id="a skipped end"
        ),
    ],
)
def test_quiet_hours_when_ramadan_changes_the_clock(
    quiet: QuietHours, now: str, ends: str | None
) -> None:
    """T17; the clock goes back on 15 February 2026 at 03:00 and on again on 22 March at 02:00."""
    assert quiet_until(quiet, MOROCCO, utc(now)) == (ends and utc(ends))


@given(_MINUTES, _MINUTES, st.sampled_from(ZONES), _MOMENTS)
def test_quiet_hours_end_after_now_and_are_over_then(
    start: int, end: int, zone: str, now: datetime
) -> None:
    quiet = QuietHours(start, end)

    wakes = quiet_until(quiet, zone, now)

    if wakes is not None:
        assert now < wakes <= now + timedelta(days=1, hours=2)
        assert quiet_until(quiet, zone, wakes) is None


def test_a_day_that_never_was_has_its_minutes_at_the_skip() -> None:
    """Samoa went from 29 to 31 December 2011."""
    moment = at(date(2011, 12, 30), SEVEN, ZoneInfo("Pacific/Apia"))

    assert wall(moment, "Pacific/Apia") == "Sat 31 00:00"
