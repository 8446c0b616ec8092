"""What survives a restart between two touches of a person: views, prompts, acts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model import BotId, ChatId, Row, UserId, to_ms
from bot.storage import Reader, Transaction
from bot.storage.audit import Args as Args
from bot.storage.rows import number, text


class ViewKind(StrEnum):
    """What lists a page may turn through; their names stand in the database."""

    LATEST = "latest"
    SECTION = "section"
    URGENT = "urgent"
    SEARCH = "search"
    MISSED = "missed"
    SAVED = "saved"
    FEED = "feed"  # a feed that was found, or words for one, before an editor says yes
    OPML = "opml"  # a list of feeds, before an editor says yes


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows behind its paging: 64 bytes of a button hold no query."""

    id: int
    chat: ChatId
    kind: ViewKind
    args: Args


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question that awaits a typed answer of one person in one chat."""

    kind: str
    args: Args


def _args(row: Row) -> Args:
    args: Args = json.loads(text(row, "args"))
    return args


async def keep_view(
    tx: Transaction, chat: ChatId, kind: ViewKind, args: Args, now: datetime
) -> int:
    """Keep what a page shows and return its number for the page's buttons."""
    rows = await tx.fetch(
        "INSERT INTO views (chat, kind, args, created_at) VALUES (:chat, :kind, :args, :now)"
        " RETURNING id",
        {"chat": chat, "kind": kind, "args": json.dumps(dict(args)), "now": to_ms(now)},
    )
    return number(rows[0], "id")


async def view(reader: Reader, chat: ChatId, view_id: int) -> View | None:
    """Return a view of this chat; another chat's view is None, so no number can be guessed."""
    rows = await reader.fetch(
        "SELECT * FROM views WHERE id = :id AND chat = :chat", {"id": view_id, "chat": chat}
    )
    if not rows:
        return None
    return View(number(rows[0], "id"), chat, ViewKind(text(rows[0], "kind")), _args(rows[0]))


async def newest_view(reader: Reader, chat: ChatId, kind: ViewKind) -> View | None:
    """Return the newest view of a kind in a chat."""
    rows = await reader.fetch(
        "SELECT id FROM views WHERE chat = :chat AND kind = :kind ORDER BY id DESC LIMIT 1",
        {"chat": chat, "kind": kind.value},
    )
    return await view(reader, chat, number(rows[0], "id")) if rows else None


async def rewrite_view(tx: Transaction, view_id: int, args: Args) -> None:
    """Let the buttons of a page mean something else from now on."""
    await tx.execute(
        "UPDATE views SET args = :args WHERE id = :id",
        {"id": view_id, "args": json.dumps(dict(args))},
    )


async def ask(
    tx: Transaction, chat: ChatId, person: UserId, prompt: Prompt, expires_at: datetime
) -> None:
    """Await an answer; a question asked before is forgotten."""
    await tx.execute(
        "INSERT INTO prompts (chat, person, kind, args, expires_at)"
        " VALUES (:chat, :person, :kind, :args, :expires)"
        " ON CONFLICT (chat, person) DO UPDATE SET kind = excluded.kind, args = excluded.args,"
        " expires_at = excluded.expires_at",
        {
            "chat": chat,
            "person": person,
            "kind": prompt.kind,
            "args": json.dumps(dict(prompt.args)),
            "expires": to_ms(expires_at),
        },
    )


async def asked(reader: Reader, chat: ChatId, person: UserId, now: datetime) -> Prompt | None:
    """Return the question that awaits this person's answer."""
    rows = await reader.fetch(
        "SELECT kind, args FROM prompts"
        " WHERE chat = :chat AND person = :person AND expires_at > :now",
        {"chat": chat, "person": person, "now": to_ms(now)},
    )
    return Prompt(text(rows[0], "kind"), _args(rows[0])) if rows else None


async def unask(tx: Transaction, chat: ChatId, person: UserId) -> None:
    """Await no answer any more."""
    await tx.execute(
        "DELETE FROM prompts WHERE chat = :chat AND person = :person",
        {"chat": chat, "person": person},
    )


async def first_time(tx: Transaction, chat: ChatId, message: int, now: datetime) -> bool:
    """Say whether a message's act is done for the first time; Telegram may deliver one twice."""
    done = await tx.execute(
        "INSERT INTO acts (chat, message, done_at) VALUES (:chat, :message, :now)"
        " ON CONFLICT (chat, message) DO NOTHING",
        {"chat": chat, "message": message, "now": to_ms(now)},
    )
    return done == 1


async def is_done(reader: Reader, chat: ChatId, message: int) -> bool:
    """Say whether a message has acted already."""
    rows = await reader.fetch(
        "SELECT message FROM acts WHERE chat = :chat AND message = :message",
        {"chat": chat, "message": message},
    )
    return bool(rows)


async def belong_to(tx: Transaction, bot: BotId) -> None:
    """Forget the pages, questions and acts of another bot: numbers of its messages are not ours.

    A database serves one token at a time; readers are kept for each bot apart.
    """
    if await setting(tx, "bot") == str(bot):
        return
    for table in ("DELETE FROM views", "DELETE FROM prompts", "DELETE FROM acts"):
        await tx.execute(table)
    await keep_setting(tx, "bot", str(bot))


async def setting(reader: Reader, name: str) -> str | None:
    """Return a setting that Mujaz keeps of itself."""
    rows = await reader.fetch("SELECT value FROM settings WHERE name = :name", {"name": name})
    return text(rows[0], "value") if rows else None


async def keep_setting(tx: Transaction, name: str, value: str) -> None:
    """Keep a setting."""
    await tx.execute(
        "INSERT INTO settings (name, value) VALUES (:name, :value)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        {"name": name, "value": value},
    )


async def forget(tx: Transaction, *, views: datetime, acts: datetime, prompts: datetime) -> None:
    """Forget views and acts made before their moments, and questions that expired by theirs."""
    await tx.execute("DELETE FROM views WHERE created_at < :at", {"at": to_ms(views)})
    await tx.execute("DELETE FROM acts WHERE done_at < :at", {"at": to_ms(acts)})
    await tx.execute("DELETE FROM prompts WHERE expires_at < :at", {"at": to_ms(prompts)})
