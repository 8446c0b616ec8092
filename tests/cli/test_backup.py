"""``mujaz backup`` and ``mujaz restore``: a verified copy at any time, a way back that waits."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import run_verb
from bot.sandbox.server import Sandbox
from bot.storage.engines.sqlite.backup import unfinished_name, verify
from bot.storage.engines.sqlite.lock import hold
from tests.cli.desk import BOT, FIRST, OWNER, Desk
from tests.crowd import say
from tests.process import PATIENCE, begun, run
from tests.town import KARIM, NADIA, SALMA, YOUNES, Town, a_town

MODULE = "bot.cli.backup"  # by name: bot.cli has the verb of that name


# The copy


async def test_a_copy_is_taken_from_a_running_bot_and_verified(
    at_desk: Desk, telegram: Sandbox
) -> None:
    await at_desk.let_in([OWNER, 1, 2])
    async with begun("run", folder=at_desk.folder, token="") as running:
        await telegram.until(lambda: telegram.desk.updates.is_awaited, PATIENCE)

        ended = await run("backup", "copy.db", folder=at_desk.folder, token="")

        running.told(signal.SIGTERM)
        assert (await running.ends()).code == 0
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("copy.db: 0.")
    assert ended.out.endswith(" MiB, 0 articles, 3 subscribers, 0 deliveries; verified.\n")
    assert verify(at_desk.folder / "copy.db").counts["subscribers"] == 3


async def test_without_a_name_it_stands_among_the_nightly_ones(at_desk: Desk) -> None:
    await at_desk.let_in([])

    ended = await at_desk.says("backup")

    [copy] = (at_desk.folder / "backups").iterdir()
    assert ended.out.startswith(f"{copy}: ")
    assert copy.name.startswith("mujaz-20")
    assert copy.suffix == ".db"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("backup", "mujaz.db"), "mujaz.db exists already: name a new file."),
        (("backup", "gone/copy.db"), "The folder gone does not exist: create it first."),
        (("restore", "gone.db"), "mujaz.db exists already: move it away first"),
    ],
)
async def test_what_is_there_is_never_overwritten(
    at_desk: Desk, words: tuple[str, ...], told: str
) -> None:
    await at_desk.let_in([])
    before = at_desk.database.read_bytes()

    ended = await at_desk.says(*words)

    assert ended.code == 1
    assert told in ended.sentence()
    assert at_desk.database.read_bytes() == before


async def test_where_there_is_no_database_nothing_is_made(at_desk: Desk) -> None:
    ended = await at_desk.says("backup")

    assert ended.code == 1
    assert ended.sentence() == f"mujaz: There is no database {at_desk.database} to back up."
    assert not (at_desk.folder / "backups").exists()


async def test_a_folder_that_may_not_be_written_is_told(at_desk: Desk) -> None:
    await at_desk.let_in([])
    shut = at_desk.folder / "shut"
    shut.mkdir(mode=0o500)

    ended = await run("backup", "shut/copy.db", folder=at_desk.folder, token="", is_anybody=True)

    assert ended.code == 1
    assert ended.sentence().startswith("mujaz: shut/copy.db")


def test_ctrl_c_ends_a_copy_and_leaves_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(tmp_path / "mujaz.db")) as connection:
        connection.execute("CREATE TABLE ballast (bytes)")
        connection.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
            " INSERT INTO ballast SELECT randomblob(900) FROM n"
        )
        connection.commit()
    monkeypatch.setenv("MUJAZ_STORAGE__URL", f"sqlite:///{tmp_path / 'mujaz.db'}")

    def press_ctrl_c(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules[MODULE], "wait", press_ctrl_c)

    assert run_verb(["backup", str(tmp_path / "copy.db")]) == 130
    assert not list(tmp_path.glob("copy.db*"))


# The way back


@pytest.fixture
async def copy(at_desk: Desk) -> Path:
    """Give a copy of a database with three readers, whose original is gone."""
    await at_desk.let_in([OWNER, FIRST, FIRST + 1])
    await at_desk.says("backup", "copy.db")
    at_desk.database.unlink()
    return at_desk.folder / "copy.db"


async def test_a_copy_comes_back_where_nothing_is(at_desk: Desk, copy: Path) -> None:
    ended = await run("restore", copy.name, folder=at_desk.folder, token="")

    assert (ended.code, ended.err) == (0, "")
    assert "3 subscribers" in ended.out
    assert ended.out.endswith("restored. Start it with mujaz run.\n")
    assert len(await at_desk.rows("SELECT id FROM subscribers")) == 3


def nothing(_: Path) -> None:
    """Leave the copy as it is."""


def cut(copy: Path) -> None:
    os.truncate(copy, copy.stat().st_size // 2)


def of_the_future(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA user_version = 9999")


@pytest.mark.parametrize(
    ("change", "beside", "told"),
    [
        (nothing, "mujaz.db", "mujaz.db exists already: move it away first; nothing was changed."),
        (nothing, "mujaz.db-wal", "mujaz.db-wal exists already: move it away first"),
        (Path.unlink, "", "There is no file copy.db."),
        (cut, "", "is damaged"),
        (of_the_future, "", "was written by a newer Mujaz"),
    ],
    ids=["a database", "its log", "no copy", "half a copy", "from the future"],
)
async def test_what_cannot_come_back_leaves_everything_as_it_was(
    at_desk: Desk, copy: Path, change: Callable[[Path], None], beside: str, told: str
) -> None:
    change(copy)
    if beside:
        (at_desk.folder / beside).write_bytes(b"something")

    ended = await at_desk.says("restore", "copy.db")

    assert ended.code == 1
    assert told in ended.sentence()
    assert at_desk.database.exists() is (beside == "mujaz.db")
    assert not unfinished_name(at_desk.database).exists()


async def test_nothing_is_restored_under_a_running_bot(at_desk: Desk, copy: Path) -> None:
    with hold(at_desk.database):
        ended = await at_desk.says("restore", "copy.db")

    assert ended.code == 1
    assert "already runs" in ended.sentence()


async def test_what_was_to_be_sent_is_counted_and_held(at_desk: Desk) -> None:
    await at_desk.let_in([OWNER, FIRST, FIRST + 1])
    storage = await at_desk.open()
    await say(storage, bot=BOT)
    await storage.close()
    await at_desk.says("backup", "copy.db")
    at_desk.database.unlink()

    ended = await at_desk.says("restore", "copy.db")

    assert ended.out.endswith("3 messages are on hold: the bot asks its owners about them.\n")
    assert await at_desk.rows("SELECT state FROM waves") == [{"state": "held"}]


# From a phone's side


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with a_town(tmp_path) as town:
        yield town


async def test_a_copy_of_mid_broadcast_sends_nothing_of_it_until_an_owner_agrees(
    town: Town, at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T39; listmonk #1801: what the original sent after the copy was taken is not sent again."""
    await town.begin()
    for person in (SALMA, YOUNES, KARIM, NADIA):
        await town.says(person, "/start")
        await town.sees(person, "1 من 3")
    words = "يتوقف الموجز ساعة واحدة الليلة للصيانة."
    await town.sandbox.fault("500", chat=YOUNES, method="sendMessage")
    monkeypatch.setenv("MUJAZ_STORAGE__URL", f"sqlite:///{town.database}")
    await at_desk.says("broadcast", words, "--yes", "--no-wait")
    await settled(town, 3)
    assert (await at_desk.says("backup", "copy.db")).code == 0
    await town.end()

    town.database = at_desk.folder / "restored.db"
    monkeypatch.setenv("MUJAZ_STORAGE__URL", f"sqlite:///{town.database}")
    restored = await at_desk.says("restore", "copy.db")
    await town.sandbox.fault("none", chat=YOUNES)
    town.clock.set(datetime.now(UTC).replace(hour=12) + timedelta(days=1))  # nobody asks by night
    await town.begin()
    await town.sees(NADIA, "الإرسال معلق حتى توافق", "استعيدت قاعدة البيانات من نسخة احتياطية")
    await town.quiet()

    assert "messages are on hold" in restored.out
    assert words not in town.texts(YOUNES)
    await town.taps(NADIA, "تابع الإرسال")
    await town.sees(YOUNES, words)
    assert town.texts(SALMA).count(words) == 1


async def settled(town: Town, sent: int) -> None:
    """Wait until it is written that so many of the announcement's readers have it."""
    assert town.mujaz is not None
    sql = "SELECT sent FROM waves WHERE priority = 3"
    async with asyncio.timeout(PATIENCE):
        while await town.mujaz.storage.fetch(sql) != [{"sent": sent}]:
            await town.quiet()
