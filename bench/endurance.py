"""What Mujaz weighs after a day and after five: the whole running bot, its clock turned by hand.

The bot is a process of its own, so that it alone is weighed; feeds and Telegram are here. Each step
turns its clock on, and all feeds that are due by then are visited, in as little time as that takes.
``python -m bench.endurance`` is that process.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from aiohttp import web

from bench.harness import Table
from bench.startup import children, resident
from bench.words import Language
from bot.app import running
from bot.cli import logs
from bot.config import Log, StarterFeed, load
from bot.sandbox.server import TOKEN, Sandbox

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
STEP = timedelta(minutes=30)
EVERY = timedelta(hours=2)  # an article of each paper
ENTRIES, WORDS = 10, 110  # of a feed, of a text
AT_ONCE = 16


def measure(*, is_long: bool) -> Table:
    """Live a day with 2,000 feeds, or five days with 40."""
    papers, days = (2_000, 1) if is_long else (40, 5)
    return asyncio.run(_measure(papers, days))


async def _measure(papers: int, days: int) -> Table:
    table = Table(
        f"endurance: {papers:,} feeds, {days * 24} hours",
        ("hour", "visits", "articles", "Mujaz MiB", "its reader MiB"),
    )
    async with _press(papers) as press, _bot(press, papers) as bot:
        steps = days * timedelta(days=1) // STEP
        for step in range(steps + 1):
            press.now = BEGIN + step * STEP
            articles = await _turn(bot, press.now)
            if step % (steps // 5) == 0:
                hour, reader = (
                    step * STEP // timedelta(hours=1),
                    sum(map(resident, children(bot.pid))),
                )
                table.add(hour, press.visits, articles, resident(bot.pid), reader)
    table.notes.append(
        "target: flat. The window of open stories grows for 72 hours; from then on it"
    )
    table.notes.append("forgets as much as comes, and only what grows further would be lost memory")
    return table


async def _turn(bot: asyncio.subprocess.Process, now: datetime) -> int:
    """Turn the bot's clock on; return how many articles it has when all is visited."""
    if bot.stdin is None or bot.stdout is None:
        raise RuntimeError("a process that was started with pipes has them")
    bot.stdin.write(f"{now.isoformat()}\n".encode())
    await bot.stdin.drain()
    return int(json.loads(await bot.stdout.readline()))


class _Press:
    """Papers on one address: a new article each ``EVERY``, with an ETag until the next."""

    def __init__(self, papers: int) -> None:
        self.now = BEGIN
        self.visits = 0
        self.address = ""
        self._language = Language()
        self._items: list[deque[str]] = [deque(maxlen=ENTRIES) for _ in range(papers)]
        self._printed = [0] * papers

    async def answer(self, request: web.Request) -> web.Response:
        """Print what is due of a paper, and give it unless it is known."""
        self.visits += 1
        number = int(request.match_info["number"])
        due = ENTRIES + int((self.now - BEGIN) / EVERY + number / len(self._items))
        while self._printed[number] < due:
            self._items[number].appendleft(self._item(number, self._printed[number]))
            self._printed[number] += 1
        headers = {"ETag": f'"{number}-{due}"'}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        page = f"<title>paper {number}</title>{''.join(self._items[number])}"
        return web.Response(
            text=f'<rss version="2.0"><channel>{page}</channel></rss>',
            content_type="application/rss+xml",
            headers=headers,
        )

    def _item(self, number: int, entry: int) -> str:
        title, body = (" ".join(self._language.words(count)) for count in (9, WORDS))
        url = f"https://paper{number}.example/{entry}"
        return (
            f"<item><title>{title}</title><link>{url}</link><guid>{url}</guid>"
            f"<pubDate>{format_datetime(self.now)}</pubDate>"
            f"<description>{body}</description></item>"
        )


@asynccontextmanager
async def _press(papers: int) -> AsyncIterator[_Press]:
    press = _Press(papers)
    app = web.Application()
    app.router.add_get("/{number}.xml", press.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    press.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield press
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _bot(press: _Press, papers: int) -> AsyncIterator[asyncio.subprocess.Process]:
    sandbox = Sandbox()
    await sandbox.start()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "MUJAZ_TELEGRAM__TOKEN": TOKEN,
            "MUJAZ_TELEGRAM__API_BASE": sandbox.address,
            "MUJAZ_POLL__HOSTS": str(AT_ONCE),
            "MUJAZ_POLL__ALLOW_PRIVATE": "true",
            "MUJAZ_STORAGE__BACKUP_DAILY": "false",
            "MUJAZ_STORAGE__URL": f"sqlite:////{folder}/bench.db",
        }
        bot = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bench.endurance", press.address, str(papers)),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            env=environment, cwd=Path(__file__).parents[1],
        )  # fmt: skip
        try:
            yield bot
        finally:
            if bot.stdin is not None:
                bot.stdin.close()
            await bot.wait()
            await sandbox.close()


class _Clock:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.moment = BEGIN

    def __call__(self) -> datetime:
        return self.moment


async def _live(address: str, papers: int) -> None:
    """Run the bot; a line on standard input is a moment, one on standard output a count."""
    logs.set_up(Log(level="error"))
    clock, config = _Clock(), load(None, os.environ)
    feeds = tuple(
        StarterFeed(f"{address}/{number}.xml", None, f"paper {number}") for number in range(papers)
    )
    config = replace(config, news=replace(config.news, feeds=feeds))
    async with running(config, now=clock) as mujaz:
        while moment := await asyncio.to_thread(sys.stdin.readline):
            clock.moment = datetime.fromisoformat(moment.strip())
            while await mujaz.poller.poll_due():
                await mujaz.poller.settled()
            (row,) = await mujaz.storage.fetch("SELECT count(*) AS articles FROM articles")
            print(row["articles"], flush=True)


if __name__ == "__main__":
    asyncio.run(_live(sys.argv[1], int(sys.argv[2])))
