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
from bot.config import Config, load
from bot.errors import StartError
from bot.sandbox.server import TOKEN, Sandbox
from bot.web.webhook import HEADER
from tests.town import PATIENCE, SALMA, text_of


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


def by_webhook(sandbox: Sandbox, folder: Path, port: int) -> Config:
    """Return a newsroom that Telegram calls; Salma owns it."""
    environ = environment(
        sandbox, folder, port,
        MUJAZ_TELEGRAM__MODE="webhook",
        MUJAZ_TELEGRAM__WEBHOOK_URL=f"http://127.0.0.1:{port}/telegram",
        MUJAZ_PEOPLE__OWNERS=str(SALMA),
    )  # fmt: skip
    return load(None, environ)


def told(sandbox: Sandbox, *words: str) -> list[str]:
    """Return what the bot said to Salma, of it what has all these words."""
    world = sandbox.desk.world
    texts = [
        text_of(world.json(message, for_page=True))
        for message in world.messages(SALMA)
        if message.by_bot
    ]
    return [text for text in texts if all(word in text for word in words)]


async def test_people_are_heard_by_webhook(sandbox: Sandbox, tmp_path: Path) -> None:
    port = await free_port()

    async with running(by_webhook(sandbox, tmp_path, port)):
        await sandbox.say(SALMA, "/help")
        await sandbox.until(lambda: told(sandbox, "/latest"), PATIENCE)
        asked = list(sandbox.desk.log.since(0, "getUpdates"))
        ready = await answer(port, "/readyz")
        async with aiohttp.ClientSession() as stranger:
            forged = await stranger.post(f"http://127.0.0.1:{port}/telegram", json={"update_id": 1})

    assert not asked
    assert ready[0] == 200
    assert forged.status == 403


async def test_an_update_that_telegram_brings_again_is_answered_once(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """T50; vellum-assistant PR #39309."""
    port = await free_port()
    person = {"id": SALMA, "is_bot": False, "first_name": "سلمى"}
    update = {
        "update_id": 77,
        "message": {
            "message_id": 5, "date": 1_790_000_000, "text": "/help",
            "chat": {"id": SALMA, "type": "private"}, "from": person,
            "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
        },
    }  # fmt: skip
    await sandbox.say(SALMA, "/start")  # a bot may not write first

    async with running(by_webhook(sandbox, tmp_path, port)), aiohttp.ClientSession() as telegram:
        secret = {HEADER: sandbox.desk.updates.webhook.secret}
        for _ in range(3):
            await telegram.post(f"http://127.0.0.1:{port}/telegram", json=update, headers=secret)
        await sandbox.until(lambda: told(sandbox, "/latest"), PATIENCE)
        await sandbox.say(SALMA, "/mydata")
        await sandbox.until(lambda: told(sandbox, "هذا كل ما نحفظه عنك"), PATIENCE)

    assert len(told(sandbox, "/latest", "/forgetme")) == 1


async def test_a_dead_webhook_is_told_to_the_owner_and_so_is_its_end(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T50; filipnet/checkmk-telegram-notify #1: only Telegram knows, so it is asked."""
    monkeypatch.setattr(jobs, "WEBHOOK_EVERY", 0.1)
    port = await free_port()
    config = by_webhook(sandbox, tmp_path, port)

    async with running(config) as mujaz:
        await sandbox.say(SALMA, "/start")
        await sandbox.until(lambda: told(sandbox, "1 من 3"), PATIENCE)
        async with mujaz.storage.transaction() as tx:
            await tx.execute("UPDATE subscribers SET quiet_start = NULL, quiet_end = NULL")
        await sandbox.fault("webhook_dead")
        await sandbox.say(SALMA, "/help")
        await sandbox.until(lambda: told(sandbox, "رسائل القراء لا تصل"), PATIENCE)
        deaf = await answer(port, "/readyz")
        await sandbox.fault("none")
        await sandbox.until(lambda: told(sandbox, "/latest"), PATIENCE)
        await sandbox.until(lambda: told(sandbox, "عادت رسائل القراء تصل"), PATIENCE)

    assert deaf[0] == 503
    assert "Telegram's calls do not reach us: Connection refused" in deaf[1]
    assert len(told(sandbox, "رسائل القراء لا تصل")) == 1


async def test_another_program_that_listens_with_our_token_is_named_and_we_are_not_ready(
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """409: a second instance on another machine; what was said is answered when it is gone."""
    monkeypatch.setattr(ears, "DEAF", 0.3)
    port = await free_port()

    async with running(load(None, environment(sandbox, tmp_path, port))):
        await sandbox.fault("conflict")
        await sandbox.say(SALMA, "/help")
        async with asyncio.timeout(PATIENCE):
            while (deaf := await answer(port, "/readyz"))[0] == 200:
                pass
        alive = await answer(port, "/healthz")
        await sandbox.fault("none")
        await sandbox.until(lambda: told(sandbox, "/latest"), 3 * PATIENCE)

    [warning, *_] = [one for one in caplog.records if one.message == "listen.failed"]
    assert vars(warning)["remedy"] == "stop the other program that listens with this token"
    assert "Telegram has not answered for" in deaf[1]
    assert alive[0] == 200  # a restart would not mend it


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_token_that_stays_refused_ends_the_run_with_its_remedy(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """T62; RSStT v2.8.0 "Exit with 0"."""
    monkeypatch.setattr(ears, "LOST", 0.0)
    monkeypatch.setattr(jobs, "EARS_EVERY", 0.1)
    monkeypatch.setattr(jobs, "WEBHOOK_EVERY", 0.1)
    port = await free_port()
    config = by_webhook(sandbox, tmp_path, port)
    if mode == "polling":
        config = load(None, environment(sandbox, tmp_path, port))

    async with running(config) as mujaz:
        await sandbox.fault("token_revoked")
        async with asyncio.timeout(30):
            with pytest.raises(StartError, match="@BotFather"):
                await mujaz.until(asyncio.Event())
