"""What the verbs of ``mujaz feeds`` do: a configuration and words in, rows of the database out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import typer

from bot.app.visiting import Newsroom, discoverer_of, make_poller, open_visitors
from bot.cli.newsroom import opened
from bot.cli.progress import progress
from bot.config import Config
from bot.errors import FetchError, StartError, StorageError
from bot.feeds import opml
from bot.feeds.addresses import spellings
from bot.feeds.discover import Discoverer, Step, address_in
from bot.feeds.interval import FIRST_INTERVAL, Bounds
from bot.model import BotId, Feed, Section
from bot.storage import Storage, audit, desk, feeds, sources
from bot.storage.engines.sqlite.lock import hold
from bot.texts import Texts

STEPS = {
    Step.ADDRESS: "visiting the address …",
    Step.LINKS: "visiting the feeds that the page names …",
    Step.USUAL: "visiting the usual places …",
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list."""

    added: int
    known: int
    refused: Sequence[tuple[str, str]]  # addresses, each with why


async def all_of(config: Config) -> Sequence[Feed]:
    """Return every feed."""
    async with opened(config) as storage:
        return await sources.all_feeds(storage)


async def add(config: Config, typed: str, *, section: Section | None, source: str | None) -> Feed:
    """Find a feed and add it; FetchError when there is none, StorageError when it is known."""
    async with _discovering(config) as discoverer, opened(config, may_make=True) as storage:
        found = await discoverer.find(address_in(typed) or typed, _tell)
        known = await sources.at_address(storage, spellings(found.url))
        if known is not None and not await _is_removed(storage, known):
            raise StorageError(f"{found.url} is polled already, as {known.source.name}.")
        name = source or found.document.title or urlsplit(found.url).hostname or found.url
        if known is not None:
            await _bring_back(storage, known)
            return known
        await _add(storage, config, found.url, name, section)
        added = await sources.at_address(storage, [found.url])
    if added is None:
        raise StorageError(f"{found.url} is not there after it was added.")
    return added


async def _tell(step: Step) -> None:
    typer.echo(STEPS[step], err=True)


async def _is_removed(storage: Storage, feed: Feed) -> bool:
    return all(one.id != feed.id for one in await sources.all_feeds(storage))


async def _bring_back(storage: Storage, feed: Feed) -> None:
    now = datetime.now(UTC)
    async with storage.transaction() as tx:
        await feeds.restore(tx, feed.id, is_on=True, now=now)
        await audit.note(tx, None, "source.add", {"feed": feed.id}, now)


async def _add(
    storage: Storage, config: Config, url: str, name: str, section: Section | None
) -> None:
    now = datetime.now(UTC)
    bounds = Bounds(config.poll.floor, config.poll.ceiling)
    async with storage.transaction() as tx:
        added = await sources.add_feed(
            tx,
            await sources.add_source(tx, name, now),
            url,
            host=urlsplit(url).hostname or url,
            section=section,
            interval=bounds.clamp(FIRST_INTERVAL),
            now=now,
        )
        if added is not None:
            await audit.note(tx, None, "source.add", {"feed": added}, now)


async def remove(config: Config, url: str) -> None:
    """Remove the feed at an address; StorageError when there is none."""
    now = datetime.now(UTC)
    async with opened(config) as storage, storage.transaction() as tx:
        feed = await sources.at_address(tx, spellings(url))
        if feed is None or not await feeds.remove(tx, feed.id, now):
            raise StorageError(f"{url} is not polled: mujaz feeds list names those that are.")
        await audit.note(tx, None, "source.remove", {"feed": feed.id}, now)


async def import_list(config: Config, body: bytes) -> Imported:
    """Add the feeds of an OPML document; ParseError when it is none."""
    named = {name: Section(word) for word, name in Texts.load().table("sections").items()}
    named |= {section.value: section for section in Section}
    listed = opml.read(body)
    added = known = 0
    refused: list[tuple[str, str]] = []
    async with _discovering(config) as discoverer, opened(config, may_make=True) as storage:
        with progress("import", "feeds") as show:
            for number, one in enumerate(listed, start=1):
                show(number, len(listed))
                try:
                    url = discoverer.check(one.url)
                except FetchError as error:
                    refused.append((one.url, str(error)))
                    continue
                if await sources.at_address(storage, spellings(url)) is not None:
                    known += 1
                    continue
                name = one.title or urlsplit(url).hostname or url
                await _add(storage, config, url, name, named.get(one.folder))
                added += 1
    return Imported(added, known, refused)


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


async def poll(config: Config, url: str | None) -> str:
    """Make feeds due, visit them unless a running bot does, and return what came of it."""
    async with opened(config) as storage:
        now = datetime.now(UTC)
        every = [feed for feed in await sources.all_feeds(storage) if feed.is_on]
        wanted = [feed for feed in every if url is None or feed.url in spellings(url)]
        if not wanted:
            raise StorageError("No such feed is on: mujaz feeds list names those that are.")
        async with storage.transaction() as tx:
            for feed in wanted:
                await feeds.visit_soon(tx, feed.id, now)
        try:
            with hold(config.storage.path):
                before = await _count(storage)
                await _visit(config, storage, [feed.id for feed in wanted])
                new = await _count(storage) - before
        except StartError:
            return f"{len(wanted)} feeds are due: the running bot visits them now."
        failed = [feed for feed in await sources.all_feeds(storage) if feed.failures]
    return f"{len(wanted)} feeds visited, {new} new articles, {len(failed)} feeds in trouble."


async def _visit(config: Config, storage: Storage, wanted: Sequence[int]) -> None:
    bot = BotId(int(await desk.setting(storage, "bot") or 0))
    async with AsyncExitStack() as stack:
        visitors = open_visitors(stack, config, _now)
        newsroom = Newsroom(storage, config, bot, _now, lambda: None)
        poller = await make_poller(stack, newsroom, visitors, lambda _result, _articles: None)
        with progress("poll", "feeds") as show:
            done = 0
            while begun := await poller.poll_due():
                await poller.settled()
                done += begun
                show(min(done, len(wanted)), len(wanted))


async def _count(storage: Storage) -> int:
    (row,) = await storage.fetch("SELECT count(*) AS articles FROM articles")
    return int(str(row["articles"]))


@asynccontextmanager
async def _discovering(config: Config) -> AsyncIterator[Discoverer]:
    async with AsyncExitStack() as stack:
        yield discoverer_of(open_visitors(stack, config, _now), config, _now)


def _now() -> datetime:
    return datetime.now(UTC)
