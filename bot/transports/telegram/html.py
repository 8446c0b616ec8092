"""A brief's neutral blocks → Telegram HTML in parts; `send` and `pages` call `render`.

The law: isolate foreign runs first, then escape, and escape every text that comes in.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.arabic.direction import isolate_foreign, rtl
from bot.briefs import links
from bot.model import (
    Block,
    Brief,
    BriefKind,
    Button,
    Copied,
    Fold,
    Heading,
    Item,
    Label,
    Note,
    Paragraph,
    Picture,
    Snippet,
    StoryId,
    Title,
    Verbatim,
)
from bot.transports.telegram.split import CAPTION, Group, Line, Part, Span, gap, size, split

_BULLET = "\N{BULLET} "
_BREAKABLE = re.compile("[\t-\r\x1c- \x85\u2028\u2029]+")  # white space, but no-break spaces
_LONGEST_URL = 2000  # bytes; longer ones are of trackers and data, not of articles
_Lined = Label | Heading | Title | Paragraph | Snippet | Item | Note


@dataclass(frozen=True, slots=True)
class Words:
    """A message of text in Telegram HTML."""

    html: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture by address, and the whole brief as its caption in Telegram HTML."""

    url: str
    caption: str


Message = Words | Photo | Verbatim | Copied


@dataclass(frozen=True, slots=True)
class Rendered:
    """The messages of one brief in their order; the buttons stand under the last."""

    parts: tuple[Message, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()


def escape(text: str) -> str:
    """Make a text safe to stand between tags of Telegram HTML."""
    return html.escape(text, quote=False)


def story_link(bot_username: str, story: StoryId) -> str:
    """Return the address that opens a story's page in the bot."""
    return f"https://t.me/{bot_username}?start={links.to_story(story)}"


def render(brief: Brief, bot_username: str) -> Rendered:
    """Write a brief's messages: an editor's own first, then the words.

    A picture goes above words that fit a caption; longer words go out without it, and so does a
    page, which is turned by editing: Telegram makes no text of a picture.
    """
    groups = tuple(_groups(brief.blocks, bot_username))
    pictures = [block.url for block in brief.blocks if isinstance(block, Picture)]
    own = tuple(block for block in brief.blocks if isinstance(block, Verbatim | Copied))
    words: tuple[Message, ...]
    if pictures and brief.kind is not BriefKind.PAGE and size(groups).fits(CAPTION):
        words = (Photo(pictures[0], _written(groups)),)
    else:
        words = tuple(Words(_written(part)) for part in split(groups))
    return Rendered((*own, *words), brief.buttons)


def _groups(blocks: tuple[Block, ...], bot_username: str) -> Iterator[Group]:
    """Yield what blank lines set apart; an empty line in a text sets apart, too."""
    lines: list[Line] = []
    last: Block | None = None
    for block in blocks:
        if isinstance(block, Picture | Verbatim | Copied):
            continue
        if not _stays_with(last, block):
            yield from _closed(lines)
            lines = []
        last = block
        if isinstance(block, Fold):
            yield from _fold(block, bot_username)
            continue
        for line in _lines(block, bot_username):
            if line is None:
                yield from _closed(lines)
                lines = []
            else:
                lines.append(line)
    yield from _closed(lines)


def _stays_with(last: Block | None, block: Block) -> bool:
    """Tell whether no blank line stands between two blocks."""
    match block:
        case Title():
            return isinstance(last, Label | Heading)
        case Label():
            return isinstance(last, Heading)
        case Note():
            return not isinstance(last, Item | Fold)
        case Paragraph() | Snippet() | Item():
            return not isinstance(last, Fold)
        case _:
            return False


def _lines(block: _Lined, bot_username: str) -> Iterator[Line | None]:
    """Yield the lines of a block; None is an empty line."""
    match block:
        case Heading(text):
            yield _line(Span(_clean(text), is_bold=True), is_head=True)
        case Title(text, story):
            yield _line(Span(_clean(text), True, _address(bot_username, story)), is_head=True)
        case Label(text):
            yield _line(Span(_clean(text)), is_head=True)
        case Item():
            yield _item(block, bot_username)
        case Snippet():
            yield _line(*_marked(block))
        case _:
            for row in block.text.splitlines():
                yield _line(Span(_clean(row))) if row.strip() else None


def _fold(fold: Fold, bot_username: str) -> Iterator[Group]:
    title = _line(Span(_clean(fold.title), is_bold=True), is_head=True)
    items = (_item(item, bot_username) for item in fold.items)
    yield from _closed([title, *items], is_fold=True)


def _item(item: Item, bot_username: str) -> Line:
    tail = _clean(item.tail)
    return _line(
        Span(_BULLET),
        Span(_clean(item.text), url=_address(bot_username, item.story) or _short(item.url)),
        Span(f" {tail}" if tail else ""),
    )


def _marked(snippet: Snippet) -> Iterator[Span]:
    """Yield a snippet's text, what was sought in it bold.

    Foreign runs are isolated in the text as a whole: a run that is bold in part stays one run.
    """
    text = _BREAKABLE.sub(lambda spaces: " " * len(spaces[0]), snippet.text)
    isolated = isolate_foreign(text)
    ends: list[int] = []  # of stretches in the isolated text, found and not found by turns
    at = end = 0
    for border in (border for stretch in snippet.found for border in stretch):
        while at < border and end < len(isolated):
            at += isolated[end] == text[at]
            end += 1
        ends.append(end)
    for number, (first, behind) in enumerate(pairwise((0, *ends, len(isolated)))):
        yield Span(isolated[first:behind], is_bold=number % 2 == 1)


def _line(*spans: Span, is_head: bool = False) -> Line:
    """Make a line of the spans that hold something, led by a mark when it needs one."""
    text = "".join(span.text for span in spans)
    mark = Span(rtl(text).removesuffix(text))
    return Line(tuple(span for span in (mark, *spans) if span.text), is_head)


def _closed(lines: list[Line], *, is_fold: bool = False) -> Iterator[Group]:
    kept = tuple(line for line in lines if line.spans)
    if kept:
        yield Group(kept, is_fold)


def _clean(text: str) -> str:
    """Make one line of a text and isolate its foreign runs."""
    return isolate_foreign(_BREAKABLE.sub(" ", text).strip())


def _address(bot_username: str, story: StoryId | None) -> str:
    return "" if story is None else story_link(bot_username, story)


def _short(url: str) -> str:
    """Return an address that leaves room for others, else none: the words then stand alone."""
    return url if len(url.encode()) <= _LONGEST_URL else ""


def _written(part: Part) -> str:
    pieces: list[str] = []
    last: Group | None = None
    for group in part:
        text = "\n".join("".join(map(_tagged, line.spans)) for line in group.lines)
        pieces.append(gap(last, group))
        pieces.append(f"<blockquote expandable>{text}</blockquote>" if group.is_fold else text)
        last = group
    return "".join(pieces)


def _tagged(span: Span) -> str:
    text = escape(span.text)
    if span.url:
        text = f'<a href="{html.escape(span.url)}">{text}</a>'
    return f"<b>{text}</b>" if span.is_bold else text
