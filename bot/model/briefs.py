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
class Snippet:
    """Words of an article round what was sought in it.

    ``found`` are the stretches of the text that were sought, in order, as (first, behind the last)
    character.
    """

    text: str
    found: tuple[tuple[int, int], ...] = ()


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
class Verbatim:
    """An editor's own words with their formatting, as they were typed.

    ``marks`` is the formatting in the letters of the transport that brought it. ``is_caption``: the
    words belong under a picture, a video or a document.
    """

    text: str
    marks: str = "[]"
    is_caption: bool = False


@dataclass(frozen=True, slots=True)
class Copied:
    """An editor's own message, sent on as it stands, or with other words under its picture."""

    chat: ChatId
    message: int
    caption: Verbatim | None = None


Block = (
    Label | Heading | Title | Paragraph | Snippet | Item | Fold | Note | Picture | Verbatim | Copied
)


@dataclass(frozen=True, slots=True)
class Button:
    """A button: it opens ``url``, or calls ``call`` ("verb:args"), or shares what ``share`` finds.

    ``share`` is an inline query: the reader chooses a chat and sends there what we answer it with.
    """

    text: str
    url: str = ""
    call: str = ""
    share: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What we say, without markup; any transport can render it."""

    kind: BriefKind
    blocks: tuple[Block, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()

    @property
    def stories(self) -> tuple[StoryId, ...]:
        """Return the stories its headlines lead to, each once, in their order."""
        shown: list[StoryId | None] = []
        for block in self.blocks:
            match block:
                case Title(story=story) | Item(story=story):
                    shown.append(story)
                case Fold(items=items):
                    shown += [item.story for item in items]
        return tuple(dict.fromkeys(story for story in shown if story is not None))
