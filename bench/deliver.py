"""One broadcast through the whole deliverer: claimed, paced, sent over TLS, settled in SQLite.

The server lets through just the rate and answers the rest with 429. Meanwhile people are answered
through the other bot, and once more when nothing is pushed.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bench.api import TOKEN, serving
from bench.fanout import crowd
from bench.harness import Table, percentile
from bot.jobs.deliver import Deliverer
from bot.jobs.pacer import Pacer
from bot.model import Audience, AudienceKind, BotId, Brief, BriefKind, Paragraph, Priority
from bot.outbox.pace import Pace
from bot.storage import Storage, briefs, waves
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.transports.telegram.bots import make_bot, make_reply_bot
from bot.transports.telegram.replies import RepliesFirst
from bot.transports.telegram.send import TelegramTransport

BOT = BotId(1)
DELAY = 0.080  # seconds, there and back
WORDS = "\u062e\u0628\u0631 " * 90  # khabar, "news": half a kilobyte of Arabic
REPLY_EVERY = 0.2  # seconds
IDLE = 40  # replies when nothing is pushed


@dataclass
class Found:
    """What one run showed."""

    seconds: float = 0.0
    cpu: float = 0.0
    sent: int = 0
    refused: int = 0
    lag: float = 0.0  # the longest that the loop kept a sleeper waiting, in ms
    busy: list[float] = field(default_factory=list)  # replies meanwhile, ms
    idle: list[float] = field(default_factory=list)


def measure(*, is_long: bool) -> Table:
    """Push at 30 and at 1,000 a second: for 10 minutes and 60 s, or for 40 s and 10 s."""
    runs = ((30, 600), (1000, 60)) if is_long else ((30, 40), (1000, 10))
    table = Table(
        f"deliver: TLS, {DELAY * 1000:.0f} ms",
        ("asked", "readers", "a second", "of asked %", "429", "CPU ms each",
         "reply p95 idle ms", "busy ms", "ratio", "loop lag ms"),
    )  # fmt: skip
    for rate, seconds in runs:
        found = asyncio.run(_run(rate, rate * seconds))
        reached = (found.sent + len(found.busy)) / found.seconds
        idle, busy = percentile(found.idle, 0.95), percentile(found.busy, 0.95)
        table.add(
            f"{rate:,}/s", found.sent, reached, 100 * reached / rate, found.refused,
            found.cpu * 1000 / max(1, found.sent), idle, busy, busy / idle, found.lag,
        )  # fmt: skip
    table.notes.append("targets: ≥ 97 % free and ≥ 95 % paid, no 429, a reply ≤ 1.3 × idle;")
    table.notes.append("rate: pushes and the replies among them, which debit the same budget")
    return table


async def _run(rate: int, readers: int) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        async with serving(delay=DELAY, rate=rate) as address:
            storage = await open_sqlite(Path(folder) / "bench.db")
            try:
                return await _push(storage, address, rate, readers)
            finally:
                await storage.close()


async def _push(storage: Storage, address: str, rate: int, readers: int) -> Found:
    found = Found()
    now = datetime.now(UTC)
    await crowd(storage, readers, now)
    pacer = Pacer(Pace(rate), time.monotonic)
    async with _bots(address, rate, pacer) as (transport, answer):
        found.idle = [await _timed(answer, number) for number in range(IDLE)]
        await _counts(address)
        await _begin(storage, now)
        deliverer = Deliverer(
            storage, transport, pacer, bot=BOT, rate=rate, now=lambda: datetime.now(UTC)
        )
        stop = asyncio.Event()
        watchers = [
            asyncio.create_task(_reply(answer, found, stop)),
            asyncio.create_task(_watch_lag(found, stop)),
        ]
        began, cpu = time.monotonic(), time.process_time()
        running = asyncio.create_task(deliverer.run())
        await _done(storage)
        found.seconds, found.cpu = time.monotonic() - began, time.process_time() - cpu
        stop.set()
        await asyncio.gather(*watchers)
        deliverer.stop()
        await running
        found.refused = (await _counts(address))["refused"]
        found.sent = readers
    return found


@asynccontextmanager
async def _bots(
    address: str, rate: int, pacer: Pacer
) -> AsyncIterator[tuple[TelegramTransport, Callable[[int], Awaitable[object]]]]:
    pushes = make_bot(TOKEN, api_base=address, connections=max(16, rate // 4))
    replies = make_reply_bot(TOKEN, api_base=address, limiter=RepliesFirst(pacer))
    await pushes.initialize()
    await replies.initialize()
    try:
        yield (
            TelegramTransport(pushes, "bench_bot"),
            lambda person: replies.send_message(9_000_000 + person, WORDS),
        )
    finally:
        await pushes.shutdown()
        await replies.shutdown()


async def _begin(storage: Storage, now: datetime) -> None:
    async with storage.transaction() as tx:
        said = await briefs.keep(tx, Brief(BriefKind.ANNOUNCEMENT, (Paragraph(WORDS),)), now)
        everyone = Audience(AudienceKind.ALL)
        await waves.begin(
            tx, BOT, "broadcast:1", said,
            audience=everyone, priority=Priority.BROADCAST, now=now,
        )  # fmt: skip


async def _done(storage: Storage) -> None:
    while await storage.fetch("SELECT 1 FROM waves WHERE state = 'open'"):
        await asyncio.sleep(0.05)


async def _reply(
    answer: Callable[[int], Awaitable[object]], found: Found, stop: asyncio.Event
) -> None:
    person = 1000
    while not stop.is_set():
        person += 1
        found.busy.append(await _timed(answer, person))
        await asyncio.sleep(REPLY_EVERY)


async def _timed(answer: Callable[[int], Awaitable[object]], person: int) -> float:
    began = time.perf_counter()
    await answer(person)
    return (time.perf_counter() - began) * 1000


async def _watch_lag(found: Found, stop: asyncio.Event) -> None:
    while not stop.is_set():
        began = time.perf_counter()
        await asyncio.sleep(0.01)
        found.lag = max(found.lag, (time.perf_counter() - began - 0.01) * 1000)


async def _counts(address: str) -> dict[str, int]:
    async with aiohttp.ClientSession() as session, session.get(f"{address}/counts") as answer:
        counts: dict[str, int] = await answer.json()
        return counts
