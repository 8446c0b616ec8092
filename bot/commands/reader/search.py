"""A reader's words → pages of results, five a page, by fit or newest first, turned in place.

What was typed stands in a view behind the buttons, which hold no words. Only the newest matches
are looked at and ranked: more than a reader would turn through, at the same cost however large
the archive is.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.articles.query import parse_query
from bot.articles.ranking import rank
from bot.briefs.layouts.paging import turned_to
from bot.briefs.layouts.results import results
from bot.commands.touch import Touch
from bot.model import ArticleId, Page, Query, SearchOrder
from bot.storage import articles, desk
from bot.storage.desk import ViewKind

LOOKED_AT = 500  # the newest matches


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
    await _open(touch, {"words": query.text, "before": before, "order": SearchOrder.FIT})


async def reorder(touch: Touch) -> None:
    """Open the same search in the other order."""
    view_id, order = touch.args
    view = await desk.view(touch.room.storage, touch.chat, int(view_id))
    if view is None or view.kind is not ViewKind.SEARCH:
        await touch.refuse_old()
    else:
        await _open(touch, {**view.args, "order": order})


async def _open(touch: Touch, args: desk.Args) -> None:
    async with touch.room.storage.transaction() as tx:
        view_id = await desk.keep_view(tx, touch.chat, ViewKind.SEARCH, args, touch.now)
    await draw(touch, desk.View(view_id, touch.chat, ViewKind.SEARCH, args), 1)


async def draw(touch: Touch, view: desk.View, number: int) -> None:
    """Draw one page of results; a page beyond the last is the last."""
    query, order = parse_query(str(view.args["words"])), SearchOrder(str(view.args["order"]))
    found, is_bounded = await _found(touch, query, order, ArticleId(int(view.args["before"])))
    shown, number, pages = turned_to(number, found)
    by_id = {one.id: one for one in await articles.by_ids(touch.room.storage, shown)}
    told = tuple(by_id[one] for one in shown if one in by_id)
    brief = results(
        query,
        Page(told, number, pages, len(found), is_bounded=is_bounded),
        touch.texts,
        zone=await touch.zone(),
        now=touch.now,
        view=view.id,
        order=order,
    )
    await touch.show(brief)


async def _found(
    touch: Touch, query: Query, order: SearchOrder, before: ArticleId
) -> tuple[Sequence[ArticleId], bool]:
    """Return what was found in its order, and whether more may match than was looked at."""
    storage = touch.room.storage
    ids = await storage.search(query, limit=LOOKED_AT, before=before)
    matches = await articles.matches(storage, await storage.places(query, ids))
    found = [match.article for match in rank(query, matches, touch.now)]
    if order is SearchOrder.NEWEST:
        found.sort(reverse=True)
    return found, len(ids) == LOOKED_AT
