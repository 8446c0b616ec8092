"""/sources: how each feed does, a line each; a button opens one, others add, bring in, take out."""

from __future__ import annotations

from bot.briefs.layouts.paging import turned_to, turning
from bot.commands.editor.sources import find, health
from bot.commands.reader import asking, keys
from bot.commands.touch import Rows, Touch, page
from bot.model import Button
from bot.storage import sources as feeds
from bot.texts import Texts

PER_PAGE = 8


async def sources(touch: Touch) -> None:
    """Show the first page; with an address behind the command, look for its feed."""
    if touch.args:
        await find.look_for(touch, " ".join(touch.args))
    else:
        await draw(touch, 1)


async def turn_page(touch: Touch) -> None:
    """Show another page; a question asked from it is given up."""
    await asking.give_up(touch)
    await draw(touch, int(touch.args[0]))


async def draw(touch: Touch, number: int) -> None:
    """Draw a page of the list; one beyond the last is the last."""
    texts = touch.texts
    every = await feeds.all_feeds(touch.room.storage)
    if not every:
        words = texts.say("sources.none")
        await touch.show(page(words, heading=texts.say("sources.title"), buttons=_ways(texts)[:1]))
        return
    shown, number, pages = turned_to(number, every, per_page=PER_PAGE)
    first = (number - 1) * PER_PAGE + 1
    zone = await touch.zone()
    lines, buttons = [], []
    for place, feed in enumerate(shown, start=first):
        lines.append(f"{place}. {health.line(feed, texts, zone=zone, now=touch.now)}")
        buttons.append(Button(str(place), call=f"sf:{feed.id}:{number}"))
    heading = texts.say("sources.heading", count=texts.count("feed", len(every)))
    turns = turning(texts, "so", page=number, pages=pages)
    rows = (*keys.rows(buttons, 4), *turns, *_ways(texts))
    await touch.show(page("\n".join(lines), heading=heading, buttons=rows))


def _ways(texts: Texts) -> Rows:
    """Return the ways to more feeds, and the way out for all of them."""
    return (
        (
            Button(texts.say("sources.ways.add"), call="src:new"),
            Button(texts.say("sources.ways.import"), call="src:opml"),
        ),
        (Button(texts.say("sources.ways.export"), call="src:export"),),
    )
