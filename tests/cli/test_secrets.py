"""A session full of trouble, told at length: neither token nor a person's words are logged."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from bot.sandbox.server import Sandbox
from tests.process import PATIENCE, begun

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
    sandbox = Sandbox(rate=None, chat_rate=None)
    settings["telegram__api_base"] = await sandbox.start()
    (tmp_path / "config.toml").write_text(
        f'[[news.feeds]]\nurl = "{sandbox.address}/nothing.xml"\n', encoding="utf-8"
    )
    try:
        async with begun("run", folder=tmp_path, **settings) as running:
            await sandbox.until(lambda: sandbox.desk.updates.is_awaited, PATIENCE)
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


def sent(sandbox: Sandbox) -> list[str]:
    """Return the words that were to be sent, accepted or not."""
    return [line.method for line in sandbox.desk.log.since(0, "sendMessage")]
