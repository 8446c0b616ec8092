"""What is said, kept once however many readers hear it: a brief is found again by its content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime

from bot.errors import StorageError
from bot.model import (
    Block,
    Brief,
    BriefId,
    BriefKind,
    Button,
    ChatId,
    Copied,
    Fold,
    Heading,
    Item,
    Label,
    Length,
    Note,
    Paragraph,
    Picture,
    Snippet,
    StoryId,
    Title,
    Verbatim,
    to_ms,
)
from bot.storage import Reader, Transaction
from bot.storage.rows import number, text

PLAIN = {kind.__name__: kind for kind in (Label, Heading, Note)}


def write(brief: Brief) -> str:
    """Write a brief as JSON, every block with its name."""
    blocks = [{"is": type(block).__name__, **asdict(block)} for block in brief.blocks]
    buttons = [[asdict(button) for button in row] for row in brief.buttons]
    return json.dumps({"blocks": blocks, "buttons": buttons}, ensure_ascii=False)


def read(kind: BriefKind, content: str) -> Brief:
    """Read what ``write`` wrote; StorageError when another version wrote it otherwise."""
    try:
        value = json.loads(content)
        return Brief(
            kind,
            tuple(_block(block) for block in value["blocks"]),
            tuple(tuple(Button(**button) for button in row) for row in value["buttons"]),
        )
    except (LookupError, TypeError, ValueError) as error:
        raise StorageError("a stored brief cannot be read by this version") from error


def _block(value: dict[str, object]) -> Block:
    name = value.pop("is")
    match name:
        case "Paragraph":
            detail = Length(str(value.get("detail", Length.LINE)))  # 0.1 kept none
            return Paragraph(str(value["text"]), detail)
        case "Title":
            return Title(str(value["text"]), _story(value["story"]))
        case "Item":
            return _item(value)
        case "Fold":
            items = value["items"]
            return Fold(
                str(value["title"]),
                tuple(_item(item) for item in items) if isinstance(items, list) else (),
            )
        case "Picture":
            return Picture(str(value["url"]))
        case "Snippet":
            return _snippet(value)
        case "Copied":
            return _copied(value)
        case "Verbatim":
            return _verbatim(value)
        case str() if name in PLAIN:
            return PLAIN[name](str(value["text"]))
        case _:
            raise StorageError(
                f"a stored brief has a block {name!r} that this version does not know"
            )


def _copied(value: dict[str, object]) -> Copied:
    caption = value.get("caption")  # 0.1 kept none
    return Copied(
        ChatId(int(str(value["chat"]))),
        int(str(value["message"])),
        _verbatim(caption) if isinstance(caption, dict) else None,
    )


def _verbatim(value: dict[str, object]) -> Verbatim:
    return Verbatim(str(value["text"]), str(value["marks"]), is_caption=bool(value["is_caption"]))


def _snippet(value: dict[str, object]) -> Snippet:
    found = value["found"]
    stretches = found if isinstance(found, list) else ()
    return Snippet(str(value["text"]), tuple((int(first), int(last)) for first, last in stretches))


def _item(value: dict[str, object]) -> Item:
    return Item(str(value["text"]), _story(value["story"]), str(value["tail"]), str(value["url"]))


def _story(value: object) -> StoryId | None:
    return None if value is None else StoryId(int(str(value)))


async def keep(tx: Transaction, brief: Brief, now: datetime) -> BriefId:
    """Keep a brief and return its id; one with the same content is the same brief."""
    content = write(brief)
    digest = hashlib.blake2b(f"{brief.kind}\n{content}".encode(), digest_size=16).hexdigest()
    await tx.execute(
        "INSERT INTO briefs (kind, content, hash, created_at) VALUES (:kind, :content, :hash, :now)"
        # Who prunes must not take for old what is said again.
        " ON CONFLICT (hash) DO UPDATE SET created_at = excluded.created_at",
        {"kind": brief.kind.value, "content": content, "hash": digest, "now": to_ms(now)},
    )
    rows = await tx.fetch("SELECT id FROM briefs WHERE hash = :hash", {"hash": digest})
    return BriefId(number(rows[0], "id"))


async def get(reader: Reader, brief: BriefId) -> Brief:
    """Return a brief; StorageError when it is not there."""
    rows = await reader.fetch("SELECT kind, content FROM briefs WHERE id = :id", {"id": brief})
    if not rows:
        raise StorageError(f"brief {brief} is not in the database")
    return read(BriefKind(text(rows[0], "kind")), text(rows[0], "content"))
