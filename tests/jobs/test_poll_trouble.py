"""Trouble that is ours and trouble that is theirs: who is blamed, and who is still visited."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web as http
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from bot.errors import FetchCause
from bot.feeds.fetch import Fetcher
from bot.feeds.interval import Bounds
from bot.jobs.poll import Poller, Rhythm
from bot.model import Feed, FeedId
from bot.storage import feeds, sources
from tests.jobs.fake_web import FakeFeed, FakeWeb
from tests.jobs.newsroom import DAY, HOUR, MINUTE, ZONE, Clock, CountingParser, Newsroom
from tests.jobs.poll_desk import item

FLOOR, CEILING = 30 * MINUTE, 6 * HOUR


class Dns(AbstractResolver):
    """A name service that knows every name, or answers nobody, or says that a name is none."""

    def __init__(self) -> None:
        self.is_away = False
        self.gone: set[str] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if self.is_away:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        if host in self.gone:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        found = ResolveResult(
            hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0
        )
        return [found]

    async def close(self) -> None:
        """Close nothing."""


class House:
    """A poller whose sites have names, and what a test asks of it."""

    def __init__(self, newsroom: Newsroom, parser: CountingParser, web: FakeWeb) -> None:
        self.newsroom = newsroom
        self.web = web
        self.dns = Dns()
        self.fetcher = self.visitor()
        self.poller = Poller(
            newsroom.storage,
            self.fetcher,
            parser,
            newsroom.intake,
            rhythm=Rhythm(Bounds(FLOOR, CEILING), 8, ZONE),
            now=newsroom.clock,
            on_calls=lambda: None,
        )

    def visitor(self, trust: ssl.SSLContext | None = None) -> Fetcher:
        return Fetcher(
            user_agent="Mujaz/test", hosts=8, allow_private=True, resolver=self.dns, trust=trust
        )

    async def add(self, name: str) -> tuple[FeedId, FakeFeed]:
        """Add a feed of a site of this name."""
        served = self.web.feed(name, [item(len(self.web.feeds) + 1)])
        host = f"{name}.example"
        url = served.url.replace("127.0.0.1", host)
        return await self.newsroom.feed(url, source=name, host=host), served

    async def row(self, feed: FeedId) -> Feed:
        return await self.newsroom.row(feed)

    async def poll(self) -> None:
        """Poll what is due, over new connections: the old ones would need no name."""
        await self.fetcher.close()
        await self.poller.poll_due()
        await self.poller.settled()

    async def poll_for(self, feeds: list[FeedId], until: object) -> None:
        """Poll whenever something is due, until a moment."""
        clock = self.newsroom.clock
        while clock() < until:  # type: ignore[operator] # a moment
            due = min([(await self.row(feed)).next_poll_at for feed in feeds])
            clock.moment = max(due, clock.moment)
            await self.poll()


@pytest.fixture
async def house(newsroom: Newsroom, parser: CountingParser, web: FakeWeb) -> AsyncIterator[House]:
    made = House(newsroom, parser, web)
    yield made
    await made.fetcher.close()


async def test_our_name_service_away_for_a_day_changes_no_feed(
    house: House, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """T24; miniflux #1893, #2150, #149."""
    added = [await house.add(name) for name in ("a", "b", "c", "d")]
    numbers = [feed for feed, _ in added]
    await house.poll()
    before = [await house.row(feed) for feed in numbers]
    seen = [len(served.visits) for _, served in added]

    house.dns.is_away = True
    await house.poll_for(numbers, clock() + DAY)

    after = [await house.row(feed) for feed in numbers]
    assert [(row.failures, row.last_error, row.last_cause) for row in after] == [(0, "", "")] * 4
    assert [row.last_ok_at for row in after] == [row.last_ok_at for row in before]
    assert house.poller.out_since is not None
    house.dns.is_away = False
    clock.turn(FLOOR)
    await house.poll()
    assert [len(served.visits) for _, served in added] == [count + 1 for count in seen]
    assert house.poller.out_since is None
    said = [record.message for record in caplog.records]
    assert (said.count("poll.out"), said.count("poll.back")) == (1, 1)


