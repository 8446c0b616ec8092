"""A database in, a verified copy of one moment out, and the way back; a verb and a job call it.

The copy is made by ``VACUUM INTO``: it reads one state of the file while others write on, and what
was erased is not in it. Law: a copy is there whole and verified under its name, or not at all. All
of it blocks, so call it in a thread.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StorageError
from bot.storage.engines.sqlite.connection import connect, connect_to_copy
from bot.storage.engines.sqlite.failures import as_storage_errors
from bot.storage.engines.sqlite.migrate import APPLICATION_ID, prepare

COUNTED = ("articles", "subscribers", "deliveries")  # what an operator knows the order of


@dataclass(frozen=True, slots=True)
class Copy:
    """What a verified copy holds."""

    path: Path
    size: int  # bytes
    counts: dict[str, int]  # rows by table


def backup(database: Path, target: Path) -> Copy:
    """Copy a database, which may be in use, to a new file, and verify the copy.

    Raise StorageError when the target exists, cannot be written, or does not pass.
    """
    if not database.is_file():
        raise StorageError(f"There is no database {database} to back up.")
    if target.exists():
        raise StorageError(f"{target} exists already: name a new file.")
    if not target.parent.is_dir():
        raise StorageError(f"The folder {target.parent} does not exist: create it first.")
    unfinished = unfinished_name(target)
    unfinished.unlink(missing_ok=True)
    try:
        with as_storage_errors(unfinished), closing(connect(database)) as connection:
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        found = verify(unfinished)
        _write_through(unfinished)
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return Copy(target, found.size, found.counts)


def unfinished_name(target: Path) -> Path:
    """Return the name under which a copy grows, for whoever shows how far it is."""
    return target.with_name(f"{target.name}.unfinished")


def verify(copy: Path) -> Copy:
    """Read a whole copy; raise StorageError when it is damaged or none of ours."""
    if not copy.is_file():
        raise StorageError(f"There is no file {copy}.")
    with as_storage_errors(copy), closing(connect_to_copy(copy)) as connection:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StorageError(f"{copy} is no database of Mujaz.")
        (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if told != "ok":
            raise StorageError(f"{copy} is damaged ({told}): take another backup.")
        if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise StorageError(f"{copy} is damaged (rows refer to rows that are gone).")
        counts = {table: _count(connection, table) for table in COUNTED}
    return Copy(copy, copy.stat().st_size, counts)


def restore(copy: Path, database: Path) -> Copy:
    """Put a verified copy in the place of a database that is not there, brought to this version.

    The search index is made anew at the next start when another version wrote it. Raise
    StorageError when something stands at that place already, or the copy does not pass.
    """
    for place in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))):
        if place.exists():
            raise StorageError(f"{place} exists already: move it away first; nothing was changed.")
    found = verify(copy)
    unfinished = unfinished_name(database)
    unfinished.unlink(missing_ok=True)
    try:
        with as_storage_errors(unfinished), closing(connect_to_copy(copy)) as connection:
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        prepare(unfinished)
        _write_through(unfinished)
        unfinished.rename(database)
    finally:
        for end in ("", "-wal", "-shm"):
            unfinished.with_name(unfinished.name + end).unlink(missing_ok=True)
    return Copy(database, found.size, found.counts)


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
