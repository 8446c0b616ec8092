"""Every connection to the file carries the PRAGMAs, and the file outlives a killed process."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import bot
from bot.storage.engines.sqlite import engine
from bot.storage.engines.sqlite.connection import Connection, connect
from bot.storage.engines.sqlite.engine import open_sqlite

ROOT = Path(__file__).parents[4]
BOT = Path(bot.__file__).parent
EXPECTED = {
    "foreign_keys": 1,
    "synchronous": 2,  # FULL
    "busy_timeout": 5000,
    "journal_mode": "wal",
    "temp_store": 2,  # memory
    "secure_delete": 1,
}


@pytest.mark.parametrize("is_reader", [False, True], ids=["writer", "reader"])
async def test_every_connection_has_the_pragmas(tmp_path: Path, is_reader: bool) -> None:
    """T57; reader 3.16."""
    storage = await open_sqlite(tmp_path / "mujaz.db")
    connection = await Connection.open(tmp_path / "mujaz.db", is_reader=is_reader)

    found = {}
    for name in EXPECTED:
        (row,) = await connection.fetch(f"PRAGMA {name}")
        found[name] = next(iter(row.values()))

    assert found == EXPECTED
    await connection.close()
    await storage.close()


async def test_the_writer_and_all_readers_of_a_storage_have_foreign_keys_on(
    tmp_path: Path,
) -> None:
    """T57; reader 3.16."""
    storage = await open_sqlite(tmp_path / "mujaz.db")

    async with storage.transaction() as transaction:
        written = await transaction.fetch("PRAGMA foreign_keys")
        read = await asyncio.gather(
            *(storage.fetch("PRAGMA foreign_keys") for _ in range(engine.READERS * 2))
        )

    assert [written, *read] == [[{"foreign_keys": 1}]] * (engine.READERS * 2 + 1)
    await storage.close()


def test_a_connection_for_a_thread_of_its_own_has_foreign_keys_on(tmp_path: Path) -> None:
    """T57, as a backup opens it; reader 3.16."""
    with closing(connect(tmp_path / "mujaz.db")) as connection:
        assert connection.execute("PRAGMA foreign_keys").fetchone() == {"foreign_keys": 1}


def test_no_connection_is_made_in_any_other_way() -> None:
    """T57: of a backup, too; reader 3.16."""
    openers = re.compile(r"\b(?:sqlite3|aiosqlite)\.(?:connect|Connection)\(")

    found = {
        path.relative_to(BOT).as_posix(): len(openers.findall(path.read_text(encoding="utf-8")))
        for path in BOT.rglob("*.py")
    }

    # By connect, in a thread, and to a copy that is only read.
    assert {path: count for path, count in found.items() if count} == {
        "storage/engines/sqlite/connection.py": 3
    }


async def test_closing_moves_everything_into_the_one_file(tmp_path: Path) -> None:
    storage = await open_sqlite(tmp_path / "mujaz.db")
    async with storage.transaction() as transaction:
        await transaction.execute("INSERT INTO settings (name, value) VALUES ('a', '1')")

    await storage.close()

    assert [path.name for path in tmp_path.iterdir()] == ["mujaz.db"]


KILLED_IN_A_TRANSACTION = """
import asyncio, sys
from pathlib import Path
from bot.storage.engines.sqlite.engine import open_sqlite

async def main():
    storage = await open_sqlite(Path(sys.argv[1]))
    put = "INSERT INTO settings (name, value) VALUES (:name, '')"
    async with storage.transaction() as transaction:
        await transaction.execute(put, {"name": "committed"})
    async with storage.transaction() as transaction:
        await transaction.execute(put, {"name": "in hand"})
        print("ready", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_kill_9_keeps_what_was_committed_and_nothing_of_the_block_in_hand(
    tmp_path: Path,
) -> None:
    path = tmp_path / "mujaz.db"
    with subprocess.Popen(
        [sys.executable, "-c", KILLED_IN_A_TRANSACTION, str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    storage = await open_sqlite(path)

    assert await storage.fetch("SELECT name FROM settings") == [{"name": "committed"}]
    await storage.close()
