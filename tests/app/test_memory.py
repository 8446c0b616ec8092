"""What a start makes of the database: the feeds of the configuration, and what the desk decided."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app.memory import open_storage
from bot.config import Config, StarterFeed, load
from bot.model import Section
from bot.storage import Storage, feeds, sources
from tests.build import NOON

URL = "https://a.example/rss"
Start = Callable[..., AbstractAsyncContextManager[Storage]]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start with these feeds in the configuration; each start is of the same database."""
    plain = load(None, {"MUJAZ_STORAGE__URL": f"sqlite:///{tmp_path / 'mujaz.db'}"})

    @asynccontextmanager
    async def started(*urls: str) -> AsyncIterator[Storage]:
        starters = tuple(StarterFeed(url, Section.SPORT, "المرفأ") for url in urls)
        config: Config = replace(plain, news=replace(plain.news, feeds=starters))
        async with AsyncExitStack() as opened:
            yield await open_storage(opened, config, lambda: NOON)

    return started


async def polled(storage: Storage) -> list[str]:
    return [feed.url for feed in await sources.all_feeds(storage)]


async def test_a_starter_feed_is_added_once_with_its_section_and_publisher(start: Start) -> None:
    async with start(URL):
        pass
    async with start(URL, "http://www.a.example/rss/") as storage:
        [feed] = await sources.all_feeds(storage)

    assert (feed.url, feed.section, feed.source.name) == (URL, Section.SPORT, "المرفأ")


@pytest.mark.parametrize("url", [URL, "http://www.a.example/rss/"], ids=["same", "spelt otherwise"])
async def test_a_starter_feed_that_the_desk_removed_does_not_come_back(
    start: Start, url: str
) -> None:
    async with start(URL) as storage, storage.transaction() as tx:
        [feed] = await sources.all_feeds(tx)
        await feeds.remove(tx, feed.id, NOON)

    for _ in range(2):
        async with start(url) as storage:
            assert await polled(storage) == []


async def test_a_starter_feed_that_the_desk_moved_stays_where_it_is(start: Start) -> None:
    async with start(URL) as storage, storage.transaction() as tx:
        [feed] = await sources.all_feeds(tx)
        await feeds.move(tx, feed.id, "https://b.example/rss", "b.example", NOON)

    async with start(URL) as storage:
        assert await polled(storage) == ["https://b.example/rss"]
