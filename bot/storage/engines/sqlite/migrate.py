"""Bring a file to the newest schema: a path comes in, a usable file or one sentence comes out.

``engine.open_sqlite`` calls ``prepare`` before it opens anything else. Law: a file is not written
before it is known to be ours and not newer than we are. Each ``migrations/NNNN_name.sql`` runs in
one transaction that ends by writing its number into ``user_version``; when it fails, the file
stays as it was.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.errors import NewerDatabaseError, StorageError
from bot.storage.engines.sqlite.connection import connect
from bot.storage.engines.sqlite.failures import as_storage_errors, sentence

APPLICATION_ID = int.from_bytes(b"Mujz")  # at offset 68 of the file; `file` and we know it by it
FILE_NAME = re.compile(r"(?P<number>[0-9]{4})_(?P<name>[a-z0-9_]+)\.sql")


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema."""

    number: int  # from 1, without gaps
    name: str
    sql: str


def read_migrations(folder: Traversable | None = None) -> tuple[Migration, ...]:
    """Read our migrations in order; raise StorageError for a gap, a duplicate or a wrong name."""
    folder = folder or files(__package__) / "migrations"
    steps = []
    for file in folder.iterdir():
        if not file.name.endswith(".sql"):
            continue
        match = FILE_NAME.fullmatch(file.name)
        if match is None:
            raise StorageError(f"The migration {file.name} is not named NNNN_name.sql.")
        text = file.read_text(encoding="utf-8")
        steps.append(Migration(int(match["number"]), match["name"], text))
    steps.sort(key=lambda step: step.number)
    for expected, step in enumerate(steps, start=1):
        _check_number(step, expected)
    return tuple(steps)


def _check_number(step: Migration, expected: int) -> None:
    name = f"{step.number:04}_{step.name}"
    if step.number > expected:
        raise StorageError(f"The migration {expected:04} is missing before {name}.")
    if step.number == 0:
        raise StorageError(f"The migration {name} is not numbered from 0001.")
    if step.number < expected:
        raise StorageError(f"The migration {step.number:04} stands twice: {name} is one too many.")


def prepare(path: Path, steps: Sequence[Migration] | None = None) -> None:
    """Make the file, or bring it to the newest schema; blocks, so call it in a thread.

    Raise NewerDatabaseError for a file of a newer Mujaz, StorageError for a foreign file, one
    that cannot be written, and a migration that fails.
    """
    steps = read_migrations() if steps is None else steps
    with as_storage_errors(path), closing(connect(path)) as connection:
        _recognise(connection, path)
        version = _version(connection, path, newest=len(steps))
        _write_ahead(connection, path)
        # References are not enforced meanwhile, since a table is rebuilt by dropping it (SQLite,
        # "Making Other Kinds Of Table Schema Changes"); each step checks them as a whole instead.
        connection.execute("PRAGMA foreign_keys = OFF")  # has no effect inside a transaction
        for step in steps[version:]:
            _apply(connection, step, path)


def _recognise(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a database that another program made; an empty one is welcome."""
    application = _pragma(connection, "application_id")
    if application == APPLICATION_ID:
        return
    tables = connection.execute("SELECT name FROM sqlite_master LIMIT 1").fetchone()
    if application or tables is not None or _pragma(connection, "user_version"):
        raise StorageError(
            f"{path} is the database of another program: name another file for Mujaz."
        )


def _version(connection: sqlite3.Connection, path: Path, *, newest: int) -> int:
    """Return the number of the file's last migration; refuse one that we do not have."""
    version = _pragma(connection, "user_version")
    if version > newest:
        raise NewerDatabaseError(
            f"{path} was written by a newer Mujaz (its schema is {version}, this one knows "
            f"{newest}): install that Mujaz again, or put back a backup from before the upgrade."
        )
    return version


def _write_ahead(connection: sqlite3.Connection, path: Path) -> None:
    """Switch the file to WAL, where readers do not wait for the writer; it stays so."""
    row = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if row["journal_mode"] != "wal":  # a file system without shared memory, such as NFS
        raise StorageError(f"{path} lies where SQLite cannot keep a WAL: choose a local disk.")
    connection.execute("BEGIN IMMEDIATE")  # asks now for the right to write, not in an hour
    connection.execute("ROLLBACK")


def _apply(connection: sqlite3.Connection, step: Migration, path: Path) -> None:
    """Run one migration, all of it or nothing, unless the file has it already."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read inside the transaction: another process may just have been here.
        if _pragma(connection, "user_version") < step.number:
            for statement in split_statements(step.sql):
                connection.execute(statement)
            _check_references(connection)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {step.number}")
        connection.execute("COMMIT")
    except (sqlite3.Error, sqlite3.Warning, StorageError) as error:
        connection.rollback()
        why = error if isinstance(error, StorageError) else sentence(error, path)
        raise StorageError(
            f"The migration {step.number:04}_{step.name} failed and {path} is as it was: {why}"
        ) from error


def split_statements(script: str) -> Iterator[str]:
    """Cut a script into its statements; ``executescript`` would commit before it begins.

    Raise StorageError when the last statement has no semicolon.
    """
    statement = ""
    for piece in script.split(";")[:-1]:
        statement += piece + ";"
        if sqlite3.complete_statement(statement):  # not within a text, a comment or a trigger
            yield statement.strip()
            statement = ""
    rest = statement + script.rpartition(";")[2]
    if any(line.strip() and not line.strip().startswith("--") for line in rest.splitlines()):
        raise StorageError("Its last statement does not end with a semicolon.")


def _check_references(connection: sqlite3.Connection) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise StorageError(f"Rows of {broken['table']} refer to rows that are gone.")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    row = connection.execute(f"PRAGMA {name}").fetchone()
    return int(row[name])
