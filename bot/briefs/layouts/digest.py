"""A selection in, the digest as readers know it out ("classic"); called through ``LAYOUTS``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from math import ceil

from bot.arabic import dates
from bot.arabic.fold import fold
from bot.arabic.shorten import ELLIPSIS
from bot.arabic.stopwords import is_stopword
from bot.briefs.extract import brief_of
from bot.briefs.phrases import breadth, listed, told
from bot.briefs.select import Selection
from bot.briefs.titles import hides_fact
from bot.model import (
    Block,
    Brief,
    BriefKind,
    Button,
    Fold,
    Heading,
    Item,
    Paragraph,
    Picture,
    Telling,
    Title,
)
from bot.texts import Texts

TOP_SENTENCES = 2
TOP_WORDS = 400  # UTF-16 units
FACT_WORDS = 12

_WORDS_A_MINUTE = 140  # silent reading of Arabic: 138 ± 20 (IReST, Trauzettel-Klosinski 2012)
_CLAUSE_ENDS = ".,:;\N{ARABIC COMMA}\N{ARABIC SEMICOLON}"
_FACT_ROOM = 400  # UTF-16 units that surely hold the fact's words


def digest(selection: Selection, texts: Texts, local: datetime) -> Brief:
    """Lay a selection out for ``local``, the moment by the reader's clock."""
    heading = texts.say(
        "layout.digest.heading", day=dates.day_name(local.date()), clock=dates.clock(local)
    )
    body = (*_top(selection, texts), *_sections(selection, texts), *_rest(selection, texts))
    size = texts.say(
        "layout.digest.size",
        articles=texts.count("article", selection.total),
        sources=texts.count("from_source", selection.sources),
        minutes=texts.count("reading_minute", _minutes(body)),
    )
    settings = Button(texts.say("layout.digest.settings"), call="dg")
    return Brief(BriefKind.DIGEST, (Heading(heading), Paragraph(size), *body), ((settings,),))


def _top(selection: Selection, texts: Texts) -> Iterator[Block]:
    """Tell the first stories in two sentences each, under one picture."""
    pictures = [one.lead.image_url for one in selection.top if one.lead.image_url]
    if pictures:
        yield Picture(pictures[0])
    yield Heading(texts.say("layout.digest.top"))
    for telling in selection.top:
        yield Title(listed(telling, texts), telling.story.id)
        words = brief_of(telling.lead, TOP_WORDS, limit=TOP_SENTENCES)
        if line := told(words, breadth(telling, texts)):
            yield Paragraph(line)


def _sections(selection: Selection, texts: Texts) -> Iterator[Block]:
    for section, tellings in selection.sections:
        yield Heading(texts.say(f"sections.{section}"))
        yield from (_item(telling, texts) for telling in tellings)


def _rest(selection: Selection, texts: Texts) -> Iterator[Block]:
    if selection.rest:
        items = tuple(_item(telling, texts) for telling in selection.rest)
        yield Fold(texts.say("brief.others"), items)


def _item(telling: Telling, texts: Texts) -> Item:
    fact = _fact(telling) if hides_fact(telling.lead.title) else ""
    return Item(listed(telling, texts), telling.story.id, f"\N{EM DASH} {fact}" if fact else "")


def _fact(telling: Telling) -> str:
    """Answer a headline that hides what happened with the first words of its brief."""
    words = brief_of(telling.lead, _FACT_ROOM, limit=1).split()
    if len(words) <= FACT_WORDS:
        return " ".join(words)
    words = words[:FACT_WORDS]
    while words and _leads_on(words[-1]):
        words.pop()
    return " ".join(words).rstrip(_CLAUSE_ENDS) + ELLIPSIS


def _leads_on(word: str) -> bool:
    """Say whether a word must not be the last before a cut: "in …"; "40 …", were it thousands."""
    return is_stopword(fold(word)) or word[0].isdigit()


def _minutes(blocks: tuple[Block, ...]) -> int:
    """Count the minutes that reading takes, a fold's headlines included; at least one."""
    return ceil(sum(map(_words, blocks)) / _WORDS_A_MINUTE)


def _words(block: Block) -> int:
    match block:
        case Item(text, _, tail):
            return len(f"{text} {tail}".split())
        case Fold(title, items):
            return len(title.split()) + sum(map(_words, items))
        case Heading(text) | Title(text) | Paragraph(text):
            return len(text.split())
        case _:
            return 0
