"""The bytes of an iCalendar in, a Document of its fixtures out; `kinds.read` calls it.

The library reads one event at a time: one that is broken is skipped and counted, and no calendar
makes us read more of them than a reader could ask for. What recurs is no match and is refused.
Of several events under one UID the one with the highest SEQUENCE holds (RFC 5545, 3.8.7.4).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar, Component, Event, Timezone
from icalendar.timezone import tzp

from bot.errors import ParseError
from bot.feeds.charset import decode
from bot.feeds.kinds.clubs import Said, read_summary, score_in
from bot.feeds.sanitize import cut, to_line
from bot.feeds.wire import Request
from bot.model import Document, FeedKind, Fixture, FixtureState

EVENTS_LIMIT: Final = 2_000  # the nearest to now; a season of four leagues has fewer
PART_SIZE: Final = 32_000  # characters of one event, one zone, the calendar's own lines
PAST: Final = timedelta(days=60)  # what a reader asks of a club
AHEAD: Final = timedelta(days=370)  # a season
UID_LIMIT: Final = 500  # characters, as below
NAME_LIMIT: Final = 100
LONGEST_TTL: Final = timedelta(days=365)
_ZONES_LIMIT: Final = 20  # definitions of time zones
_HEAD: Final = 1_024  # bytes in which a calendar begins
_BEGINNING: Final = re.compile(rb"^\s*BEGIN:VCALENDAR\b", re.IGNORECASE | re.MULTILINE)
_CALENDAR: Final = re.compile(r"^BEGIN:VCALENDAR[ \t]*$", re.IGNORECASE | re.MULTILINE)
_END_OF_HEAD: Final = re.compile(r"^(?:BEGIN|END):", re.IGNORECASE | re.MULTILINE)
_BUSY_RULE: Final = re.compile(r"FREQ=(?!YEARLY)", re.IGNORECASE)  # clocks change once a year
_DAY: Final = re.compile(r"^DTSTART[^:\n]*:(\d{4})(\d{2})(\d{2})", re.IGNORECASE | re.MULTILINE)
_RECURRING: Final = ("RRULE", "RDATE")


@dataclass(frozen=True, slots=True)
class _Around:
    """What an event needs to know of its calendar."""

    name: str
    zone: ZoneInfo  # of times that name none
    now: datetime


@dataclass(frozen=True, slots=True)
class _Told:
    """A fixture, and which version of its event told it."""

    fixture: Fixture
    sequence: int


def is_calendar(body: bytes) -> bool:
    """Say whether a page begins as a calendar does, whatever its server calls it."""
    return _BEGINNING.search(body.removeprefix(b"\xef\xbb\xbf")[:_HEAD]) is not None


def parse(request: Request) -> Document:
    """Read a calendar of fixtures; ParseError when neither its head nor any event can be read.

    An hour without a zone is meant by the calendar's clock, else by the newsroom's.
    """
    page = "\n".join(decode(request.body, request.content_type).splitlines()).replace("\0", "")
    now = request.now
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library's guesses at zones
        own = _head(page)
        head = own or {}
        _learn_zones(page)
        name = _line(head, "X-WR-CALNAME") or _line(head, "NAME")
        around = _Around(name, _zone(head) or request.zone, now)
        told = [_told(event, around) for event in _nearest(_parts(page, "VEVENT"), now)]
    fixtures = _newest(one for one in told if one)
    if own is None and not fixtures:
        raise ParseError("a calendar of which neither the head nor an event can be read")
    return Document(
        (),
        fixtures=tuple(sorted(fixtures, key=lambda one: (one.starts_at, one.uid))),
        kind=FeedKind.MATCHES,
        title=name,
        ttl=_ttl(head),
        skipped=told.count(None),
    )


def _head(page: str) -> Mapping[str, Any] | None:
    """Read what a calendar says of itself, the lines before its first part; None when broken."""
    start = _CALENDAR.search(page)
    lines = page[start.end() :] if start else ""
    end = _END_OF_HEAD.search(lines)
    own = lines[: end.start()] if end else lines
    try:
        return _read(Calendar, own[:PART_SIZE])
    except ValueError:
        return None


def _learn_zones(page: str) -> None:
    """Teach the library the zones that this calendar defines, and those alone."""
    tzp.use_default()  # forgets what other calendars defined
    for lines in islice(_parts(page, "VTIMEZONE"), _ZONES_LIMIT):
        if _BUSY_RULE.search(lines):
            continue  # a rule by the second would be spelled out for hours
        with suppress(ValueError):  # its events are then read by the calendar's own clock
            _read(Timezone, lines)


def _parts(page: str, name: str) -> Iterator[str]:
    """Yield the lines of each part of this name; "" for one without an end, or out of all size."""
    begin, end = (
        re.compile(rf"^{edge}:{name}[ \t]*$", re.IGNORECASE | re.MULTILINE)
        for edge in ("BEGIN", "END")
    )
    for lines in begin.split(page)[1:]:
        last = end.search(lines)
        yield lines[: last.start()] if last and last.start() <= PART_SIZE else ""


def _read(kind: type[Component], lines: str) -> Mapping[str, Any]:
    """Let the library read the lines of one part; ValueError, whatever it stumbles over."""
    try:
        part = kind.from_ical(f"BEGIN:{kind.name}\n{lines.strip()}\nEND:{kind.name}\n")
        return dict(part)
    except MemoryError:  # the child's limit, not the part's fault
        raise
    except Exception as error:  # like feedparser, it raises anything at all on hostile bytes
        raise ValueError(type(error).__name__) from error


def _nearest(events: Iterable[str], now: datetime) -> list[str]:
    """Keep the events that a reader may ask for, by the day that stands in them."""
    near: list[tuple[timedelta, int, str]] = []
    for place, lines in enumerate(events):
        day = _DAY.search(lines)
        away = _away(day, now) if day else timedelta(0)  # without a day it is skipped, and counted
        if away is not None:
            near.append((abs(away), place, lines))
    kept = sorted(near)[:EVENTS_LIMIT]
    return [lines for _, _, lines in sorted(kept, key=lambda one: one[1])]


def _away(day: re.Match[str], now: datetime) -> timedelta | None:
    """Return how far from now a day is; None when it is farther than anybody looks."""
    try:
        away = datetime(int(day[1]), int(day[2]), int(day[3]), tzinfo=UTC) - now
    except ValueError:  # the 31st of November
        return timedelta(0)
    return away if -PAST <= away <= AHEAD else None


def _told(lines: str, around: _Around) -> _Told | None:
    """Read one event; None when it is no match, recurs or cannot be read."""
    try:
        event = _read(Event, lines)
        said = read_summary(_line(event, "SUMMARY"))
        starts_at, is_timed = _start(event, around.zone)
        if said is None or any(name in event for name in _RECURRING):
            return None
        return _Told(
            _fixture(event, said, around, starts_at=starts_at, is_timed=is_timed),
            int(event.get("SEQUENCE", 0)),
        )
    except (KeyError, OverflowError, TypeError, ValueError):  # this event's fault alone
        return None


def _fixture(
    event: Mapping[str, Any], said: Said, around: _Around, *, starts_at: datetime, is_timed: bool
) -> Fixture:
    begins_at = starts_at if is_timed else starts_at - timedelta(hours=12)
    score = said.score or score_in(str(event.get("DESCRIPTION", "")))
    if begins_at > around.now:
        score = None  # a place kept free, «0 - 0»
    state = FixtureState.OVER if score else FixtureState.PLANNED
    if said.is_off or str(event.get("STATUS", "")).upper() == "CANCELLED":
        state, score = FixtureState.OFF, None
    return Fixture(
        uid=_uid(event, said, starts_at),
        home=said.home,
        away=said.away,
        starts_at=starts_at,
        competition=next(_competitions(event), "") or said.competition or around.name,
        venue=_line(event, "LOCATION"),
        state=state,
        score=score,
        is_timed=is_timed,
    )


def _uid(event: Mapping[str, Any], said: Said, starts_at: datetime) -> str:
    """Return what the event is known by; an instance of a series has its own name in it."""
    uid = str(event.get("UID", "")).strip() or f"{said.home}/{said.away}/{starts_at:%Y%m%d}"
    instance = getattr(event.get("RECURRENCE-ID"), "dt", "")
    return f"{uid[:UID_LIMIT]}/{instance}" if instance else uid[:UID_LIMIT]


def _start(event: Mapping[str, Any], zone: ZoneInfo) -> tuple[datetime, bool]:
    """Return when an event begins, and whether its hour is told; of a mere day its noon."""
    start = getattr(event["DTSTART"], "dt", None)
    if isinstance(start, datetime):
        return (start if start.tzinfo else start.replace(tzinfo=zone)).astimezone(UTC), True
    if isinstance(start, date):
        return datetime.combine(start, time(12), zone).astimezone(UTC), False
    raise ValueError("the event has no beginning")


def _newest(told: Iterator[_Told]) -> list[Fixture]:
    """Of each UID keep the version with the highest number; of equal ones the last."""
    held: dict[str, _Told] = {}
    for one in told:
        before = held.get(one.fixture.uid)
        if before is None or one.sequence >= before.sequence:
            held[one.fixture.uid] = one
    return [one.fixture for one in held.values()]


def _competitions(event: Mapping[str, Any]) -> Iterator[str]:
    """Yield the categories of an event; several lines of them are a list."""
    given = event.get("CATEGORIES")
    for one in given if isinstance(given, list) else [given]:
        for category in getattr(one, "cats", ()):
            if name := cut(to_line(str(category)), NAME_LIMIT):
                yield name


def _line(thing: Mapping[str, Any], name: str) -> str:
    """Return a text as one line; given twice, the first."""
    value = thing.get(name, "")
    return cut(to_line(str(value[0] if isinstance(value, list) else value)), NAME_LIMIT)


def _zone(head: Mapping[str, Any]) -> ZoneInfo | None:
    try:
        return ZoneInfo(_line(head, "X-WR-TIMEZONE"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _ttl(head: Mapping[str, Any]) -> timedelta | None:
    """Return how long the calendar asks to be left alone (RFC 7986, 5.7)."""
    wish = getattr(head.get("REFRESH-INTERVAL"), "dt", None)
    if not isinstance(wish, timedelta) or wish <= timedelta(0):
        return None
    return min(wish, LONGEST_TTL)
