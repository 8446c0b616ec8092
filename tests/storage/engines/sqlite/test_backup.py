"""What a backup promises: one moment, whole and verified, or no file; and the way back."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.articles.query import parse_query
from bot.errors import StorageError
from bot.jobs.reindex import reindex
from bot.storage import Storage
from bot.storage.engines.sqlite.backup import backup, restore, unfinished_name, verify
from bot.storage.engines.sqlite.connection import connect
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.storage.engines.sqlite.migrate import prepare
from tests.build import draft, print_story


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[tuple[Path, Storage]]:
    path = tmp_path / "mujaz.db"
    storage = await open_sqlite(path)
    async with storage.transaction() as tx:
        await print_story(tx, draft(title="افتتاح ميناء جديد في الشمال"))
    yield path, storage
    await storage.close()


async def titles(path: Path, words: str) -> int:
    storage = await open_sqlite(path)
    try:
        await reindex(storage)
        return len(await storage.search(parse_query(words), limit=9))
    finally:
        await storage.close()


async def test_a_backup_is_made_while_the_database_is_in_use(
    database: tuple[Path, Storage], tmp_path: Path
) -> None:
    """T57; reader 3.16: also a backup's connection keeps to the rules."""
    path, storage = database

    async with storage.transaction() as tx:
        await print_story(tx, draft(title="خبر لم يكتب بعد"))
        copy = await asyncio.to_thread(backup, path, tmp_path / "copy.db")

    assert copy.counts == {"articles": 1, "subscribers": 0, "deliveries": 0}
    assert copy.size == (tmp_path / "copy.db").stat().st_size
    assert not unfinished_name(tmp_path / "copy.db").exists()


async def test_what_was_backed_up_is_restored_and_found(
    database: tuple[Path, Storage], tmp_path: Path
) -> None:
    path, _ = database
    backup(path, tmp_path / "copy.db")

    found = restore(tmp_path / "copy.db", tmp_path / "again.db")

    assert found.counts["articles"] == 1
    assert await titles(tmp_path / "again.db", "ميناء") == 1


async def test_a_restored_file_without_its_index_is_searched_right_after_the_start(
    database: tuple[Path, Storage], tmp_path: Path
) -> None:
    """T58; reader issue 362."""
    path, storage = database
    async with storage.transaction() as tx:
        await tx.clear_index()
        await tx.execute("DELETE FROM settings WHERE name = 'search_version'")
    backup(path, tmp_path / "copy.db")

    restore(tmp_path / "copy.db", tmp_path / "again.db")

    assert await titles(tmp_path / "again.db", "ميناء") == 1


def spoilt(copy: Path) -> None:
    """Overwrite the middle of a file."""
    size = copy.stat().st_size
    with copy.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xa5" * (size // 4))


async def test_a_damaged_copy_is_refused_and_nothing_is_put_in_place(
    database: tuple[Path, Storage], tmp_path: Path
) -> None:
    path, _ = database
    copy = tmp_path / "copy.db"
    backup(path, copy)
    spoilt(copy)

    with pytest.raises(StorageError, match="damaged"):
        restore(copy, tmp_path / "again.db")

    assert not (tmp_path / "again.db").exists()


async def test_nothing_that_exists_is_overwritten(
    database: tuple[Path, Storage], tmp_path: Path
) -> None:
    path, _ = database
    backup(path, tmp_path / "copy.db")

    with pytest.raises(StorageError, match="exists already"):
        backup(path, tmp_path / "copy.db")
    with pytest.raises(StorageError, match="exists already: move it away first"):
        restore(tmp_path / "copy.db", path)


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "There is no file"), (b"not a database" * 99, "no SQLite database"), (b"", "no dat")],
)
def test_what_is_no_backup_is_said_to_be_none(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / "copy.db").write_bytes(content)

    with pytest.raises(StorageError, match=told):
        verify(tmp_path / "copy.db")


def test_the_database_of_another_program_is_not_taken_for_a_backup(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE notes (words TEXT)")

    with pytest.raises(StorageError, match="no database of Mujaz"):
        restore(tmp_path / "other.db", tmp_path / "mujaz.db")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "mujaz.db").touch()

    with pytest.raises(StorageError, match="does not exist: create it first"):
        backup(tmp_path / "mujaz.db", tmp_path / "nowhere" / "copy.db")


@pytest.mark.parametrize("act", [backup, restore])
def test_whoever_gives_up_finds_nothing_of_the_copy(
    tmp_path: Path, act: Callable[..., object]
) -> None:
    prepare(tmp_path / "mujaz.db")
    with closing(connect(tmp_path / "mujaz.db")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
            " INSERT INTO settings (name, value) SELECT i, hex(randomblob(300)) FROM n"
        )

    with pytest.raises(StorageError):
        act(tmp_path / "mujaz.db", tmp_path / "copy.db", is_over=lambda: True)

    assert not list(tmp_path.glob("copy.db*"))
