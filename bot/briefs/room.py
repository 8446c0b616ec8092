"""What a message says already in, the sentences for which there is room out; layouts call it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.arabic.direction import isolate_foreign
from bot.arabic.shorten import units
from bot.briefs.extract import further_of
from bot.model import Article, Block, Heading, Item, Label, Note, Paragraph, Snippet, Title

_BESIDE = 4  # UTF-16 units of a block: two line breaks, a bullet or a mark of direction, its space


def taken(blocks: Iterable[Block]) -> int:
    """Count the UTF-16 units that blocks take in a message, isolates included."""
    return sum(map(_size, blocks))


def more_of(article: Article, brief: str, room: int) -> str:
    """Go on behind an article's brief in at most ``room`` UTF-16 units, isolates included."""
    more = further_of(article, brief, room - _BESIDE)
    while (excess := _written(more) + _BESIDE - room) > 0 and more:
        more = further_of(article, brief, units(more) - excess)
    return more


def _size(block: Block) -> int:
    match block:
        case Item(text, _, tail):
            return _written(f"{text} {tail}") + _BESIDE
        case (
            Label(text) | Heading(text) | Title(text) | Paragraph(text) | Snippet(text) | Note(text)
        ):
            return _written(text) + _BESIDE
        case _:
            return 0


def _written(text: str) -> int:
    return units(isolate_foreign(text))
