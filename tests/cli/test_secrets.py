"""A session full of trouble, told at length: neither token nor a person's words are logged."""

from __future__ import annotations

import asyncio
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.commands.access import KEYS
from bot.model import UserId
from bot.sandbox.server import Sandbox
from bot.storage import invites
from bot.storage.invites import Kind
from bot.web.webhook import HEADER
from tests.cli.desk import OWNER, Desk
from tests.process import PATIENCE, begun
from tests.web.test_running import free_port

SALMA = 1001
WORDS = (
    "زنبق الجبل الأزرق",
    "/broadcast زنبق الجبل الأزرق",
    "/nothing زنبق الجبل الأزرق",
    "أ" * 4000,
)


@pytest.mark.parametrize("form", ["text", "json"])
async def test_a_session_full_of_trouble_leaves_neither_token_nor_a_persons_words_in_the_log(
    tmp_path: Path, form: str
) -> None:
    settings = {"log__level": "debug", "log__format": form, "poll__allow_private": "true"}
    settings["push__chat_rate"] = "1000"  # sixteen answers to one chat
    is_visited = asyncio.Event()

    async def nothing(_: web.Request) -> web.Response:
        is_visited.set()
        return web.Response(status=404)

    sandbox = Sandbox(rate=None, chat_rate=None, routes=[web.get("/nothing.xml", nothing)])
    settings["telegram__api_base"] = await sandbox.start()
    (tmp_path / "config.toml").write_text(
        f'[[news.feeds]]\nurl = "{sandbox.address}/nothing.xml"\n', encoding="utf-8"
    )
    try:
        async with begun("run", folder=tmp_path, **settings) as running:
            await sandbox.until(lambda: sandbox.desk.updates.is_awaited, PATIENCE)
            await asyncio.wait_for(is_visited.wait(), PATIENCE)
            await sandbox.say(SALMA, "/start")
            await sandbox.until(lambda: sandbox.desk.world.messages(SALMA), PATIENCE)
            for kind in ("hang_up_before", "hang_up_after", "500", "blocked"):
                await sandbox.fault(kind, method="sendMessage", count=1)
                for words in WORDS:
                    await sandbox.say(SALMA, words)
            await sandbox.until(lambda: len(sent(sandbox)) >= 4 * len(WORDS), PATIENCE)
            running.told(signal.SIGTERM)
            ended = await running.ends_in_trouble()
    finally:
        await sandbox.close()

    assert ended.code == 0, ended.err
    assert "poll.failed" in ended.err
    assert "زنبق" not in ended.err
    assert "\\u0632\\u0646\\u0628\\u0642" not in ended.err
    assert "أأأأ" not in ended.err


async def test_neither_the_webhooks_secret_nor_an_invitation_is_logged(at_desk: Desk) -> None:
    secret, port = "a-secret-of-ours", await free_port()
    page = f"http://127.0.0.1:{port}/telegram"
    code = await an_invitation(at_desk)
    settings = {
        "log__level": "debug", "people__access": "invite", "web__listen": f"127.0.0.1:{port}",
        "telegram__mode": "webhook", "telegram__webhook_url": page,
        "telegram__webhook_secret": secret,
    }  # fmt: skip
    async with begun("run", folder=at_desk.folder, token="", **settings) as running:
        telegram = at_desk.telegram
        await telegram.until(lambda: telegram.desk.updates.webhook.url, PATIENCE)
        async with aiohttp.ClientSession() as stranger:
            for headers in ({}, {HEADER: "another"}, {HEADER: secret}):
                await stranger.post(page, data=f"{secret} {code}", headers=headers)
        await telegram.say(SALMA, f"/start {KEYS[Kind.READER]}_{code}")
        await telegram.until(lambda: telegram.desk.world.messages(SALMA)[1:], PATIENCE)
        running.told(signal.SIGTERM)
        ended = await running.ends()

    assert ended.code == 0, ended.err
    assert "webhook.refused" in ended.err
    assert "webhook.unreadable" in ended.err
    assert secret not in ended.out + ended.err
    assert code not in ended.out + ended.err


async def an_invitation(at_desk: Desk) -> str:
    await at_desk.let_in([OWNER])
    storage = await at_desk.open()
    async with storage.transaction() as tx:
        made = await invites.make(
            tx, Kind.READER, UserId(OWNER),
            most_uses=1, lasts=timedelta(days=1), now=datetime.now(UTC),
        )  # fmt: skip
    await storage.close()
    return made.code


def sent(sandbox: Sandbox) -> list[str]:
    """Return the words that were to be sent, accepted or not."""
    return [line.method for line in sandbox.desk.log.since(0, "sendMessage")]
