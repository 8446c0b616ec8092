"""Many new stories of one section in, one calm brief out; pushed instead of a message for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from bot.briefs.phrases import breadth, listed, told_at
from bot.model import Block, Brief, BriefKind, Button, Fold, Heading, Item, Note, Section, Telling
from bot.texts import Texts

OPEN = 8  # items; more wait in a fold


def roundup(
    section: Section, tellings: Sequence[Telling], texts: Texts, *, zone: tzinfo, now: datetime
) -> Brief:
    """List every story (one at least) by its headline: the first openly, the others in a fold."""
    heading = texts.say(
        "layout.roundup.heading",
        articles=texts.count("new_article", len(tellings)),
        section=texts.say(f"sections.{section}"),
    )
    items = [_item(telling, texts) for telling in tellings]
    blocks: list[Block] = [Heading(heading), *items[:OPEN]]
    if items[OPEN:]:
        blocks.append(Fold(texts.say("brief.others"), tuple(items[OPEN:])))
    latest = max(telling.lead.moment for telling in tellings)
    moment = told_at(latest, zone=zone, now=now)
    blocks.append(Note(texts.say("layout.roundup.latest", moment=moment)))
    button = Button(texts.say("layout.roundup.all"), call=f"sc:{section}")
    return Brief(BriefKind.INSTANT, tuple(blocks), ((button,),))


def _item(telling: Telling, texts: Texts) -> Item:
    sources = breadth(telling, texts)
    tail = f"\N{MIDDLE DOT} {sources}" if sources else ""
    return Item(listed(telling, texts), telling.story.id, tail)
