"""Turn what SQLite raises into a StorageError whose one sentence names the remedy.

Every connection of the engine works inside ``as_storage_errors``. A sentence may name the file,
a table or a parameter, never a value: values are what people wrote.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StorageError

REMEDIES = {
    sqlite3.SQLITE_FULL: "The disk of {path} is full: free some space, and what waits goes on.",
    sqlite3.SQLITE_READONLY: (
        "{path} cannot be written: give this user the right to write the file and its folder."
    ),
    sqlite3.SQLITE_NOTADB: (
        "{path} is no SQLite database: name another file, or move this one away."
    ),
    sqlite3.SQLITE_CORRUPT: "{path} is damaged: put the latest backup in its place.",
    sqlite3.SQLITE_IOERR: "The disk failed while {path} was read or written: look at the disk.",
    sqlite3.SQLITE_BUSY: "{path} is held by another program: wait until it ends, or end it.",
    sqlite3.SQLITE_LOCKED: "{path} is held by another program: wait until it ends, or end it.",
}


@contextmanager
def as_storage_errors(path: Path) -> Iterator[None]:
    """Raise what SQLite or its adapter refuses inside the block as StorageError."""
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise StorageError(sentence(error, path)) from error
    except OverflowError as error:
        raise StorageError("A number is too large for the database (64 bits).") from error
    except UnicodeError as error:
        raise StorageError("A text is not valid Unicode and cannot be stored.") from error


def primary_code(error: Exception) -> int | None:
    """Return SQLite's code without its variant; None when the adapter itself refused."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def sentence(error: Exception, path: Path) -> str:
    """Say what failed and what mends it."""
    code = primary_code(error)
    if code == sqlite3.SQLITE_CANTOPEN:
        return _cannot_open(path)
    if code in REMEDIES:
        return REMEDIES[code].format(path=path)
    reason = str(error)
    if reason.startswith("fts5:"):  # SQLite quotes the expression here: a person's words
        reason = "a search expression is malformed"
    return f"The database refused a statement: {reason.rstrip('.')}."


def _cannot_open(path: Path) -> str:
    if path.is_dir():
        return f"{path} is a folder: name a file in it."
    if not path.parent.is_dir():
        return f"{path} cannot be opened: its folder does not exist, create it first."
    return f"{path} cannot be opened: give this user the right to read and write there."
