"""``mujaz backup`` and ``mujaz restore``: a verified copy of the database, and the way back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli.progress import progress
from bot.cli.settings import ConfigFile, read_config

if TYPE_CHECKING:
    from bot.storage.engines.sqlite.backup import Copy

LOOK = 0.2  # seconds between two looks at how large the copy is
MIB = 1 << 20
_Result = TypeVar("_Result")


def backup(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="A new file. Without it: backups/ beside the database."
        ),
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Copy the database to FILE, also while the bot runs, and verify the copy.

    The copy is one moment of the database, complete in one file. Bring it back with mujaz restore.
    """
    from bot.storage.engines.sqlite.backup import backup as copy
    from bot.storage.engines.sqlite.backup import unfinished_name

    database = read_config(config).storage.path
    if file is None:
        folder = database.with_name("backups")
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"mujaz-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.db"
    size = database.stat().st_size if database.is_file() else 0
    made = _watched("backup", lambda: copy(database, file), unfinished_name(file), size)
    typer.echo(f"{made.path}: {_told(made)}; verified.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that mujaz backup made.")],
    config: ConfigFile = None,
) -> None:
    """Put a backup in the place of the database; nothing may stand there.

    The backup is verified first. What was to be sent when it was made stays on hold until an owner
    agrees in the chat, since it may have been sent after the backup.
    """
    from bot.storage.engines.sqlite.backup import restore as put_back
    from bot.storage.engines.sqlite.backup import unfinished_name
    from bot.storage.engines.sqlite.lock import hold

    database = read_config(config).storage.path
    size = file.stat().st_size if file.is_file() else 0
    with hold(database):
        unfinished = unfinished_name(database)
        made = _watched("restore", lambda: put_back(file, database), unfinished, size)
        asyncio.run(_put_on_hold(database))
    typer.echo(f"{made.path}: {_told(made)}; restored. Start it with mujaz run.")


def _watched(title: str, act: Callable[[], _Result], growing: Path, size: int) -> _Result:
    """Run an act in a thread and show how much of the file is there."""
    with progress(title, "MiB") as show, ThreadPoolExecutor(1) as pool:
        running = pool.submit(act)
        while not running.done():
            grown = growing.stat().st_size if growing.exists() else 0
            show(min(grown, size) // MIB, max(1, size // MIB))
            try:
                running.exception(timeout=LOOK)
            except TimeoutError:
                continue
        return running.result()


async def _put_on_hold(database: Path) -> None:
    from bot.storage import hold
    from bot.storage.engines.sqlite.engine import open_sqlite

    storage = await open_sqlite(database)
    try:
        async with storage.transaction() as tx:
            await hold.hold_all(tx, "restored", datetime.now(UTC))
    finally:
        await storage.close()


def _told(made: Copy) -> str:
    counts = ", ".join(f"{count:,} {table}" for table, count in made.counts.items())
    return f"{made.size / MIB:,.1f} MiB, {counts}"
