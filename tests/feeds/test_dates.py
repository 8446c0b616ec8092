"""What feeds write for dates, and what moment they mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.dates import FARTHEST_ZONE, read_date

ALGIERS = ZoneInfo("Africa/Algiers")  # an hour east, always
CASABLANCA = ZoneInfo("Africa/Casablanca")  # in Ramadan it is not
NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
RECENT = st.datetimes(datetime(1995, 1, 2), datetime(2026, 11, 24))  # noqa: DTZ001 - zoned below


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("Tue, 24 Nov 2026 10:15:00 GMT", "2026-11-24T10:15", id="RFC 822"),
        pytest.param("Tue, 24 Nov 2026 10:15 +0100", "2026-11-24T09:15", id="no seconds"),
        pytest.param("Tue, 24 Nov 26 10:15:00 +0000", "2026-11-24T10:15", id="two-digit year"),
        pytest.param("Sun, 24 Nov 96 10:15:00 +0000", "1996-11-24T10:15", id="last century"),
        pytest.param("Tue, 24 Nov 126 10:15:00 GMT", "2026-11-24T10:15", id="Java's year"),
        pytest.param("24 Nov 2026 10:15:00 Z", "2026-11-24T10:15", id="no weekday"),
        pytest.param("Tue,24-Nov-2026 10:15:00 UTC", "2026-11-24T10:15", id="hyphens"),
        pytest.param("Tue, 24 Nov 2026 10:15:60 GMT", "2026-11-24T10:15:59", id="leap second"),
        pytest.param("Mon, 23 Nov 2026 24:00:00 GMT", "2026-11-24T00:00", id="hour 24"),
        pytest.param("Tue Nov 24 10:15:00 2026", "2026-11-24T09:15", id="asctime"),
        pytest.param("Tue Nov 24 10:15:00 CET 2026", "2026-11-24T09:15", id="date(1)"),
        pytest.param("Wed, Oct 09 2019 00:00:00 GMT", "2019-10-09T00:00", id="month first"),
        pytest.param("November 24, 2026 at 10:15 pm", "2026-11-24T21:15", id="American"),
        pytest.param("Thu, 5 Sept 2024 10:00:00 +0200", "2024-09-05T08:00", id="Sept"),
        pytest.param("mar. 24 nov. 2026 10h15", "2026-11-24T09:15", id="French"),
        pytest.param("1er mai 2026 12:15 AM", "2026-04-30T23:15", id="French first, midnight"),
        pytest.param("2026-11-24T10:15:00Z", "2026-11-24T10:15", id="ISO 8601"),
        pytest.param("2026-11-24T10:15:00.123+01:00", "2026-11-24T09:15", id="fraction"),
        pytest.param("2026/11/24 10:15", "2026-11-24T09:15", id="slashes, year first"),
        pytest.param("24/11/2026 10:15", "2026-11-24T09:15", id="day first"),
        pytest.param("11/24/2026 10:15", "2026-11-24T09:15", id="month first when it must be"),
        pytest.param("24.11.26 10.15", "2026-11-24T09:15", id="dots"),
    ],
)
def test_a_date_is_read_in_every_shape_that_feeds_use(text: str, moment: str) -> None:
    expected = datetime.fromisoformat(moment).replace(tzinfo=UTC)

    assert read_date(text, ALGIERS, NOW) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("الثلاثاء 24 نونبر 2026 - 10:15", id="Morocco"),
        pytest.param("الثلاثاء، ٢٤ نوفمبر ٢٠٢٦ ١٠:١٥ ص", id="Egypt, Arabic digits"),
        pytest.param("24 تشرين الثاني 2026 الساعة 10:15 صباحًا", id="Levant"),
        pytest.param("24 نونبر، 2026 10:15", id="Arabic comma"),
    ],
)
def test_arabic_months_of_every_country_are_read(text: str) -> None:
    assert read_date(text, ALGIERS, NOW) == datetime(2026, 11, 24, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "month"),
    [("ماي", 5), ("يوليوز", 7), ("غشت", 8), ("شتنبر", 9), ("أيلول", 9), ("جويلية", 7), ("شباط", 2)],
)
def test_months_are_not_confused(name: str, month: int) -> None:
    moment = read_date(f"15 {name} 2026 12:00 +0000", ALGIERS, NOW)

    assert moment == datetime(2026, month, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("GMT+7", 3),
        ("GMT", 10),
        ("+07:00", 3),
        ("+7", 3),
        ("-0330", 13),
        ("EST", 15),
        ("PST", 18),
        ("(CET)", 9),
        ("UTC+01:00", 9),
        ("+0100 (WEST)", 9),
    ],
)
def test_a_zone_is_read_by_name_and_by_offset(zone: str, hour: int) -> None:
    """T16; miniflux #4407, #1233, #290; NetNewsWire #2928."""
    moment = read_date(f"Tue, 24 Nov 2026 10:15:00 {zone}", ALGIERS, NOW)

    assert moment is not None
    assert moment.hour == hour


@pytest.mark.parametrize("zone", ["", "local", "+9900", "Africa/Casablanca"])
def test_a_date_without_a_zone_is_on_the_feeds_clock(zone: str) -> None:
    """T15; miniflux #1906: not an hour in the future, not "now" for all."""
    in_summer = read_date(f"Fri, 24 Jul 2026 10:15:00 {zone}", CASABLANCA, NOW)
    in_ramadan = read_date(f"Sat, 28 Feb 2026 10:15:00 {zone}", CASABLANCA, NOW)

    assert in_summer == datetime(2026, 7, 24, 9, 15, tzinfo=UTC)
    assert in_ramadan == datetime(2026, 2, 28, 10, 15, tzinfo=UTC)


def test_a_wrong_fixed_offset_gives_a_date_a_little_ahead_which_is_kept() -> None:
    """T16; jocmp/capyreader #353 (an Arabic newspaper whose dates lie in the future)."""
    moment = read_date("Tue, 24 Nov 2026 22:00:00 +0000", ALGIERS, NOW)

    assert moment == NOW + timedelta(hours=2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "0000-00-00 00:00:00",
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "31 Nov 2026",
        "24 Nov 2026 25:99",
        "24 Nov 10:15",
        "12345678",
        "1448-06-14 10:15",
        "2099-01-01",
        "\N{ARABIC LETTER ALEF}" * 10_000,
    ],
)
def test_what_says_no_date_of_publication_is_none(text: str) -> None:
    assert read_date(text, ALGIERS, NOW) is None


@settings(deadline=None)  # the first reads the words of dates
@given(RECENT, st.integers(-14 * 60, 14 * 60))
def test_a_proper_date_comes_back_whole(naive: datetime, offset: int) -> None:
    moment = naive.replace(microsecond=0, tzinfo=UTC) - timedelta(days=1)
    local = moment.astimezone(ZoneInfo("Asia/Riyadh"))
    shifted = moment.astimezone(timezone(timedelta(minutes=offset)))

    for text in (format_datetime(local), shifted.isoformat(), shifted.isoformat(" ")):
        assert read_date(text, ALGIERS, NOW) == moment


@given(
    st.text(alphabet=st.sampled_from("0123456789-/:. +TZNovشتنبرمص٢GMT,"), max_size=40) | st.text()
)
def test_any_text_is_a_date_or_none(text: str) -> None:
    moment = read_date(text, ALGIERS, NOW)

    assert moment is None or (moment.tzinfo is UTC and moment <= NOW + FARTHEST_ZONE)
