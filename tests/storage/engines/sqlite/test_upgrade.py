"""A database of the river, with readers in it, becomes one of the first day and loses nobody."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.model import (
    BotId,
    ChatId,
    ChatKind,
    Length,
    Mode,
    QuietHours,
    Section,
    UrgentChoice,
)
from bot.storage import digests, subscribers, subscriptions
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.storage.engines.sqlite.migrate import prepare, read_migrations
from tests.build import NOON

BOT = BotId(70)


@pytest.fixture
def river(tmp_path: Path) -> Path:
    """Give a database as the river left it: two readers, one who has stopped."""
    path = tmp_path / "mujaz.db"
    prepare(path, read_migrations()[:1])
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript("""
            INSERT INTO subscribers VALUES
                (3, 70, 1001, 0, 'private', 'Europe/Paris', 60, 120, 'silent', 1000, NULL, NULL),
                (8, 70, 1003, 0, 'private', 'UTC', NULL, NULL, 'no', 2000, 5000, NULL);
            INSERT INTO subscriptions VALUES (3, 'sport', 'instant'), (8, 'world', 'digest');
            INSERT INTO digests VALUES (5, 3, 420, 127, 1000, 2000);
        """)
    return path


async def test_readers_keep_their_numbers_and_all_they_chose(river: Path) -> None:
    storage = await open_sqlite(river)

    salma = await subscribers.find(storage, BOT, ChatId(1001))
    younes = await subscribers.find(storage, BOT, ChatId(1003))

    assert salma is not None
    assert younes is not None
    assert (salma.id, younes.id, younes.is_active) == (3, 8, False)
    assert (salma.zone, salma.quiet) == ("Europe/Paris", QuietHours(60, 120))
    assert (salma.urgent, salma.length) == (UrgentChoice.SILENT, Length.SHORT)
    assert await subscriptions.sections(storage, salma.id) == {Section.SPORT: Mode.INSTANT}
    assert [one.minute for one in await digests.of(storage, salma.id)] == [420]
    seen = await storage.fetch("SELECT seen_at FROM subscribers ORDER BY id")
    assert [row["seen_at"] for row in seen] == [1000, 2000]
    await storage.close()


async def test_who_joins_afterwards_gets_a_number_of_their_own(river: Path) -> None:
    storage = await open_sqlite(river)

    async with storage.transaction() as tx:
        await tx.execute("DELETE FROM subscribers WHERE id = 8")
        joined, _ = await subscribers.join(
            tx, BOT, ChatId(1004), kind=ChatKind.PRIVATE, zone="UTC", now=NOON
        )

    assert joined.id == 9
    await storage.close()


async def test_rows_of_a_reader_go_with_the_reader(river: Path) -> None:
    storage = await open_sqlite(river)

    async with storage.transaction() as tx:
        await tx.execute("DELETE FROM subscribers WHERE id = 3")

    assert await storage.fetch("SELECT id FROM digests") == []
    assert len(await storage.fetch("SELECT subject FROM subscriptions")) == 1
    await storage.close()
