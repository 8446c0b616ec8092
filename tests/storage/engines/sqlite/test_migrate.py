"""A file is brought to the newest schema, or refused in one sentence and left as it was."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import NewerDatabaseError, StorageError
from bot.storage.engines.sqlite.connection import connect
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.storage.engines.sqlite.migrate import (
    Migration,
    prepare,
    read_migrations,
    split_statements,
)

FIRST = Migration(
    1,
    "first",
    """
    CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE children (parent INTEGER NOT NULL REFERENCES parents (id));
    INSERT INTO parents VALUES (1, 'semicolon; inside');
    INSERT INTO children VALUES (1);
    """,
)


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def version(path: Path) -> object:
    return rows(path, "PRAGMA user_version")[0][0]


# ── the way up ─────────────────────────────────────────────────────────────────────────────


def test_our_own_migrations_make_a_file_that_is_known_as_ours(tmp_path: Path) -> None:
    path = tmp_path / "mujaz.db"

    prepare(path)

    assert version(path) == len(read_migrations()) >= 1
    assert path.read_bytes()[68:72] == b"Mujz"
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]


def test_our_own_migrations_have_no_gap() -> None:
    assert [step.number for step in read_migrations()] == list(range(1, len(read_migrations()) + 1))


def test_a_file_gets_only_the_migrations_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "mujaz.db"
    second = Migration(2, "second", "ALTER TABLE parents ADD COLUMN age INTEGER;")

    prepare(path, [FIRST])
    prepare(path, [FIRST, second])
    prepare(path, [FIRST, second])

    assert version(path) == 2
    assert rows(path, "SELECT * FROM parents") == [(1, "semicolon; inside", None)]


def test_a_table_that_others_refer_to_can_be_rebuilt(tmp_path: Path) -> None:
    path = tmp_path / "mujaz.db"
    rebuild = """
        CREATE TABLE parents_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
        INSERT INTO parents_new SELECT id, name FROM parents;
        DROP TABLE parents;
        ALTER TABLE parents_new RENAME TO parents;
    """

    prepare(path, [FIRST, Migration(2, "rebuild", rebuild)])

    assert rows(path, "SELECT * FROM children") == [(1,)]


def test_two_processes_that_open_an_old_file_at_once_migrate_it_once(tmp_path: Path) -> None:
    path = tmp_path / "mujaz.db"
    prepare(path, [FIRST])
    second = Migration(2, "second", "INSERT INTO parents (name) VALUES ('once');")
    threads = [threading.Thread(target=prepare, args=(path, [FIRST, second])) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert rows(path, "SELECT count(*) FROM parents WHERE name = 'once'") == [(1,)]


# ── refusals ───────────────────────────────────────────────────────────────────────────────


async def test_a_file_from_a_newer_version_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "mujaz.db"
    known = len(read_migrations())
    prepare(path)
    with closing(connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {known + 7}")
    before = path.read_bytes()

    with pytest.raises(NewerDatabaseError) as caught:
        await open_sqlite(path)

    assert f"its schema is {known + 7}, this one knows {known}" in str(caught.value)
    assert "install that Mujaz again" in str(caught.value)
    assert str(caught.value).count(". ") == 0
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param("CREATE TABLE bookmarks (url TEXT)", id="tables"),
        pytest.param("PRAGMA application_id = 252006675", id="another application"),
        pytest.param("PRAGMA user_version = 1", id="a version of something else"),
    ],
)
async def test_the_database_of_another_program_is_refused_and_kept(
    tmp_path: Path, sql: str
) -> None:
    path = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(sql)
    before = path.read_bytes()

    with pytest.raises(StorageError, match="is the database of another program"):
        await open_sqlite(path)

    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["0001_a.sql", "0003_c.sql"], "0002 is missing before 0003_c"),
        (["0002_b.sql"], "0001 is missing before 0002_b"),
        (["0001_a.sql", "0002_b.sql", "0002_c.sql"], "0002 stands twice: 0002_"),
        (["0000_a.sql", "0001_b.sql"], "0000_a is not numbered from 0001"),
        (["1_a.sql"], "1_a.sql is not named NNNN_name.sql"),
        (["0001_A.sql"], "0001_A.sql is not named NNNN_name.sql"),
    ],
)
def test_a_gap_or_a_duplicate_is_an_error(tmp_path: Path, names: list[str], words: str) -> None:
    for name in names:
        (tmp_path / name).write_text("SELECT 1;")

    with pytest.raises(StorageError, match=words):
        read_migrations(tmp_path)


def test_what_is_no_sql_file_is_no_migration(tmp_path: Path) -> None:
    (tmp_path / "0001_a.sql").write_text("SELECT 1;")
    (tmp_path / "README").write_text("")

    assert read_migrations(tmp_path) == (Migration(1, "a", "SELECT 1;"),)


# ── failing ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        pytest.param("DELETE FROM parents; SELEC;", "syntax error", id="no SQL"),
        pytest.param("DROP TABLE children; DROP TABLE absent;", "no such table", id="later on"),
        pytest.param("DELETE FROM parents;", "refer to rows that are gone", id="broken reference"),
        pytest.param("DELETE FROM children; SELECT 1", "semicolon", id="unfinished"),
        pytest.param(
            "CREATE VIRTUAL TABLE s USING fts5 (x); INSERT INTO s VALUES ('a'); SELEC;",
            "syntax error",
            id="with a search index",
        ),
    ],
)
def test_a_failing_migration_leaves_the_file_as_it_was(tmp_path: Path, sql: str, why: str) -> None:
    """T59; reader issue 405."""
    path = tmp_path / "mujaz.db"
    prepare(path, [FIRST])
    before = path.read_bytes()

    with pytest.raises(StorageError, match=f"0002_bad failed and .* is as it was: .*{why}"):
        prepare(path, [FIRST, Migration(2, "bad", sql)])

    assert path.read_bytes() == before
    prepare(path, [FIRST, Migration(2, "good", "DELETE FROM children;")])
    assert version(path) == 2


def test_migrations_before_the_failing_one_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "mujaz.db"

    with pytest.raises(StorageError, match="0002_bad failed"):
        prepare(path, [FIRST, Migration(2, "bad", "SELEC;")])

    assert version(path) == 1


def test_a_first_migration_that_fails_leaves_an_empty_file_that_can_be_used(
    tmp_path: Path,
) -> None:
    path = tmp_path / "mujaz.db"

    with pytest.raises(StorageError, match="0001_bad failed"):
        prepare(path, [Migration(1, "bad", "CREATE TABLE t (x); SELEC;")])

    prepare(path, [FIRST])
    assert version(path) == 1


# ── statements ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("script", "statements"),
    [
        ("", []),
        ("-- only a comment; here\n", []),
        ("SELECT 1; SELECT 2;", ["SELECT 1;", "SELECT 2;"]),
        ("SELECT ';';\n-- the end", ["SELECT ';';"]),
        ("SELECT 1 -- a; b\n;", ["SELECT 1 -- a; b\n;"]),
        (
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END; SELECT 3;",
            ["CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END;", "SELECT 3;"],
        ),
    ],
    ids=["empty", "comment", "one line", "in a text", "in a comment", "trigger"],
)
def test_a_script_is_cut_where_statements_end(script: str, statements: list[str]) -> None:
    assert list(split_statements(script)) == statements
