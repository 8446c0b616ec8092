"""A story in, its page out: what happened, who tells it, how it grew. Commands call it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from bot.briefs.extract import brief_of
from bot.briefs.phrases import label, told, told_at
from bot.briefs.titles import headline
from bot.model import (
    Article,
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

MOST_WORDS = 900  # UTF-16 units
MOST_SOURCES = 12
MOST_STEPS = 8
MOST_STEP_TITLE = 160  # UTF-16 units; the page stays one message (4,096), since it is edited

_GROWN = timedelta(hours=3)  # between the first and the last article of a story that develops


def story(telling: Telling, texts: Texts, *, zone: tzinfo, now: datetime, back: str = "") -> Brief:
    """Lay out the page of a story; ``back`` is the call of the button that leads back."""
    lead = telling.lead
    blocks: list[Block] = [Label(label(telling, texts))]
    if lead.image_url:
        blocks.append(Picture(lead.image_url))
    blocks.append(Title(headline(lead)))
    if words := brief_of(lead, MOST_WORDS):
        blocks.append(Paragraph(words))
    if len(telling.articles) == 1:
        blocks.append(Note(told(lead.source.name, told_at(lead.moment, zone=zone, now=now))))
    else:
        blocks += _sources(telling, texts, zone=zone, now=now)
        blocks += _timeline(telling, texts, zone=zone, now=now)
    return Brief(BriefKind.PAGE, tuple(blocks), tuple(_buttons(lead, texts, back)))


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


def _buttons(lead: Article, texts: Texts, back: str) -> Iterator[tuple[Button, ...]]:
    if lead.url:
        yield (Button(texts.say("brief.read"), url=lead.url),)
    if back:
        yield (Button(texts.say("brief.back"), call=back),)
