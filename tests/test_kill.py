"""A real process is killed in the middle of a broadcast; nobody is lost, few hear it twice.

The sandbox runs here, ``mujaz run`` in a process of its own, over a database file.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from bot.model import (
    Audience,
    AudienceKind,
    BotId,
    Brief,
    BriefKind,
    ChatId,
    ChatKind,
    Paragraph,
    Priority,
)
from bot.outbox.pace import batch_size
from bot.sandbox.server import TOKEN, Sandbox
from bot.storage import briefs, subscribers, waves
from bot.storage.engines.sqlite.engine import open_sqlite

READERS = 600
RATE = 300  # messages a second; the sandbox refuses the 301st
FIRST = 500_000
PATIENCE = 60.0  # seconds
NOW = datetime.now(UTC)


async def prepare(database: Path, readers: int) -> None:
    """Write that many readers, and one wave to all of them."""
    storage = await open_sqlite(database)
    bot = BotId(int(TOKEN.split(":", maxsplit=1)[0]))
    async with storage.transaction() as tx:
        for person in range(FIRST, FIRST + readers):
            reader, _ = await subscribers.join(
                tx, bot, ChatId(person), kind=ChatKind.PRIVATE, zone="Africa/Casablanca", now=NOW
            )
            await subscribers.choose_quiet(tx, reader.id, None)
        said = Brief(BriefKind.ANNOUNCEMENT, (Paragraph("إعلان إلى كل القراء."),))
        brief = await briefs.keep(tx, said, NOW)
        everyone = Audience(AudienceKind.ALL)
        await waves.begin(
            tx, bot, "broadcast:1", brief,
            audience=everyone, priority=Priority.BROADCAST, now=NOW,
        )  # fmt: skip
    await storage.close()


async def start(database: Path, sandbox: Sandbox) -> asyncio.subprocess.Process:
    """Start ``mujaz run`` on the database."""
    environment = {
        **os.environ,
        "MUJAZ_TELEGRAM__TOKEN": TOKEN,
        "MUJAZ_TELEGRAM__API_BASE": sandbox.address,
        "MUJAZ_STORAGE__URL": f"sqlite:////{database}",
        "MUJAZ_PUSH__RATE": str(RATE),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run",
        env=environment, stderr=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[1],
    )  # fmt: skip


def served(sandbox: Sandbox) -> Counter[int]:
    """Count what each reader has had."""
    sent = (line for line in sandbox.desk.log.since(0) if line.method == "sendMessage")
    return Counter(line.chat for line in sent if line.error is None and line.chat is not None)


def refused(sandbox: Sandbox) -> list[str]:
    """Return the floods that the sandbox refused."""
    return [
        line.error for line in sandbox.desk.log.since(0) if line.error and "Too Many" in line.error
    ]


async def state_of_wave(database: Path) -> tuple[str, int]:
    storage = await open_sqlite(database)
    rows = await storage.fetch("SELECT state, sent FROM waves")
    await storage.close()
    return str(rows[0]["state"]), int(str(rows[0]["sent"]))


async def test_kill_9_in_the_middle_of_a_broadcast_loses_nobody(tmp_path: Path) -> None:
    """T36 (listmonk #3022, #2070): repeats at most the batches in flight, and not one 429."""
    database = tmp_path / "mujaz.db"
    await prepare(database, READERS)
    sandbox = Sandbox(rate=RATE)
    await sandbox.start()
    await sandbox.crowd(FIRST, READERS)
    try:
        process = await start(database, sandbox)
        await sandbox.until(lambda: len(served(sandbox)) >= READERS // 3, PATIENCE)
        process.kill()
        await process.communicate()
        at_death = len(served(sandbox))

        process = await start(database, sandbox)
        await sandbox.until(lambda: len(served(sandbox)) == READERS, PATIENCE)
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)

        repeats = sum(served(sandbox).values()) - READERS
        assert READERS // 3 <= at_death < READERS
        assert process.returncode == 0, errors.decode()
        assert repeats <= 2 * batch_size(RATE)  # one being sent, one being settled
        assert refused(sandbox) == []
        state, sent = await state_of_wave(database)
        assert state == "done"
        assert READERS - 2 * batch_size(RATE) <= sent <= READERS
    finally:
        await sandbox.close()


async def test_a_second_run_on_one_database_ends_in_one_sentence(tmp_path: Path) -> None:
    database = tmp_path / "mujaz.db"
    sandbox = Sandbox()
    await sandbox.start()
    try:
        first = await start(database, sandbox)
        await sandbox.until(lambda: sandbox.desk.updates.is_awaited, PATIENCE)

        second = await start(database, sandbox)
        _, errors = await asyncio.wait_for(second.communicate(), PATIENCE)

        assert second.returncode == 1
        assert errors.decode().count("\n") == 1
        assert f"process {first.pid}" in errors.decode()
        first.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(first.communicate(), PATIENCE)
        assert first.returncode == 0, errors.decode()
    finally:
        await sandbox.close()
