"""A story in, the brief that is pushed at once out; called when a poll finds it worth a buzz."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from bot.briefs.extract import brief_of
from bot.briefs.layouts.video import opening
from bot.briefs.marks import UNMARKED, Marks, mark_buttons
from bot.briefs.phrases import coverage, label, told, told_at
from bot.briefs.room import more_of, taken
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

MOST_WORDS = 600  # UTF-16 units; with its headline the brief stays a caption
MOST_MORE = 900  # UTF-16 units, for who wants a long brief
CAPTION = 1024  # UTF-16 units; Bot API sendPhoto: beyond it the picture would be left away


def instant(
    telling: Telling, texts: Texts, *, zone: tzinfo, now: datetime, marks: Marks = UNMARKED
) -> Brief:
    """Tell one story: label, picture, headline, its sentences, who tells it and when.

    One to three sentences are for readers of short briefs; those of long ones are told more, as
    much as leaves the picture its place. ``marks`` are the reader's own.
    """
    lead = telling.lead
    blocks: list[Block] = [Label(label(telling, texts))]
    if lead.image_url:
        blocks.append(Picture(lead.image_url))
    blocks.append(Title(headline(lead), telling.story.id))
    if words := brief_of(lead, MOST_WORDS):
        blocks.append(Paragraph(words, Length.SHORT))
    note = Note(told(coverage(telling, texts), told_at(lead.moment, zone=zone, now=now)))
    most = CAPTION - taken((*blocks, note)) if lead.image_url else MOST_MORE
    if more := more_of(lead, words, most):
        blocks.append(Paragraph(f"\n{more}", Length.LONG))  # a blank line before it
    buttons = tuple(_buttons(telling, texts, marks))
    return Brief(BriefKind.INSTANT, (*blocks, note), (buttons,))


def _buttons(telling: Telling, texts: Texts, marks: Marks) -> Iterator[Button]:
    story = telling.story.id
    yield from opening(telling.lead, texts)
    yield from mark_buttons(story, marks, texts)
    yield Button(texts.say("brief.more"), call=f"st:{story}")
