"""/stats: the figures of one, seven or thirty days, today among them; a button for each span."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.arabic.digits import grouped
from bot.briefs.phrases import told
from bot.briefs.titles import headline
from bot.commands.editor.desk import begin_of_day, to_desk
from bot.commands.reader import keys
from bot.commands.touch import Touch, page
from bot.model import Button, Priority
from bot.storage import stats as figures
from bot.storage import stories
from bot.storage.stats import Pushes
from bot.texts import Texts

SPANS: Final[tuple[int, ...]] = (1, 7, 30)  # days
MOST_STORIES = 5
MOST_SOURCES = 8


async def stats(touch: Touch) -> None:
    """Show the figures of the last week."""
    await _draw(touch, 7)


async def choose(touch: Touch) -> None:
    """Show the figures of another span."""
    await _draw(touch, int(touch.args[0]))


async def _draw(touch: Touch, days: int) -> None:
    texts, storage = touch.texts, touch.room.storage
    since = begin_of_day(touch) - timedelta(days=days - 1)
    spans = tuple(
        Button(keys.checked(texts.say(f"stats.span.{span}"), span == days), call=f"sx:{span}")
        for span in SPANS
    )
    await touch.show(
        page(
            await _readers(touch, since),
            _pushes(await figures.pushes(storage, since), texts),
            await _stories(touch, since),
            await _sources(touch, since),
            heading=texts.say("stats.heading", span=texts.say(f"stats.span.{days}")),
            buttons=(spans, *to_desk(texts)),
        )
    )


async def _readers(touch: Touch, since: datetime) -> str:
    texts = touch.texts
    now = await figures.newsroom(touch.room.storage, touch.room.bot, since)
    came_in = told(texts.count("article", now.articles), texts.count("event", now.stories))
    return "\n".join(
        (
            texts.say("stats.articles", counts=came_in),
            texts.say("stats.readers", readers=grouped(now.readers), active=grouped(now.active)),
            texts.say(
                "stats.moved",
                joined=grouped(now.joined),
                left=grouped(now.left),
                blocked=grouped(now.blocked),
            ),
        )
    )


def _pushes(ends: Mapping[Priority, Pushes], texts: Texts) -> str:
    """Tell what went out, a line a kind."""
    lines = [texts.say("stats.pushes")]
    for priority in Priority:
        end = ends.get(priority, Pushes())
        kind = texts.say(f"stats.kind.{priority.name.lower()}")
        words = texts.say("stats.ends", sent=grouped(end.sent), failed=grouped(end.failed))
        lines.append(f"{kind}: {words}")
    return "\n".join(lines)


async def _stories(touch: Touch, since: datetime) -> str:
    texts, storage = touch.texts, touch.room.storage
    most = await figures.most_told(storage, since, MOST_STORIES)
    lines = [
        f"{place}. {told(headline(telling.lead), texts.count('source', telling.story.sources))}"
        for place, telling in enumerate(await stories.tellings(storage, most), start=1)
    ]
    return "\n".join((texts.say("stats.most_told"), *lines)) if lines else ""


async def _sources(touch: Touch, since: datetime) -> str:
    texts = touch.texts
    busiest = await figures.busiest_sources(touch.room.storage, since, MOST_SOURCES)
    lines = [
        f"{place}. {told(name, texts.count('article', articles))}"
        for place, (name, articles) in enumerate(busiest, start=1)
    ]
    return "\n".join((texts.say("stats.sources"), *lines)) if lines else ""
