"""The jobs' ground: a clock to turn, an open database, a web of feeds, a reader of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.feeds.fetch import Fetcher
from bot.storage import Storage
from bot.storage.engines.sqlite.engine import open_sqlite
from tests.jobs.fake_web import FakeWeb
from tests.jobs.newsroom import Clock, CountingParser, Newsroom

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)  # a Thursday


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands until the test turns it."""
    return Clock(NOW)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    """Give an open, empty database and close it after the test."""
    opened = await open_sqlite(tmp_path / "mujaz.db")
    yield opened
    await opened.close()


@pytest.fixture
def newsroom(storage: Storage, clock: Clock) -> Newsroom:
    """Give a newsroom over the database: it takes documents in as a poll does."""
    return Newsroom(storage, clock)


@pytest.fixture
async def web() -> AsyncIterator[FakeWeb]:
    """Give a web of feeds on this machine."""
    async with FakeWeb() as served:
        yield served


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """Give the real visitor of feeds, allowed to visit this machine."""
    async with Fetcher(user_agent="Mujaz/test", hosts=16, allow_private=True) as visitor:
        yield visitor


@pytest.fixture
async def parser() -> AsyncIterator[CountingParser]:
    """Give the real reader of feeds, which also counts what it is asked to read."""
    reader = CountingParser()
    yield reader
    await reader.close()
