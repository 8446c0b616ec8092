"""Groups of lines → parts that Telegram takes whole; `html` builds the groups and writes the parts.

A group is what a blank line sets apart; a line is a row of spans. Splitting works on spans and
never on markup, so a part cannot be ill-formed. The law: a part breaks between groups if it can,
else between lines, else after a sentence, else between words, and inside a word only when the
word alone is longer than a part.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape

from bot.arabic.direction import rtl
from bot.arabic.shorten import units

_SENTENCE_END = re.compile("[.!?\N{ARABIC QUESTION MARK}\N{HORIZONTAL ELLIPSIS}]\\s")
_SPACE = re.compile(r"[^\S\xa0\u202f]")  # no-break spaces hold their neighbours together
# What Telegram's server makes an entity of by itself: mentions, hashtags, cashtags, commands,
# addresses with or without their scheme, e-mail. Counting one too many only breaks a part early.
_FOUND_BY_SERVER = re.compile(r"[@#$/]\w|[A-Za-z0-9]\.[A-Za-z]{2}")


@dataclass(frozen=True, slots=True)
class Size:
    """What a text takes up: UTF-16 units and entities once parsed, and bytes before."""

    units: int = 0
    entities: int = 0
    source: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(
            self.units + other.units, self.entities + other.entities, self.source + other.source
        )

    def __sub__(self, other: Size) -> Size:
        return Size(
            self.units - other.units, self.entities - other.entities, self.source - other.source
        )

    def fits(self, room: Size) -> bool:
        """Tell whether this is within every limit of ``room``."""
        return (
            self.units <= room.units
            and self.entities <= room.entities
            and self.source <= room.source
        )


_SOURCE = 1 << 15  # bytes of HTML; tdlib/telegram-bot-api, Client.cpp: "Text is too long"
_LEAST = Size(16, 4, _SOURCE // 2)  # less room than this is not worth beginning a line in
PART = Size(4096, 100, _SOURCE)  # Bot API sendMessage; entities beyond 100 are dropped in silence
CAPTION = Size(1024, 100, _SOURCE)  # Bot API sendPhoto
_FOLD = Size(0, 1, len("<blockquote expandable></blockquote>"))
_TAGS = len('<b><a href=""></a></b>')


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text of one look; ``url`` makes it a link."""

    text: str
    is_bold: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Spans up to a line break; ``is_head``: it never stands last in a part."""

    spans: tuple[Span, ...]
    is_head: bool = False

    @property
    def text(self) -> str:
        """Return what is read, without any look."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines without a blank line between them; ``is_fold``: they stay closed until opened."""

    lines: tuple[Line, ...]
    is_fold: bool = False


Part = tuple[Group, ...]


def split(groups: Iterable[Group], room: Size = PART) -> tuple[Part, ...]:
    """Divide groups into parts that each fit ``room``: at least 32 units, 8 entities, 16 kB."""
    packer = _Packer(room)
    for group in groups:
        packer.add(group)
    return packer.close()


def size(groups: Iterable[Group]) -> Size:
    """Measure groups written one after the other as one part."""
    total = Size()
    last: Group | None = None
    for group in groups:
        total += _breaks(len(gap(last, group))) + _group_size(group)
        last = group
    return total


def gap(before: Group | None, after: Group) -> str:
    """Return what stands between two groups: a fold draws its own border, others a blank line."""
    if before is None:
        return ""
    return "\n" if before.is_fold or after.is_fold else "\n\n"


