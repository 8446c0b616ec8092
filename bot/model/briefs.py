"""What we say, without markup: a brief is a list of blocks that any transport can render."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.model.ids import ChatId, StoryId
from bot.model.people import Length


class BriefKind(StrEnum):
    """Say what a brief is for; its pace, keyboard and expiry follow from it."""

    INSTANT = "instant"
    DIGEST = "digest"
    ANNOUNCEMENT = "announcement"
    PAGE = "page"  # an answer to a person, never pushed


@dataclass(frozen=True, slots=True)
class Label:
    """A small line above a title: a sign, the word for urgent, the section."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of its own line, without a link."""

    text: str


@dataclass(frozen=True, slots=True)
class Title:
    """A headline; ``story`` makes it lead to the story page."""

    text: str
    story: StoryId | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. ``detail``: only readers who chose this length, or more, are shown it."""

    text: str
    detail: Length = Length.LINE


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: a headline that leads to its story or to ``url``, and what follows it."""

    text: str
    story: StoryId | None = None
    tail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fold:
    """Items that stay closed until the reader opens them."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A closing line: sources, time."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by address; when it cannot be had, the words go out without it."""

    url: str


@dataclass(frozen=True, slots=True)
class Copied:
    """An editor's own message, sent on as it stands."""

    chat: ChatId
    message: int


Block = Label | Heading | Title | Paragraph | Item | Fold | Note | Picture | Copied


@dataclass(frozen=True, slots=True)
class Button:
    """A button: it opens ``url`` or, without one, calls ``call`` ("verb:args")."""

    text: str
    url: str = ""
    call: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What we say, without markup; any transport can render it."""

    kind: BriefKind
    blocks: tuple[Block, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
