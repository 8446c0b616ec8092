"""One feed's page: where it is, how it does and what mends it, and a button for every act."""

from __future__ import annotations

from datetime import timedelta

from bot.briefs.phrases import told_at
from bot.commands.editor.sources import health
from bot.commands.reader import asking
from bot.commands.touch import Rows, Touch, page
from bot.model import Brief, Button, Feed, FeedId, FeedKind
from bot.storage import feeds, keep_outs, sources
from bot.texts import Texts

WEEK = timedelta(days=7)


async def open_feed(touch: Touch) -> None:
    """Open the page of a feed; a question asked from it is given up."""
    await asking.give_up(touch)
    await draw(touch, *map(int, touch.args))


async def draw(touch: Touch, feed: int, number: int, *, note: str = "", more: Rows = ()) -> None:
    """Draw a feed's page in the place of the one a button stands on.

    ``number`` is the page of the list to go back to; ``note`` says first what was just done, and
    ``more`` are buttons for that.
    """
    shown = await sources.by_id(touch.room.storage, FeedId(feed))
    if shown is None:
        await touch.refuse_old()
    else:
        await touch.show(await brief(touch, shown, number, note=note, more=more))


async def brief(touch: Touch, feed: Feed, number: int, *, note: str = "", more: Rows = ()) -> Brief:
    """Write a feed's page."""
    texts, back = touch.texts, Button(touch.texts.say("brief.back"), call=f"so:{number}")
    if feed.removed_at is not None:
        restore = Button(texts.say("sources.act.restore"), call=f"src:back:{feed.id}:{number}")
        words = texts.say("sources.removed", name=feed.source.name)
        return page(note, words, feed.url, buttons=(*(more or ((restore,),)), (back,)))
    facts, condition = await _facts(touch, feed), await _condition(touch, feed)
    buttons = (*more, *_acts(feed, number, texts), (back,))
    return page(note, facts, condition, heading=feed.source.name, buttons=buttons)


async def found(touch: Touch) -> Feed | None:
    """Return the feed that the first field names, for an act on it.

    None, and said so: there is none any more, or it was removed.
    """
    feed = await sources.by_id(touch.room.storage, FeedId(int(touch.args[0])))
    if feed is None:
        await touch.refuse_old()
    elif feed.removed_at is not None:
        await draw(touch, feed.id, int(touch.args[-1]))
    else:
        return feed
    return None


async def _facts(touch: Touch, feed: Feed) -> str:
    texts, storage, now = touch.texts, touch.room.storage, touch.now
    zone = await touch.zone()
    newest = texts.say("sources.page.no_news")
    if feed.last_new_at:
        newest = told_at(feed.last_new_at, zone=zone, now=now)
    lines = [
        texts.say("sources.page.address", url=feed.url),
        texts.say("sources.page.section", section=section_of(feed, texts)),
        texts.say("sources.page.newest", at=newest),
    ]
    if feed.kind is FeedKind.NEWS:
        articles = await feeds.count_articles(storage, feed.id, now - WEEK)
        told = texts.count("article", articles) if articles else texts.say("sources.page.nothing")
        lines.append(texts.say("sources.page.week", articles=told))
    due = told_at(max(feed.next_poll_at, now), zone=zone, now=now)
    if feed.is_on and feed.failures:
        lines.append(texts.say("sources.page.next", next=due))
    elif feed.is_on:
        every = _span(feed.interval, texts)
        lines.append(texts.say("sources.page.visits", every=every, next=due))
    rules = await keep_outs.of(storage, feed.source.id)
    if rules:
        lines.append(texts.say("sources.page.words", count=len(rules)))
    return "\n".join(lines)


async def _condition(touch: Touch, feed: Feed) -> str:
    texts, now = touch.texts, touch.now
    told = health.condition(feed, texts, zone=await touch.zone(), now=now, with_next=False)
    lines = [texts.say("sources.page.state", sign=health.sign(feed, now), state=told)]
    if feed.is_on and feed.failures:
        lines.append(health.remedy(feed.last_cause, texts))
    return "\n".join(lines)


def section_of(feed: Feed, texts: Texts) -> str:
    """Name where a feed's articles stand."""
    if feed.kind is FeedKind.MATCHES:
        return texts.say("sources.section.matches")
    if feed.section is None:
        return texts.say("sources.section.own")
    return texts.say(f"sections.{feed.section}")


def _acts(feed: Feed, number: int, texts: Texts) -> Rows:
    place = f"{feed.id}:{number}"
    act = "off" if feed.is_on else "on"
    switch = Button(texts.say(f"sources.act.{act}"), call=f"sw:{feed.id}:{act}:{number}")
    visit = Button(texts.say("sources.act.visit"), call=f"src:visit:{place}")
    section = Button(texts.say("sources.act.section"), call=f"src:sections:{place}")
    words = Button(texts.say("sources.act.words"), call=f"src:words:{place}")
    news = (section, words) if feed.kind is FeedKind.NEWS else ()
    rows = (
        (switch, visit) if feed.is_on else (switch,),
        news,
        (
            Button(texts.say("sources.act.address"), call=f"src:address:{place}"),
            Button(texts.say("sources.act.name"), call=f"src:name:{place}"),
        ),
        (Button(texts.say("sources.act.remove"), call=f"src:remove:{place}"),),
    )
    return tuple(row for row in rows if row)


def _span(interval: timedelta, texts: Texts) -> str:
    """Write how often: in hours, minutes or seconds, whichever is whole."""
    seconds = round(interval.total_seconds())
    if seconds >= 3600 and seconds % 3600 < 60:
        return texts.count("every_hour", seconds // 3600)
    if seconds >= 60:
        return texts.count("every_minute", seconds // 60)
    return texts.count("every_second", max(seconds, 1))
