"""Visiting 200 feeds, first and again: the whole running Mujaz, beside the library `reader`.

Ours decides, classifies, groups into stories and indexes for search; `reader` stores, and indexes
in a second step. Both ask at most 16 pages at once.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bench.harness import Table
from bench.papers import DELAY, ENTRIES, printing
from bot.app import Mujaz, running
from bot.config import StarterFeed, load
from bot.model import Section
from bot.sandbox.server import TOKEN, Sandbox

AT_ONCE = 16
LOOK = 0.01  # seconds between two looks whether all is done


def measure(*, is_long: bool) -> Table:
    """Visit 60 feeds, or 200."""
    return asyncio.run(_measure(200 if is_long else 60))


async def _measure(papers: int) -> Table:
    async with printing(papers) as (addresses, size):
        first, again = await _ours(addresses)
        theirs = await asyncio.to_thread(_reader, addresses)
    table = Table(
        f"poll: {papers} feeds × {ENTRIES} entries, {size // 1024} KiB each, {DELAY * 1000:.0f} ms",
        ("who", "first s", "feeds/min", "ratio", "again (304) s", "ratio again"),
    )
    table.add("Mujaz, searchable", first, papers / first * 60, 1.0, again, 1.0)
    for name, (once, twice) in theirs.items():
        table.add(name, once, papers / once * 60, once / first, twice, twice / again)
    floor = papers * DELAY / AT_ONCE
    table.notes.append(
        f"target ≥ 3 × on reader with its search; floor of the second: {floor:.2f} s,"
        f" reached to {floor / again:.0%} (target 80 %)"
    )
    return table


async def _ours(addresses: list[str]) -> tuple[float, float]:
    sandbox = Sandbox()
    await sandbox.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            async with _newsroom(sandbox, Path(folder), addresses) as mujaz:
                first = await _visited(mujaz, time.perf_counter())
                async with mujaz.storage.transaction() as tx:
                    await tx.execute("UPDATE feeds SET next_poll_at = 0, last_ok_at = NULL")
                again = await _visited(mujaz, time.perf_counter())
    finally:
        await sandbox.close()
    return first, again


@asynccontextmanager
async def _newsroom(sandbox: Sandbox, folder: Path, addresses: list[str]) -> AsyncIterator[Mujaz]:
    environment = {
        "MUJAZ_TELEGRAM__TOKEN": TOKEN,
        "MUJAZ_TELEGRAM__API_BASE": sandbox.address,
        "MUJAZ_POLL__HOSTS": str(AT_ONCE),
        "MUJAZ_POLL__ALLOW_PRIVATE": "true",
        "MUJAZ_STORAGE__URL": f"sqlite:////{folder}/bench.db",
    }
    config = load(None, environment)
    feeds = tuple(
        StarterFeed(address, Section.POLITICS, f"paper {number}")
        for number, address in enumerate(addresses)
    )
    async with running(replace(config, news=replace(config.news, feeds=feeds))) as mujaz:
        yield mujaz


async def _visited(mujaz: Mujaz, began: float) -> float:
    """Wait until every feed was visited well, and return the seconds since ``began``."""
    while True:
        rows = await mujaz.storage.fetch("SELECT 1 FROM feeds WHERE last_ok_at IS NULL LIMIT 1")
        if not rows:
            return time.perf_counter() - began
        await asyncio.sleep(LOOK)


def _reader(addresses: list[str]) -> dict[str, tuple[float, float]]:
    """Time `reader` without and with its search."""
    found: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        from reader import make_reader  # type: ignore[import-not-found, unused-ignore]

        store = make_reader(f"{folder}/reader.db", search_enabled=True)
        for address in addresses:
            store.add_feed(address)
        began = time.perf_counter()
        store.update_feeds(workers=AT_ONCE)
        first = time.perf_counter() - began
        began = time.perf_counter()
        store.update_search()
        searched = time.perf_counter() - began
        began = time.perf_counter()
        store.update_feeds(workers=AT_ONCE, scheduled=False)
        again = time.perf_counter() - began
        found[f"reader, {AT_ONCE} workers"] = (first, again)
        found[f"reader, {AT_ONCE} workers, and its search"] = (first + searched, again)
    return found
