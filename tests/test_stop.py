"""Real processes are told to stop, at awkward moments: they end soon, with 0, and nothing is lost.

The sandbox runs here, Mujaz in a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.server import Sandbox
from bot.storage.engines.sqlite.engine import open_sqlite
from tests.process import PATIENCE, begun
from tests.test_kill import FIRST, prepare, served, state_of_wave

AT_MOST = 10.0  # seconds that the sends in hand may take when Mujaz is told to stop
SLOW = 2.0  # seconds that a slow Telegram takes for a message
READERS = 160
RATE = 100  # messages a second; 25 sends at most are in hand at once


@asynccontextmanager
async def telegram(**more: Any) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(rate=RATE, **more)
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.close()


async def test_sigterm_in_a_broadcast_lets_a_slow_telegram_finish_and_the_rest_go_on_later(
    tmp_path: Path,
) -> None:
    """T36 (listmonk #2278): what is in hand is settled, and nobody hears it twice."""
    database = tmp_path / "mujaz.db"
    await prepare(database, READERS)
    settings = {"storage__url": f"sqlite:///{database}", "push__rate": str(RATE)}
    async with telegram() as sandbox:
        await sandbox.crowd(FIRST, READERS)
        await sandbox.fault("slow", method="sendMessage", seconds=SLOW)
        settings["telegram__api_base"] = sandbox.address

        async with begun("run", folder=tmp_path, **settings) as first:
            await sandbox.until(lambda: served(sandbox), PATIENCE)
            told_at = time.monotonic()
            first.told(signal.SIGTERM)
            ended = await first.ends()
            took = time.monotonic() - told_at
        at_stop = served(sandbox)
        _, sent = await state_of_wave(database)

        assert ended.code == 0, ended.err
        assert took < AT_MOST
        assert 0 < len(at_stop) < READERS
        assert sent == len(at_stop)

        await sandbox.fault("none")
        async with begun("run", folder=tmp_path, **settings) as second:
            await sandbox.until(lambda: len(served(sandbox)) == READERS, PATIENCE)
            second.told(signal.SIGTERM)
            assert (await second.ends()).code == 0

    assert max(served(sandbox).values()) == 1
    assert await state_of_wave(database) == ("done", READERS)


async def test_sigterm_does_not_wait_for_a_telegram_that_asked_for_ten_minutes_of_silence(
    tmp_path: Path,
) -> None:
    """The library would sleep out the pause that Telegram asked for (T45; td #715)."""
    async with telegram() as sandbox:
        await sandbox.fault("429", method="getUpdates", retry_after=600)
        async with begun(
            "run", folder=tmp_path, telegram__api_base=sandbox.address, log__format="text"
        ) as running:
            await sandbox.until(lambda: refused(sandbox, "getUpdates"), PATIENCE)
            told_at = time.monotonic()
            running.told(signal.SIGTERM)
            ended = await running.ends()

    assert ended.code == 0, ended.err
    assert time.monotonic() - told_at < AT_MOST


async def test_sigterm_does_not_wait_for_a_feed_that_never_answers(tmp_path: Path) -> None:
    asked, over = asyncio.Event(), asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        asked.set()
        await over.wait()
        return web.Response()

    async with telegram(routes=[web.get("/slow.xml", hang)]) as sandbox:
        write_feed(tmp_path, f"{sandbox.address}/slow.xml")
        async with begun("run", folder=tmp_path, telegram__api_base=sandbox.address) as running:
            await asyncio.wait_for(asked.wait(), PATIENCE)
            told_at = time.monotonic()
            running.told(signal.SIGTERM)
            ended = await running.ends()
        took = time.monotonic() - told_at

        assert ended.code == 0, ended.err
        assert took < AT_MOST
        assert await failures(tmp_path / "mujaz.db") == [0]

        asked.clear()  # its lease ended with the process: the next one asks again at once
        async with begun("run", folder=tmp_path, telegram__api_base=sandbox.address) as again:
            await asyncio.wait_for(asked.wait(), PATIENCE)
            again.told(signal.SIGTERM)
            assert (await again.ends()).code == 0
        over.set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_demo_ends_in_peace(tmp_path: Path, number: signal.Signals) -> None:
    async with begun("demo", "--no-browser", "--port", "0", folder=tmp_path, token="") as demo:
        await demo.says("Mujaz is at work: http://127.0.0.1:")
        demo.told(number)
        ended = await demo.ends(PATIENCE)

    assert ended.code in (0, 130)
    assert ended.err == ""


async def test_ctrl_c_while_the_demo_starts_ends_it_too(tmp_path: Path) -> None:
    async with begun("demo", "--no-browser", "--port", "0", folder=tmp_path, token="") as demo:
        while not (tmp_path / "demo-data").exists():
            await asyncio.sleep(0.01)  # it shows in no other way that it has begun
        demo.told(signal.SIGINT)
        ended = await demo.ends(PATIENCE)

    assert ended.code in (0, 130)
    assert ended.err == ""


async def test_what_the_sandbox_prints_is_a_configuration_to_run_with(tmp_path: Path) -> None:
    async with begun("sandbox", "--port", "0", "--every", "60", folder=tmp_path, token="") as desk:
        page = (await desk.says("The page: ")).partition("http")
        address = f"{page[1]}{page[2]}"
        await desk.says("misc.xml")
        await desk.says("section")
        (tmp_path / "config.toml").write_text(desk.has_said, encoding="utf-8")

        async with begun("run", folder=tmp_path, token="") as bot:
            sees = await greeting(address)
            bot.told(signal.SIGTERM)
            ended = await bot.ends()
        desk.told(signal.SIGINT)
        served_until = await desk.ends()

    assert sees
    assert (ended.code, served_until.code) == (0, 0)
    assert served_until.err == ""
    assert len(await failures(tmp_path / "mujaz.db")) == desk.has_said.count("[[news.feeds]]")


async def greeting(address: str) -> str:
    """Press start as a person of the sandbox; return the first words that the bot answers."""
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE)) as session,
        session.get(f"{address}/_sandbox/events") as events,
    ):
        await session.post(f"{address}/_sandbox/say", json={"person": 1001, "text": "/start"})
        async for line in events.content:
            event = json.loads(line[5:]) if line.startswith(b"data:") else {}
            message = event.get("message") or {}
            if event.get("kind") == "message" and message.get("from", {}).get("is_bot"):
                return str(message["text"])
    raise AssertionError("nobody answered")


def write_feed(folder: Path, url: str) -> None:
    """Write a configuration of one feed beside us."""
    (folder / "config.toml").write_text(
        f'[poll]\nallow_private = true\n[[news.feeds]]\nurl = "{url}"\n', encoding="utf-8"
    )


async def failures(database: Path) -> list[int]:
    """Return how often each feed has failed in a row."""
    storage = await open_sqlite(database)
    rows = await storage.fetch("SELECT failures FROM feeds ORDER BY id")
    await storage.close()
    return [int(str(row["failures"])) for row in rows]


def refused(sandbox: Sandbox, method: str) -> bool:
    """Tell whether a call was refused."""
    return any(line.error for line in sandbox.desk.log.since(0) if line.method == method)
