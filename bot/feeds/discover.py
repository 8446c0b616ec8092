"""An address that a person typed in, the feed behind it out; the editors' chat asks.

The plot: visit the address; it is a feed, or a page that names its feeds, or a page of a site that
has one where sites usually have it. Every visit goes through the guard and the parser's child as
any poll does, one after the other, and all of them together have a limit of visits and of time.
What a feed calls itself (``rel=self``) is never believed: many name a machine of their own.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.errors import FetchCause, FetchError, ParseError
from bot.feeds.charset import decode
from bot.feeds.fetch import Fetcher
from bot.feeds.guard import check
from bot.feeds.links import channel_feed, feeds_of, well_known
from bot.feeds.parser_process import ParserProcess
from bot.model import Document, Fetched

VISITS: Final = 8
TIME: Final = timedelta(seconds=15)
_PAGE_LIMIT: Final = 4 * 1024 * 1024  # bytes of a page in which feeds are looked for
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_WEB: Final = re.compile(
    r"(?:https?|webcal)://\S+|(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/\S*)?", re.IGNORECASE
)
_AFTER: Final = (  # marks that end a sentence, not an address
    ".,;:!?)]»«\N{ARABIC COMMA}\N{ARABIC SEMICOLON}\N{ARABIC QUESTION MARK}"
)


class Step(StrEnum):
    """Name what is being done, for whoever waits."""

    ADDRESS = "address"  # the address itself is visited
    LINKS = "links"  # the feeds that the page names
    USUAL = "usual"  # the usual places of the site


@dataclass(frozen=True, slots=True)
class Found:
    """A feed: where, what it says now, and which others the page named."""

    url: str
    document: Document
    others: tuple[str, ...] = ()


Told = Callable[[Step], Awaitable[None]]


def address_in(typed: str) -> str:
    """Return the first address of the web in what was typed, with its scheme; "" for none."""
    found = _WEB.search(typed)
    if found is None:
        return ""
    address = found[0].rstrip(_AFTER)
    if not _SCHEME.match(address):
        return f"https://{address}"
    return re.sub(r"(?i)\Awebcal://", "https://", address)


class Discoverer:
    """Look for feeds with the visitor and the reader that the polls use."""

    def __init__(
        self,
        fetcher: Fetcher,
        parser: ParserProcess,
        *,
        zone: ZoneInfo,
        now: Callable[[], datetime],
        allow_private: bool = False,
    ) -> None:
        self._fetcher = fetcher
        self._parser = parser
        self._zone = zone
        self._now = now
        self._allow_private = allow_private

    def check(self, url: str) -> str:
        """Return an address as we keep it; FetchError when it may not be visited."""
        return str(check(url, allow_private=self._allow_private))

    async def find(self, url: str, told: Told) -> Found:
        """Find the feed behind an address; FetchError says why there is none.

        1. The address itself. 2. The feeds that its page names. 3. The usual places of its site.
        """
        search = _Search(self, told)
        try:
            async with asyncio.timeout(TIME.total_seconds()):
                return await search.run(url)
        except TimeoutError as error:
            host = urlsplit(url).hostname
            raise FetchError(f"{host} did not answer in time", FetchCause.SLOW) from error

    async def fetch(self, url: str) -> Fetched:
        """Visit one address."""
        return await self._fetcher.fetch(url)

    async def read(self, fetched: Fetched) -> Document:
        """Read what an address answered; ParseError when it is no feed."""
        return await self._parser.parse(
            fetched.body or b"",
            fetched.content_type,
            fetched.url,
            zone=self._zone,
            now=self._now(),
        )


@dataclass(slots=True)
class _Search:
    """One search: how many visits it has made, and of which addresses."""

    discoverer: Discoverer
    told: Told
    visited: set[str] = field(default_factory=set)

    async def run(self, url: str) -> Found:
        await self.told(Step.ADDRESS)
        url = channel_feed(url) or url
        fetched = await self._fetch(url)
        found = await self._read(url, fetched)
        if found is not None:
            return found
        page = decode((fetched.body or b"")[:_PAGE_LIMIT], fetched.content_type)
        named = await asyncio.to_thread(feeds_of, page, fetched.url)  # seconds, of a hostile page
        if channel := channel_feed(fetched.url, page):
            named = (channel,)
        for step, places in ((Step.LINKS, named), (Step.USUAL, well_known(fetched.url))):
            found = await self._first_of(step, places)
            if found is not None:
                return found
        raise FetchError(f"{urlsplit(url).hostname} names no feed", FetchCause.NO_FEED)

    async def _first_of(self, step: Step, places: Iterable[str]) -> Found | None:
        """Return the first place that has a feed, with those after it that may have one too."""
        left = [place for place in places if place not in self.visited]
        if left:
            await self.told(step)
        for number, place in enumerate(left, start=1):
            if len(self.visited) >= VISITS:
                break
            try:
                found = await self._read(place, await self._fetch(place))
            except FetchError:
                continue
            if found is not None:
                others = left[number:] if step is Step.LINKS else []
                return Found(found.url, found.document, tuple(others))
        return None

    async def _fetch(self, url: str) -> Fetched:
        self.visited.add(url)
        return await self.discoverer.fetch(url)

    async def _read(self, url: str, fetched: Fetched) -> Found | None:
        """Return the feed that an address gave, at its lasting address; None when it is none."""
        try:
            document = await self.discoverer.read(fetched)
        except ParseError as error:
            if error.cause is FetchCause.NO_FEED:
                return None
            raise FetchError(str(error), error.cause) from error
        return Found(fetched.moved_to or url, document)
