"""A served sandbox with a clock of its own, and a bot that calls it over HTTP."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

# Before anything imports telegram: its RetryAfter warns of a coming timedelta otherwise.
os.environ.setdefault("PTB_TIMEDELTA", "1")

import aiohttp
import pytest

from bot.sandbox.server import TOKEN, Sandbox

SALMA, KARIM, YOUNES = 1001, 1002, 1003
GROUP, CHANNEL = -2001, -1001000003001


class Clock:
    """A clock that stands still until told to go on."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True, slots=True)
class Caller:
    """Call methods as a bot does, and acts as a script does."""

    session: aiohttp.ClientSession
    address: str

    async def __call__(self, method: str, **parameters: Any) -> dict[str, Any]:
        return await self.raw(f"/bot{TOKEN}/{method}", json=parameters)

    async def raw(self, path: str, **body: Any) -> dict[str, Any]:
        async with self.session.post(self.address + path, **body) as answer:
            read: dict[str, Any] = await answer.json()
            assert answer.status == read.get("error_code", answer.status)
            return read

    async def get(self, path: str) -> aiohttp.ClientResponse:
        answer = await self.session.get(self.address + path)
        await answer.read()
        return answer

    async def refusal(self, method: str, **parameters: Any) -> str:
        """Return the description of a call that must be refused."""
        answer = await self(method, **parameters)
        assert answer["ok"] is False, answer
        return str(answer["description"])

    async def result(self, method: str, **parameters: Any) -> Any:
        """Return the result of a call that must be accepted."""
        answer = await self(method, **parameters)
        assert answer["ok"] is True, answer
        return answer["result"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    """Three people of whom سلمى has started; no flood limits."""
    sandbox = Sandbox(clock=clock, rate=None, chat_rate=None, group_rate_minute=None)
    await sandbox.start()
    await sandbox.say(SALMA, "/start")
    yield sandbox
    await sandbox.close()


@pytest.fixture
async def call(sandbox: Sandbox) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(session, sandbox.address)


def button(data: str = "1:a") -> dict[str, Any]:
    """Make a keyboard of one button."""
    return {"inline_keyboard": [[{"text": "زر", "callback_data": data}]]}
