"""The operator's desk for the verbs' tests: a folder with a configuration, a Telegram, readers.

``says`` runs a verb in this process, in a thread of its own: a process adds half a second and, for
most promises, nothing. What needs a process of its own takes ``tests.process``.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli import run_verb
from bot.model import BotId, ChatId, ChatKind
from bot.sandbox.server import TOKEN, Sandbox
from bot.storage import Storage, desk, subscribers, team
from bot.storage.engines.sqlite.engine import open_sqlite
from tests.build import NOON
from tests.process import Ended

BOT = BotId(int(TOKEN.partition(":")[0]))
OWNER = 1004
FIRST = 500_000  # chats of readers by the hundred


@dataclass
class Desk:
    """A folder, the Telegram beside it, and what is typed there."""

    folder: Path
    telegram: Sandbox
    captured: pytest.CaptureFixture[str]

    @property
    def database(self) -> Path:
        return self.folder / "mujaz.db"

    def configure(self, more: str = "", *, token: str = TOKEN, people: str = "") -> None:
        """Write config.toml: the token, our Telegram, and what else a test needs."""
        words = people or f"owners = [{OWNER}]"
        (self.folder / "config.toml").write_text(
            f'[telegram]\ntoken = "{token}"\napi_base = "{self.telegram.address}"\n'
            f"[people]\n{words}\n[poll]\nallow_private = true\n"
            f'[storage]\nurl = "sqlite:///{self.database}"\n{more}',
            encoding="utf-8",
        )

    async def says(self, *words: str) -> Ended:
        """Run a verb and return how it ended and what it wrote."""
        self.captured.readouterr()
        code = await asyncio.to_thread(run_verb, words)
        out, err = self.captured.readouterr()
        assert TOKEN not in out + err
        return Ended(code, out, err)

    async def objects(self, *words: str) -> list[dict[str, Any]]:
        """Run a verb with --json and return what it told, an object a line."""
        ended = await self.says(*words, "--json")
        return [json.loads(line) for line in ended.out.splitlines()]

    async def open(self) -> Storage:
        """Open the database; who opens closes."""
        return await open_sqlite(self.database)

    async def let_in(self, chats: Sequence[int]) -> None:
        """Let chats read, without quiet hours; the first start of the bot lies behind."""
        storage = await self.open()
        async with storage.transaction() as tx:
            await desk.belong_to(tx, BOT)
            await team.configure(tx, [OWNER], [], NOON)
            for chat in chats:
                reader, _ = await subscribers.join(
                    tx, BOT, ChatId(chat), kind=ChatKind.PRIVATE, zone="UTC", now=NOON
                )
                await subscribers.choose_quiet(tx, reader.id, None)
        await storage.close()

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        """Read what stands in the database."""
        storage = await self.open()
        found = await storage.fetch(sql)
        await storage.close()
        return [dict(row) for row in found]


def without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the environment of the tests may set."""
    for name in [name for name in os.environ if name.startswith("MUJAZ_")]:
        monkeypatch.delenv(name)
