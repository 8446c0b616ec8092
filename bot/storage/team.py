"""Who may work at the desk: owners and editors, by the configuration or by an owner's link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model import Role, Row, UserId, to_ms
from bot.storage import Reader, Transaction
from bot.storage.rows import moment, number, number_or_none, text, truth


@dataclass(frozen=True, slots=True)
class Member:
    """One person at the desk. ``is_configured``: only the file can take the right back."""

    person: UserId
    role: Role
    name: str  # as Telegram told it; "": never seen yet
    is_configured: bool
    added_by: UserId | None
    added_at: datetime


def member_from(row: Row) -> Member:
    """Map a row of ``team``."""
    added_by = number_or_none(row, "added_by")
    return Member(
        person=UserId(number(row, "person")),
        role=Role(text(row, "role")),
        name=text(row, "name"),
        is_configured=truth(row, "is_configured"),
        added_by=None if added_by is None else UserId(added_by),
        added_at=moment(row, "added_at"),
    )


async def configure(
    tx: Transaction, owners: Iterable[int], editors: Iterable[int], now: datetime
) -> None:
    """Write those whom the configuration names, and take back who left it; called at the start.

    Who is named both owner and editor is an owner. Editors by a link stay as they are.
    """
    named = {**dict.fromkeys(editors, Role.EDITOR), **dict.fromkeys(owners, Role.OWNER)}
    for member in await everybody(tx):
        if member.is_configured and member.person not in named:
            await tx.execute("DELETE FROM team WHERE person = :person", {"person": member.person})
    await tx.execute_many(
        "INSERT INTO team (person, role, is_configured, added_at)"
        " VALUES (:person, :role, 1, :now)"
        " ON CONFLICT (person) DO UPDATE SET role = excluded.role, is_configured = 1",
        [
            {"person": person, "role": role.value, "now": to_ms(now)}
            for person, role in named.items()
        ],
    )


async def find(reader: Reader, person: int) -> Member | None:
    """Return one person of the desk; None: a reader like all others."""
    rows = await reader.fetch("SELECT * FROM team WHERE person = :person", {"person": person})
    return member_from(rows[0]) if rows else None


async def role_of(reader: Reader, person: int) -> Role | None:
    """Return what a person may do at the desk; None: nothing."""
    member = await find(reader, person)
    return member.role if member else None


async def everybody(reader: Reader) -> Sequence[Member]:
    """Return the whole desk: owners first, then who has been there longest."""
    rows = await reader.fetch("SELECT * FROM team ORDER BY role = 'owner' DESC, added_at, person")
    return [member_from(row) for row in rows]


async def people(reader: Reader) -> Sequence[UserId]:
    """Return everybody who may work at the desk, owners first."""
    return [member.person for member in await everybody(reader)]


async def owners(reader: Reader) -> Sequence[UserId]:
    """Return who owns the newsroom."""
    return [member.person for member in await everybody(reader) if member.role is Role.OWNER]


async def in_charge(reader: Reader) -> Sequence[UserId]:
    """Return whom to tell of trouble: the owners; where there are none, all of the desk."""
    return await owners(reader) or await people(reader)


async def add_editor(
    tx: Transaction, person: UserId, name: str, added_by: UserId, now: datetime
) -> bool:
    """Make somebody an editor; False when they are at the desk already, and nothing changes."""
    added = await tx.execute(
        "INSERT INTO team (person, role, name, added_by, added_at)"
        " VALUES (:person, 'editor', :name, :by, :now) ON CONFLICT (person) DO NOTHING",
        {"person": person, "name": name, "by": added_by, "now": to_ms(now)},
    )
    return added == 1


async def remove_editor(tx: Transaction, person: int) -> Member | None:
    """Take an editor's right back and return who it was.

    None: there is no such editor; owners and those of the file are the file's to decide.
    """
    rows = await tx.fetch(
        "DELETE FROM team WHERE person = :person AND role = 'editor' AND is_configured = 0"
        " RETURNING *",
        {"person": person},
    )
    return member_from(rows[0]) if rows else None


async def rename(tx: Transaction, person: int, name: str) -> None:
    """Keep the name that somebody of the desk has now."""
    await tx.execute(
        "UPDATE team SET name = :name WHERE person = :person", {"person": person, "name": name}
    )
