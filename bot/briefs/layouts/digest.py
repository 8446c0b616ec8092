"""A selection in, the digest as readers know it out ("classic"); called through ``LAYOUTS``.

How much of each story is told follows the reader's length: headlines alone, the first stories in
two sentences, or every story that stands in its section.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
    Length,
    Paragraph,
    Picture,
    Telling,
    Title,
    to_ms,
)
from bot.texts import Texts

TOP_SENTENCES = 2
TOP_WORDS = 400  # UTF-16 units
ITEM_SENTENCES = 2  # of a long digest
ITEM_WORDS = 240  # UTF-16 units: with twenty stories a long digest is two messages
FACT_WORDS = 12

_WORDS_A_MINUTE = 140  # silent reading of Arabic: 138 ± 20 (IReST, Trauzettel-Klosinski 2012)
_CLAUSE_ENDS = ".,:;\N{ARABIC COMMA}\N{ARABIC SEMICOLON}"
_SKIPPED = 2  # days between two editions' dates: yesterday's reader knows where it begins
_FACT_ROOM = 400  # UTF-16 units that surely hold the fact's words


@dataclass(frozen=True, slots=True)
class Edition:
    """What an edition must know beside its stories; both moments by the reader's clock."""

    local: datetime
    since: datetime  # until when the edition before told what happened
    length: Length = Length.SHORT
    matches: tuple[Block, ...] = ()  # of today, laid out


def digest(selection: Selection, texts: Texts, edition: Edition) -> Brief:
    """Lay a selection out for an edition."""
    local = edition.local
    heading = texts.say(
        "layout.digest.heading", day=dates.day_name(local.date()), clock=dates.clock(local)
    )
    body = (
        *_top(selection, texts, edition.length),
        *_sections(selection, texts, edition.length),
        *edition.matches,
        *_rest(selection, texts),
    )
    size = texts.say(
        "layout.digest.size",
        articles=texts.count("article", selection.total),
        sources=texts.count("from_source", selection.sources),
        minutes=texts.count("reading_minute", _minutes(body)),
    )
    opening = (Heading(heading), *_span(edition, texts), Paragraph(size))
    ask = Button(texts.say("layout.digest.ask"), call="ask")
    buttons = ((_missed(edition, texts), ask), (_settings(texts),))
    return Brief(BriefKind.DIGEST, (*opening, *body), buttons)


def quiet_day(texts: Texts, edition: Edition) -> Brief:
    """Say in one line that there is nothing to tell, to who would rather know."""
    line = Paragraph(texts.say("layout.digest.quiet"))
    return Brief(BriefKind.DIGEST, (line,), ((_missed(edition, texts), _settings(texts)),))


def _missed(edition: Edition, texts: Texts) -> Button:
    """Lead to what happened in the same span and is not shown here.

    The span is rounded: editions that show the same are one brief, whoever was told up to which
    second before. What an earlier one showed is left out by whoever opens the list.
    """
    since = edition.since.replace(minute=0, second=0, microsecond=0)
    until = edition.local.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return Button(texts.say("layout.digest.missed"), call=f"ms:{to_ms(since)}:{to_ms(until)}")


def _settings(texts: Texts) -> Button:
    return Button(texts.say("layout.digest.settings"), call="dg")


def _span(edition: Edition, texts: Texts) -> Iterator[Block]:
    """Say which days an edition tells of when a day was skipped before it."""
    first, last = edition.since.date(), edition.local.date()
    if (last - first).days < _SKIPPED:
        return
    yield Paragraph(
        texts.say("layout.digest.span", first=_named(first, last), last=dates.day_name(last))
    )


def _named(day: date, last: date) -> str:
    """Name a day; its month only when it is not that of the last one."""
    if (day.year, day.month) == (last.year, last.month):
        return f"{dates.weekday(day.weekday())} {day.day}"
    return dates.day_name(day)


def _top(selection: Selection, texts: Texts, length: Length) -> Iterator[Block]:
    """Tell the first stories in two sentences each, under one picture."""
    is_told = length.shows(Length.SHORT)
    pictures = [one.lead.image_url for one in selection.top if one.lead.image_url]
    if pictures and is_told:
        yield Picture(pictures[0])
    yield Heading(texts.say("layout.digest.top"))
    for telling in selection.top:
        yield Title(listed(telling, texts), telling.story.id)
        words = brief_of(telling.lead, TOP_WORDS, limit=TOP_SENTENCES) if is_told else ""
        if line := told(words, breadth(telling, texts)):
            yield Paragraph(line)


def _sections(selection: Selection, texts: Texts, length: Length) -> Iterator[Block]:
    for section, tellings in selection.sections:
        yield Heading(texts.say(f"sections.{section}"))
        for telling in tellings:
            words = ""
            if length.shows(Length.LONG):
                words = brief_of(telling.lead, ITEM_WORDS, limit=ITEM_SENTENCES)
            if words:
                yield Item(listed(telling, texts), telling.story.id)
                yield Paragraph(words)
            else:
                yield _item(telling, texts)


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
