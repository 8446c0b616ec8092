"""The words are right, but the surroundings are not: one sentence, and exit code 1."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.sandbox.server import Sandbox
from bot.storage.engines.sqlite.migrate import APPLICATION_ID, prepare
from tests.process import PATIENCE, begun, run

NOBODYS_TOKEN = "123456789:ABC-def_ghIJKlmnOPQrstUVwxyz"
NOWHERE = "http://127.0.0.1:9"  # the port of "discard", on which nobody listens
STEPS = ("getMe", "deleteWebhook")  # of a start, without which there is none


@pytest.fixture
async def telegram() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox()
    await sandbox.start()
    yield sandbox
    await sandbox.close()


# Telegram


async def test_a_token_that_telegram_does_not_know_is_refused_and_not_repeated(
    tmp_path: Path, telegram: Sandbox
) -> None:
    ended = await run(
        "run", folder=tmp_path, token=NOBODYS_TOKEN, telegram__api_base=telegram.address
    )

    assert ended.code == 1
    assert ended.sentence() == (
        "mujaz: Telegram does not know this token; @BotFather tells the right one."
    )


async def test_telegram_out_of_reach_is_told_in_one_sentence(tmp_path: Path) -> None:
    ended = await run("run", folder=tmp_path, telegram__api_base=NOWHERE)

    assert ended.code == 1
    assert ended.sentence().startswith("mujaz: Telegram cannot be reached: ")


async def test_a_name_service_that_knows_no_telegram_is_told_in_one_sentence(
    tmp_path: Path,
) -> None:
    ended = await run("run", folder=tmp_path, telegram__api_base="https://telegram.invalid")

    assert ended.code == 1
    assert ended.sentence().startswith("mujaz: Telegram cannot be reached: ")
    assert ended.sentence().endswith("; look at the network and at telegram.api_base.")


@pytest.mark.parametrize("step", STEPS)
async def test_telegram_that_goes_away_in_the_middle_of_a_start_is_told(
    tmp_path: Path, telegram: Sandbox, step: str
) -> None:
    await telegram.fault("all_down", method=step)

    ended = await run("run", folder=tmp_path, telegram__api_base=telegram.address)

    assert ended.code == 1
    assert ended.err.splitlines()[-1].startswith("mujaz: Telegram cannot be reached: ")


@pytest.mark.parametrize("step", STEPS)
async def test_a_token_revoked_in_the_middle_of_a_start_is_told(
    tmp_path: Path, telegram: Sandbox, step: str
) -> None:
    await telegram.fault("token_revoked", method=step)

    ended = await run("run", folder=tmp_path, telegram__api_base=telegram.address)

    assert ended.code == 1
    assert ended.err.splitlines()[-1].startswith("mujaz: Telegram does not know this token; ")


@pytest.mark.parametrize("kind", ["all_down", "token_revoked"])
async def test_a_menu_that_cannot_be_set_does_not_stop_the_start(
    tmp_path: Path, telegram: Sandbox, kind: str
) -> None:
    await telegram.fault(kind, method="setMyCommands")

    async with begun("run", folder=tmp_path, telegram__api_base=telegram.address) as running:
        await telegram.until(lambda: telegram.desk.updates.is_awaited, PATIENCE)
        running.told(signal.SIGTERM)

        assert (await running.ends()).code == 0


# Ports and folders


async def test_a_web_port_in_use_is_told_with_the_way_out(
    tmp_path: Path, telegram: Sandbox
) -> None:
    port = urlsplit(telegram.address).port

    ended = await run(
        "run",
        folder=tmp_path,
        telegram__api_base=telegram.address,
        web__listen=f"127.0.0.1:{port}",
    )

    assert ended.code == 1
    assert ended.err.splitlines()[-1] == (
        f"mujaz: web.listen: 127.0.0.1:{port} cannot be listened on (in use): "
        "end the program that has it, or choose another port."
    )


@pytest.mark.parametrize("verb", ["demo", "sandbox"])
async def test_a_port_in_use_is_told_with_the_way_out(
    tmp_path: Path, telegram: Sandbox, verb: str
) -> None:
    port = str(urlsplit(telegram.address).port)

    ended = await run(verb, "--port", port, folder=tmp_path)

    assert ended.code == 1
    assert ended.sentence() == (
        f"mujaz: Port {port} is in use; choose another with --port, or 0 for any."
    )


async def test_a_demo_whose_folder_is_a_file_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "demo-data").touch()

    ended = await run("demo", "--port", "0", "--no-browser", folder=tmp_path)

    assert ended.code == 1
    assert ended.sentence() == (
        f"mujaz: The folder demo-data cannot be used ({os.strerror(17)}); "
        "choose another with --data."
    )


async def test_a_second_demo_leaves_the_database_of_the_first_alone(tmp_path: Path) -> None:
    words = ("demo", "--port", "0", "--no-browser")
    async with begun(*words, folder=tmp_path, token="") as first:
        await first.says("Mujaz is at work")

        second = await run(*words, folder=tmp_path)

        assert second.code == 1
        assert f"Another Mujaz (process {first.pid}) already runs" in second.sentence()
        assert (tmp_path / "demo-data" / "demo.db").exists()


# The database


async def start_on(database: Path, *, is_anybody: bool = False) -> str:
    """Start Mujaz on a file that it will not like; return its one sentence."""
    ended = await run(
        "run",
        folder=database.parent if database.parent.is_dir() else database.parents[1],
        is_anybody=is_anybody,
        telegram__api_base=NOWHERE,
        storage__url=f"sqlite:///{database}",
    )
    assert ended.code == 1
    return ended.sentence()


async def test_a_database_from_the_future_is_refused_and_stays_as_it_was(tmp_path: Path) -> None:
    database = tmp_path / "mujaz.db"
    prepare(database)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA user_version = 9999")
    before = database.read_bytes()

    told = await start_on(database)

    assert told.startswith(f"mujaz: {database} was written by a newer Mujaz (its schema is 9999")
    assert database.read_bytes() == before


async def test_a_file_that_is_no_database_is_refused_and_stays_as_it_was(tmp_path: Path) -> None:
    database = tmp_path / "letter.txt"
    database.write_text("هذه رسالة، لا قاعدة بيانات. " * 100, encoding="utf-8")
    before = database.read_bytes()

    told = await start_on(database)

    assert told == (
        f"mujaz: {database} is no SQLite database: name another file, or move this one away."
    )
    assert database.read_bytes() == before


async def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    database = tmp_path / "phone-book.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE numbers (name TEXT)")

    assert await start_on(database) == (
        f"mujaz: {database} is the database of another program: name another file for Mujaz."
    )


async def test_a_damaged_database_is_told_with_the_way_out(tmp_path: Path) -> None:
    database = tmp_path / "mujaz.db"
    prepare(database)
    with database.open("r+b") as file:
        file.seek(100)  # behind the header, over the root of the list of tables
        file.write(b"\xff" * 3000)

    assert await start_on(database) == (
        f"mujaz: {database} is damaged: put the latest backup in its place."
    )


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    database = tmp_path / "mujaz.db"
    database.mkdir()

    assert await start_on(database) == f"mujaz: {database} is a folder: name a file in it."


async def test_a_folder_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    database = tmp_path / "gone" / "mujaz.db"

    assert await start_on(database) == (
        f"mujaz: The folder {database.parent} does not exist: create it first."
    )


async def test_a_folder_that_may_not_be_written_is_told_of(tmp_path: Path) -> None:
    database = tmp_path / "shut" / "mujaz.db"
    database.parent.mkdir(mode=0o500)

    ended = await run(
        "run",
        folder=tmp_path,
        is_anybody=True,
        telegram__api_base=NOWHERE,
        storage__url=f"sqlite:///{database}",
    )

    assert ended.code == 1
    assert ended.sentence() == (
        f"mujaz: The lock {database}.lock cannot be opened ({os.strerror(13)}): "
        "let this user write there."
    )


async def test_a_database_that_may_not_be_written_is_told_of(tmp_path: Path) -> None:
    database = tmp_path / "mujaz.db"
    prepare(database)
    database.chmod(0o400)

    assert await start_on(database, is_anybody=True) == (
        f"mujaz: {database} cannot be written: give this user the right to write the file and "
        "its folder."
    )


def test_our_mark_is_what_the_refusals_above_go_by(tmp_path: Path) -> None:
    database = tmp_path / "mujaz.db"
    prepare(database)

    assert int.from_bytes(database.read_bytes()[68:72]) == APPLICATION_ID
