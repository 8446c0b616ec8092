"""What readers type for an hour, a city or a number, and what it is taken for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.editor.broadcast.confirm import read_number
from bot.commands.reader.hours import read_hour, read_span
from bot.commands.reader.zones import read_zone, zone_name
from bot.model import QuietHours
from bot.texts import Texts


@pytest.mark.parametrize(
    ("typed", "minute"),
    [
        ("7", 420),
        ("07:30", 450),
        ("٧", 420),
        ("٧:٣٠", 450),
        ("۰۷:۳۰", 450),
        (" 19.15 ", 1155),
        pytest.param("\u200f7:30", 450, id="a mark of direction"),
        pytest.param("\u2068٧:٣٠\u2069", 450, id="isolated"),
        ("18h", 1080),
        ("18h30", 1110),
        ("0", 0),
        ("24", 0),
        ("24:00", 0),
        ("23:59", 1439),
        ("24:01", None),
        ("25", None),
        ("7:60", None),
        ("7:5", None),
        ("السابعة", None),
        ("-7", None),
        ("", None),
        ("7 7", None),
        ("²", None),
    ],
)
def test_an_hour_is_read_as_it_is_written(typed: str, minute: int | None) -> None:
    assert read_hour(typed) == minute


@given(st.text(max_size=20))
def test_any_text_is_an_hour_of_the_day_or_none(typed: str) -> None:
    minute = read_hour(typed)
    assert minute is None or 0 <= minute < 1440


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("المغرب", "Africa/Casablanca"),
        ("الدار البيضاء", "Africa/Casablanca"),
        ("باريس", "Europe/Paris"),
        ("Europe/Paris", "Europe/Paris"),
        ("paris", "Europe/Paris"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("نيويورك", "America/New_York"),
        ("الرّياض", "Asia/Riyadh"),
        ("UTC", "UTC"),
        ("أطلانتس", None),
        ("", None),
        ("../../etc/passwd", None),
        ("ا" * 4000, None),
    ],
)
def test_a_city_is_found_by_any_of_its_names(typed: str, zone: str | None) -> None:
    assert read_zone(typed, Texts.load()) == zone


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Africa/Casablanca", "المغرب"), ("America/New_York", "نيويورك"), ("UTC", "UTC")],
)
def test_a_zone_is_named_as_readers_know_it(zone: str, name: str) -> None:
    assert zone_name(zone, Texts.load()) == name


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12480", 12480),
        ("12 480", 12480),
        ("12\u202f480", 12480),
        ("12,480", 12480),
        pytest.param("\u206812\u202f480\u2069", 12480, id="copied from the question"),
        pytest.param("\u200f١٢٬٤٨٠", 12480, id="a mark of direction"),
        ("١٢٤٨٠", 12480),
        ("12.480", None),
        ("12480 قارئا", None),
        ("-3", None),
        ("", None),
        ("9" * 30, None),
    ],
)
def test_a_number_is_read_in_any_digits(typed: str, number: int | None) -> None:
    assert read_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("23:00 إلى 7:30", QuietHours(1380, 450)),
        ("من ٢٣ إلى ٧", QuietHours(1380, 420)),
        ("23-7", QuietHours(1380, 420)),
        ("22h30 – 06h30", QuietHours(1350, 390)),
        pytest.param("\u2067من 0 حتى 6\u2069", QuietHours(0, 360), id="isolated"),
        ("24 إلى 8", QuietHours(0, 480)),
        ("7 إلى 7", None),
        ("23", None),
        ("23 إلى 25", None),
        ("1 2 3", None),
        ("2300 0700", None),
        ("123", None),
        ("ليلا", None),
        ("", None),
    ],
)
def test_a_span_is_two_hours_whatever_stands_between(typed: str, span: QuietHours | None) -> None:
    assert read_span(typed) == span


@given(st.text(max_size=40))
def test_whatever_is_typed_for_a_span_is_two_hours_or_nothing(typed: str) -> None:
    span = read_span(typed)

    assert span is None or span.start != span.end
