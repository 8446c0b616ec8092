"""The child that reads feeds: its limits, its deaths, and that they cost one page each."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import ParseError
from bot.feeds.parse import parse
from bot.feeds.parser_process import ParserProcess
from bot.model import Document

ZONE = ZoneInfo("Africa/Algiers")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
URL = "https://akhbar.example/feed"
MIB = 1024 * 1024
LONG = b"<rss><channel>" + b"<item/>" * 1_000_000  # half a minute of feedparser's time
DEEP = b"<rss><channel>" + b"<a>" * 3_000_000  # more than half a GiB of its memory

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's limits and /proc")
Make = Callable[..., ParserProcess]


def page(title: str) -> bytes:
    return f"<rss><channel><item><title>{title}</title></item></channel></rss>".encode()


async def read(parser: ParserProcess, body: bytes) -> Document:
    return await parser.parse(body, "text/xml", URL, zone=ZONE, now=NOW)


async def title_of(parser: ParserProcess, body: bytes) -> str:
    return (await read(parser, body)).entries[0].title


@pytest.fixture
async def parser() -> AsyncIterator[Make]:
    """Make parsers; close them at the end."""
    made: list[ParserProcess] = []

    def make(**limits: float) -> ParserProcess:
        made.append(ParserProcess(**limits))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        await one.close()


async def test_a_page_is_read_as_in_our_own_process(parser: Make) -> None:
    body = (Path(__file__).parent / "data" / "newspaper.xml").read_bytes()

    assert await read(parser(), body) == parse(body, "text/xml", URL, zone=ZONE, now=NOW)


async def test_what_is_no_feed_costs_no_child(parser: Make) -> None:
    reader = parser()
    await read(reader, page("a"))
    before = reader.pid

    with pytest.raises(ParseError, match="an HTML page"):
        await read(reader, b"<!doctype html>")

    assert await title_of(reader, page("b")) == "b"
    assert reader.pid == before


async def test_many_pages_at_once_each_get_their_own_answer(parser: Make) -> None:
    reader = parser()

    titles = await asyncio.gather(*(title_of(reader, page(str(n))) for n in range(20)))

    assert titles == [str(n) for n in range(20)]


async def test_a_page_that_takes_too_long_is_given_up_and_the_next_is_read(parser: Make) -> None:
    reader = parser(seconds=0.5)
    long, short = await asyncio.gather(
        read(reader, LONG), title_of(reader, page("b")), return_exceptions=True
    )

    assert isinstance(long, ParseError)
    assert str(long) == "reading it takes more than 0.5 s"
    assert short == "b"


@linux
async def test_a_page_that_takes_too_much_memory_is_given_up_and_the_next_is_read(
    parser: Make,
) -> None:
    reader = parser(memory=160 * MIB)

    with pytest.raises(ParseError, match="more than 160 MiB of memory"):
        await read(reader, DEEP)

    assert await title_of(reader, page("b")) == "b"


async def test_a_child_that_is_killed_costs_the_page_in_its_hands(parser: Make) -> None:
    reader = parser()
    in_hand = asyncio.create_task(read(reader, LONG))
    while reader.pid is None:
        await asyncio.sleep(0)
    waiting = asyncio.create_task(title_of(reader, page("b")))
    os.kill(reader.pid, signal.SIGKILL)

    with pytest.raises(ParseError, match=r"its reader was killed \(SIGKILL\)"):
        await in_hand
    assert await waiting == "b"


async def test_cancelling_in_the_middle_of_a_page_mixes_no_answers(parser: Make) -> None:
    reader = parser()
    in_hand = asyncio.create_task(read(reader, LONG))
    while reader.pid is None:
        await asyncio.sleep(0)
    waiting = asyncio.create_task(title_of(reader, page("b")))
    in_hand.cancel()

    with pytest.raises(asyncio.CancelledError):
        await in_hand
    assert await waiting == "b"


async def test_the_child_is_replaced_after_its_pages(parser: Make) -> None:
    """T61; kurtmckee/feedparser #287: what it does not give back goes with it."""
    reader = parser(pages=2)
    pids = []
    for name in "abcde":
        assert await title_of(reader, page(name)) == name
        pids.append(reader.pid)

    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]


async def test_closing_ends_the_child_and_its_page(parser: Make) -> None:
    reader = parser()
    in_hand = asyncio.create_task(read(reader, LONG))
    while reader.pid is None:
        await asyncio.sleep(0)
    pid = reader.pid
    await reader.close()

    with pytest.raises(ParseError):
        await in_hand
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert reader.pid is None


async def test_a_parser_never_used_starts_nothing(parser: Make) -> None:
    reader = parser()
    await reader.close()

    assert reader.pid is None


@linux
async def test_the_child_knows_no_secret_of_ours(
    parser: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUJAZ_TOKEN", "123:secret")
    reader = parser()
    await read(reader, page("a"))

    assert b"secret" not in Path(f"/proc/{reader.pid}/environ").read_bytes()


@linux
def test_a_child_does_not_outlive_its_parent() -> None:
    parent = subprocess.run(
        [sys.executable, "-c", ABANDON], capture_output=True, check=False, text=True, timeout=60
    )
    try:
        child = os.pidfd_open(int(parent.stdout))
    except ProcessLookupError:
        return  # gone already
    try:
        assert select.select([child], [], [], 20)[0]
    finally:
        os.close(child)


ABANDON = """
import asyncio, os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo
from bot.feeds.parser_process import ParserProcess

async def abandon():
    parser = ParserProcess()
    await parser.parse(b"<rss/>", "", "", zone=ZoneInfo("UTC"), now=datetime.now(UTC))
    print(parser.pid, flush=True)
    os._exit(9)

asyncio.run(abandon())
"""


def test_the_child_loads_nothing_it_does_not_need() -> None:
    """Start-up costs each restart: no event loop, no HTTP library, no Telegram."""
    program = (
        "import sys, bot.feeds.parser_child\n"
        "print(*{'asyncio', 'aiohttp', 'telegram', 'aiosqlite', 'apscheduler'} & set(sys.modules))"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )

    assert loaded.stdout.split() == []


def test_only_the_child_loads_what_reads_the_words_of_strangers() -> None:
    program = (
        "import sys, bot.app\nprint(*{'feedparser', 'icalendar', 'dateutil'} & set(sys.modules))"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )

    assert loaded.stdout.split() == []


async def test_a_calendar_is_read_in_the_child(parser: Make) -> None:
    page = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20261126T180000Z\n"
        "SUMMARY:المرسى – سبو\nEND:VEVENT\nEND:VCALENDAR\n"
    )

    document = await read(parser(), page.encode())

    assert document.fixtures[0].home == "المرسى"
