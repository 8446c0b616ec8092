"""The ground of the poll tests: a poller over real parts, and items of feeds to visit."""

from __future__ import annotations

from dataclasses import replace

from bot.feeds.fetch import Fetcher
from bot.feeds.interval import Bounds
from bot.jobs.intake import Intake
from bot.jobs.poll import Poller, Rhythm
from bot.model import Feed, FeedId
from tests.jobs.fake_web import FakeFeed, FakeWeb, Item
from tests.jobs.newsroom import HOUR, MINUTE, ZONE, CountingParser, Newsroom, event

BOUNDS = Bounds(2 * MINUTE, 6 * HOUR)


def item(number: int, **other: object) -> Item:
    """Make an item on an event of its own."""
    title, body = event(number)
    made = Item(title, body, f"guid-{number}", f"https://marfa.example/{number}")
    return replace(made, **other)  # type: ignore[arg-type] # a maker passes fields on


class Desk:
    """A poller over real parts, and what a test asks of it."""

    def __init__(
        self, newsroom: Newsroom, web: FakeWeb, fetcher: Fetcher, parser: CountingParser
    ) -> None:
        self.newsroom = newsroom
        self.web = web
        self.fetcher = fetcher
        self.parser = parser
        self.woken = 0
        self.poller = self.make()

    def make(self, intake: Intake | None = None, hosts: int = 2) -> Poller:
        """Make a poller, as after a restart or with another intake."""
        return Poller(
            self.newsroom.storage,
            self.fetcher,
            self.parser,
            intake or self.newsroom.intake,
            rhythm=Rhythm(BOUNDS, hosts, ZONE),
            now=self.newsroom.clock,
            on_calls=self._wake,
        )

    def _wake(self) -> None:
        self.woken += 1

    async def poll(self) -> int:
        """Poll what is due, to the end."""
        begun = await self.poller.poll_due()
        await self.poller.settled()
        return begun

    async def add(self, served: FakeFeed, **other: object) -> FeedId:
        """Add a feed of the web, its first visit behind it unless it is to be new."""
        named = {"source": served.url, "host": served.url, **other}
        return await self.newsroom.feed(served.url, **named)  # type: ignore[arg-type] # passed on

    async def row(self, feed: FeedId) -> Feed:
        """Return a feed's row."""
        return await self.newsroom.row(feed)
