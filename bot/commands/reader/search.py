"""A reader's words → pages of results, five a page, by fit or newest first, turned in place.

What was asked stands in a view behind the buttons, which hold no words. Only the newest matches
are looked at and ranked: more than a reader would turn through, at the same cost however large
the archive is. `narrow` asks the same otherwise; `passed_on` brings words that were not typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.arabic import dates
from bot.articles.periods import span
from bot.articles.query import parse_query
from bot.articles.ranking import rank
from bot.articles.watch import watched
from bot.briefs.layouts.paging import turned_to
from bot.briefs.layouts.results import Frame, results
from bot.commands.reader import tastes
from bot.commands.touch import Touch
from bot.model import (
    ArticleId,
    Page,
    Period,
    Query,
    SearchOrder,
    Section,
    Subscriber,
    from_ms,
    to_ms,
    words_subject,
)
from bot.storage import articles, desk, heads
from bot.storage.desk import ViewKind
from bot.texts import Texts

LOOKED_AT = 500  # the newest matches
TYPED = "typed"

Bounds = tuple[ArticleId, ArticleId | None]  # only ids below, only ids above


@dataclass(frozen=True, slots=True)
class Search:
    """A search as its view keeps it; whoever asks otherwise makes another of it.

    ``before``: what came after it was asked is not in it, so that its pages keep their stories.
    ``asked_at``: the periods are those of this moment. ``origin``: where the words came from.
    ``message``: the person's, which may be edited later; 0 of words that came otherwise.
    """

    words: str
    before: ArticleId
    asked_at: datetime
    order: SearchOrder = SearchOrder.FIT
    section: Section | None = None
    period: Period = Period.EVER
    origin: str = TYPED
    message: int = 0

    @property
    def query(self) -> Query:
        """Return the words as they are searched."""
        return parse_query(self.words, self.section)


def kept(search: Search) -> desk.Args:
    """Return what a view keeps of a search."""
    return {
        "words": search.words,
        "before": search.before,
        "asked_at": to_ms(search.asked_at),
        "order": search.order,
        "section": search.section or "",
        "period": search.period,
        "origin": search.origin,
        "message": search.message,
    }


def search_of(view: desk.View) -> Search:
    """Read a search from its view."""
    args = view.args
    section = str(args["section"])
    return Search(
        str(args["words"]),
        ArticleId(int(args["before"])),
        from_ms(int(args["asked_at"])),
        SearchOrder(str(args["order"])),
        Section(section) if section else None,
        Period(str(args["period"])),
        str(args["origin"]),
        int(args["message"]),
    )


async def search(touch: Touch) -> None:
    """Search for the words behind the command; without any, say how it is done."""
    if touch.args:
        await find(touch, " ".join(touch.args))
    else:
        await touch.say(touch.texts.say("search.how"))


async def find(touch: Touch, words: str, origin: str = TYPED) -> None:
    """Open the results for what was typed, whatever it was."""
    query = parse_query(words)
    if query.terms:
        await open_new(touch, await asked(touch, query.text, origin))
    else:
        await touch.say(touch.texts.say("search.nothing_to_search"))


async def is_same(touch: Touch, words: str) -> bool:
    """Say whether a message asks in its new words what it asked before it was edited."""
    view = await desk.newest_view(touch.room.storage, touch.chat, ViewKind.SEARCH)
    if view is None or touch.message is None:
        return False
    before = search_of(view)
    is_of_it = before.message == touch.message.message_id
    return is_of_it and before.words == parse_query(words).text


async def asked(touch: Touch, words: str, origin: str = TYPED) -> Search:
    """Make a search of all that is there now."""
    message = touch.message.message_id if touch.message is not None else 0
    before = await heads.end(touch.room.storage)
    return Search(words, before, touch.now, origin=origin, message=message)


async def keep(touch: Touch, asked_for: Search) -> desk.View:
    """Keep a search behind the buttons of a page."""
    args = kept(asked_for)
    async with touch.room.storage.transaction() as tx:
        number = await desk.keep_view(tx, touch.chat, ViewKind.SEARCH, args, touch.now)
    return desk.View(number, touch.chat, ViewKind.SEARCH, args)


async def open_new(touch: Touch, asked_for: Search) -> None:
    """Open the first page of a search."""
    await draw(touch, await keep(touch, asked_for), 1)


async def draw(touch: Touch, view: desk.View, number: int) -> None:
    """Draw one page of results; a page beyond the last is the last."""
    asked_for, reader = search_of(view), await touch.subscriber()
    zone = touch.room.config.news.zone if reader is None else ZoneInfo(reader.zone)
    query = asked_for.query
    found, is_bounded = await _found(touch, query, asked_for, zone)
    shown, number, pages = turned_to(number, found)
    by_id = {one.id: one for one in await articles.by_ids(touch.room.storage, shown)}
    told = tuple(by_id[one] for one in shown if one in by_id)
    page = Page(told, number, pages, len(found), is_bounded=is_bounded)
    frame = Frame(
        view.id,
        asked_for.order,
        period_in_words(asked_for, touch.texts, zone=zone, now=touch.now),
        _origin(asked_for, touch.texts),
        await _is_followed(touch, reader, query),
    )
    await touch.show(results(query, page, touch.texts, frame=frame, zone=zone, now=touch.now))


async def _found(
    touch: Touch, query: Query, asked_for: Search, zone: tzinfo
) -> tuple[Sequence[ArticleId], bool]:
    """Return what was found in its order, and whether more may match than was looked at."""
    storage = touch.room.storage
    before, after = bounds(asked_for, zone)
    ids = await storage.search(query, limit=LOOKED_AT, before=before, after=after)
    matches = await articles.matches(storage, await storage.places(query, ids))
    found = [match.article for match in rank(query, matches, touch.now)]
    if asked_for.order is SearchOrder.NEWEST:
        found.sort(reverse=True)
    return found, len(ids) == LOOKED_AT


def bounds(asked_for: Search, zone: tzinfo) -> Bounds:
    """Return between which ids a search looks: an id grows with its article's moment."""
    days = span(asked_for.period, asked_for.asked_at.astimezone(zone).date())
    if days is None:
        return asked_for.before, None
    first, behind = (articles.first_id(_midnight(day, zone)) for day in days)
    return min(asked_for.before, behind), ArticleId(first - 1)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def period_in_words(asked_for: Search, texts: Texts, *, zone: tzinfo, now: datetime) -> str:
    """Name the period of a search, "" without one; on a later day, by its dates."""
    then, today = (moment.astimezone(zone).date() for moment in (asked_for.asked_at, now))
    days = span(asked_for.period, then)
    if days is None:
        return ""
    if then == today:
        return texts.say(f"layout.results.periods.{asked_for.period}")
    first, last = (dates.day_name(day, today) for day in (days[0], days[1] - timedelta(days=1)))
    return first if first == last else texts.say("layout.digest.span", first=first, last=last)


def _origin(asked_for: Search, texts: Texts) -> str:
    return "" if asked_for.origin == TYPED else texts.say(f"search.origin.{asked_for.origin}")


def words_to_follow(query: Query) -> str:
    """Return a search's words as they would be followed; "" when following means another thing."""
    if query.without:
        return ""
    return watched(" ".join(word for term in query.terms for word in term.folded))


async def _is_followed(touch: Touch, reader: Subscriber | None, query: Query) -> bool | None:
    """Say whether the words of a search are followed; None when they cannot be."""
    if not (words := words_to_follow(query)):
        return None
    taste, subject = await tastes.taste_of(touch, reader), words_subject(words)
    return subject in taste.follows and subject not in taste.mutes
