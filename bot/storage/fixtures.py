"""Fixtures as calendars tell them in, matches by day and by club out; polls write, readers ask.

Several calendars may have one match: it is kept under each, and shown once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.arabic.fold import fold
from bot.arabic.stem import stems
from bot.model import FeedId, Fixture, FixtureState, Game, GameId, Row, to_ms
from bot.storage import Reader, Transaction, Values
from bot.storage.rows import moment, number, number_or_none, text, truth

RESULT_WITHIN = timedelta(hours=6)  # after a match begins; later its calendar is not hurried
_CALENDARS = 4  # that may have one match


@dataclass(frozen=True, slots=True)
class Kept:
    """What a calendar brought: matches that are new, that changed, that it has taken back."""

    new: int = 0
    changed: int = 0
    gone: int = 0


def game_from(row: Row) -> Game:
    """Map a row of ``fixtures``."""
    home, away = number_or_none(row, "home_score"), number_or_none(row, "away_score")
    return Game(
        id=GameId(number(row, "id")),
        uid=text(row, "uid"),
        home=text(row, "home"),
        away=text(row, "away"),
        starts_at=moment(row, "starts_at"),
        competition=text(row, "competition"),
        venue=text(row, "venue"),
        state=FixtureState(text(row, "state")),
        score=None if home is None or away is None else (home, away),
        is_timed=truth(row, "is_timed"),
    )


async def keep(tx: Transaction, feed: FeedId, fixtures: Sequence[Fixture], now: datetime) -> Kept:
    """Keep what a calendar tells now, and say what changed by it.

    A match to come that it no longer has is forgotten, as far ahead as it looks; what was played
    stays, for calendars drop their past.
    """
    rows = await tx.fetch("SELECT * FROM fixtures WHERE feed = :feed", {"feed": feed})
    known = {match.uid: match for match in map(game_from, rows)}
    new = [fixture for fixture in fixtures if fixture.uid not in known]
    changed = [
        fixture
        for fixture in fixtures
        if fixture.uid in known and _columns(fixture) != _columns(known[fixture.uid])
    ]
    told = {fixture.uid for fixture in fixtures}
    last = max((fixture.starts_at for fixture in fixtures), default=now)
    gone = [
        match.id
        for match in known.values()
        if now < match.starts_at <= last and match.uid not in told
    ]
    await tx.execute_many(
        "INSERT INTO fixtures (feed, uid, home, away, competition, venue, starts_at, state,"
        " home_score, away_score, is_timed, changed_at) VALUES (:feed, :uid, :home, :away,"
        " :competition, :venue, :starts, :state, :home_score, :away_score, :is_timed, :now)"
        " ON CONFLICT (feed, uid) DO UPDATE SET home = excluded.home, away = excluded.away,"
        " competition = excluded.competition, venue = excluded.venue,"
        " starts_at = excluded.starts_at, state = excluded.state,"
        " home_score = excluded.home_score, away_score = excluded.away_score,"
        " is_timed = excluded.is_timed, changed_at = excluded.changed_at",
        [{**_columns(one), "feed": feed, "now": to_ms(now)} for one in (*new, *changed)],
    )
    await tx.execute_many("DELETE FROM fixtures WHERE id = :id", [{"id": one} for one in gone])
    return Kept(len(new), len(changed), len(gone))


def _columns(fixture: Fixture) -> Values:
    home, away = fixture.score or (None, None)
    return {
        "uid": fixture.uid,
        "home": fixture.home,
        "away": fixture.away,
        "competition": fixture.competition,
        "venue": fixture.venue,
        "starts": to_ms(fixture.starts_at),
        "state": fixture.state.value,
        "home_score": home,
        "away_score": away,
        "is_timed": int(fixture.is_timed),
    }


async def awaited(reader: Reader, feed: FeedId, now: datetime) -> int:
    """Count the matches of a calendar that began lately and have no result yet."""
    rows = await reader.fetch(
        "SELECT count(*) AS matches FROM fixtures WHERE feed = :feed AND state = 'planned'"
        " AND starts_at > :since AND starts_at <= :now",
        {"feed": feed, "since": to_ms(now - RESULT_WITHIN), "now": to_ms(now)},
    )
    return number(rows[0], "matches")


async def get(reader: Reader, match: GameId) -> Game | None:
    """Return a match; None when its calendar has taken it back."""
    rows = await reader.fetch("SELECT * FROM fixtures WHERE id = :id", {"id": match})
    return game_from(rows[0]) if rows else None


async def between(reader: Reader, start: datetime, end: datetime) -> Sequence[Game]:
    """Return the matches that begin in [start, end), in the order of their hours."""
    rows = await reader.fetch(
        "SELECT * FROM fixtures WHERE starts_at >= :start AND starts_at < :end"
        " ORDER BY starts_at, id",
        {"start": to_ms(start), "end": to_ms(end)},
    )
    return _distinct(map(game_from, rows))


async def next_from(reader: Reader, start: datetime) -> Game | None:
    """Return the first match that begins at a moment or later and is to be played."""
    rows = await reader.fetch(
        "SELECT * FROM fixtures WHERE starts_at >= :start AND state <> 'off'"
        " ORDER BY starts_at, id LIMIT 1",
        {"start": to_ms(start)},
    )
    return game_from(rows[0]) if rows else None


async def clubs_called(reader: Reader, words: str) -> Sequence[str]:
    """Return the names of the clubs that somebody means by words, as calendars write them.

    A club is meant when it has every word in its name, in any form; if none is, one whose whole
    name is among the words.
    """
    wanted = frozenset(stems(words))
    rows = await reader.fetch(
        "SELECT home AS name FROM fixtures UNION SELECT away FROM fixtures ORDER BY name"
    )
    names = {text(row, "name"): frozenset(stems(text(row, "name"))) for row in rows}
    if not wanted:
        return []
    called = [name for name, own in names.items() if wanted <= own]
    return called or [name for name, own in names.items() if own and own <= wanted]


async def next_of(
    reader: Reader, clubs: Iterable[str], now: datetime, limit: int
) -> Sequence[Game]:
    """Return the next matches of clubs by their names, the nearest first."""
    rows = await reader.fetch(
        "SELECT * FROM fixtures WHERE starts_at >= :now"
        " AND (home IN (SELECT value FROM json_each(:clubs))"
        "  OR away IN (SELECT value FROM json_each(:clubs)))"
        " ORDER BY starts_at, id LIMIT :limit",
        {"now": to_ms(now), "clubs": json.dumps(list(clubs)), "limit": limit * _CALENDARS},
    )
    return _distinct(map(game_from, rows))[:limit]


async def last_of(
    reader: Reader, clubs: Iterable[str], now: datetime, limit: int
) -> Sequence[Game]:
    """Return the last matches of clubs by their names, the latest first."""
    rows = await reader.fetch(
        "SELECT * FROM fixtures WHERE starts_at < :now"
        " AND (home IN (SELECT value FROM json_each(:clubs))"
        "  OR away IN (SELECT value FROM json_each(:clubs)))"
        " ORDER BY starts_at DESC, id LIMIT :limit",
        {"now": to_ms(now), "clubs": json.dumps(list(clubs)), "limit": limit * _CALENDARS},
    )
    return _distinct(map(game_from, rows))[:limit]


async def forget(tx: Transaction, before: datetime) -> int:
    """Forget the matches that began before a moment; return how many."""
    return await tx.execute(
        "DELETE FROM fixtures WHERE starts_at < :before", {"before": to_ms(before)}
    )


def _distinct(matches: Iterable[Game]) -> list[Game]:
    """Show once what several calendars tell, in the telling that knows the result."""
    found: dict[tuple[str, str, str], Game] = {}
    for match in matches:
        key = (fold(match.home), fold(match.away), f"{match.starts_at:%Y%m%d}")
        before = found.get(key)
        if before is None or (before.score is None and match.score is not None):
            found[key] = match
    return list(found.values())
