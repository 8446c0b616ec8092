"""The night after somebody was forgotten the database is written anew, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.scrub import scrub
from bot.storage import Storage, desk
from bot.storage.engines.sqlite.connection import connect
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.storage.person import SCRUB_DUE

CASABLANCA = ZoneInfo("Africa/Casablanca")
NIGHT = datetime(2026, 11, 24, 3, 30, tzinfo=CASABLANCA)
DAY = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_sqlite(tmp_path / "mujaz.db")
    yield opened
    await opened.close()


async def forget(storage: Storage, when: datetime = DAY) -> None:
    async with storage.transaction() as tx:
        await desk.keep_setting(tx, SCRUB_DUE, when.isoformat())


async def test_the_database_is_written_anew_at_night_and_once(storage: Storage) -> None:
    await forget(storage)

    by_day = await scrub(storage, lambda: DAY, CASABLANCA)
    at_night = [await scrub(storage, lambda: NIGHT, CASABLANCA) for _ in range(2)]

    assert (by_day, at_night) == (False, [True, False])


async def test_where_nobody_was_forgotten_nothing_is_done(storage: Storage) -> None:
    assert not await scrub(storage, lambda: NIGHT, CASABLANCA)


async def test_what_cannot_be_done_now_is_done_the_next_time(
    storage: Storage, tmp_path: Path
) -> None:
    await forget(storage)
    async with storage.transaction() as tx:
        await tx.fetch("PRAGMA busy_timeout = 0")
    with closing(connect(tmp_path / "mujaz.db", is_reader=True)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM settings").fetchone()
        first = await scrub(storage, lambda: NIGHT, CASABLANCA)

    assert (first, await scrub(storage, lambda: NIGHT, CASABLANCA)) == (False, True)
