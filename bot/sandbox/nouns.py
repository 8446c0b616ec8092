"""The nouns of the local Telegram (person, chat, message, entity) and their Bot API shape.

`world` keeps them, `people` and `methods` make them; nobody else writes these JSON objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

# Objects of the Bot API as they travel: the border where foreign data is parsed.
Json: TypeAlias = dict[str, Any]


def utf16_length(text: str) -> int:
    """Count UTF-16 code units, the unit of every Telegram limit and offset."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class Entity:
    """Mark a stretch of text; offset and length in UTF-16 code units."""

    kind: str
    offset: int
    length: int
    extra: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """Return the offset just behind it."""
        return self.offset + self.length

    def json(self) -> Json:
        """Write a MessageEntity."""
        return {"type": self.kind, "offset": self.offset, "length": self.length, **self.extra}


@dataclass(slots=True)
class Person:
    """Someone with a phone; `crowd` marks those made by the hundred, left out of the page."""

    id: int
    name: str
    role: str = ""
    username: str | None = None
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    crowd: bool = False

    def json(self) -> Json:
        """Write a User."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name}
        if self.username:
            user["username"] = self.username
        return user | {"language_code": "ar"}


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot whose calls we answer."""

    id: int
    name: str
    username: str

    def json(self) -> Json:
        """Write the User that stands as sender of its messages."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.name,
            "username": self.username,
        }


@dataclass(slots=True)
class Chat:
    """A place for messages; a private one has its person's id.

    `kind` is Telegram's type: private, group, supergroup or channel. `bot` and `members` hold
    the statuses of ChatMember (creator, administrator, member, left, kicked).
    """

    id: int
    kind: str
    title: str
    username: str | None = None
    bot: str = "member"
    members: dict[int, str] = field(default_factory=dict)
    migrated_to: int | None = None

    def json(self) -> Json:
        """Write a Chat."""
        name = "first_name" if self.kind == "private" else "title"
        chat: Json = {"id": self.id, "type": self.kind, name: self.title}
        if self.username:
            chat["username"] = self.username
        return chat


@dataclass(frozen=True, slots=True)
class File:
    """Something that was uploaded, or found at an address; `url` is where the page sees it."""

    id: str
    url: str
    mime: str
    name: str = ""
    size: int = 0

    def json(self) -> Json:
        """Write what every kind of file has in common."""
        return {"file_id": self.id, "file_unique_id": f"u{self.id}", "file_size": self.size}


@dataclass(frozen=True, slots=True)
class Media:
    """A file within a message; `kind` is the message's key (photo, video, document …)."""

    kind: str
    file: File

    def json(self) -> Json | list[Json]:
        """Write the value of the message's key; sizes in pixels are made up."""
        file = self.file.json()
        named = {"file_name": self.file.name, "mime_type": self.file.mime}
        match self.kind:
            case "photo":
                return [{**file, "width": 1280, "height": 720}]
            case "video":
                return {**file, **named, "width": 1280, "height": 720, "duration": 1}
            case "sticker":
                shape = {"type": "regular", "width": 512, "height": 512}
                return {**file, **shape, "is_animated": False, "is_video": False}
            case "voice":
                return {**file, "mime_type": self.file.mime, "duration": 1}
        return {**file, **named}


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says: a text, or media with a caption, or a service note in `extra`.

    `preview` are the LinkPreviewOptions that came with a text.
    """

    text: str = ""
    entities: tuple[Entity, ...] = ()
    media: Media | None = None
    preview: Mapping[str, Any] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """One message; an edit makes a new one under the old id. Times in whole seconds.

    `sender` is the bot's or a person's id, None where a channel speaks for itself; `by_bot`
    says that our bot wrote it, there too. `is_via`: a person chose it of what the bot offered.
    """

    id: int
    chat: int
    sender: int | None
    date: int
    content: Content
    markup: Mapping[str, Any] | None = None
    reply_to: int | None = None
    edited: int | None = None
    origin: Mapping[str, Any] | None = None
    protected: bool = False
    by_bot: bool = False
    is_via: bool = False

    @property
    def inline_id(self) -> str:
        """Return the name by which the bot may change a message that was posted via it."""
        return f"AAMC{self.chat}.{self.id}"
