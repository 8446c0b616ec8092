"""An open database for a verb, beside a bot that may be running on it; closed with the block."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.config import Config
from bot.errors import StorageError
from bot.storage import Storage
from bot.storage.engines.sqlite.engine import open_sqlite


@asynccontextmanager
async def opened(config: Config, *, may_make: bool = False) -> AsyncIterator[Storage]:
    """Open the configured database; StorageError when there is none, unless it may be made."""
    path = config.storage.path
    if not may_make and not path.exists():
        raise StorageError(f"There is no database {path} yet: mujaz run makes it.")
    storage = await open_sqlite(path)
    try:
        yield storage
    finally:
        await storage.close()
