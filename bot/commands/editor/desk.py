"""/desk: today in figures, what waits for an editor, and the last acts; each a button on.

Behind the buttons: feeds in trouble, each with the way to its own page; what readers report as
mistakes (`mistakes`); the broadcasts under way and planned; all acts (`log`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Final

from bot.arabic import dates
from bot.arabic.digits import grouped
from bot.commands.editor import log, undo
from bot.commands.editor.sources import health
from bot.commands.reader import keys
from bot.commands.touch import Rows, Touch, page
from bot.model import Button
from bot.storage import audit, feedback, scheduled, sources, stats
from bot.texts import Texts

LAST_ACTS = 3
MOST_FEEDS = 20  # on one page, the longest in trouble first


def begin_of_day(touch: Touch) -> datetime:
    """Return the moment at which today began by the newsroom's clock."""
    zone = touch.room.config.news.zone
    return datetime.combine(touch.now.astimezone(zone).date(), time(), zone)


async def desk(touch: Touch) -> None:
    """Show the desk."""
    texts, room = touch.texts, touch.room
    today = begin_of_day(touch)
    acts = await audit.newest(room.storage, limit=LAST_ACTS)
    waits, ways = await _waiting(touch)
    await touch.show(
        page(
            await _today(touch, today),
            waits,
            "\n".join((texts.say("desk.last_acts"), *await log.lines(touch, acts))) if acts else "",
            heading=texts.say("desk.heading", day=dates.day_name(today.date())),
            buttons=(
                *keys.rows(ways, 2),
                (
                    Button(texts.say("desk.log"), call="dk:log:1"),
                    Button(texts.say("words.stats"), call="sx:7"),
                ),
                *_takes_back(touch, acts),
            ),
        )
    )


async def _today(touch: Touch, since: datetime) -> str:
    """Tell what came in, how the readership moved, and what went out."""
    texts, storage = touch.texts, touch.room.storage
    now = await stats.newsroom(storage, touch.room.bot, since)
    ends = (await stats.pushes(storage, since)).values()
    return "\n".join(
        (
            texts.say(
                "desk.came_in",
                articles=texts.count("article", now.articles),
                events=texts.count("of_event", now.stories),
            )
            if now.articles
            else texts.say("desk.nothing_came_in"),
            texts.say("desk.readers", readers=grouped(now.readers), joined=grouped(now.joined)),
            texts.say("desk.gone", left=grouped(now.left), blocked=grouped(now.blocked)),
            texts.say(
                "desk.went_out",
                sent=grouped(sum(end.sent for end in ends)),
                failed=grouped(sum(end.failed for end in ends)),
            ),
        )
    )


async def _waiting(touch: Touch) -> tuple[str, Sequence[Button]]:
    """Say what waits for an editor, and the ways there."""
    texts, storage = touch.texts, touch.room.storage
    waiting = {
        "feeds": len(await sources.in_trouble(storage, touch.now)),
        "mistakes": await feedback.count(storage),
        "casts": len(await scheduled.pending(storage, touch.room.bot)),
    }
    calls = {"feeds": "dk:feeds", "mistakes": "dk:mistakes:1", "casts": "bc:list"}
    ways = [
        Button(f"{texts.say(f'desk.waiting.{what}')} {grouped(many)}", call=calls[what])
        for what, many in waiting.items()
        if many
    ]
    return "" if ways else texts.say("desk.nothing_waits"), ways


def _takes_back(touch: Touch, acts: Sequence[audit.Entry]) -> Rows:
    """Offer to undo those of the last acts that can be."""
    takes = tuple(
        Button(touch.texts.say("desk.undo", place=place), call=f"un:{entry.id}")
        for place, entry in enumerate(acts, start=1)
        if undo.can_undo(touch, entry)
    )
    return (takes,) if takes else ()


async def feeds(touch: Touch) -> None:
    """List the feeds in trouble; a number opens the feed's own page."""
    texts, zone = touch.texts, touch.room.config.news.zone
    ill = (await sources.in_trouble(touch.room.storage, touch.now))[:MOST_FEEDS]
    lines = [
        f"{place}. {health.line(feed, texts, zone=zone, now=touch.now)}"
        for place, feed in enumerate(ill, start=1)
    ]
    numbers = [
        Button(str(place), call=f"sf:{feed.id}:1") for place, feed in enumerate(ill, start=1)
    ]
    words = "\n".join(lines) or texts.say("desk.every_feed_works")
    heading = texts.say("desk.waiting.feeds")
    await touch.show(
        page(words, heading=heading, buttons=(*keys.rows(numbers, 5), *to_desk(texts)))
    )


TO_DESK: Final = "dk:day"


def to_desk(texts: Texts) -> Rows:
    """Return the way back to the desk."""
    return ((Button(texts.say("brief.back"), call=TO_DESK),),)
