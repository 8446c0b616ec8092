"""The ground of the verbs' tests: a Telegram without flood limits, and the operator's desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.nouns import Person
from bot.sandbox.server import Sandbox
from bot.sandbox.world import load_cast
from tests.cli.desk import OWNER, Desk, without_settings


@pytest.fixture
async def telegram() -> AsyncIterator[Sandbox]:
    """Give a Telegram on this machine, in which the owner has an account too."""
    people = (*load_cast().people, Person(OWNER, "نادية", "مديرة"))
    sandbox = Sandbox(people=people, rate=None, chat_rate=None)
    await sandbox.start()
    yield sandbox
    await sandbox.close()


@pytest.fixture
def at_desk(
    tmp_path: Path,
    telegram: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Desk:
    """Give the operator's desk, with a configuration that fits."""
    without_settings(monkeypatch)
    monkeypatch.chdir(tmp_path)
    desk = Desk(tmp_path, telegram, capsys)
    desk.configure()
    return desk
