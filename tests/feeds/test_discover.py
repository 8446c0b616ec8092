"""A typed address, the feed behind it: over HTTP and through the parser's child, within limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest

from bot.errors import FetchCause, FetchError
from bot.feeds import discover
from bot.feeds.discover import VISITS, Discoverer, Found, Step, address_in
from bot.feeds.fetch import Fetcher
from bot.feeds.parser_process import ParserProcess
from bot.model import FeedKind
from tests.feeds.conftest import NOW, ZONE
from tests.jobs.fake_web import FakeFeed, FakeWeb, Item

NEWS = Item("افتتاح ميناء جديد", "افتتح الميناء اليوم.", "port", "https://ghad.example/port")
CALENDAR = b"""BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r
DTSTART:20261127T180000Z\r\nSUMMARY:\xd8\xa7\xd9\x84\xd9\x88\xd8\xaf\xd8\xa7\xd8\xaf - \
\xd8\xa7\xd9\x84\xd8\xb1\xd8\xac\xd8\xa7\xd8\xa1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"""


@pytest.fixture
async def web() -> AsyncIterator[FakeWeb]:
    async with FakeWeb() as served:
        yield served


@pytest.fixture
async def discoverer() -> AsyncIterator[Discoverer]:
    parser = ParserProcess()
    async with Fetcher(user_agent="Mujaz/test", hosts=8, allow_private=True) as fetcher:
        yield Discoverer(
            fetcher, parser, zone=ZoneInfo(ZONE.key), now=lambda: NOW, allow_private=True
        )
    await parser.close()


def a_page(web: FakeWeb, name: str, head: str = "") -> FakeFeed:
    page = web.feed(name)
    page.headers["Content-Type"] = "text/html"
    page.body = f"<!doctype html><html><head>{head}</head><body>أهلا</body></html>".encode()
    return page


def link(place: str) -> str:
    return f'<link rel="alternate" type="application/rss+xml" href="{place}">'


async def found(discoverer: Discoverer, url: str) -> tuple[Found, list[Step]]:
    steps: list[Step] = []

    async def told(step: Step) -> None:
        steps.append(step)

    return await discoverer.find(url, told), steps


async def refused(discoverer: Discoverer, url: str) -> FetchCause:
    with pytest.raises(FetchError) as error:
        await found(discoverer, url)
    return error.value.cause


async def test_a_feeds_own_address_is_the_feed(web: FakeWeb, discoverer: Discoverer) -> None:
    feed = web.feed("rss", [NEWS])

    told, steps = await found(discoverer, feed.url)

    assert (told.url, told.document.title, told.others) == (feed.url, "المرفأ", ())
    assert steps == [Step.ADDRESS]
    assert len(feed.visits) == 1


async def test_a_page_leads_to_the_feed_it_names(web: FakeWeb, discoverer: Discoverer) -> None:
    page = a_page(web, "site", link("/broken") + link("/news") + link("/sport"))
    a_page(web, "broken")
    news, sport = web.feed("news", [NEWS]), web.feed("sport", [NEWS])

    told, steps = await found(discoverer, page.url)

    assert (told.url, told.others) == (news.url, (sport.url,))
    assert steps == [Step.ADDRESS, Step.LINKS]


async def test_a_silent_page_leads_to_the_usual_places(
    web: FakeWeb, discoverer: Discoverer
) -> None:
    page, feed = a_page(web, "deep/inside"), web.feed("feed.xml", [NEWS])

    told, steps = await found(discoverer, page.url)

    assert told.url == feed.url
    assert steps == [Step.ADDRESS, Step.USUAL]


async def test_a_calendar_is_found_as_what_it_is(web: FakeWeb, discoverer: Discoverer) -> None:
    calendar = web.feed("matches.ics")
    calendar.body, calendar.headers = CALENDAR, {"Content-Type": "text/calendar"}

    told, _ = await found(discoverer, calendar.url)

    assert told.document.kind is FeedKind.MATCHES


async def test_a_lasting_redirect_is_followed_to_its_end(
    web: FakeWeb, discoverer: Discoverer
) -> None:
    new, old, short = web.feed("new", [NEWS]), web.feed("old"), web.feed("short")
    old.status, old.headers = 301, {"Location": new.url}
    short.status, short.headers = 302, {"Location": new.url}

    assert (await found(discoverer, old.url))[0].url == new.url
    assert (await found(discoverer, short.url))[0].url == short.url


async def test_what_a_feed_calls_itself_is_not_believed(
    web: FakeWeb, discoverer: Discoverer
) -> None:
    """T28; iovxw/rssbot #5."""
    feed = web.feed("rss", [NEWS])
    feed.channel += (
        '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self"'
        ' href="http://localhost:4000/rss"/>'
    )

    told, _ = await found(discoverer, feed.url)

    assert told.url == feed.url
    assert told.document.site_url == "https://marfa.example/"


async def test_a_site_without_a_feed_is_left_after_a_few_visits(
    web: FakeWeb, discoverer: Discoverer
) -> None:
    pages = [a_page(web, f"no{number}") for number in range(5)]
    page = a_page(web, "site", "".join(link(one.url) for one in pages))

    assert await refused(discoverer, page.url) is FetchCause.NO_FEED
    usual = [name for name, feed in web.feeds.items() if feed.visits]
    assert len(usual) == 6
    assert VISITS == 8


@pytest.mark.parametrize(("status", "cause"), [(404, FetchCause.GONE), (403, FetchCause.FORBIDDEN)])
async def test_an_address_that_refuses_is_told_by_its_cause(
    web: FakeWeb, discoverer: Discoverer, status: int, cause: FetchCause
) -> None:
    web.feed("a").status = status

    assert await refused(discoverer, web.feeds["a"].url) is cause


async def test_a_site_that_never_ends_is_given_up(
    web: FakeWeb, discoverer: Discoverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = web.feed("slow", [NEWS])
    slow.gate = asyncio.Event()
    monkeypatch.setattr(discover, "TIME", discover.TIME / 150)

    assert await refused(discoverer, slow.url) is FetchCause.SLOW


async def test_a_private_address_is_refused_without_a_visit(web: FakeWeb) -> None:
    feed, parser = web.feed("rss", [NEWS]), ParserProcess()
    async with Fetcher(user_agent="Mujaz/test") as fetcher:
        strict = Discoverer(fetcher, parser, zone=ZoneInfo(ZONE.key), now=lambda: NOW)

        assert await refused(strict, feed.url) is FetchCause.FORBIDDEN_ADDRESS
        with pytest.raises(FetchError, match="port"):
            strict.check(feed.url)

    assert not feed.visits


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://a.example/rss", "https://a.example/rss"),
        ("هذا: https://a.example/rss؟", "https://a.example/rss"),
        ("a.example", "https://a.example"),
        ("www.a.example/x/ شكرا", "https://www.a.example/x/"),
        ("webcal://a.example/m.ics", "https://a.example/m.ics"),
        ("HTTP://A.example", "HTTP://A.example"),
        ("لا عنوان هنا", ""),
        ("", ""),
    ],
)
def test_the_address_is_found_in_what_was_typed(typed: str, address: str) -> None:
    assert address_in(typed) == address
