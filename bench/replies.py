"""Two hundred readers who press a button at once, and the answers they wait for.

The whole running Mujaz over the local sandbox, both in this process: the figure is the worst case,
with the telephone company on the same core.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from bench.harness import Table, percentile
from bench.ingest import fill
from bot.app import running
from bot.commands.processor import REPEAT
from bot.config import load
from bot.sandbox.server import TOKEN, Sandbox

READERS = 200
FIRST = 500_000
PATIENCE = 60.0  # seconds
BUTTONS = {
    "the latest news": "1:go:latest",
    "settings": "1:go:settings",
    "help": "1:go:help",
    "nothing: a button of long ago": "0:old",
}


def measure(*, is_long: bool) -> Table:
    """Let all press once, three times over, or ten times."""
    return asyncio.run(_measure(10 if is_long else 3))


async def _measure(rounds: int) -> Table:
    table = Table(
        f"replies: {READERS} readers press at once",
        ("button", "p50 ms", "p95 ms", "worst ms", "answers/s"),
    )
    sandbox = Sandbox(rate=None, chat_rate=None)
    await sandbox.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            environment = {
                "MUJAZ_TELEGRAM__TOKEN": TOKEN,
                "MUJAZ_TELEGRAM__API_BASE": sandbox.address,
                "MUJAZ_PUSH__RATE": "1000",
                "MUJAZ_STORAGE__URL": f"sqlite:////{folder}/bench.db",
            }
            async with running(load(None, environment)) as mujaz:
                await fill(mujaz.storage, 300, datetime.now(UTC))
                pages = await _begin(sandbox)
                for name, data in BUTTONS.items():
                    took, seconds = await _press(sandbox, pages, data, rounds)
                    table.add(
                        name, percentile(took, 0.5), percentile(took, 0.95), max(took),
                        len(took) / seconds,
                    )  # fmt: skip
    finally:
        await sandbox.close()
    table.notes.append("a press is answered when its answerCallbackQuery has come; UX asks 300 ms")
    return table


async def _begin(sandbox: Sandbox) -> dict[int, int]:
    """Let every reader say /help, and return the message with buttons that each was sent."""
    await sandbox.crowd(FIRST, READERS)
    people = range(FIRST, FIRST + READERS)
    for person in people:
        await sandbox.say(person, "/help")

    def pages() -> dict[int, int] | None:
        found = {
            person: message.id
            for person in people
            for message in sandbox.desk.world.messages(person)
            if message.by_bot
        }
        return found if len(found) == READERS else None

    return await sandbox.until(pages, PATIENCE) or {}


async def _press(
    sandbox: Sandbox, pages: dict[int, int], data: str, rounds: int
) -> tuple[Sequence[float], float]:
    took: list[float] = []

    async def press(person: int, message: int) -> None:
        began = time.perf_counter()
        await sandbox.tap(person, message, data, wait=PATIENCE)
        took.append((time.perf_counter() - began) * 1000)

    seconds = 0.0
    for _ in range(rounds):
        began = time.perf_counter()
        await asyncio.gather(*(press(person, message) for person, message in pages.items()))
        seconds += time.perf_counter() - began
        await asyncio.sleep(REPEAT)  # sooner, the same press would be answered and nothing more
    return took, seconds
