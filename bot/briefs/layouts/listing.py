"""One page of stories in, the list a person asked for out: latest, a section, urgent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from bot.briefs.layouts.paging import rows
from bot.briefs.phrases import breadth, listed, section_name, told, told_at
from bot.model import Block, Brief, BriefKind, Heading, Note, Paragraph, Telling, Title
from bot.texts import Texts


def listing(
    heading: str,
    tellings: Sequence[Telling],
    texts: Texts,
    *,
    zone: tzinfo,
    now: datetime,
    page: int,
    pages: int,
    view: int,
    note: str = "",
) -> Brief:
    """List the stories of one page, numbered as the buttons below; pages count from 1.

    ``note`` stands below the heading: why there is little, or nothing.
    """
    blocks: list[Block] = [Heading(heading)]
    if note or not tellings:
        blocks.append(Paragraph(note or texts.say("layout.listing.empty")))
    for number, telling in enumerate(tellings, start=1):
        blocks += _entry(number, telling, texts, zone=zone, now=now)
    stories = [telling.story.id for telling in tellings]
    buttons = rows(stories, texts, page=page, pages=pages, view=view)
    return Brief(BriefKind.PAGE, tuple(blocks), buttons)


def _entry(
    number: int, telling: Telling, texts: Texts, *, zone: tzinfo, now: datetime
) -> Iterator[Block]:
    lead = telling.lead
    yield Title(f"{number}. {listed(telling, texts)}", telling.story.id)
    yield Note(
        told(
            section_name(telling.story.section, texts),
            breadth(telling, texts) or lead.source.name,
            told_at(lead.moment, zone=zone, now=now),
        )
    )
