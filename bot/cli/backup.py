"""``mujaz backup`` and ``mujaz restore``: a verified copy of the database, and the way back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.progress import progress
from bot.cli.settings import ConfigFile, read_config
from bot.errors import MujazError

if TYPE_CHECKING:
    from bot.storage.engines.sqlite.backup import Copy, IsOver

LOOK = 0.2  # seconds between two looks at how large the copy is
MIB = 1 << 20


def backup(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="A new file. Without it: backups/ beside the database."
        ),
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Copy the database to a new file, also while the bot runs.

    The copy is one moment of the database, complete in one file, and verified. Bring it back with
    mujaz restore. While it runs, Mujaz makes one each night by itself and keeps a week of them.
    """
    from bot.storage.engines.sqlite.backup import backup as copy

    database = read_config(config).storage.path
    target = _new_name(database) if file is None else file
    made = _watched(
        "backup", lambda over: copy(database, target, is_over=over), target, _size(database)
    )
    typer.echo(f"{made.path}: {_told(made)}; verified.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that mujaz backup made.")],
    config: ConfigFile = None,
) -> None:
    """Bring a backup back, to a place where no database is.

    The backup is verified first. What was to be sent when it was made stays on hold until an owner
    agrees in the chat, since it may have been sent after the backup.
    """
    from bot.storage.engines.sqlite.backup import restore as put_back
    from bot.storage.engines.sqlite.lock import hold

    database = read_config(config).storage.path
    with hold(database):
        made = _watched(
            "restore", lambda over: put_back(file, database, is_over=over), database, _size(file)
        )
        waits = asyncio.run(_put_on_hold(database))
    typer.echo(f"{made.path}: {_told(made)}; restored. Start it with mujaz run.")
    if waits:
        typer.echo(f"{waits:,} messages are on hold: the bot asks its owners about them.")


def _new_name(database: Path) -> Path:
    """Name a copy by its moment, in the folder of the nightly ones, which is made."""
    folder = database.with_name("backups")
    if database.is_file():
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise MujazError(f"{folder} cannot be made ({error.strerror}): name a FILE.") from error
    return folder / f"mujaz-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.db"


def _watched(title: str, act: Callable[[IsOver], Copy], target: Path, size: int) -> Copy:
    """Run an act in a thread and show how much of its file is there; Ctrl-C ends it."""
    from bot.storage.engines.sqlite.backup import unfinished_name

    growing, over = unfinished_name(target), threading.Event()
    with progress(title, "MiB") as show, ThreadPoolExecutor(1) as pool:
        running = pool.submit(act, over.is_set)
        try:
            while wait((running,), LOOK).not_done:
                show(min(_size(growing), size) // MIB, max(1, size // MIB))
        except BaseException:
            over.set()
            raise
        return running.result()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # it is not there yet, or has its own name by now
        return 0


async def _put_on_hold(database: Path) -> int:
    """Hold all that would be sent; return how many messages that is."""
    from bot.storage import hold
    from bot.storage.engines.sqlite.engine import open_sqlite

    storage, now = await open_sqlite(database), datetime.now(UTC)
    try:
        async with storage.transaction() as tx:
            await hold.hold_all(tx, "restored", now)
            return (await hold.waiting(tx, now)).readers
    finally:
        await storage.close()


def _told(made: Copy) -> str:
    counts = ", ".join(f"{count:,} {table}" for table, count in made.counts.items())
    return f"{made.size / MIB:,.1f} MiB, {counts}"
