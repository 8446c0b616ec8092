"""What SQLite raises becomes one sentence that names the remedy; each error here is a real one."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage.engines.sqlite.connection import connect
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.storage.engines.sqlite.failures import as_storage_errors
from bot.storage.engines.sqlite.migrate import prepare

ROOT = Path(__file__).parents[4]


def fill_the_disk(path: Path) -> None:
    """Let SQLite meet a limit of pages, which it reports as it reports a full disk."""
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA max_page_count = 8")
        connection.execute("CREATE TABLE t (x)")
        for _ in range(9):
            connection.execute("INSERT INTO t VALUES (zeroblob(4096))")


def write_what_is_read_only(path: Path) -> None:
    connect(path).close()
    path.write_bytes(b"")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.execute("CREATE TABLE t (x)")


def wait_for_another_writer(path: Path) -> None:
    with closing(connect(path)) as one, closing(connect(path)) as other:
        one.execute("BEGIN EXCLUSIVE")
        other.execute("PRAGMA busy_timeout = 0")
        other.execute("BEGIN IMMEDIATE")


def ask_the_index_for_a_persons_words(path: Path) -> None:
    with closing(connect(path)) as connection:
        connection.execute("CREATE VIRTUAL TABLE s USING fts5 (x)")
        connection.execute("SELECT * FROM s WHERE s MATCH 'a ( secret'")


@pytest.mark.parametrize(
    ("fail", "words"),
    [
        (fill_the_disk, "is full: free some space"),
        (write_what_is_read_only, "cannot be written: give this user the right"),
        (wait_for_another_writer, "is held by another program"),
        (ask_the_index_for_a_persons_words, "a search expression is malformed"),
    ],
)
def test_a_failure_names_its_remedy(
    tmp_path: Path, fail: Callable[[Path], None], words: str
) -> None:
    with pytest.raises(StorageError) as caught, as_storage_errors(tmp_path / "mujaz.db"):
        fail(tmp_path / "mujaz.db")

    assert words in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is a folder: name a file in it"):
        await open_sqlite(tmp_path)


async def test_a_file_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="its folder does not exist, create it"):
        await open_sqlite(tmp_path / "absent" / "mujaz.db")


async def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "mujaz.db"
    path.write_text("somebody's letter\n" * 100)

    with pytest.raises(StorageError, match="is no SQLite database: name another file"):
        await open_sqlite(path)

    assert path.read_text() == "somebody's letter\n" * 100


async def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mujaz.db"
    storage = await open_sqlite(path)
    await storage.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\x5a" * (len(whole) - 4096))

    with pytest.raises(StorageError, match="is damaged: put the latest backup in its place"):
        await open_sqlite(path)


WITHOUT_THE_RIGHT = """
import os, sys
from pathlib import Path
from bot.errors import StorageError
from bot.storage.engines.sqlite.migrate import prepare, read_migrations

steps = read_migrations()  # while all may still be read
if os.geteuid() == 0:
    os.setuid(65534)  # root may write everything; nobody may not
try:
    prepare(Path(sys.argv[1]), steps)
except StorageError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("is_there", "told"),
    [
        (True, "cannot be written: give this user the right to write the file and its folder."),
        (False, "cannot be opened: give this user the right to read and write there."),
    ],
    ids=["the file", "its folder"],
)
def test_a_place_without_the_right_to_write_is_refused(is_there: bool, told: str) -> None:
    with tempfile.TemporaryDirectory() as folder:  # tmp_path is closed to other users
        path = Path(folder) / "mujaz.db"
        if is_there:
            prepare(path)
            path.chmod(0o444)
        path.parent.chmod(0o555)

        ended = subprocess.run(
            [sys.executable, "-c", WITHOUT_THE_RIGHT, str(path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=True,
        )
        path.parent.chmod(0o755)

    assert ended.stdout.decode() == f"{path} {told}\n"


def test_a_database_in_memory_is_refused_since_it_has_no_readers_apart() -> None:
    with pytest.raises(StorageError, match="cannot keep a WAL: choose a local disk"):
        prepare(Path(":memory:"))


async def test_a_full_disk_fails_one_transaction_and_the_next_goes_on_when_there_is_space(
    tmp_path: Path,
) -> None:
    """T60; flowerss #47. SQLite rolls back by itself here, and must not go on in autocommit."""
    storage = await open_sqlite(tmp_path / "mujaz.db")
    put = "INSERT INTO settings (name, value) VALUES (:name, :value)"
    large = [{"name": str(n), "value": "x" * 4000} for n in range(200)]

    async def limit_pages(sql: str) -> None:
        async with storage.transaction() as transaction:
            await transaction.fetch(sql)

    await limit_pages("PRAGMA max_page_count = 100")
    with pytest.raises(StorageError, match="is full: free some space"):
        async with storage.transaction() as transaction:
            await transaction.execute_many(put, large)
    assert await storage.fetch("SELECT name FROM settings") == []

    await limit_pages("PRAGMA max_page_count = 1000000")
    async with storage.transaction() as transaction:
        await transaction.execute_many(put, large)
    assert len(await storage.fetch("SELECT name FROM settings")) == 200
    await storage.close()
