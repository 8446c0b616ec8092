"""Three clients of the Bot API side by side: ours, the library's own, and that with its limiter.

The server is a process of its own, over TLS, with a round trip of 80 ms.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from statistics import median

from telegram import Bot
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bench.api import TOKEN, serving
from bench.harness import Table
from bot.transports.telegram.request import AiohttpRequest

DELAY = 0.080  # seconds, there and back
AT_ONCE = 128  # sends; the ceiling is AT_ONCE / DELAY = 1,600 a second
TEXT = "\u062e\u0628\u0631 " * 90  # khabar, "news": half a kilobyte of Arabic
ROUNDS = 3


def measure(*, is_long: bool) -> Table:
    """Send as fast as it goes, ``AT_ONCE`` at a time, for a few seconds each."""
    return asyncio.run(_measure(10.0 if is_long else 3.0))


async def _measure(seconds: float) -> Table:
    async with serving(delay=DELAY) as address:
        found: dict[str, list[tuple[float, float]]] = {}
        for _ in range(ROUNDS):
            for name, make in _clients(address).items():
                async with _opened(make) as bot:
                    found.setdefault(name, []).append(await _send(bot, seconds))
    table = Table(
        f"send: {AT_ONCE} at a time, {DELAY * 1000:.0f} ms, TLS",
        ("client", "messages/s", "CPU ms each", "ratio"),
    )
    rates = {name: median(rate for rate, _ in rounds) for name, rounds in found.items()}
    for name, rounds in found.items():
        table.add(
            name,
            rates[name],
            median(cpu for _, cpu in rounds),
            rates["ours, aiohttp"] / rates[name],
        )
    table.notes.append(
        f"medians of {ROUNDS} interleaved rounds; ceiling {AT_ONCE / DELAY:,.0f}/s; target ≥ 30 ×"
    )
    return table


def _clients(address: str) -> dict[str, Callable[[], Bot]]:
    base = f"{address}/bot"

    def httpx() -> HTTPXRequest:
        return HTTPXRequest(connection_pool_size=AT_ONCE, pool_timeout=60, read_timeout=30)

    def ours() -> Bot:
        request = AiohttpRequest(connections=AT_ONCE, pool_timeout=60)
        return Bot(TOKEN, base_url=base, request=request, get_updates_request=request)

    def default() -> Bot:
        return Bot(TOKEN, base_url=base, request=httpx(), get_updates_request=httpx())

    def limited() -> Bot:
        return ExtBot(
            TOKEN, base_url=base, request=httpx(), get_updates_request=httpx(),
            rate_limiter=AIORateLimiter(overall_max_rate=1000, overall_time_period=1),
        )  # fmt: skip

    return {
        "ours, aiohttp": ours,
        "python-telegram-bot's default": default,
        "the same with AIORateLimiter at 1,000/s": limited,
    }


@asynccontextmanager
async def _opened(make: Callable[[], Bot]) -> AsyncIterator[Bot]:
    bot = make()
    await bot.initialize()
    try:
        yield bot
    finally:
        await bot.shutdown()


async def _send(bot: Bot, seconds: float) -> tuple[float, float]:
    """Return messages a second and CPU milliseconds a message."""
    end = time.monotonic() + seconds
    sent = 0

    async def one(worker: int) -> None:
        nonlocal sent
        chat = 1000 * (worker + 1)
        while time.monotonic() < end:
            chat += 1  # its own pace for each chat is not what is measured here
            await bot.send_message(chat, TEXT)
            sent += 1

    began, cpu = time.monotonic(), time.process_time()
    await asyncio.gather(*(one(worker) for worker in range(AT_ONCE)))
    wall = time.monotonic() - began
    return sent / wall, (time.process_time() - cpu) * 1000 / max(1, sent)
