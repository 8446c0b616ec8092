"""The words of a date in a feed in, a UTC moment or None out; called by ``entries``.

Theory of operation. The text is folded (bare Arabic letters, ASCII digits, lower case), then four
shapes are tried, most certain first:

    2026-11-24T10:15:00+01:00     year first: ISO 8601 and its kin
    Tue, 24 Nov 2026 10:15 GMT    day and month's name: RFC 822, in any of our languages
    November 24, 2026 10:15 am    month's name first: America, asctime
    24/11/2026 10:15              numbers: day first, as the Arab press and Europe write

A missing zone, or one nobody knows, is the feed's own. A moment a little ahead of now is a wrong
zone (Morocco's clock under "+0000") and is returned as it stands: the storing room treats a future
date as now, so it buries nothing. Farther than any zone reaches, or before there were feeds, is no
date of publication: None.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from bot.arabic.fold import fold

TEXT_LIMIT: Final = 100  # characters; the longest honest date is half of it
FARTHEST_ZONE: Final = timedelta(hours=14)  # Kiribati; a wrong zone errs by no more
_FIRST_YEAR: Final = 1995  # before the first feed: an empty column, year 0, 1970 or 1980

_SHAPES: Final = (
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
    r"(?P<day>\d{1,2})(?:er|st|nd|rd|th)?[\s/.\-]*(?P<name><names>)[.,]?[\s/\-]*(?P<year>\d{2,4})",
    r"(?<![^\W\d])(?P<name><names>)[.,]?\s*(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})",
    r"(?P<first>\d{1,2})[-/.](?P<other>\d{1,2})[-/.](?P<year>\d{4}|\d{2})",
)
_TIME: Final = (  # perhaps after a sign, or a word («at»)
    r"(?:\s*[t,;|\-\u2013]?\s*(?:[^\W\d]{1,8}\s+)?"
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{1,2})(?:[:.](?P<second>\d{1,2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>(?:<halves>)(?![^\W\d]))?)?"
)
_ASCTIME: Final = re.compile(r"([a-z]+ \d{1,2}) (\d{1,2}:\d{2}(?::\d{2})?) (?:([a-z]+) )?(\d{4})")
_SIGNS: Final = str.maketrans({"\u060c": ",", "\u2212": "-", "\u2010": "-", "\u2011": "-"})
_OFFSET: Final = re.compile(r"(?:gmt|utc|ut|z)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?(?!\d)")
_ZONE_NAME: Final = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class _Words:
    months: dict[str, int]
    evening: frozenset[str]
    zones: dict[str, tzinfo]
    shapes: tuple[re.Pattern[str], ...]


def read_date(text: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Read a date of publication as an aware UTC moment; None when it says none.

    ``zone`` is where the feed lives: its clock is meant when the text names no zone.
    """
    plain = _plain(text)
    found = next(filter(None, (shape.search(plain) for shape in _words().shapes)), None)
    if found is None:
        return None
    try:
        local = _local(found, _zone(plain[found.end() :]) or zone)
        moment = local.astimezone(UTC)
    except (OverflowError, ValueError):  # the 31st of November, hour 25, year 0
        return None
    if moment.year < _FIRST_YEAR or moment - now > FARTHEST_ZONE:
        return None
    return moment


def _plain(text: str) -> str:
    plain = " ".join(fold(text[:TEXT_LIMIT]).translate(_SIGNS).split())
    return _ASCTIME.sub(r"\1, \4 \2 \3", plain)


def _local(found: re.Match[str], zone: tzinfo) -> datetime:
    part = found.groupdict()
    day, month = _day_and_month(part)
    hour = _hour(int(part["hour"] or 0), part["half"])
    midnight = datetime(_year(part["year"]), month, day, tzinfo=zone)
    if hour == 24:
        return midnight + timedelta(days=1)
    second = min(int(part["second"] or 0), 59)  # a leap second
    return midnight.replace(hour=hour, minute=int(part["minute"] or 0), second=second)


def _day_and_month(part: dict[str, str | None]) -> tuple[int, int]:
    if part.get("first"):
        day, month = int(part["first"] or 0), int(part["other"] or 0)
        return (month, day) if month > 12 >= day else (day, month)
    name = part.get("name")
    month = _words().months[name] if name else int(part.get("month") or 0)
    return int(part["day"] or 0), month


def _year(digits: str | None) -> int:
    year = int(digits or 0)
    if year < 50:  # RFC 5322 section 4.3: two digits below 50 are ours, others the last century's
        return year + 2000
    return year + 1900 if year < 1000 else year


def _hour(hour: int, half: str | None) -> int:
    if not half or hour > 12:
        return hour
    return hour % 12 + (12 if half in _words().evening else 0)


def _zone(rest: str) -> tzinfo | None:
    """Read the zone that follows a time; None when there is none that anyone knows."""
    rest = rest.lstrip(" (")
    offset = _OFFSET.match(rest)
    if offset:
        sign, hours, minutes = offset.groups()
        east = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-east if sign == "-" else east) if east <= FARTHEST_ZONE else None
    name = _ZONE_NAME.match(rest)
    return _words().zones.get(name.group()) if name else None


@cache
def _words() -> _Words:
    text = files(__package__).joinpath("data", "dates.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    months = {
        fold(name): number for number, names in enumerate(data["months"], 1) for name in names
    }
    morning, evening = (frozenset(map(fold, data[half])) for half in ("morning", "evening"))
    zones: dict[str, tzinfo] = {
        name: timezone(timedelta(minutes=east)) for name, east in data["zones"].items()
    }
    names, halves = _any_of(months), _any_of(morning | evening)
    shapes = tuple(
        re.compile(
            r"(?<!\d)"
            + shape.replace("<names>", names)
            + r"(?![\d:])"
            + _TIME.replace("<halves>", halves)
        )
        for shape in _SHAPES
    )
    return _Words(months, evening, zones, shapes)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
