"""What the verbs of ``mujaz feeds`` do: a configuration and words in, rows of the database out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import typer

from bot.app.visiting import Newsroom, discoverer_of, make_poller, open_visitors
from bot.arabic.fold import fold
from bot.cli.newsroom import bot_of, is_running, opened
from bot.cli.progress import progress
from bot.config import Config
from bot.errors import FetchError, StorageError
from bot.feeds import opml
from bot.feeds.addresses import spellings
from bot.feeds.discover import Discoverer, Step, address_in
from bot.feeds.interval import first_interval
from bot.jobs.poll import AT_ONCE
from bot.model import Feed, FeedId, Section
from bot.storage import Storage, Transaction, absence, audit, desk, feeds, sources
from bot.storage.engines.sqlite.lock import hold
from bot.texts import Texts

STEPS = {
    Step.ADDRESS: "visiting the address …",
    Step.LINKS: "visiting the feeds that the page names …",
    Step.USUAL: "visiting the usual places …",
}
UNREACHED = "nobody could be reached: look at this machine's network"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list."""

    added: int
    known: int
    refused: Sequence[tuple[str, str]]  # addresses, each with why


@dataclass(frozen=True, slots=True)
class Polled:
    """What came of visits; ``is_by_bot``: the running bot makes them, after us."""

    visited: int
    new: int = 0
    failed: Sequence[tuple[str, str]] = ()  # addresses, each with why
    is_by_bot: bool = False


async def all_of(config: Config) -> Sequence[Feed]:
    """Return every feed."""
    async with opened(config) as storage:
        return await sources.all_feeds(storage)


async def add(config: Config, typed: str, *, section: Section | None, source: str | None) -> Feed:
    """Find a feed and add it; FetchError when there is none, StorageError when it is known."""
    async with _discovering(config) as discoverer, opened(config, may_make=True) as storage:
        found = await discoverer.find(address_in(typed) or typed, _tell)
        name, kind = source or found.document.title, found.document.kind
        async with storage.transaction() as tx:
            taken_up = await _take_up(tx, config, feeds.Wanted(found.url, name, section, kind))
            feed = await sources.at_address(tx, spellings(found.url))
            if feed is None:
                raise LookupError(f"{found.url} was taken up within this transaction")
            if taken_up is None:
                raise StorageError(f"{found.url} is polled already, as {feed.source.name}.")
            details: desk.Args = {"feed": feed.id, "source": feed.source.name}
            await audit.note(tx, None, "source.add", details, _now())
    return feed


async def _tell(step: Step) -> None:
    typer.echo(STEPS[step], err=True)


async def _take_up(tx: Transaction, config: Config, wanted: feeds.Wanted) -> FeedId | None:
    interval = first_interval(config.poll.floor, config.poll.ceiling)
    return await feeds.take_up(tx, wanted, interval=interval, now=_now())


async def remove(config: Config, url: str) -> None:
    """Remove the feed at an address; StorageError when there is none."""
    async with opened(config) as storage, storage.transaction() as tx:
        feed = await sources.at_address(tx, spellings(url))
        if feed is None or not await feeds.remove(tx, feed.id, _now()):
            raise StorageError(f"{url} is not polled: mujaz feeds list names those that are.")
        details: desk.Args = {"feed": feed.id, "source": feed.source.name}
        await audit.note(tx, None, "source.remove", details, _now())


async def import_list(config: Config, body: bytes) -> Imported:
    """Add the feeds of an OPML document, all or none; ParseError when it is none."""
    named, listed = _sections(), opml.read(body)
    refused: list[tuple[str, str]] = []
    added: list[FeedId] = []
    async with (
        _discovering(config) as discoverer,
        opened(config, may_make=True) as storage,
        storage.transaction() as tx,
    ):
        for one in listed:
            try:
                url = discoverer.check(one.url)
            except FetchError as error:
                refused.append((one.url, str(error)))
                continue
            wanted = feeds.Wanted(url, one.title, named.get(_key(one.folder)))
            if (feed := await _take_up(tx, config, wanted)) is not None:
                added.append(feed)
        if added:
            details: desk.Args = {"count": len(added), "feeds": ",".join(map(str, added))}
            await audit.note(tx, None, "source.import", details, _now())
    return Imported(len(added), len(listed) - len(added) - len(refused), refused)


def _sections() -> Mapping[str, Section]:
    """Return sections by the names that a folder may have."""
    named = {_key(name): Section(word) for word, name in Texts.load().table("sections").items()}
    return {**named, **{section.value: section for section in Section}}


def _key(folder: str) -> str:
    return " ".join(fold(folder).split()).casefold()


async def export_list(config: Config) -> bytes:
    """Return all feeds as OPML."""
    texts = Texts.load()
    listed = [
        opml.Listed(
            feed.url,
            feed.source.name,
            texts.say(f"sections.{feed.section}") if feed.section else "",
        )
        for feed in await all_of(config)
    ]
    return opml.write(listed, config.news.name)


async def poll(config: Config, url: str | None) -> Polled:
    """Visit the feed at an address, or every feed; while a bot runs, have it do so soon."""
    async with opened(config) as storage:
        ways = spellings(url) if url else ()
        wanted = [
            feed
            for feed in await sources.all_feeds(storage)
            if feed.is_on and (url is None or feed.url in ways)
        ]
        if not wanted:
            raise StorageError("No such feed is on: mujaz feeds list names those that are.")
        if is_running(config):
            async with storage.transaction() as tx:
                for feed in wanted:
                    await feeds.visit_soon(tx, feed.id, _now())
            return Polled(len(wanted), is_by_bot=True)
        with hold(config.storage.path):
            return await _visit(config, storage, wanted)


async def _visit(config: Config, storage: Storage, wanted: Sequence[Feed]) -> Polled:
    """Visit feeds as the bot does; what it would push goes out when it runs again."""
    began, before = _now(), await _count(storage)
    async with storage.transaction() as tx:
        await absence.wake(tx, began)  # what came while nobody ran is told once, not one by one
    async with AsyncExitStack() as stack:
        newsroom = Newsroom(storage, config, await bot_of(storage), _now, lambda: None)
        visitors = open_visitors(stack, config, _now)
        poller = await make_poller(stack, newsroom, visitors, lambda _result, _articles: None)
        places = asyncio.Semaphore(AT_ONCE)

        async def visit(feed: Feed) -> None:
            async with places:
                await poller.visit(feed)

        with progress("poll", "feeds") as show:
            for done, ended in enumerate(asyncio.as_completed(map(visit, wanted)), start=1):
                await ended
                show(done, len(wanted))
    failed = []
    for feed in wanted:
        now = await sources.by_id(storage, feed.id)
        if now is not None and (now.last_ok_at is None or now.last_ok_at < began):
            failed.append((now.url, now.last_error if now.failures else UNREACHED))
    return Polled(len(wanted), await _count(storage) - before, failed)


async def _count(storage: Storage) -> int:
    (row,) = await storage.fetch("SELECT count(*) AS articles FROM articles")
    return int(str(row["articles"]))


@asynccontextmanager
async def _discovering(config: Config) -> AsyncIterator[Discoverer]:
    async with AsyncExitStack() as stack:
        yield discoverer_of(open_visitors(stack, config, _now), config, _now)


def _now() -> datetime:
    return datetime.now(UTC)
