"""Words that keep a source's new articles out, in their folded form: advertorials."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.model import SourceId, to_ms
from bot.storage import Reader, Transaction
from bot.storage.rows import text


async def of(reader: Reader, source: SourceId) -> Sequence[str]:
    """Return a source's rules, the oldest first."""
    rows = await reader.fetch(
        "SELECT words FROM keep_outs WHERE source = :source ORDER BY created_at, words",
        {"source": source},
    )
    return [text(row, "words") for row in rows]


async def add(tx: Transaction, source: SourceId, words: str, now: datetime) -> bool:
    """Keep a rule; False when it was kept already."""
    added = await tx.execute(
        "INSERT INTO keep_outs (source, words, created_at) VALUES (:source, :words, :now)"
        " ON CONFLICT (source, words) DO NOTHING",
        {"source": source, "words": words, "now": to_ms(now)},
    )
    return added == 1


async def remove(tx: Transaction, source: SourceId, words: str) -> bool:
    """Forget a rule; what it kept out stays out. False when there was none."""
    removed = await tx.execute(
        "DELETE FROM keep_outs WHERE source = :source AND words = :words",
        {"source": source, "words": words},
    )
    return removed == 1
