"""Entities as a bot gave them → entities as Telegram keeps them; `entities` calls it.

Three families: links and code (`_WHOLE`) never overlap one another; quotations hold anything
but one another; the five styles are joined where they touch and cut at every border they cross.
The order is by offset, then the longer one, then the kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from bot.sandbox.nouns import Entity

_QUOTES = ("blockquote", "expandable_blockquote")
_CODE = ("pre", "code")
_STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")
_RANK = {
    **dict.fromkeys(_QUOTES, 0),
    "pre": 11,
    "code": 20,
    "date_time": 30,
    "text_link": 49,
    "text_mention": 49,
    **{style: 90 + place for place, style in enumerate(_STYLES)},
}
_OTHER_RANK = 50


def arrange(entities: Iterable[Entity]) -> list[Entity]:
    """Drop what may not nest, join and cut the styles, sort."""
    ordered = in_order(entity for entity in entities if entity.length > 0)
    if len(ordered) < 2:
        return ordered
    quotes = _apart(entity for entity in ordered if entity.kind in _QUOTES)
    whole = _apart(e for e in ordered if e.kind not in _QUOTES and e.kind not in _STYLES)
    whole = [entity for entity in whole if not _breaks(entity, quotes)]
    styles = _joined(entity for entity in ordered if entity.kind in _STYLES)
    return in_order([*quotes, *whole, *_cut(styles, [*quotes, *whole])])


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    """Sort as Telegram lists entities."""
    return sorted(entities, key=lambda e: (e.offset, -e.length, _RANK.get(e.kind, _OTHER_RANK)))


def overlaps(entity: Entity, others: Iterable[Entity]) -> bool:
    """Tell whether an entity shares a letter with one of the others."""
    return any(entity.offset < other.end and other.offset < entity.end for other in others)


def _apart(entities: Iterable[Entity]) -> list[Entity]:
    """Keep each entity that begins behind the last one kept."""
    kept: list[Entity] = []
    for entity in entities:
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _breaks(entity: Entity, quotes: list[Entity]) -> bool:
    """Tell whether a link or code crosses a quotation instead of lying within or without."""
    crossed = (quote for quote in quotes if overlaps(entity, [quote]))
    return any(entity.offset < quote.offset or entity.end > quote.end for quote in crossed)


def _joined(styles: Iterable[Entity]) -> list[Entity]:
    """Make one of two stretches of one style that touch."""
    last: dict[str, Entity] = {}
    done: list[Entity] = []
    for entity in styles:
        before = last.get(entity.kind)
        last[entity.kind] = entity
        if before is not None and entity.offset <= before.end:
            end = max(before.end, entity.end)
            last[entity.kind] = Entity(entity.kind, before.offset, end - before.offset)
        elif before is not None:
            done.append(before)
    return [*done, *last.values()]


def _cut(styles: list[Entity], others: list[Entity]) -> list[Entity]:
    """Cut styles at the borders of links, code and quotations and where a style begins."""
    borders = {edge for other in others for edge in (other.offset, other.end)}
    borders |= {style.offset for style in styles}
    code = [other for other in others if other.kind in _CODE]
    pieces: list[Entity] = []
    for style in styles:
        inside = sorted(edge for edge in borders if style.offset < edge < style.end)
        edges = [style.offset, *inside, style.end]
        pieces += [Entity(style.kind, begin, end - begin) for begin, end in pairwise(edges)]
    return [piece for piece in pieces if not overlaps(piece, code)]