async def test_a_name_that_is_gone_is_its_feeds_own_trouble(house: House, clock: Clock) -> None:
    gone, _ = await house.add("gone")
    others = [(await house.add(name))[0] for name in ("a", "b", "c")]
    house.dns.gone = {"gone.example"}

    await house.poll_for([gone, *others], clock() + 5 * HOUR)

    row = await house.row(gone)
    assert row.failures > 1
    assert row.last_cause == FetchCause.NO_ADDRESS
    assert house.poller.out_since is None


async def test_a_name_service_that_does_not_answer_is_told_from_a_name_that_is_none(
    house: House,
) -> None:
    feed, _ = await house.add("alone")
    house.dns.is_away = True

    await house.poll()

    row = await house.row(feed)
    assert row.last_cause == FetchCause.NO_ANSWER_OF_DNS
    assert "DNS does not answer" in row.last_error


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (403, FetchCause.FORBIDDEN),
        (429, FetchCause.TOO_OFTEN),
        (503, FetchCause.SERVER),
    ],
)
async def test_a_feed_that_refuses_a_hundred_times_is_still_visited_at_the_cap(
    house: House, clock: Clock, status: int, cause: FetchCause
) -> None:
    """T25; miniflux #306, #879, #3334."""
    feed, served = await house.add("a")
    served.status = status

    for _ in range(100):
        clock.moment = (await house.row(feed)).next_poll_at
        await house.poll()

    row = await house.row(feed)
    assert (row.failures, row.last_cause, row.is_on) == (100, cause, True)
    assert row.next_poll_at - clock() == CEILING
    assert len(served.visits) == 100


@pytest.fixture(scope="session")
def expired(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate that was good until yesterday, and its key, in one file."""
    openssl, folder = shutil.which("openssl"), tmp_path_factory.mktemp("tls")
    if openssl is None:
        pytest.skip("needs openssl to make a certificate")
    key, wish, both = folder / "key.pem", folder / "wish.pem", folder / "both.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    asked = ["-subj", "/CN=a.example", "-keyout", str(key), "-out", str(wish)]
    subprocess.run([openssl, "req", *kind, *asked], check=True, capture_output=True)
    signed = ["-req", "-in", str(wish), "-signkey", str(key), "-days", "-1"]
    made = subprocess.run([openssl, "x509", *signed], check=False, capture_output=True)
    if made.returncode:
        pytest.skip("this openssl makes no certificate that is out of date")
    both.write_bytes(key.read_bytes() + made.stdout)
    return both


async def test_a_certificate_that_expired_is_looked_at_again_at_the_cap(
    house: House, clock: Clock, expired: Path
) -> None:
    """T25; miniflux #3334."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(expired)
    server = TestServer(http.Application(), host="127.0.0.1", scheme="https")
    await server.start_server(ssl=context)
    feed = await house.newsroom.feed(str(server.make_url("/rss")), host="a.example")

    for _ in range(100):
        clock.moment = (await house.row(feed)).next_poll_at
        await house.poll()

    row = await house.row(feed)
    await server.close()
    assert (row.failures, row.last_cause) == (100, FetchCause.CERTIFICATE)
    assert row.next_poll_at - clock() == CEILING


async def test_an_address_that_moved_for_good_is_remembered_as_an_alias(
    house: House, clock: Clock
) -> None:
    """T32; RSStT #408."""
    feed, old = await house.add("old")
    _, new = await house.add("new")
    there = new.url.replace("127.0.0.1", "new.example") + "?moved"
    old.status, old.headers = 301, {"Location": there}

    await house.poll()

    found = await sources.at_address(house.newsroom.storage, [there])
    assert found is not None
    assert (found.id, found.url) == (feed, (await house.row(feed)).url)


async def test_what_a_visit_brought_from_an_address_that_was_left_meanwhile_is_void(
    house: House, clock: Clock
) -> None:
    feed, served = await house.add("a")
    served.gate = asyncio.Event()
    await house.poller.poll_due()
    await served.is_visited.wait()
    async with house.newsroom.storage.transaction() as tx:
        await feeds.move(tx, feed, "https://b.example/rss", "b.example", clock())
    served.gate.set()
    await house.poller.settled()

    row = await house.row(feed)
    assert (row.is_silent, row.etag, row.url) == (True, "", "https://b.example/rss")
    assert await house.newsroom.count("articles") == 0
