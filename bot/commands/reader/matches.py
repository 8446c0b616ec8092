"""/matches: the matches of a day, of a club; one match and the way back. Turned in place.

A button carries the day it opens, or says «today»: pressed tomorrow, it means that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.briefs.layouts.matches import (
    NEAR,
    day_of,
    matches_of_club,
    matches_of_day,
    no_club,
    one_match,
)
from bot.commands.touch import Touch
from bot.model import Brief, GameId
from bot.storage import fixtures

DAY: Final = rf"{'|'.join(NEAR)}|\d{{8}}"  # the form of a button's field
SIDE: Final = "home|away"
MOST_OF_CLUB = 5  # matches to come, and as many played
FARTHEST = timedelta(days=1000)
LONGEST_NAME = 60  # letters of what is typed that are looked at


async def matches(touch: Touch) -> None:
    """Show the matches of today, or those of the club behind the command."""
    if touch.args:
        await _show_called(touch, " ".join(touch.args)[:LONGEST_NAME])
    else:
        await _show_day(touch, "today", 1)


async def day(touch: Touch) -> None:
    """Turn to a day, and a page of it."""
    word, *page = touch.args
    await _show_day(touch, word, int(page[0]) if page else 1)


async def match(touch: Touch) -> None:
    """Open a match of a day's page."""
    number, *opened = touch.args
    found = await fixtures.get(touch.room.storage, GameId(int(number)))
    if found is None:
        await touch.refuse_old()
        return
    zone = await touch.zone()
    page = one_match(found, touch.texts, zone=zone, now=touch.now, opened=":".join(opened))
    await touch.show(page)


async def club(touch: Touch) -> None:
    """Open the matches of one of the clubs of a match."""
    number, side, *opened = touch.args
    found = await fixtures.get(touch.room.storage, GameId(int(number)))
    if found is None:
        await touch.refuse_old()
        return
    name = found.home if side == "home" else found.away
    back = f"mt:{number}:{':'.join(opened)}"
    await touch.show(await _of_club(touch, name, [name], back=back))


async def _show_called(touch: Touch, words: str) -> None:
    names = await fixtures.clubs_called(touch.room.storage, words)
    if names:
        await touch.show(await _of_club(touch, names[0] if len(names) == 1 else words, names))
    else:
        await touch.show(no_club(words, touch.texts))


async def _of_club(touch: Touch, name: str, names: Sequence[str], back: str = "") -> Brief:
    storage, now = touch.room.storage, touch.now
    return matches_of_club(
        name,
        await fixtures.next_of(storage, names, now, MOST_OF_CLUB),
        await fixtures.last_of(storage, names, now, MOST_OF_CLUB),
        touch.texts,
        zone=await touch.zone(),
        now=now,
        back=back,
    )


async def _show_day(touch: Touch, word: str, number: int) -> None:
    zone = await touch.zone()
    today = touch.now.astimezone(zone).date()
    asked = _date(word, today)
    found = await fixtures.between(touch.room.storage, *_span(asked, zone))
    following = None
    if not found:
        _, end = _span(max(asked, today - timedelta(days=1)), zone)
        coming = await fixtures.next_from(touch.room.storage, end)
        following = day_of(coming, zone) if coming else None
    page = matches_of_day(
        found,
        touch.texts,
        day=asked,
        zone=zone,
        now=touch.now,
        number=number,
        following=following,
    )
    await touch.show(page)


def _date(word: str, today: date) -> date:
    """Return the day that a button means; today for one that no calendar of ours has."""
    if word in NEAR:
        return today + timedelta(days=NEAR[word])
    try:
        asked = date.fromisoformat(word)
    except ValueError:
        return today
    return asked if abs(asked - today) < FARTHEST else today


def _span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when a day begins and ends, by a reader's clock."""
    start, end = (
        datetime.combine(one, time(), zone).astimezone(UTC) for one in (day, day + timedelta(1))
    )
    return start, end
