"""A reader's words → pages of results, five a page, by fit or newest first, turned in place.

What was typed stands in a view behind the buttons, which hold no words. Only the newest matches
are looked at and ranked: more than a reader would turn through, at the same cost however large
the archive is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.arabic.digits import grouped
from bot.arabic.shorten import shorten
from bot.articles.query import parse_query
from bot.articles.ranking import rank
from bot.briefs.layouts.paging import PER_PAGE
from bot.briefs.layouts.results import MOST_QUERY, results
from bot.commands.touch import Touch
from bot.model import ArticleId, Brief, Button, Heading, Hit, Page, Query
from bot.storage import articles, desk

LOOKED_AT = 500  # the newest matches
BY_FIT, NEWEST = "fit", "new"


async def search(touch: Touch) -> None:
    """Search for the words behind the command; without any, say how it is done."""
    if touch.args:
        await find(touch, " ".join(touch.args))
    else:
        await touch.say(touch.texts.say("search.how"))


async def find(touch: Touch, words: str) -> None:
    """Open the results for what was typed, whatever it was."""
    query = parse_query(words)
    if not query.terms:
        await touch.say(touch.texts.say("search.nothing_to_search"))
        return
    newest = await articles.latest(touch.room.storage, limit=1)
    before = newest[0].id + 1 if newest else 1
    await _open(touch, {"words": query.text, "before": before, "order": BY_FIT})


async def reorder(touch: Touch) -> None:
    """Open the same search in the other order."""
    view_id, order = touch.args
    view = await desk.view(touch.room.storage, touch.chat, int(view_id))
    if view is None or view.kind != "search":
        await touch.refuse_old()
    else:
        await _open(touch, {**view.args, "order": order})


async def _open(touch: Touch, args: desk.Args) -> None:
    async with touch.room.storage.transaction() as tx:
        view_id = await desk.keep_view(tx, touch.chat, "search", args, touch.now)
    await draw(touch, desk.View(view_id, touch.chat, "search", args), 1)


async def draw(touch: Touch, view: desk.View, number: int) -> None:
    """Draw one page of results; a page beyond the last is the last."""
    query = parse_query(str(view.args["words"]))
    hits, is_bounded = await _hits(touch, view, query)
    pages = max(1, -(-len(hits) // PER_PAGE))
    number = min(max(number, 1), pages)
    shown = tuple(hits[(number - 1) * PER_PAGE : number * PER_PAGE])
    brief = results(
        query,
        Page(shown, number, pages, len(hits), is_bounded=is_bounded),
        touch.texts,
        zone=await touch.zone(),
        now=touch.now,
        view=view.id,
    )
    if hits:
        brief = _in_order(touch, brief, view, query, count=_count(touch, len(hits), is_bounded))
    await touch.show(brief)


async def _hits(touch: Touch, view: desk.View, query: Query) -> tuple[Sequence[Hit], bool]:
    """Return the hits in the view's order, and whether more may match than were looked at."""
    storage, before = touch.room.storage, ArticleId(int(view.args["before"]))
    ids = await storage.search(query, limit=LOOKED_AT, before=before)
    hits = rank(query, await articles.by_ids(storage, ids), touch.now)
    if view.args["order"] == NEWEST:
        hits = sorted(hits, key=lambda hit: -hit.article.id)
    return hits, len(ids) == LOOKED_AT


def _count(touch: Touch, total: int, is_bounded: bool) -> str:
    count = grouped(total)
    return touch.texts.say("search.over", count=count) if is_bounded else count


def _in_order(touch: Touch, brief: Brief, view: desk.View, query: Query, *, count: str) -> Brief:
    """Say in the heading which order this is, and offer the other."""
    texts, order = touch.texts, str(view.args["order"])
    other = NEWEST if order == BY_FIT else BY_FIT
    words = shorten(query.text, MOST_QUERY)
    heading = texts.say(f"search.heading.{order}", words=words, count=count)
    key = Button(texts.say(f"search.order.{other}"), call=f"od:{view.id}:{other}")
    keys = ((key,),) if len(brief.buttons[0]) > 1 else ()  # one hit has no order
    return replace(
        brief, blocks=(Heading(heading), *brief.blocks[1:]), buttons=(*brief.buttons, *keys)
    )
