"""Moroccan months, and moments as a reader says them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.dates import get_day_names, get_month_names

from bot.arabic.dates import clock, day_name, moment, month, weekday

CASABLANCA = ZoneInfo("Africa/Casablanca")
NOW = datetime(2026, 11, 26, 15, 0, tzinfo=CASABLANCA)


def at(*parts: int) -> datetime:
    year, month_, day, hour, minute = parts
    return datetime(year, month_, day, hour, minute, tzinfo=CASABLANCA)


@pytest.mark.parametrize("number", range(1, 13))
def test_months_are_those_of_unicode_for_morocco(number: int) -> None:
    assert month(number) == get_month_names("wide", locale="ar_MA")[number]


@pytest.mark.parametrize("number", range(7))
def test_weekdays_are_those_of_unicode_for_morocco(number: int) -> None:
    assert weekday(number) == get_day_names("wide", locale="ar_MA")[number]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        pytest.param(at(2026, 11, 26, 14, 20), "اليوم 14:20", id="today"),
        pytest.param(at(2026, 11, 26, 0, 0), "اليوم 00:00", id="midnight is today"),
        pytest.param(at(2026, 11, 26, 23, 59), "اليوم 23:59", id="later today"),
        pytest.param(at(2026, 11, 25, 22, 5), "أمس 22:05", id="yesterday"),
        pytest.param(at(2026, 11, 25, 0, 0), "أمس 00:00", id="thirty-nine hours ago is yesterday"),
        pytest.param(at(2026, 11, 24, 23, 59), "الثلاثاء 24 نونبر", id="the day before"),
        pytest.param(at(2026, 11, 27, 7, 0), "غدا 07:00", id="tomorrow"),
        pytest.param(at(2026, 11, 28, 7, 0), "السبت 28 نونبر", id="the day after"),
        pytest.param(at(2026, 3, 30, 9, 0), "الاثنين 30 مارس", id="this year"),
        pytest.param(at(2022, 3, 30, 9, 0), "الأربعاء 30 مارس 2022", id="another year"),
    ],
)
def test_a_moment_is_said_by_the_calendar(when: datetime, said: str) -> None:
    assert moment(when, NOW) == said


def test_new_year_eve_is_yesterday_on_new_year_day() -> None:
    assert moment(at(2026, 12, 31, 22, 5), at(2027, 1, 1, 0, 30)) == "أمس 22:05"


@pytest.mark.parametrize(
    ("today", "said"),
    [
        pytest.param(None, "الخميس 26 نونبر", id="no year asked"),
        pytest.param(date(2026, 1, 1), "الخميس 26 نونبر", id="same year"),
        pytest.param(date(2027, 1, 1), "الخميس 26 نونبر 2026", id="another year"),
    ],
)
def test_a_day_has_its_year_when_it_is_another(today: date | None, said: str) -> None:
    assert day_name(date(2026, 11, 26), today) == said


def test_the_clock_counts_24_hours() -> None:
    assert (clock(at(2026, 11, 26, 7, 5)), clock(NOW)) == ("07:05", "15:00")
