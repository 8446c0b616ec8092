"""A story in, the brief that is pushed at once out; called when a poll finds it worth a buzz."""

from __future__ import annotations

from datetime import datetime, tzinfo

from bot.briefs.extract import brief_of
from bot.briefs.phrases import coverage, label, told, told_at
from bot.briefs.titles import headline
from bot.model import (
    Block,
    Brief,
    BriefKind,
    Button,
    Label,
    Length,
    Note,
    Paragraph,
    Picture,
    Telling,
    Title,
)
from bot.texts import Texts

MOST_WORDS = 600  # UTF-16 units; with its headline the brief stays a caption (1,024)


def instant(telling: Telling, texts: Texts, *, zone: tzinfo, now: datetime) -> Brief:
    """Tell one story: label, picture, headline, one to three of its sentences, who and when."""
    lead = telling.lead
    blocks: list[Block] = [Label(label(telling, texts))]
    if lead.image_url:
        blocks.append(Picture(lead.image_url))
    blocks.append(Title(headline(lead), telling.story.id))
    if words := brief_of(lead, MOST_WORDS):
        blocks.append(Paragraph(words, Length.SHORT))
    blocks.append(Note(told(coverage(telling, texts), told_at(lead.moment, zone=zone, now=now))))
    return Brief(BriefKind.INSTANT, tuple(blocks), (_buttons(telling, texts),))


def _buttons(telling: Telling, texts: Texts) -> tuple[Button, ...]:
    more = Button(texts.say("brief.more"), call=f"st:{telling.story.id}")
    if not telling.lead.url:
        return (more,)
    return Button(texts.say("brief.read"), url=telling.lead.url), more
