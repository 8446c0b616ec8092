"""A database in, a verified copy of one moment out, and the way back; a verb and a job call it.

The copy is made by ``VACUUM INTO``: it reads one state of the file while others write on, and what
was erased is not in it. Law: a copy is there whole and verified under its name, or not at all. All
of it blocks, so call it in a thread; ``is_over`` tells it to give up, which leaves nothing behind.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StorageError
from bot.storage.engines.sqlite.connection import connect, connect_to_copy
from bot.storage.engines.sqlite.failures import as_storage_errors
from bot.storage.engines.sqlite.migrate import APPLICATION_ID, prepare

COUNTED = ("articles", "subscribers", "deliveries")  # what an operator knows the order of
LOOK = 10_000  # SQLite's steps between two looks whether it is over: a few milliseconds

IsOver = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Copy:
    """What a verified copy holds."""

    path: Path
    size: int  # bytes
    counts: dict[str, int]  # rows by table


def _goes_on() -> bool:
    return False


def backup(database: Path, target: Path, *, is_over: IsOver = _goes_on) -> Copy:
    """Copy a database, which may be in use, to a new file, and verify the copy.

    Raise StorageError when the target exists, cannot be written, or does not pass.
    """
    if not database.is_file():
        raise StorageError(f"There is no database {database} to back up.")
    if target.exists():
        raise StorageError(f"{target} exists already: name a new file.")
    if not target.parent.is_dir():
        raise StorageError(f"The folder {target.parent} does not exist: create it first.")
    with _growing(target) as unfinished:
        with as_storage_errors(unfinished), closing(connect(database)) as connection:
            _copy(connection, unfinished, is_over)
        found = verify(unfinished, is_over=is_over)
    return Copy(target, found.size, found.counts)


def unfinished_name(target: Path) -> Path:
    """Return the name under which a copy grows, for whoever shows how far it is."""
    return target.with_name(f"{target.name}.unfinished")


def verify(copy: Path, *, is_over: IsOver = _goes_on) -> Copy:
    """Read a whole copy; raise StorageError when it is damaged or none of ours."""
    if not copy.is_file():
        raise StorageError(f"There is no file {copy}.")
    with as_storage_errors(copy), closing(connect_to_copy(copy)) as connection:
        connection.set_progress_handler(is_over, LOOK)
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StorageError(f"{copy} is no database of Mujaz.")
        (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if told != "ok":
            raise StorageError(f"{copy} is damaged ({told}): take another backup.")
        if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise StorageError(
                f"{copy} is damaged (rows refer to rows that are gone): take another."
            )
        counts = {table: _count(connection, table) for table in COUNTED}
    return Copy(copy, copy.stat().st_size, counts)


def restore(copy: Path, database: Path, *, is_over: IsOver = _goes_on) -> Copy:
    """Put a verified copy in the place of a database that is not there, brought to this version.

    The search index is made anew at the next start when another version wrote it. Raise
    StorageError when something stands at that place already, or the copy does not pass.
    """
    for place in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))):
        if place.exists():
            raise StorageError(f"{place} exists already: move it away first; nothing was changed.")
    found = verify(copy, is_over=is_over)
    with _growing(database) as unfinished:
        with as_storage_errors(unfinished), closing(connect_to_copy(copy)) as connection:
            _copy(connection, unfinished, is_over)
        prepare(unfinished)
    return Copy(database, found.size, found.counts)


@contextmanager
def _growing(target: Path) -> Iterator[Path]:
    """Give the name under which a file grows; it gets its own name when the block ends well."""
    unfinished = unfinished_name(target)
    remains = [unfinished.with_name(unfinished.name + end) for end in ("", "-wal", "-shm")]
    try:
        for file in remains:
            file.unlink(missing_ok=True)
        yield unfinished
        _write_through(unfinished)
        unfinished.rename(target)
    except OSError as error:
        raise StorageError(
            f"{target} cannot be written ({error.strerror}): name another place, or let this user"
            " write there."
        ) from error
    finally:
        with suppress(OSError):
            for file in remains:
                file.unlink(missing_ok=True)


def _copy(connection: sqlite3.Connection, target: Path, is_over: IsOver) -> None:
    connection.set_progress_handler(is_over, LOOK)
    connection.execute("VACUUM INTO ?", (str(target),))


def _count(connection: sqlite3.Connection, table: str) -> int:
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - ours
    return int(count)


def _write_through(path: Path) -> None:
    """Wait until the disk has it: a rename may otherwise outlive what it names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
