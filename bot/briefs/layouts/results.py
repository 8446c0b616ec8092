"""What a search found in, the page of results out; the search command and its paging call it."""

from __future__ import annotations

from collections.abc import Iterator
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
    Note,
    Page,
    Paragraph,
    Query,
    SearchOrder,
    Title,
)
from bot.texts import Texts

MOST_SNIPPET = 160  # UTF-16 units
MOST_QUERY = 60  # UTF-16 units of a reader's words said back


def results(
    query: Query,
    page: Page,
    texts: Texts,
    *,
    zone: tzinfo,
    now: datetime,
    view: int,
    order: SearchOrder,
) -> Brief:
    """List what was found, numbered as the buttons below; say what to do when nothing was.

    The heading tells the order, and the last button opens the other; one hit has none.
    """
    words = shorten(" ".join(query.text.split()), MOST_QUERY)
    blocks: list[Block] = []
    if page.articles:
        blocks.append(Heading(_heading(words, page, order, texts)))
        for number, article in enumerate(page.articles, start=1):
            blocks += _entry(number, article, query, texts, zone=zone, now=now)
    else:
        blocks.append(Paragraph(texts.say("layout.results.nothing", words=words)))
        blocks.append(Paragraph(texts.say("layout.results.advice")))
    stories = [article.story for article in page.articles]
    buttons = rows(stories, texts, page=page.number, pages=page.pages, view=view)
    if page.total > 1:
        buttons = (*buttons, (_other_order(order, texts, view),))
    return Brief(BriefKind.PAGE, tuple(blocks), buttons)


def _heading(words: str, page: Page, order: SearchOrder, texts: Texts) -> str:
    count = grouped(page.total)
    if page.is_bounded:
        count = texts.say("layout.results.over", count=count)
    return texts.say(f"layout.results.heading.{order}", words=words, count=count)


def _other_order(order: SearchOrder, texts: Texts, view: int) -> Button:
    other = SearchOrder.NEWEST if order is SearchOrder.FIT else SearchOrder.FIT
    return Button(texts.say(f"layout.results.order.{other}"), call=f"od:{view}:{other}")


def _entry(
    number: int, article: Article, query: Query, texts: Texts, *, zone: tzinfo, now: datetime
) -> Iterator[Block]:
    yield Title(f"{number}. {headline(article)}", article.story)
    if text := snippet(article, query.terms, MOST_SNIPPET):
        yield Paragraph(text)
    time = told_at(article.moment, zone=zone, now=now)
    yield Note(told(section_name(article.section, texts), article.source.name, time))
