"""``mujaz feeds``: the list of feeds from a shell, beside a running bot or without one."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from bot.feeds import opml
from bot.sandbox.server import Sandbox
from bot.storage import absence
from tests.cli.desk import OWNER, Desk
from tests.jobs.fake_web import FakeFeed, FakeWeb, Item
from tests.process import PATIENCE, begun, run

BRIDGE = Item("افتتاح جسر جديد", "فتح الجسر اليوم.", "bridge", "https://jadid.example/bridge")
MARKET = Item("سوق جديدة في حي المرسى", "فتحت السوق أبوابها.", "market", "https://jadid.example/m")


@pytest.fixture
async def web() -> AsyncIterator[FakeWeb]:
    async with FakeWeb() as served:
        yield served


@pytest.fixture
def feed(web: FakeWeb) -> FakeFeed:
    return web.feed("rss.xml", [BRIDGE])


@pytest.fixture
def home(web: FakeWeb, feed: FakeFeed) -> FakeFeed:
    """Give the front page of the site, which names its feed."""
    page = web.feed("")
    page.headers["Content-Type"] = "text/html"
    link = f'<link rel="alternate" type="application/rss+xml" href="{feed.url}">'
    page.body = f"<!doctype html><html><head>{link}</head></html>".encode()
    return page


# The list


async def test_the_feed_of_a_page_is_found_and_added_from_a_process(
    at_desk: Desk, home: FakeFeed, feed: FakeFeed
) -> None:
    ended = await run("feeds", "add", home.url, folder=at_desk.folder, token="")

    assert (ended.code, ended.out) == (0, f"{feed.url}: added as المرفأ.\n")
    assert ended.err.splitlines()[0] == "visiting the address …"


async def test_a_feed_is_added_with_the_section_and_the_name_that_were_typed(
    at_desk: Desk, feed: FakeFeed
) -> None:
    words = ("--section", "اقتصاد", "--source", "جديد")

    assert (await at_desk.says("feeds", "add", feed.url, *words)).code == 0

    [told] = await at_desk.objects("feeds", "list")
    assert (told["source"], told["section"], told["on"]) == ("جديد", "economy", True)


async def test_a_calendar_is_added_as_one(at_desk: Desk, web: FakeWeb) -> None:
    calendar = web.feed("m.ics")
    calendar.headers["Content-Type"] = "text/calendar"
    event = "UID:1\r\nDTSTART:20261127T180000Z\r\nSUMMARY:الوداد - الرجاء"
    calendar.body = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    ).encode()

    assert (await at_desk.says("feeds", "add", calendar.url)).code == 0

    assert await at_desk.rows("SELECT kind FROM feeds") == [{"kind": "matches"}]


async def test_a_feed_that_is_polled_already_is_named_and_not_added_again(
    at_desk: Desk, feed: FakeFeed
) -> None:
    await at_desk.says("feeds", "add", feed.url)

    ended = await at_desk.says("feeds", "add", feed.url)

    assert ended.code == 1
    assert ended.err.endswith(f"mujaz: {feed.url} is polled already, as المرفأ.\n")


async def test_a_removed_feed_comes_back_where_it_was(at_desk: Desk, feed: FakeFeed) -> None:
    await at_desk.says("feeds", "add", feed.url)
    removed = await at_desk.says("feeds", "remove", feed.url)
    listed = await at_desk.objects("feeds", "list")

    assert removed.out == f"{feed.url}: removed; its articles stay.\n"
    assert listed == []
    assert (await at_desk.says("feeds", "add", feed.url)).code == 0
    assert await at_desk.rows("SELECT id, is_on FROM feeds") == [{"id": 1, "is_on": 1}]
    assert [row["act"] for row in await at_desk.rows("SELECT act FROM audit")] == [
        *("source.add", "source.remove", "source.add"),
    ]


async def test_what_is_not_polled_cannot_be_removed(at_desk: Desk) -> None:
    await at_desk.let_in([])

    ended = await at_desk.says("feeds", "remove", "https://marfa.example/gone")

    assert ended.code == 1
    assert ended.sentence().endswith("is not polled: mujaz feeds list names those that are.")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("add", "http://127.0.0.1:9/feed"), 1, "mujaz: "),
        (("add", "https://marfa.example/", "--section", "polit"), 2, '--section "polit": one of '),
        (("list",), 1, "mujaz: There is no database "),
        (("poll",), 1, "mujaz: There is no database "),
        (("export",), 1, "mujaz: There is no database "),
        (("import", "gone.opml"), 1, "mujaz: gone.opml cannot be read ("),
    ],
)
async def test_what_cannot_be_done_is_told_in_a_sentence(
    at_desk: Desk, words: tuple[str, ...], code: int, told: str
) -> None:
    ended = await at_desk.says("feeds", *words)

    assert ended.code == code
    assert ended.err.splitlines()[-1].startswith(told)


async def test_a_page_without_a_feed_is_told(at_desk: Desk, web: FakeWeb) -> None:
    page = web.feed("about")
    page.body, page.headers["Content-Type"] = b"<!doctype html><html></html>", "text/html"

    ended = await at_desk.says("feeds", "add", page.url)

    assert ended.code == 1
    assert ended.err.endswith("mujaz: 127.0.0.1 names no feed\n")


# OPML


async def test_a_list_goes_out_and_comes_in_again_as_it_was(at_desk: Desk, web: FakeWeb) -> None:
    for name, section in (("one", "sport"), ("two", "world")):
        await at_desk.says("feeds", "add", web.feed(name, [BRIDGE]).url, "--section", section)
    before = await at_desk.objects("feeds", "list")
    await at_desk.says("feeds", "export", "list.opml")
    printed = await at_desk.says("feeds", "export")
    at_desk.database.unlink()

    told = await at_desk.says("feeds", "import", "list.opml")

    after = await at_desk.objects("feeds", "list")
    kept = ("url", "source", "section")
    assert told.out == "2 added, 0 known already, 0 refused.\n"
    assert [[one[key] for key in kept] for one in after] == [
        [one[key] for key in kept] for one in before
    ]
    assert printed.out.encode() == (at_desk.folder / "list.opml").read_bytes()


async def test_of_a_list_the_new_is_added_the_removed_comes_back_and_the_rest_is_told(
    at_desk: Desk, feed: FakeFeed, web: FakeWeb
) -> None:
    removed = web.feed("removed", [BRIDGE])
    for url in (feed.url, removed.url):
        await at_desk.says("feeds", "add", url)
    await at_desk.says("feeds", "remove", removed.url)
    listed = [
        opml.Listed(feed.url),
        opml.Listed(removed.url),
        opml.Listed("https://new.example/rss", "الجديدة", "الرياضة والمال"),
        opml.Listed("ftp://old.example/rss"),
    ]
    (at_desk.folder / "list.opml").write_bytes(opml.write(listed, "mine"))

    told = await at_desk.says("feeds", "import", "list.opml")

    assert told.out == "2 added, 1 known already, 1 refused.\n"
    assert told.err.startswith("ftp://old.example/rss: ")
    assert len(await at_desk.objects("feeds", "list")) == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [("[]", "the list is no XML (line 1)"), ("<html/>", "the document is no OPML")],
)
async def test_what_is_no_list_is_refused(at_desk: Desk, words: str, told: str) -> None:
    (at_desk.folder / "list.opml").write_text(words, encoding="utf-8")

    ended = await at_desk.says("feeds", "import", "list.opml")

    assert (ended.code, ended.sentence()) == (1, f"mujaz: {told}")


async def test_a_list_that_cannot_be_written_is_told(at_desk: Desk, feed: FakeFeed) -> None:
    await at_desk.says("feeds", "add", feed.url)

    ended = await at_desk.says("feeds", "export", "gone/list.opml")

    assert ended.code == 1
    assert ended.sentence().startswith("mujaz: gone/list.opml cannot be written (")


# Visits


async def test_without_a_running_bot_the_command_visits_by_itself(
    at_desk: Desk, feed: FakeFeed, web: FakeWeb
) -> None:
    fails = web.feed("fails", [MARKET])
    for url in (feed.url, fails.url):
        await at_desk.says("feeds", "add", url)
    fails.status = 503

    told = await at_desk.says("feeds", "poll")

    assert (told.code, told.out) == (0, "2 visited, 1 new articles, 1 failed.\n")
    assert told.err.startswith(f"{fails.url}: ")
    listed = {one["url"]: one for one in await at_desk.objects("feeds", "list")}
    assert listed[feed.url]["last_new_at"] is not None
    assert (listed[fails.url]["failures"], listed[fails.url]["cause"]) == (1, "server")


async def test_one_feed_is_visited_alone_and_its_failure_ends_with_1(
    at_desk: Desk, feed: FakeFeed, web: FakeWeb
) -> None:
    other = web.feed("other", [MARKET])
    for url in (feed.url, other.url):
        await at_desk.says("feeds", "add", url)
    visits = len(other.visits)
    good = await at_desk.says("feeds", "poll", feed.url)
    feed.status = 404
    bad = await at_desk.says("feeds", "poll", feed.url)

    assert (good.code, good.out) == (0, "1 visited, 1 new articles, 0 failed.\n")
    assert bad.code == 1
    assert len(other.visits) == visits


async def test_what_came_while_nobody_ran_is_told_by_the_next_run_as_one(
    at_desk: Desk, feed: FakeFeed
) -> None:
    await at_desk.let_in([OWNER])
    storage, now = await at_desk.open(), datetime.now(UTC)
    async with storage.transaction() as tx:
        await absence.live(tx, now - timedelta(hours=5))
    await storage.close()
    await at_desk.says("feeds", "add", feed.url)

    await at_desk.says("feeds", "poll")

    storage = await at_desk.open()
    missed = await absence.standing(storage)
    await storage.close()
    assert missed is not None


async def test_beside_a_running_bot_it_is_the_bot_that_visits(
    at_desk: Desk, telegram: Sandbox, feed: FakeFeed
) -> None:
    async with begun("run", folder=at_desk.folder, token="") as running:
        await telegram.until(lambda: telegram.desk.updates.is_awaited, PATIENCE)
        added = await at_desk.says("feeds", "add", feed.url)
        await visited(feed, 2)  # by the command that looked for it, and by the bot

        is_visited = False
        while not is_visited:  # the bot may still be writing what it found at its first visit
            told = await at_desk.says("feeds", "poll", feed.url)
            with suppress(TimeoutError):
                await visited(feed, 3, within=1.5)
                is_visited = True
        running.told(signal.SIGTERM)
        ended = await running.ends()

    assert added.code == ended.code == 0
    assert told.out == "1 due: the running bot visits them now.\n"


async def visited(feed: FakeFeed, times: int, within: float = PATIENCE) -> None:
    """Wait until a feed was visited so often."""
    async with asyncio.timeout(within):
        while len(feed.visits) < times:
            feed.is_visited.clear()
            await feed.is_visited.wait()
