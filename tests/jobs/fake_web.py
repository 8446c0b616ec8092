"""A web of feeds on this machine: a test sets what each says, and how it fails; HTTP is real."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from html import escape
from types import TracebackType
from typing import Self

from aiohttp import web
from aiohttp.test_utils import TestServer

RSS = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True)
class Item:
    """One item of a feed as its newspaper writes it."""

    title: str
    body: str = ""
    guid: str = ""
    link: str = ""
    published_at: datetime | None = None
    categories: tuple[str, ...] = ()

    def xml(self) -> str:
        """Write the item as RSS; what is empty is left out."""
        told = {"title": self.title, "description": self.body, "link": self.link}
        parts = [f"<{name}>{escape(words)}</{name}>" for name, words in told.items() if words]
        if self.guid:
            parts.append(f'<guid isPermaLink="false">{escape(self.guid)}</guid>')
        if self.published_at:
            parts.append(f"<pubDate>{format_datetime(self.published_at)}</pubDate>")
        parts += [f"<category>{escape(name)}</category>" for name in self.categories]
        return f"<item>{''.join(parts)}</item>"


@dataclass
class FakeFeed:
    """One address and what it answers; a test changes it between visits."""

    url: str
    items: list[Item] = field(default_factory=list)
    channel: str = "<title>المرفأ</title><link>https://marfa.example/</link>"
    headers: dict[str, str] = field(default_factory=dict)
    has_etag: bool = True
    body: bytes | None = None  # instead of the items
    status: int = 200  # what is not 200 comes without a body
    hangs_up: bool = False
    gate: asyncio.Event | None = None  # no answer before it is open
    visits: list[dict[str, str]] = field(default_factory=list)  # the headers of each
    is_visited: asyncio.Event = field(default_factory=asyncio.Event)

    def page(self) -> bytes:
        """Write the whole document."""
        if self.body is not None:
            return self.body
        items = "".join(item.xml() for item in self.items)
        return f'<rss version="2.0"><channel>{self.channel}{items}</channel></rss>'.encode()

    def publish(self, *items: Item) -> None:
        """Put items on top, the last one first, as feeds run."""
        self.items[:0] = reversed(items)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one visit."""
        self.visits.append(dict(request.headers))
        self.is_visited.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.hangs_up and request.transport is not None:
            request.transport.close()
        if self.status != 200:
            return web.Response(status=self.status, headers=self.headers)
        page = self.page()
        headers = {"Content-Type": RSS, **self.headers}
        if self.has_etag:
            headers["ETag"] = f'"{hashlib.md5(page, usedforsecurity=False).hexdigest()}"'
            if request.headers.get("If-None-Match") == headers["ETag"]:
                return web.Response(status=304, headers=headers)
        return web.Response(body=page, headers=headers)


class FakeWeb:
    """A server of feeds by path; use it as a context."""

    def __init__(self) -> None:
        self.feeds: dict[str, FakeFeed] = {}
        app = web.Application()
        app.router.add_get("/{name:.*}", self._answer)
        self._server = TestServer(app, host="127.0.0.1")

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for feed in self.feeds.values():
            if feed.gate is not None:
                feed.gate.set()
        await self._server.close()

    def feed(self, name: str, items: Sequence[Item] = ()) -> FakeFeed:
        """Open a feed at an address of its own."""
        feed = FakeFeed(str(self._server.make_url(f"/{name}")), list(items))
        self.feeds[name] = feed
        return feed

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        feed = self.feeds.get(request.match_info["name"])
        return web.Response(status=404) if feed is None else await feed.answer(request)
