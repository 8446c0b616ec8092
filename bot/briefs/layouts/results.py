"""What a search found in, the page of results out; the search command and its paging call it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.arabic.digits import grouped
from bot.arabic.shorten import shorten
from bot.briefs.layouts.paging import rows
from bot.briefs.phrases import section_name, told, told_at
from bot.briefs.snippet import snippet
from bot.briefs.titles import headline
from bot.model import (
    Article,
    Block,
    Brief,
    BriefKind,
    Button,
    Heading,
    Label,
    Note,
    Page,
    Paragraph,
    Period,
    Query,
    SearchOrder,
    Title,
)
from bot.texts import Texts

MOST_SNIPPET = 160  # UTF-16 units
MOST_QUERY = 60  # UTF-16 units of a reader's words said back
EVERYWHERE = "all"  # what a button sets instead of a section
CHECK = "\N{CHECK MARK}"


@dataclass(frozen=True, slots=True)
class Frame:
    """How the hits of a page were asked for; the query has its section itself.

    ``period`` in words, "" without one. ``origin`` says where the words came from, "" when they
    were typed. ``is_followed``: None when these words cannot be followed.
    """

    view: int
    order: SearchOrder
    period: str = ""
    origin: str = ""
    is_followed: bool | None = None


def results(
    query: Query, page: Page, texts: Texts, *, frame: Frame, zone: tzinfo, now: datetime
) -> Brief:
    """List what was found, numbered as the buttons below; say what to do when nothing was.

    The heading tells how many there are and how they were chosen and ordered, the buttons below
    choose otherwise: one hit has no order.
    """
    blocks: list[Block] = [Label(frame.origin)] if frame.origin else []
    if page.articles:
        blocks.append(Heading(_heading(query, page, texts, frame)))
        for number, article in enumerate(page.articles, start=1):
            blocks += _entry(number, article, query, texts, zone=zone, now=now)
    else:
        blocks += [Paragraph(words) for words in _nothing(query, texts, frame)]
    stories = [article.story for article in page.articles]
    numbers = rows(stories, texts, page=page.number, pages=page.pages, view=frame.view)
    choices = _choices(query, page, texts, frame) if stories else _wider(query, texts, frame)
    buttons = (*numbers[:1], choices, *numbers[1:], _follow(page, texts, frame))
    return Brief(BriefKind.PAGE, tuple(blocks), tuple(filter(None, buttons)))


def said_back(query: Query) -> str:
    """Return a reader's words as a page says them back."""
    return shorten(" ".join(query.text.split()), MOST_QUERY)


def _heading(query: Query, page: Page, texts: Texts, frame: Frame) -> str:
    count = grouped(page.total)
    if page.is_bounded:
        count = texts.say("layout.results.over", count=count)
    return told(
        texts.say("layout.results.heading", words=said_back(query), count=count),
        texts.say(f"sections.{query.section}") if query.section else "",
        frame.period,
        texts.say(f"layout.results.order.{frame.order}") if page.total > 1 else "",
    )


def _nothing(query: Query, texts: Texts, frame: Frame) -> Iterator[str]:
    """Say that nothing was found, and where we looked when it was not everywhere."""
    words, section = said_back(query), query.section and texts.say(f"sections.{query.section}")
    if section and frame.period:
        yield texts.say(
            "layout.results.nothing.both", words=words, section=section, period=frame.period
        )
    elif section:
        yield texts.say("layout.results.nothing.section", words=words, section=section)
    elif frame.period:
        yield texts.say("layout.results.nothing.period", words=words, period=frame.period)
    else:
        yield texts.say("layout.results.nothing.ever", words=words)
    yield texts.say(f"layout.results.{'widen' if section or frame.period else 'advice'}")


def _choices(query: Query, page: Page, texts: Texts, frame: Frame) -> tuple[Button, ...]:
    """Offer to narrow a search of several hits, to widen one that was narrowed, and the orders."""
    if page.total == 1 and not (query.section or frame.period):
        return ()
    place = f"{frame.view}:{page.number}"
    narrow = (
        Button(texts.say("layout.results.section"), call=f"nw:{place}:section"),
        Button(texts.say("layout.results.period"), call=f"nw:{place}:period"),
    )
    orders = tuple(_order(order, texts, frame) for order in SearchOrder)
    return narrow if page.total == 1 else (*narrow, *orders)


def _order(order: SearchOrder, texts: Texts, frame: Frame) -> Button:
    text = texts.say(f"layout.results.sort.{order}")
    return Button(
        f"{CHECK} {text}" if order is frame.order else text, call=f"od:{frame.view}:{order}"
    )


def _wider(query: Query, texts: Texts, frame: Frame) -> tuple[Button, ...]:
    """Offer to look further than where nothing was found."""
    wider = []
    if frame.period:
        ever = texts.say(f"layout.results.periods.{Period.EVER}")
        wider.append(Button(ever, call=f"nr:{frame.view}:{Period.EVER}"))
    if query.section:
        everywhere = texts.say("layout.results.everywhere")
        wider.append(Button(everywhere, call=f"nr:{frame.view}:{EVERYWHERE}"))
    return tuple(wider)


def _follow(page: Page, texts: Texts, frame: Frame) -> tuple[Button, ...]:
    if frame.is_followed is None:
        return ()
    text = texts.say(f"layout.results.{'followed' if frame.is_followed else 'follow'}")
    to = "off" if frame.is_followed else "on"
    return (Button(text, call=f"fq:{frame.view}:{page.number}:{to}"),)


def _entry(
    number: int, article: Article, query: Query, texts: Texts, *, zone: tzinfo, now: datetime
) -> Iterator[Block]:
    yield Title(f"{number}. {headline(article)}", article.story)
    found = snippet(article, query.terms, MOST_SNIPPET)
    if found.text:
        yield found
    time = told_at(article.moment, zone=zone, now=now)
    yield Note(told(section_name(article.section, texts), article.source.name, time))
