"""A story somebody follows and what is new in it in, the brief that tells of it out; jobs push it.

It tells the new article, not the story from its beginning: its reader knows that.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from bot.briefs.extract import brief_of
from bot.briefs.marks import Marks, mark_buttons
from bot.briefs.phrases import coverage, told, told_at
from bot.briefs.titles import headline
from bot.model import (
    Article,
    Block,
    Brief,
    BriefKind,
    Button,
    Label,
    Length,
    Note,
    Paragraph,
    Telling,
    Title,
)
from bot.texts import Texts

MOST_WORDS = 600  # UTF-16 units


def growth(
    telling: Telling, article: Article, texts: Texts, *, zone: tzinfo, now: datetime
) -> Brief:
    """Say that a followed story has news, tell the new article, and count who tells it now."""
    blocks: list[Block] = [
        Label(_label(article, texts)),
        Title(headline(article), telling.story.id),
    ]
    if words := brief_of(article, MOST_WORDS):
        blocks.append(Paragraph(words, Length.SHORT))
    seen = Telling(telling.story, (article,))  # it is this source that speaks now
    blocks.append(Note(told(coverage(seen, texts), told_at(article.moment, zone=zone, now=now))))
    return Brief(BriefKind.INSTANT, tuple(blocks), (_buttons(telling, article, texts),))


def _label(article: Article, texts: Texts) -> str:
    of_growth = texts.say("layout.growth.label")
    if not article.is_urgent:
        return of_growth
    return told(f"{texts.say('signs.urgent')} {texts.say('brief.urgent')}", of_growth)


def _buttons(telling: Telling, article: Article, texts: Texts) -> tuple[Button, ...]:
    story = telling.story.id
    read = (Button(texts.say("brief.read"), url=article.url),) if article.url else ()
    marks = mark_buttons(story, Marks(is_followed=True), texts)
    return (*read, *marks, Button(texts.say("brief.more"), call=f"st:{story}"))
