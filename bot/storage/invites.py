"""Links that let somebody in: readers of a newsroom by invitation, and new editors.

A link's code is all that is needed to use it: nobody guesses 96 random bits.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model import Row, UserId, to_ms
from bot.storage import Reader, Transaction
from bot.storage.rows import moment, number, text

UNLIMITED = 0  # in the place of the most uses
_BYTES = 12  # of a code: sixteen letters, digits, hyphens and low lines


class Kind(StrEnum):
    """What a link makes of who opens it; the names stand in the database."""

    READER = "reader"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Invite:
    """One link that is still good, or was when it was read."""

    code: str
    kind: Kind
    made_by: UserId
    made_at: datetime
    expires_at: datetime
    uses: int
    most_uses: int


def invite_from(row: Row) -> Invite:
    """Map a row of ``invites``."""
    return Invite(
        code=text(row, "code"),
        kind=Kind(text(row, "role")),
        made_by=UserId(number(row, "made_by")),
        made_at=moment(row, "made_at"),
        expires_at=moment(row, "expires_at"),
        uses=number(row, "uses"),
        most_uses=number(row, "most_uses"),
    )


async def make(
    tx: Transaction,
    kind: Kind,
    made_by: UserId,
    *,
    most_uses: int,
    lasts: timedelta,
    now: datetime,
) -> Invite:
    """Make a link."""
    rows = await tx.fetch(
        "INSERT INTO invites (code, role, made_by, made_at, expires_at, most_uses)"
        " VALUES (:code, :role, :by, :now, :expires, :most) RETURNING *",
        {
            "code": secrets.token_urlsafe(_BYTES),
            "role": kind.value,
            "by": made_by,
            "now": to_ms(now),
            "expires": to_ms(now + lasts),
            "most": most_uses,
        },
    )
    return invite_from(rows[0])


async def use(tx: Transaction, kind: Kind, code: str, now: datetime) -> Invite | None:
    """Use a link once; None when it is unknown, over, used up or of another kind."""
    rows = await tx.fetch(
        "UPDATE invites SET uses = uses + 1 WHERE code = :code AND role = :role"
        " AND expires_at > :now AND (uses < most_uses OR most_uses = 0) RETURNING *",
        {"code": code, "role": kind.value, "now": to_ms(now)},
    )
    return invite_from(rows[0]) if rows else None


async def good(reader: Reader, kind: Kind, now: datetime) -> Sequence[Invite]:
    """Return the links that somebody may still use, the newest first."""
    rows = await reader.fetch(
        "SELECT * FROM invites WHERE role = :role AND expires_at > :now"
        " AND (uses < most_uses OR most_uses = 0) ORDER BY made_at DESC, code",
        {"role": kind.value, "now": to_ms(now)},
    )
    return [invite_from(row) for row in rows]


async def revoke(tx: Transaction, kind: Kind, code: str) -> bool:
    """Make a link useless; False when there is none."""
    revoked = await tx.execute(
        "DELETE FROM invites WHERE code = :code AND role = :role",
        {"code": code, "role": kind.value},
    )
    return revoked == 1


async def revoke_all(tx: Transaction, kind: Kind) -> int:
    """Make every link of a kind useless and return how many there were."""
    return await tx.execute("DELETE FROM invites WHERE role = :role", {"role": kind.value})


async def forget(tx: Transaction, before: datetime) -> None:
    """Forget the links that were over before a moment."""
    await tx.execute("DELETE FROM invites WHERE expires_at < :before", {"before": to_ms(before)})
