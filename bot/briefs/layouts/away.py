"""Stories that a reader was to hear of one by one in, one calm brief of them out; jobs push it.

``away`` tells what came while we were stopped, ``together`` what piled up before one reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from bot.briefs.phrases import breadth, listed, told, told_at
from bot.model import Block, Brief, BriefKind, Fold, Heading, Item, Paragraph, Telling
from bot.texts import Texts

OPEN = 10  # items; more wait in a fold


def away(
    tellings: Sequence[Telling], texts: Texts, *, since: datetime, zone: tzinfo, now: datetime
) -> Brief:
    """List what a reader would have been pushed since the moment we stopped, and say so."""
    words = texts.say(
        "layout.away.words",
        since=told_at(since, zone=zone, now=now),
        until=told_at(now, zone=zone, now=now),
    )
    articles = texts.count("new_article", len(tellings))
    heading = Heading(texts.say("layout.away.heading", articles=articles))
    return Brief(BriefKind.INSTANT, (heading, Paragraph(words), *_listed(tellings, texts)))


def together(tellings: Sequence[Telling], texts: Texts) -> Brief:
    """List what would otherwise come to a reader as many messages at once."""
    articles = texts.count("new_article", len(tellings))
    heading = Heading(texts.say("layout.together.heading", articles=articles))
    return Brief(BriefKind.INSTANT, (heading, *_listed(tellings, texts)))


def _listed(tellings: Sequence[Telling], texts: Texts) -> list[Block]:
    """List the most told first, the newest of those first; urgent ones before all."""
    ranked = sorted(tellings, key=_rank)
    items = [_item(telling, texts) for telling in ranked]
    blocks: list[Block] = [*items[:OPEN]]
    if items[OPEN:]:
        blocks.append(Fold(texts.say("brief.others"), tuple(items[OPEN:])))
    return blocks


def _rank(telling: Telling) -> tuple[bool, int, int]:
    story = telling.story
    return not story.is_urgent, -story.sources, -story.id


def _item(telling: Telling, texts: Texts) -> Item:
    tail = told(texts.say(f"sections.{telling.story.section}"), breadth(telling, texts))
    return Item(listed(telling, texts), telling.story.id, f"\N{MIDDLE DOT}\N{NO-BREAK SPACE}{tail}")
