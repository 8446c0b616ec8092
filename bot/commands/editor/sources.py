"""/sources: how each feed does, a line each, and the buttons that switch one off and on again.

What is switched on again is visited at once and in silence: what it gathered meanwhile is stored
and not pushed, for by now it is old.
"""

from __future__ import annotations

from datetime import tzinfo

from bot.arabic import dates
from bot.briefs.layouts.paging import turned_to, turning
from bot.briefs.phrases import told
from bot.commands.editor.reasons import reason_of
from bot.commands.reader import keys
from bot.commands.touch import Touch, page
from bot.model import Button, Feed, FeedId
from bot.storage import desk
from bot.storage import sources as feeds

PER_PAGE = 8


async def sources(touch: Touch) -> None:
    """Show the first page."""
    await _draw(touch, 1)


async def turn_page(touch: Touch) -> None:
    """Show another page."""
    await _draw(touch, int(touch.args[0]))


async def switch(touch: Touch) -> None:
    """Switch a feed off or on, and show its page as it is now."""
    feed, to, number = touch.args
    async with touch.room.storage.transaction() as tx:
        changed = await feeds.switch(tx, FeedId(int(feed)), is_on=to == "on", now=touch.now)
        if changed:
            await desk.note(tx, touch.person, f"source.{to}", {"feed": int(feed)}, touch.now)
    await _draw(touch, int(number))


async def _draw(touch: Touch, number: int) -> None:
    texts = touch.texts
    every = await feeds.all_feeds(touch.room.storage)
    if not every:
        await touch.show(page(texts.say("sources.none")))
        return
    shown, number, pages = turned_to(number, every, per_page=PER_PAGE)
    first = (number - 1) * PER_PAGE + 1
    zone = await touch.zone()
    lines, buttons = [], []
    for place, feed in enumerate(shown, start=first):
        lines.append(f"{place}. {_line(touch, feed, zone)}")
        act = "off" if feed.is_on else "on"
        text = texts.say(f"sources.switch.{act}", place=place)
        buttons.append(Button(text, call=f"sw:{feed.id}:{act}:{number}"))
    heading = texts.say("sources.heading", count=texts.count("feed", len(every)))
    turns = turning(texts, "so", page=number, pages=pages)
    await touch.show(
        page("\n".join(lines), heading=heading, buttons=(*keys.rows(buttons, 4), *turns))
    )


def _line(touch: Touch, feed: Feed, zone: tzinfo) -> str:
    """Tell in one line how a feed does: works; in trouble, why and until when; off."""
    texts, now = touch.texts, touch.now.astimezone(zone)
    what = texts.say(f"sections.{feed.section}") if feed.section else feed.host
    name = told(feed.source.name, what)
    if not feed.is_on:
        return texts.say("sources.off", name=name)
    if feed.failures:
        again = dates.clock(feed.next_poll_at.astimezone(zone))
        reason = texts.say(f"sources.reason.{reason_of(feed.last_error)}")
        return texts.say("sources.trouble", name=name, reason=reason, again=again)
    if feed.last_ok_at is None:
        return texts.say("sources.new", name=name)
    newest = feed.last_new_at or feed.last_ok_at
    return texts.say("sources.works", name=name, at=dates.moment(newest.astimezone(zone), now))
