"""A story in, its page out: what happened, who tells it, how it grew. Commands call it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from bot.briefs.extract import brief_of
from bot.briefs.layouts.video import opening
from bot.briefs.marks import Marks, mark_buttons
from bot.briefs.phrases import label, told, told_at
from bot.briefs.room import more_of, taken
from bot.briefs.titles import headline
from bot.model import (
    Block,
    Brief,
    BriefKind,
    Button,
    Heading,
    Item,
    Label,
    Note,
    Paragraph,
    Picture,
    Telling,
    Title,
)
from bot.texts import Texts

MOST_WORDS = 900  # UTF-16 units of the brief, and as many of what goes on behind it
PAGE = 4000  # UTF-16 units; the page stays one message (4,096), since it is edited
MOST_SOURCES = 12
MOST_STEPS = 8
MOST_STEP_TITLE = 160  # UTF-16 units

_GROWN = timedelta(hours=3)  # between the first and the last article of a story that develops


def story(telling: Telling, texts: Texts, *, zone: tzinfo, now: datetime) -> Brief:
    """Lay out the page of a story; its buttons are `buttons`, and who calls adds the way back."""
    lead = telling.lead
    blocks: list[Block] = [Label(label(telling, texts))]
    if lead.image_url:
        blocks.append(Picture(lead.image_url))
    blocks.append(Title(headline(lead)))
    if words := brief_of(lead, MOST_WORDS):
        blocks.append(Paragraph(words))
    below: list[Block] = []
    if len(telling.articles) == 1:
        below.append(Note(told(lead.source.name, told_at(lead.moment, zone=zone, now=now))))
    else:
        below += _sources(telling, texts, zone=zone, now=now)
        below += _timeline(telling, texts, zone=zone, now=now)
    room = min(MOST_WORDS, PAGE - taken((*blocks, *below)))
    if more := more_of(lead, words, room):
        blocks.append(Paragraph(f"\n{more}"))  # a blank line before it
    return Brief(BriefKind.PAGE, (*blocks, *below))


def buttons(
    telling: Telling, texts: Texts, marks: Marks, *, place: str, share: Button
) -> tuple[tuple[Button, ...], ...]:
    """Return what a reader can do with a story.

    ``place`` stands behind the calls that open a page of choices, so that it leads back here and
    this page on to where it was opened.
    """
    number = telling.story.id
    return (
        (*opening(telling.lead, texts), *mark_buttons(number, marks, texts)),
        (Button(texts.say("mute.open"), call=f"mu:{number}{place}"), share),
        (Button(texts.say("mistake.open"), call=f"mk:{number}{place}"),),
    )


def _sources(telling: Telling, texts: Texts, *, zone: tzinfo, now: datetime) -> Iterator[Block]:
    """Name each source once, the lead's first, with the way to its article and the time."""
    first = {article.source.id: article for article in reversed(telling.articles)}
    articles = [article for article in telling.articles if article is first[article.source.id]]
    yield Heading(texts.say("layout.story.sources"))
    for article in articles[:MOST_SOURCES]:
        time = told_at(article.moment, zone=zone, now=now)
        yield Item(article.source.name, tail=f"\N{MIDDLE DOT} {time}", url=article.url)


def _timeline(telling: Telling, texts: Texts, *, zone: tzinfo, now: datetime) -> Iterator[Block]:
    """Tell how a story grew, oldest first; one told by all within hours did not grow."""
    steps = sorted(telling.articles, key=lambda article: (article.moment, article.id))
    if steps[-1].moment - steps[0].moment < _GROWN:
        return
    yield Heading(texts.say("layout.story.timeline"))
    for article in steps[-MOST_STEPS:]:
        tail = told(article.source.name, told_at(article.moment, zone=zone, now=now))
        yield Item(
            headline(article, MOST_STEP_TITLE), tail=f"\N{MIDDLE DOT} {tail}", url=article.url
        )
