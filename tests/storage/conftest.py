"""An open database for every test that asks for one, on each engine in turn."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.storage import Storage
from bot.storage.engines.sqlite.engine import open_sqlite

Opener = Callable[[], Awaitable[Storage]]


def sqlite_opener(folder: Path) -> Opener:
    """Open the one file of this test, as often as it is called."""
    return lambda: open_sqlite(folder / "mujaz.db")


ENGINES = {"sqlite": sqlite_opener}  # an engine is one more line


@pytest.fixture(params=list(ENGINES))
def open_storage(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Open this test's database again, as after a restart; whoever opens it closes it."""
    return ENGINES[request.param](tmp_path)


@pytest.fixture
async def storage(open_storage: Opener) -> AsyncIterator[Storage]:
    """Give an open, empty database and close it after the test."""
    opened = await open_storage()
    yield opened
    await opened.close()
