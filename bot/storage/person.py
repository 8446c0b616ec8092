"""A chat's number in; all that is kept of it out, for its person to read; or nothing of it left.

``KEPT`` names every table in which rows may be a person's; a test holds it against the schema. A
private chat has its person's number, so one number finds the rows of both, whichever bot of this
database they belong to. What a person did at the desk is the newsroom's record, and stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.model import BotId, ChatId, Row, SubscriberId, Tally, WaveId
from bot.storage import Reader, Transaction, waves
from bot.storage.rows import number

SCRUB_DUE: Final = "scrub_due"  # the setting that says when somebody was last forgotten; "": done


@dataclass(frozen=True, slots=True)
class Kept:
    """One table's rows of a person. ``is_newsrooms``: they stay when the person is forgotten."""

    rows: str
    is_newsrooms: bool = False


KEPT: Final[Mapping[str, Kept]] = {
    "subscribers": Kept("SELECT * FROM subscribers WHERE chat = :chat ORDER BY id"),
    "subscriptions": Kept(
        "SELECT * FROM subscriptions WHERE subscriber IN"
        " (SELECT id FROM subscribers WHERE chat = :chat) ORDER BY created_at, kind, subject"
    ),
    "mutes": Kept(
        "SELECT * FROM mutes WHERE subscriber IN"
        " (SELECT id FROM subscribers WHERE chat = :chat) ORDER BY created_at, kind, subject"
    ),
    "digests": Kept(
        "SELECT * FROM digests WHERE subscriber IN"
        " (SELECT id FROM subscribers WHERE chat = :chat) ORDER BY subscriber, minute"
    ),
    "saved": Kept(
        "SELECT saved.*, articles.title FROM saved"
        " JOIN stories ON stories.id = saved.story JOIN articles ON articles.id = stories.lead"
        " WHERE subscriber IN (SELECT id FROM subscribers WHERE chat = :chat) ORDER BY saved_at"
    ),
    "feedback": Kept(
        "SELECT feedback.*, articles.title FROM feedback"
        " JOIN stories ON stories.id = feedback.story JOIN articles ON articles.id = stories.lead"
        " WHERE subscriber IN (SELECT id FROM subscribers WHERE chat = :chat) ORDER BY feedback.id"
    ),
    "views": Kept("SELECT * FROM views WHERE chat = :chat ORDER BY id"),
    "prompts": Kept("SELECT * FROM prompts WHERE chat = :chat OR person = :chat"),
    "acts": Kept("SELECT * FROM acts WHERE chat = :chat ORDER BY done_at"),
    "deliveries": Kept(
        "SELECT deliveries.*, occasions.key FROM deliveries"
        " JOIN occasions ON occasions.id = deliveries.occasion"
        " WHERE subscriber IN (SELECT id FROM subscribers WHERE chat = :chat) ORDER BY settled_at"
    ),
    "team": Kept("SELECT * FROM team WHERE person = :chat", is_newsrooms=True),
    "audit": Kept("SELECT * FROM audit WHERE person = :chat ORDER BY id", is_newsrooms=True),
    "broadcasts": Kept(
        "SELECT * FROM broadcasts WHERE editor = :chat ORDER BY id", is_newsrooms=True
    ),
    "invites": Kept(
        "SELECT * FROM invites WHERE made_by = :chat ORDER BY made_at", is_newsrooms=True
    ),
}
# In this order: the rows that go by their subscriber need it; the rest goes with it by reference.
_ERASE: Final = (
    "DELETE FROM deliveries WHERE subscriber IN (SELECT id FROM subscribers WHERE chat = :chat)",
    "DELETE FROM subscribers WHERE chat = :chat",
    "DELETE FROM views WHERE chat = :chat",
    "DELETE FROM prompts WHERE chat = :chat OR person = :chat",
    "DELETE FROM acts WHERE chat = :chat",
)


async def kept_of(reader: Reader, chat: ChatId) -> dict[str, Sequence[Row]]:
    """Return all that is kept of a chat, by table; a table that has nothing is left out.

    Some rows have a column more than their table: the title, or the occasion, that they name.
    """
    found = {name: await reader.fetch(kept.rows, {"chat": chat}) for name, kept in KEPT.items()}
    return {name: rows for name, rows in found.items() if rows}


async def erase(tx: Transaction, chat: ChatId) -> dict[str, int]:
    """Forget a chat, and return how many rows of each table went; the newsroom's own stay.

    What was on its way is counted as skipped, so that the report of a broadcast still adds up; a
    message in flight is counted when its answer comes (``deliveries.settle``) and not written. The
    rows are off the disk after ``Storage.scrub``.
    """
    kept = await kept_of(tx, chat)
    on_their_way = await tx.fetch(
        "SELECT wave, count(*) AS people FROM deliveries"
        " WHERE subscriber IN (SELECT id FROM subscribers WHERE chat = :chat)"
        " AND state IN ('waiting', 'held', 'sending') AND wave IS NOT NULL GROUP BY wave",
        {"chat": chat},
    )
    for row in on_their_way:
        skipped = Tally(skipped=number(row, "people"))
        await waves.add_to_tally(tx, WaveId(number(row, "wave")), skipped)
    for statement in _ERASE:
        await tx.execute(statement, {"chat": chat})
    return {name: len(rows) for name, rows in kept.items() if not KEPT[name].is_newsrooms}


async def elsewhere(reader: Reader, bot: BotId, chat: ChatId) -> SubscriberId | None:
    """Return this chat's subscriber with another bot of the database; of several, the last seen."""
    rows = await reader.fetch(
        "SELECT id FROM subscribers WHERE chat = :chat AND thread = 0 AND bot <> :bot"
        " ORDER BY coalesce(seen_at, joined_at) DESC, id DESC LIMIT 1",
        {"bot": bot, "chat": chat},
    )
    return SubscriberId(number(rows[0], "id")) if rows else None


async def inherit(tx: Transaction, heir: SubscriberId, earlier: SubscriberId) -> None:
    """Give a new subscriber what another has chosen, follows, mutes and saved; both keep it.

    The hours of the digest are for the caller: they are planned from now on.
    """
    both = {"heir": heir, "earlier": earlier}
    await tx.execute(
        "UPDATE subscribers SET (zone, quiet_start, quiet_end, urgent, length, wants_quiet_day) ="
        " (SELECT zone, quiet_start, quiet_end, urgent, length, wants_quiet_day"
        "  FROM subscribers AS past WHERE past.id = :earlier) WHERE id = :heir",
        both,
    )
    await tx.execute(
        "INSERT INTO subscriptions (subscriber, kind, subject, mode, rarest, created_at)"
        " SELECT :heir, kind, subject, mode, rarest, created_at FROM subscriptions"
        " WHERE subscriber = :earlier",
        both,
    )
    await tx.execute(
        "INSERT INTO mutes (subscriber, kind, subject, until, rarest, created_at)"
        " SELECT :heir, kind, subject, until, rarest, created_at FROM mutes"
        " WHERE subscriber = :earlier",
        both,
    )
    await tx.execute(
        "INSERT INTO saved (subscriber, story, saved_at)"
        " SELECT :heir, story, saved_at FROM saved WHERE subscriber = :earlier",
        both,
    )