class _Packer:
    """Fill one part after the other; a part is closed when the next piece does not fit."""

    def __init__(self, room: Size) -> None:
        self._room = room
        self._parts: list[Part] = []
        self._open: list[Group] = []
        self._used = Size()

    def add(self, group: Group) -> None:
        """Place a group: here, else whole in a part of its own, else piece by piece."""
        whole = _group_size(group)
        if not self._grown(group, whole).fits(self._room) and whole.fits(self._room):
            self._turn()
        if self._grown(group, whole).fits(self._room):
            self._place(group)
        else:
            self._add_pieces(group)

    def close(self) -> tuple[Part, ...]:
        """End the last part and return them all."""
        self._turn()
        return tuple(self._parts)

    def _add_pieces(self, group: Group) -> None:
        """Place a group that no part can hold; pieces in one part stay one group."""
        piece: Group | None = None  # what the open part already holds of this group
        for lines in _pieces(group, self._room):
            if piece is not None:
                grown = replace(piece, lines=piece.lines + lines)
                added = _breaks(1) + _lines_size(lines)
                if (self._used + added).fits(self._room):
                    self._open[-1], self._used, piece = grown, self._used + added, grown
                    continue
            piece = replace(group, lines=lines)
            if not self._grown(piece, _group_size(piece)).fits(self._room):
                self._turn()
            self._place(piece)

    def _grown(self, group: Group, group_size: Size) -> Size:
        """Measure the open part as it would be with ``group`` at its end."""
        last = self._open[-1] if self._open else None
        return self._used + _breaks(len(gap(last, group))) + group_size

    def _place(self, group: Group) -> None:
        self._used = self._grown(group, _group_size(group))
        self._open.append(group)

    def _turn(self) -> None:
        if self._open:
            self._parts.append(tuple(self._open))
        self._open, self._used = [], Size()


def _pieces(group: Group, room: Size) -> Iterator[tuple[Line, ...]]:
    """Yield lines that stay together: one line, or heads with the beginning of what follows."""
    room = room - _FOLD if group.is_fold else room
    heads: tuple[Line, ...] = ()
    for line in group.lines:
        beside = room - _lines_size(heads) - _breaks(1) if heads else room
        if not _LEAST.fits(beside):
            yield heads
            heads, beside = (), room
        first, *others = _cut(line, beside, room)
        if line.is_head and not others:
            heads = (*heads, first)
            continue
        yield (*heads, first)
        heads = ()
        yield from ((piece,) for piece in others)
    if heads:
        yield heads


def _cut(line: Line, first: Size, room: Size) -> Iterator[Line]:
    """Yield the line in pieces, the first within ``first``, the others within ``room``.

    Each piece begins right to left, as a paragraph must.
    """
    while not _line_size(line).fits(first):
        head, rest = _divided(line, _end_of_piece(line, first))
        yield head
        line, first = _led(rest), room
    if line.spans:
        yield line


def _end_of_piece(line: Line, room: Size) -> int:
    """Find where to cut: the last sentence end that is not too early, else a space, else letters.

    The length that fits is found by halving: a longer beginning never measures less.
    """

    def is_too_long(end: int) -> bool:
        return not _line_size(_divided(line, end)[0]).fits(room)

    text = line.text
    most = max(bisect_right(range(1, len(text)), False, key=is_too_long), 1)
    sentences = [found.start() + 1 for found in _SENTENCE_END.finditer(text, 0, most + 1)]
    if sentences and sentences[-1] * 2 > most:
        return sentences[-1]
    spaces = [found.start() for found in _SPACE.finditer(text, 1, most + 1)]
    return spaces[-1] if spaces else most


def _divided(line: Line, end: int) -> tuple[Line, Line]:
    """Divide a line before the letter ``end``; the spaces at the cut are the line break now."""
    before: list[Span] = []
    after: list[Span] = []
    for span in line.spans:
        here = min(end, len(span.text))
        end -= here
        rest = span.text[here:] if after else span.text[here:].lstrip()
        before += [replace(span, text=span.text[:here])] if here else []
        after += [replace(span, text=rest)] if rest else []
    return replace(line, spans=tuple(before)), replace(line, spans=tuple(after))


def _led(line: Line) -> Line:
    """Put before a line the mark that it needs to run right to left, when it needs one."""
    text = line.text
    mark = rtl(text).removesuffix(text)
    return replace(line, spans=(Span(mark), *line.spans)) if mark and text else line


def _group_size(group: Group) -> Size:
    return _lines_size(group.lines) + (_FOLD if group.is_fold else Size())


def _lines_size(lines: tuple[Line, ...]) -> Size:
    total = _breaks(max(len(lines) - 1, 0))
    for line in lines:
        total += _line_size(line)
    return total


def _breaks(count: int) -> Size:
    return Size(count, 0, count)


def _line_size(line: Line) -> Size:
    total = Size()
    for span in line.spans:
        found = 0 if span.url else len(_FOUND_BY_SERVER.findall(span.text))
        written = len(escape(span.text + span.url).encode("utf-8", "replace")) + _TAGS
        total += Size(units(span.text), span.is_bold + bool(span.url) + found, written)
    return total
