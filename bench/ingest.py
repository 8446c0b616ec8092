"""Articles through the whole intake: decided, filed, grouped, searchable; a transaction a page.

Real newspapers' articles when the measuring data lies beside the checkout, made-up ones otherwise.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.harness import Table, peak_memory, percentile, spent
from bench.words import Language
from bot.jobs.intake import Intake
from bot.jobs.manners import Manners
from bot.model import BotId, Document, Entry, Feed
from bot.storage import Storage, sources
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.stories.cluster import Window
from bot.texts import Texts

REAL = Path(__file__).parents[1] / "../shared/data/real-articles.jsonl.gz"
PAGE = 30  # entries of a document
HOUR = timedelta(hours=1)


def measure(*, is_long: bool) -> Table:
    """Take in 1,500 articles, or all there are (up to 4,000)."""
    return asyncio.run(_measure(4000 if is_long else 1500))


async def _measure(most: int) -> Table:
    now = datetime.now(UTC)
    entries = list(islice(_real() if REAL.exists() else _made_up(now), most))
    with tempfile.TemporaryDirectory() as folder:
        storage = await open_sqlite(Path(folder) / "bench.db")
        try:
            with spent() as all_of_it:
                held = await _take_in(storage, entries, now)
            stories = await storage.fetch("SELECT count(*) AS n FROM stories")
            articles = await storage.fetch("SELECT count(*) AS n FROM articles")
        finally:
            await storage.close()
    count = int(str(articles[0]["n"]))
    table = Table(
        f"ingest: {count:,} {'real' if REAL.exists() else 'made-up'} articles, {PAGE} a page",
        ("articles/s", "CPU ms each", "writer held p50 ms", "p95 ms", "worst ms", "stories"),
    )
    table.add(
        count / all_of_it.wall,
        all_of_it.cpu * 1000 / count,
        percentile(held, 0.5),
        percentile(held, 0.95),
        max(held),
        int(str(stories[0]["n"])),
    )
    table.notes.append(f"peak memory {peak_memory():.0f} MiB; parsing is apart, in the child")
    table.notes.append("target: sections, urgency and stories together < 5 ms an article")
    return table


async def fill(storage: Storage, count: int, now: datetime) -> None:
    """Put that many made-up articles into a database, for other measures."""
    await _take_in(storage, list(islice(_made_up(now), count)), now)


async def _take_in(storage: Storage, entries: Sequence[Entry], now: datetime) -> list[float]:
    """Take a page of entries in after the other; return how long each held the writer, in ms."""
    feed = await _feed(storage, now)
    intake = Intake(Window(), Texts.load(), Manners(BotId(1), ZoneInfo("UTC"), HOUR, HOUR))
    held = []
    for at in range(0, len(entries), PAGE):
        document = Document(tuple(entries[at : at + PAGE]))
        began = time.perf_counter()
        async with storage.transaction() as tx:
            await intake.take_in(tx, feed, document, now + at * timedelta(seconds=1))
        held.append((time.perf_counter() - began) * 1000)
    return held


async def _feed(storage: Storage, now: datetime) -> Feed:
    async with storage.transaction() as tx:
        source = await sources.add_source(tx, "bench", now)
        await sources.add_feed(
            tx, source, "https://paper.example/feed",
            host="paper.example", section=None, interval=HOUR, now=now,
        )  # fmt: skip
    return (await sources.all_feeds(storage))[0]


def _real() -> Iterator[Entry]:
    with gzip.open(REAL, "rt", encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            yield Entry(
                told["title"], guid=told["url"], link=told["url"], body=told["content"],
                published_at=datetime.fromisoformat(told["seen_at"]),
            )  # fmt: skip


def _made_up(now: datetime) -> Iterator[Entry]:
    for draft in Language().drafts(10_000, now - timedelta(days=8)):
        yield Entry(
            draft.title, guid=draft.url, link=draft.url, body=draft.body,
            published_at=draft.published_at,
        )  # fmt: skip
