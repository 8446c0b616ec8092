"""One connection to the file: PRAGMAs with their reasons, rows by column name, errors as ours.

``engine`` opens one writer and a few readers; ``connect`` alone serves whoever works in a thread
of their own (migrations, backup). No connection to our file is made in any other way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Self, cast

import aiosqlite

from bot.errors import StorageError
from bot.model import Row
from bot.storage import Values
from bot.storage.engines.sqlite.failures import as_storage_errors, primary_code

PRAGMAS = (
    "PRAGMA busy_timeout = 5000",  # ms to wait for another process (a backup)
    "PRAGMA foreign_keys = ON",  # SQLite's default is off, anew for every connection
    "PRAGMA secure_delete = ON",  # what a person has erased is overwritten, not only marked free
    "PRAGMA synchronous = FULL",  # what a phone has received must survive a power cut
    "PRAGMA journal_size_limit = 67108864",  # bytes; one huge transaction leaves no huge WAL
    "PRAGMA temp_store = MEMORY",  # a container's file system may have nowhere else to write
    "PRAGMA cache_size = -8000",  # KiB a connection; inner pages of a million articles
)
READER_PRAGMAS = ("PRAGMA query_only = ON",)  # writing exists only on a transaction


def connect(path: Path, *, is_reader: bool = False) -> sqlite3.Connection:
    """Open the file, made when absent, in autocommit: BEGIN and COMMIT are ours to say.

    Raise sqlite3.Error as it comes; ``as_storage_errors`` gives it words.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in PRAGMAS + (READER_PRAGMAS if is_reader else ()):
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    connection.row_factory = _by_name
    return connection


def connect_to_copy(path: Path) -> sqlite3.Connection:
    """Open a file that nobody writes, for reading; it stays as it is, without WAL or lock.

    Raise sqlite3.Error as it comes; rows are plain tuples.
    """
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def _by_name(cursor: sqlite3.Cursor, values: tuple[object, ...]) -> dict[str, object]:
    """Make a row a mapping, in the connection's thread; sqlite3.Row is none (it yields values)."""
    return {column[0]: value for column, value in zip(cursor.description, values, strict=True)}


class Connection:
    """A connection in a thread of its own; calls are done in the order they were made.

    Each method is one hop to the thread. A call whose task is cancelled is carried out all the
    same, before the calls that follow it.
    """

    def __init__(self, inner: aiosqlite.Connection, path: Path, *, is_reader: bool) -> None:
        self._inner = inner
        self._path = path
        self._is_reader = is_reader
        self._is_closed = False

    @classmethod
    async def open(cls, path: Path, *, is_reader: bool = False) -> Self:
        """Start the thread and connect there."""
        with as_storage_errors(path):
            inner = await aiosqlite.Connection(
                partial(connect, path, is_reader=is_reader), iter_chunk_size=64
            )
        return cls(inner, path, is_reader=is_reader)

    async def fetch(self, sql: str, values: Values | None = None) -> list[Row]:
        """Run one statement and return its rows, as mappings."""
        with self._call():
            rows = await self._inner.execute_fetchall(sql, values or {})
        return cast("list[Row]", rows)  # a list by fetchall, of mappings by _by_name

    async def execute(self, sql: str, values: Values | None = None) -> int:
        """Run one statement and return how many rows it changed."""
        with self._call():
            cursor = await self._inner.execute(sql, values or {})
        return max(cursor.rowcount, 0)  # -1: a statement that changes no rows at all

    async def execute_many(self, sql: str, rows: Iterable[Values]) -> None:
        """Run one statement for each of the rows; the rows are made here, not in the thread."""
        made = list(rows)
        with self._call():
            await self._inner.executemany(sql, made)

    async def rollback(self) -> None:
        """Undo the open transaction; without one, do nothing."""
        with self._call():
            await self._inner.rollback()

    async def close(self) -> None:
        """Finish the calls already made, close, and end the thread; twice does nothing more."""
        if self._is_closed:
            return
        self._is_closed = True
        with as_storage_errors(self._path):
            await self._inner.close()

    @contextmanager
    def _call(self) -> Iterator[None]:
        if self._is_closed:
            raise StorageError(f"{self._path} is closed.")
        with as_storage_errors(self._path):
            try:
                yield
            except sqlite3.OperationalError as error:
                if self._is_reader and primary_code(error) == sqlite3.SQLITE_READONLY:
                    raise StorageError("Writing exists only on a transaction.") from error
                raise
