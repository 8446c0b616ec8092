"""A feed that was found → its preview, its name and section, and then a feed of ours.

What was found stands in a view behind the buttons, so that a preview can be said yes to after a
restart. The first visit of what is added stores its news and pushes nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.arabic.shorten import shorten
from bot.briefs.phrases import told, told_at
from bot.commands.editor import undo
from bot.commands.editor.sources import change, one
from bot.commands.editor.sources.inverse import OWN
from bot.commands.reader import asking
from bot.commands.touch import Rows, Touch, page
from bot.feeds.addresses import spellings
from bot.feeds.interval import first_interval
from bot.model import Brief, Button, Document, Feed, FeedId, FeedKind, Section, from_ms, to_ms
from bot.storage import Transaction, audit, desk, feeds, sources
from bot.storage.desk import View, ViewKind

NEWEST = 3  # entries that a preview shows
TITLE_LIMIT = 120  # units of a headline in it
_OTHERS = 3  # feeds of the same page that are offered beside


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed that may be added, and others that its page named."""

    url: str
    document: Document
    others: tuple[str, ...] = ()


async def offer(touch: Touch, found: Offer, *, feed: int, number: int) -> Brief:
    """Keep what was found and write its preview; ``feed`` is one of ours that may move there."""
    document = found.document
    host = urlsplit(found.url).hostname or found.url
    args: desk.Args = {
        "url": found.url,
        "kind": document.kind.value,
        "name": change.name_in(document.title) or host,
        "others": "\n".join(found.others[:_OTHERS]),
        "newest": json.dumps(_newest(document), ensure_ascii=False),
        "feed": feed,
        "page": number,
    }
    async with touch.room.storage.transaction() as tx:
        view = await desk.keep_view(tx, touch.chat, ViewKind.FEED, args, touch.now)
    return await _preview(touch, View(view, touch.chat, ViewKind.FEED, args))


def _newest(document: Document) -> list[tuple[str, int | None]]:
    """Return the newest headlines with their moments; of a calendar, the next matches."""
    if document.kind is FeedKind.MATCHES:
        return [
            (f"{match.home} \N{EN DASH} {match.away}", to_ms(match.starts_at))
            for match in document.fixtures[:NEWEST]
        ]
    dated = sorted(
        document.entries,
        key=lambda entry: to_ms(entry.published_at) if entry.published_at else 0,
        reverse=True,
    )
    return [
        (entry.title or entry.summary, to_ms(entry.published_at) if entry.published_at else None)
        for entry in dated[:NEWEST]
    ]


async def view_of(touch: Touch) -> View | None:
    """Return the view that the first field names; None, and said so: there is none of this chat."""
    view = await desk.view(touch.room.storage, touch.chat, int(touch.args[0]))
    if view is None or view.kind is not ViewKind.FEED or "url" not in view.args:
        await touch.refuse_old()
        return None
    return view


async def show(touch: Touch) -> None:
    """Show a preview again; a question asked from it is given up."""
    await asking.give_up(touch)
    view = await view_of(touch)
    if view is not None:
        await touch.show(await _preview(touch, view))


async def _preview(touch: Touch, view: View) -> Brief:
    texts, args = touch.texts, view.args
    zone = await touch.zone()
    lines = []
    for title, moment in json.loads(str(args["newest"])):
        at = told_at(from_ms(moment), zone=zone, now=touch.now) if moment is not None else ""
        headline = shorten(title, TITLE_LIMIT) or texts.say("sources.add.untitled")
        lines.append(f"\N{BULLET} {told(headline, at)}")
    what = texts.say("sources.add.newest") if lines else texts.say("sources.add.empty")
    facts = [texts.say("sources.page.address", url=args["url"])]
    if not args["feed"]:
        facts.append(texts.say("sources.add.name", name=args["name"]))
    return page(
        "\n".join(facts),
        "\n".join((what, *lines)),
        heading=texts.say("sources.add.found"),
        buttons=_preview_buttons(touch, view),
    )


