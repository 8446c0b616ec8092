"""An OPML document from an editor → what it would bring, then feeds of ours; ours as OPML out.

What a list would bring stands in a view until the editor says yes. Everything is added in silence:
the first visit of each feed stores its news and pushes nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from telegram import Message

from bot.arabic.fold import fold
from bot.briefs.phrases import told
from bot.commands.editor import undo
from bot.commands.reader import asking
from bot.commands.touch import Rows, Touch, page
from bot.errors import FetchCause, FetchError, ParseError
from bot.feeds import opml
from bot.feeds.addresses import spellings
from bot.feeds.interval import first_interval
from bot.feeds.opml import Listed
from bot.model import Brief, Button, Feed, FeedId, Section
from bot.storage import Transaction, audit, desk, feeds, sources
from bot.storage.desk import ViewKind
from bot.texts import Texts
from bot.transports.telegram import pages

FILE_NAME = "mujaz-sources.opml"
_ENDINGS = (".opml", ".xml")
_REFUSED_SHOWN = 5
URL_SHOWN = 100  # characters of an address that is refused


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A list as we would take it in."""

    new: Sequence[Listed]
    known: int
    refused: Sequence[tuple[Listed, FetchCause]]


def is_list(message: Message | None) -> bool:
    """Say whether a message is a document that may be a list of feeds."""
    document = message.document if message is not None else None
    return document is not None and (document.file_name or "").lower().endswith(_ENDINGS)


async def how(touch: Touch) -> None:
    """Say how a list comes in."""
    await asking.give_up(touch)
    back = ((Button(touch.texts.say("brief.back"), call="so:1"),),)
    await touch.show(page(touch.texts.say("sources.opml.how"), buttons=back))


async def take(touch: Touch) -> None:
    """Read a document and show what it would bring."""
    document = touch.message.document if touch.message is not None else None
    if document is None:
        return
    if (document.file_size or 0) > opml.SIZE_LIMIT:
        await touch.say(touch.texts.say("sources.opml.too_large"))
        return
    file = await touch.bot.get_file(document.file_id)
    body = bytes(await file.download_as_bytearray())
    try:
        listed = await asyncio.to_thread(opml.read, body)
    except ParseError as error:
        is_large = error.cause is FetchCause.TOO_LARGE
        key = "sources.opml.too_large" if is_large else "sources.opml.unreadable"
        await touch.say(touch.texts.say(key))
        return
    await _preview(touch, await _sort(touch, listed))


async def _sort(touch: Touch, listed: Sequence[Listed]) -> _Sorted:
    """Tell the new feeds of a list from the known, and from those that may not be visited."""
    allowed: dict[str, Listed] = {}
    refused = []
    for feed in listed:
        try:
            allowed.setdefault(touch.room.discoverer.check(feed.url), feed)
        except FetchError as error:
            refused.append((feed, error.cause))
    by_spelling = {way: url for url in allowed for way in spellings(url)}
    known = await sources.known_among(touch.room.storage, by_spelling)
    ours = {by_spelling[way] for way in known}
    new = [Listed(url, feed.title, feed.folder) for url, feed in allowed.items() if url not in ours]
    return _Sorted(new, len(ours), refused)


async def _preview(touch: Touch, found: _Sorted) -> None:
    texts = touch.texts
    args: desk.Args = {"feeds": json.dumps([(one.url, one.title, one.folder) for one in found.new])}
    async with touch.room.storage.transaction() as tx:
        view = await desk.keep_view(tx, touch.chat, ViewKind.OPML, args, touch.now)
    total = len(found.new) + found.known + len(found.refused)
    counts = texts.say(
        "sources.opml.counts", new=len(found.new), known=found.known, refused=len(found.refused)
    )
    paragraphs = (counts, _by_section(found.new, texts), _refusals(found, texts))
    yes = Button(texts.say("sources.opml.yes"), call=f"src:import:{view}")
    no = Button(texts.say("sources.find.stop"), call="so:1")
    rows: Rows = ((yes, no),) if found.new else ((no,),)
    heading = texts.say("sources.opml.heading", count=texts.count("feed", total))
    await touch.show(page(*paragraphs, heading=heading, buttons=rows))


def _by_section(new: Sequence[Listed], texts: Texts) -> str:
    """Say where the new feeds would stand, by their folders."""
    if not new:
        return texts.say("sources.opml.nothing")
    names = _sections(texts)
    counts = Counter(names.get(_key(feed.folder)) for feed in new)
    lines = []
    for section, count in counts.most_common():
        name = texts.say("sources.section.own")
        if section is not None:
            name = texts.say(f"sections.{section}")
        lines.append(told(name, texts.count("feed", count)))
    return "\n".join(lines)


def _refusals(found: _Sorted, texts: Texts) -> str:
    return "\n".join(
        texts.say(
            "sources.opml.refused",
            url=feed.url[:URL_SHOWN],
            reason=texts.say(f"sources.reason.{cause}"),
        )
        for feed, cause in found.refused[:_REFUSED_SHOWN]
    )


def _sections(texts: Texts) -> Mapping[str, Section]:
    """Return sections by the names that a folder may have."""
    named = {_key(name): Section(word) for word, name in texts.table("sections").items()}
    return {**named, **{section.value: section for section in Section}}


def _key(folder: str) -> str:
    return " ".join(fold(folder).split()).casefold()


async def bring_in(touch: Touch) -> None:
    """Add the feeds of a list that are not there yet."""
    view = await desk.view(touch.room.storage, touch.chat, int(touch.args[0]))
    if view is None or view.kind is not ViewKind.OPML:
        await touch.refuse_old()
        return
    listed = [Listed(*one) for one in json.loads(str(view.args["feeds"]))]
    line = 0
    async with touch.room.storage.transaction() as tx:
        taken_up = [await _take_up(tx, touch, feed) for feed in listed]
        added = [feed for feed in taken_up if feed is not None]
        if added:
            details: desk.Args = {"count": len(added), "feeds": ",".join(map(str, added))}
            line = await audit.note(tx, touch.person, "source.import", details, touch.now)
    await touch.show(_done(touch, len(added), line))


async def _take_up(tx: Transaction, touch: Touch, feed: Listed) -> FeedId | None:
    poll = touch.room.config.poll
    section = _sections(touch.texts).get(_key(feed.folder))
    wanted = feeds.Wanted(feed.url, feed.title, section)
    interval = first_interval(poll.floor, poll.ceiling)
    return await feeds.take_up(tx, wanted, interval=interval, now=touch.now)


def _done(touch: Touch, added: int, line: int) -> Brief:
    texts = touch.texts
    back = (Button(texts.say("brief.back"), call="so:1"),)
    if not added:
        return page(texts.say("sources.opml.nothing"), buttons=(back,))
    words = texts.say("sources.opml.done", count=texts.count("feed", added))
    return page(words, buttons=((undo.button(texts, line),), back))


async def send_out(touch: Touch) -> None:
    """Send all our feeds as a list that other readers of feeds take."""
    texts, room = touch.texts, touch.room
    await touch.answer()
    listed = [_listed(feed, texts) for feed in await sources.all_feeds(room.storage)]
    await pages.send_file(
        touch.bot,
        touch.chat,
        opml.write(listed, room.config.news.name),
        name=FILE_NAME,
        caption=texts.say("sources.opml.sent", count=texts.count("feed", len(listed))),
    )


def _listed(feed: Feed, texts: Texts) -> Listed:
    folder = texts.say(f"sections.{feed.section}") if feed.section else ""
    return Listed(feed.url, feed.source.name, folder)
