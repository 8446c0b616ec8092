"""The database of a running bot: held for one process, and what a crash left in it put right."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime

from bot.config import Config
from bot.feeds.interval import first_interval
from bot.jobs.reindex import reindex
from bot.model import BotId
from bot.storage import Storage, Transaction, absence, batches, desk, feeds, sources, team
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.storage.engines.sqlite.lock import hold
from bot.storage.engines.sqlite.place import place_of
from bot.storage.future import forget_future
from bot.storage.hold import arrive

Clock = Callable[[], datetime]


async def open_storage(opened: AsyncExitStack, config: Config, now: Clock) -> Storage:
    """Hold and open the database; whoever held leases in it is dead, for we hold the lock."""
    path = config.storage.path
    opened.enter_context(hold(path))
    storage = await open_sqlite(path)
    opened.push_async_callback(storage.close)
    await reindex(storage)
    async with storage.transaction() as tx:
        await batches.release_all(tx)
        await arrive(tx, place_of(path), now())
        await sources.release_all(tx)
        await forget_future(tx, now())
        await absence.wake(tx, now())
        await _take_up_starters(tx, config, now())
    return storage


async def _take_up_starters(tx: Transaction, config: Config, now: datetime) -> None:
    """Poll the feeds of the configuration; what the desk has removed or moved stays so."""
    interval = first_interval(config.poll.floor, config.poll.ceiling)
    for feed in config.news.feeds:
        if not await sources.is_known(tx, feed.url):
            wanted = feeds.Wanted(feed.url, feed.source or "", feed.section)
            await feeds.take_up(tx, wanted, interval=interval, now=now)


async def belong(storage: Storage, bot: BotId, config: Config, now: Clock) -> None:
    """Let the database serve this bot, and the people whom the configuration names at its desk."""
    async with storage.transaction() as tx:
        await desk.belong_to(tx, bot)
        await team.configure(tx, config.people.owners, config.people.editors, now())