def _preview_buttons(touch: Touch, view: View) -> Rows:
    texts, args, number = touch.texts, view.args, view.id
    others = [url for url in str(args["others"]).split("\n") if url]
    places = tuple(
        (
            Button(
                texts.say("sources.add.other", place=_place(url)), call=f"src:other:{number}:{at}"
            ),
        )
        for at, url in enumerate(others)
    )
    if args["feed"]:
        back = f"sf:{args['feed']}:{args['page']}"
        yes = Button(texts.say("sources.add.move"), call=f"src:move:{number}")
        return ((yes,), *places, (Button(texts.say("brief.back"), call=back),))
    return (
        (
            Button(texts.say("sources.add.yes"), call=f"src:into:{number}"),
            Button(texts.say("sources.act.name"), call=f"src:call:{number}"),
        ),
        *places,
        (Button(texts.say("sources.find.stop"), call="so:1"),),
    )


def _place(url: str) -> str:
    """Name an address on a button: what tells it from others of its site."""
    parts = urlsplit(url)
    return shorten(parts.path.strip("/") or parts.hostname or url, 40)


async def ask_name(touch: Touch) -> None:
    """Ask by what name the publisher of a feed that was found shall be called."""
    view = await view_of(touch)
    if view is not None:
        back = ((Button(touch.texts.say("brief.back"), call=f"src:found:{view.id}"),),)
        prompt = desk.Prompt("source_called", {"view": view.id})
        await asking.ask(touch, prompt, touch.texts.say("sources.ask.name"), back)


async def answer_name(touch: Touch, prompt: desk.Prompt) -> None:
    """Take the name that was typed, and show the preview with it."""
    touch.args = (str(prompt.args["view"]),)
    view, name = await view_of(touch), change.name_in(touch.typed)
    if view is None or not name:
        return
    args = {**view.args, "name": name}
    async with touch.room.storage.transaction() as tx:
        await asking.settle(tx, touch)
        await desk.rewrite_view(tx, view.id, args)
    await touch.reply(await _preview(touch, View(view.id, view.chat, view.kind, args)))


async def offer_sections(touch: Touch) -> None:
    """Ask where the news of a feed shall stand; a calendar has none."""
    view = await view_of(touch)
    if view is None:
        return
    if view.args["kind"] == FeedKind.MATCHES:
        touch.args = (*touch.args, OWN)
        await put(touch)
        return
    rows = change.section_rows(touch, lambda section: f"src:put:{view.id}:{section}")
    back = (Button(touch.texts.say("brief.back"), call=f"src:found:{view.id}"),)
    words = touch.texts.say("sources.section.which", name=view.args["name"])
    await touch.show(page(words, buttons=(*rows, back)))


async def put(touch: Touch) -> None:
    """Add the feed; pressed again, show it."""
    view = await view_of(touch)
    if view is None:
        return
    chosen = touch.args[1]
    section = None if chosen == OWN else Section(chosen)
    async with touch.room.storage.transaction() as tx:
        is_new = await _take_up(tx, touch, view, section)
        feed = await sources.at_address(tx, spellings(str(view.args["url"])))
        line = await _note(tx, touch, feed) if feed is not None and is_new else 0
    note = touch.texts.say("sources.add.done") if line else ""
    more: Rows = ((undo.button(touch.texts, line),),) if line else ()
    if feed is not None:
        await one.draw(touch, feed.id, 1, note=note, more=more)


async def _take_up(tx: Transaction, touch: Touch, view: View, section: Section | None) -> bool:
    args, poll = view.args, touch.room.config.poll
    kind = FeedKind(str(args["kind"]))
    wanted = feeds.Wanted(str(args["url"]), str(args["name"]), section, kind)
    interval = first_interval(poll.floor, poll.ceiling)
    return await feeds.take_up(tx, wanted, interval=interval, now=touch.now) is not None


async def _note(tx: Transaction, touch: Touch, feed: Feed) -> int:
    details: desk.Args = {"feed": feed.id, "source": feed.source.name, "page": 1}
    return await audit.note(tx, touch.person, "source.add", details, touch.now)


async def move(touch: Touch) -> None:
    """Let one of our feeds move to the address that was found."""
    view = await view_of(touch)
    if view is None:
        return
    found = await sources.by_id(touch.room.storage, FeedId(int(view.args["feed"])))
    if found is None:
        await touch.refuse_old()
        return
    touch.args = (str(found.id), str(view.args["page"]))
    async with touch.room.storage.transaction() as tx:
        line = await change.move(tx, touch, found, str(view.args["url"]))
    note = touch.texts.say("sources.add.moved") if line else ""
    more: Rows = ((undo.button(touch.texts, line),),) if line else ()
    await one.draw(touch, found.id, int(touch.args[1]), note=note, more=more)
