"""The running Mujaz with its web server: well, heard by webhook, and deaf in so many words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot import jobs
from bot.app import running
from bot.commands import ears
from bot.config import load
from bot.errors import StartError
from bot.sandbox.server import TOKEN, Sandbox
from tests.town import SALMA, text_of


def environment(sandbox: Sandbox, folder: Path, port: int, **more: str) -> dict[str, str]:
    return {
        "MUJAZ_TELEGRAM__TOKEN": TOKEN,
        "MUJAZ_TELEGRAM__API_BASE": sandbox.address,
        "MUJAZ_STORAGE__URL": f"sqlite:////{folder}/mujaz.db",
        "MUJAZ_WEB__LISTEN": f"127.0.0.1:{port}",
        **more,
    }


async def free_port() -> int:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    made = Sandbox()
    await made.start()
    yield made
    await made.close()


async def answer(port: int, page: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{page}") as found,
    ):
        return found.status, await found.text()


async def test_a_running_mujaz_is_alive_ready_and_counted(sandbox: Sandbox, tmp_path: Path) -> None:
    port = await free_port()

    async with running(load(None, environment(sandbox, tmp_path, port))):
        alive, ready = await answer(port, "/healthz"), await answer(port, "/readyz")
        counted = await answer(port, "/metrics")

    assert alive == (200, '{"beats": "ok"}')
    assert ready == (200, '{"beats": "ok", "database": "ok", "telegram": "ok"}')
    assert counted[0] == 200
    assert 'mujaz_feeds{state="well"} 0.0' in counted[1]
    assert TOKEN not in counted[1]


async def test_people_are_heard_by_webhook(sandbox: Sandbox, tmp_path: Path) -> None:
    port = await free_port()
    config = load(
        None,
        environment(
            sandbox, tmp_path, port,
            MUJAZ_TELEGRAM__MODE="webhook",
            MUJAZ_TELEGRAM__WEBHOOK_URL=f"http://127.0.0.1:{port}/telegram",
        ),
    )  # fmt: skip

    async with running(config):
        await sandbox.say(SALMA, "/help")
        world = sandbox.desk.world
        told = await sandbox.until(
            lambda: [
                text_of(world.json(message, for_page=True))
                for message in world.messages(SALMA)
                if message.by_bot
            ],
            8,
        )
        asked = list(sandbox.desk.log.since(0, "getUpdates"))
        async with aiohttp.ClientSession() as stranger:
            forged = await stranger.post(f"http://127.0.0.1:{port}/telegram", json={"update_id": 1})

    assert any("/latest" in words for words in told)
    assert not asked
    assert forged.status == 403


async def test_a_token_that_stays_refused_ends_the_run_with_its_remedy(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T62; RSStT v2.8.0 "Exit with 0"."""
    monkeypatch.setattr(ears, "LOST", 0.0)
    monkeypatch.setattr(jobs, "EARS_EVERY", 0.1)
    port = await free_port()

    async with running(load(None, environment(sandbox, tmp_path, port))) as mujaz:
        await sandbox.fault("token_revoked")
        async with asyncio.timeout(30):
            with pytest.raises(StartError, match="@BotFather"):
                await mujaz.until(asyncio.Event())
