"""An open database for a verb, beside a bot that may be running on it; closed with the block.

Law: only ``run`` and ``restore`` bring a database to this version. A verb that did would do it
under an older Mujaz that still runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from bot.config import Config
from bot.errors import StartError, StorageError
from bot.model import BotId
from bot.storage import Reader, Storage, desk
from bot.storage.engines.sqlite.connection import connect
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.storage.engines.sqlite.failures import as_storage_errors
from bot.storage.engines.sqlite.lock import hold
from bot.storage.engines.sqlite.migrate import read_migrations


@asynccontextmanager
async def opened(config: Config, *, may_make: bool = False) -> AsyncIterator[Storage]:
    """Open the configured database; StorageError when there is none, unless it may be made."""
    path = config.storage.path
    if path.exists():
        await asyncio.to_thread(_refuse_older, path)
    elif not may_make:
        raise StorageError(f"There is no database {path} yet: mujaz run makes it.")
    storage = await open_sqlite(path)
    try:
        yield storage
    finally:
        await storage.close()


async def bot_of(reader: Reader) -> BotId:
    """Return the bot that a database belongs to; before its first run 0, whom nobody reads."""
    return BotId(int(await desk.setting(reader, "bot") or 0))


def is_running(config: Config) -> bool:
    """Say whether a Mujaz runs on the configured database."""
    try:
        hold(config.storage.path).release()
    except StartError:
        return True
    return False


def _refuse_older(path: Path) -> None:
    with as_storage_errors(path), closing(connect(path, is_reader=True)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()["user_version"]
    if 0 < version < len(read_migrations()):
        raise StorageError(
            f"{path} was written by an older Mujaz: take a copy (mujaz backup), then mujaz run"
            " brings it to this version."
        )
