"""The sample newspaper's matches: a week of TOML and a moment in, an iCalendar out; for newspaper.

Law: matches lie around the day of the start and go on week by week, so that a demo whose clock is
hurried never runs out of them. A result stands in a match's line once it has been played.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

PATH = "/news/league.ics"
ICAL_TYPE = "text/calendar"
BEHIND, AHEAD = timedelta(days=8), timedelta(days=15)  # what the calendar holds
LASTS = timedelta(minutes=110)  # until the result stands
WEEK = timedelta(days=7)
_LINE = 75  # bytes; RFC 5545, 3.1


@dataclass(frozen=True, slots=True)
class Meeting:
    """One match at its moment; `begins_at` is a midnight when its hour is not known."""

    number: str
    begins_at: datetime
    has_hour: bool
    home: str
    away: str
    competition: str
    venue: str
    is_off: bool
    score: Sequence[int]

    def is_over(self, now: datetime) -> bool:
        """Say whether the result is known."""
        end = self.begins_at + (LASTS if self.has_hour else timedelta(days=1))
        return not self.is_off and now >= end


class League:
    """Publish the calendar; time is always the caller's."""

    def __init__(self, table: Mapping[str, Any], start: datetime, zone: ZoneInfo) -> None:
        self.name: str = table["name"]
        self.section: str = table["section"]
        self._week: list[dict[str, Any]] = table["match"]
        self._zone = zone
        self._start = start
        self._first_day = start.astimezone(zone).date()

    def meetings(self, now: datetime) -> list[Meeting]:
        """Give the matches around a moment, in their order."""
        this_week = (now - self._start) // WEEK
        found = [
            meeting
            for week in range(this_week - 2, this_week + 4)
            for meeting in self._in_week(week)
            if -BEHIND <= meeting.begins_at - now <= AHEAD
        ]
        return sorted(found, key=lambda meeting: (meeting.begins_at, meeting.number))

    def calendar(self, now: datetime) -> bytes:
        """Write the calendar as it stands at a moment."""
        lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//league.example//sample//AR",
            f"X-WR-CALNAME:{_escape(self.name)}",
        ]
        for meeting in self.meetings(now):
            lines += self._event(meeting, now)
        return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"]).encode()

    def changed_at(self, now: datetime) -> datetime:
        """Tell when the last result came."""
        over = (meeting.begins_at + LASTS for meeting in self.meetings(now) if meeting.is_over(now))
        return max(over, default=self._start)

    def _in_week(self, week: int) -> Iterator[Meeting]:
        """Give the matches of a week; 0 begins on the day of the start."""
        scores = [row["score"] for row in self._week]
        for place, row in enumerate(self._week):
            day = self._first_day + week * WEEK + timedelta(days=row["day"])
            hour = time.fromisoformat(row["hour"]) if row["hour"] else time()
            is_return = week > 0 and week % 2 == 1
            yield Meeting(
                number=f"{day:%Y%m%d}-{place}",
                begins_at=datetime.combine(day, hour, self._zone).astimezone(UTC),
                has_hour=bool(row["hour"]),
                home=row["away"] if is_return else row["home"],
                away=row["home"] if is_return else row["away"],
                competition=row["competition"],
                venue=row["venue"],
                is_off=row.get("is_off", False),
                score=scores[(place + max(week, 0)) % len(scores)],
            )

    def _event(self, meeting: Meeting, now: datetime) -> Iterator[str]:
        is_over = meeting.is_over(now)
        between = "{} - {}".format(*meeting.score) if is_over else "\N{EN DASH}"
        local = meeting.begins_at.astimezone(self._zone)
        yield "BEGIN:VEVENT"
        yield f"UID:{meeting.number}@league.example"
        yield f"SEQUENCE:{int(is_over)}"
        yield f"DTSTAMP:{self._start:%Y%m%dT%H%M%SZ}"
        if meeting.has_hour:
            yield f"DTSTART:{meeting.begins_at:%Y%m%dT%H%M%SZ}"
        else:
            yield f"DTSTART;VALUE=DATE:{local:%Y%m%d}"
        yield f"SUMMARY:{_escape(f'{meeting.home} {between} {meeting.away}')}"
        yield f"CATEGORIES:{_escape(meeting.competition)}"
        if meeting.venue:
            yield f"LOCATION:{_escape(meeting.venue)}"
        yield f"STATUS:{'CANCELLED' if meeting.is_off else 'CONFIRMED'}"
        yield "END:VEVENT"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """Break a line that is too long between two letters, as the standard asks."""
    pieces, size = [""], 0
    for letter in line:
        length = len(letter.encode())
        if size + length > _LINE:
            pieces.append(" ")
            size = 1
        pieces[-1] += letter
        size += length
    return "\r\n".join(pieces) + "\r\n"
