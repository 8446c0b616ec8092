"""The audit log: who did what at the desk, and what of it was undone; whoever acts writes a line.

An act and its line stand in one transaction. What the log shall name later (a source's name, a
headline) stands in the line's details: what they name may be gone by then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model import Row, UserId, to_ms
from bot.storage import Reader, Transaction
from bot.storage.rows import moment, moment_or_none, number, number_or_none, text

Args = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. ``person`` None: Mujaz itself."""

    id: int
    at: datetime
    person: UserId | None
    act: str
    details: Args
    undone_at: datetime | None = None


def entry_from(row: Row) -> Entry:
    """Map a row of ``audit``."""
    person = number_or_none(row, "person")
    return Entry(
        id=number(row, "id"),
        at=moment(row, "at"),
        person=None if person is None else UserId(person),
        act=text(row, "act"),
        details=json.loads(text(row, "details")),
        undone_at=moment_or_none(row, "undone_at"),
    )


async def note(
    tx: Transaction, person: UserId | None, act: str, details: Args, now: datetime
) -> int:
    """Write one line and return its number, which a button that undoes the act carries."""
    rows = await tx.fetch(
        "INSERT INTO audit (at, person, act, details) VALUES (:now, :person, :act, :details)"
        " RETURNING id",
        {
            "now": to_ms(now),
            "person": person,
            "act": act,
            "details": json.dumps(dict(details), ensure_ascii=False),
        },
    )
    return number(rows[0], "id")


async def claim(tx: Transaction, entry: int) -> Entry | None:
    """Return one line, held until the transaction ends: nobody else undoes it meanwhile."""
    rows = await tx.claim("SELECT * FROM audit WHERE id = :id", {"id": entry})
    return entry_from(rows[0]) if rows else None


async def undone(tx: Transaction, entry: int, now: datetime) -> None:
    """Mark a line as undone."""
    await tx.execute(
        "UPDATE audit SET undone_at = :now WHERE id = :id", {"id": entry, "now": to_ms(now)}
    )


async def newest(reader: Reader, *, limit: int, skip: int = 0) -> Sequence[Entry]:
    """Return the newest lines, newest first, past the first ``skip``."""
    rows = await reader.fetch(
        "SELECT * FROM audit ORDER BY id DESC LIMIT :limit OFFSET :skip",
        {"limit": limit, "skip": skip},
    )
    return [entry_from(row) for row in rows]


async def count(reader: Reader) -> int:
    """Count the lines."""
    rows = await reader.fetch("SELECT count(*) AS lines FROM audit")
    return number(rows[0], "lines")
