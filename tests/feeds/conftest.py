"""The feeds tests' ground: a fixed now and zone, feeds built from a few words, a local server."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.feeds.parse import parse
from bot.model import Document, Entry

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Africa/Algiers")  # an hour east, always
FEED_URL = "https://akhbar.example/feed"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[..., Awaitable[str]]  # handler, TLS context or none → address
Read = Callable[..., Document]
ReadItem = Callable[..., Entry]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def zone() -> ZoneInfo:
    return ZONE


@pytest.fixture
def read() -> Read:
    """Parse a document as if it came from our fictitious newspaper."""

    def read_document(page: str | bytes, content_type: str = "", url: str = FEED_URL) -> Document:
        body = page.encode() if isinstance(page, str) else page
        return parse(body, content_type, url, zone=ZONE, now=NOW)

    return read_document


@pytest.fixture
def read_item(read: Read) -> ReadItem:
    """Parse one RSS item, given as the elements inside it; return its entry."""

    def read_one(elements: str, channel: str = "<link>https://akhbar.example/</link>") -> Entry:
        names = (
            'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
            'xmlns:media="http://search.yahoo.com/mrss/" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:nitf="http://iptc.org/std/NITF/2006-10-18/" '
            'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" '
            'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
        )
        [entry] = read(
            f'<rss version="2.0" {names}><channel>{channel}<item>{elements}</item></channel></rss>'
        ).entries
        return entry

    return read_one


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start a server that answers every path by one handler; give its address."""
    servers: list[TestServer] = []

    async def start(handler: Handler, tls: ssl.SSLContext | None = None) -> str:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handler)
        server = TestServer(app, host="127.0.0.1", scheme="https" if tls else "http")
        servers.append(server)
        await server.start_server(ssl=tls)
        return str(server.make_url("/"))

    yield start
    for server in servers:
        await server.close()
