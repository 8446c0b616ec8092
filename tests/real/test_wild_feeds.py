"""541 feeds of every odd shape through the child: no crash, and no entry lost or invented."""

from __future__ import annotations

import io
import tarfile
import warnings
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import feedparser
import pytest

from bot.errors import ParseError
from bot.feeds.parser_process import ParserProcess

ARCHIVE = Path(__file__).parents[2] / "../shared/data/wild-feeds.tar.gz"
ZONE = ZoneInfo("Africa/Casablanca")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not ARCHIVE.exists(), reason="the wild feeds are not beside the checkout"),
]


@pytest.fixture
async def parser() -> AsyncIterator[ParserProcess]:
    process = ParserProcess()
    yield process
    await process.close()


def wild_feeds() -> dict[str, bytes]:
    with tarfile.open(ARCHIVE) as archive:
        return {
            member.name: file.read()
            for member in archive
            if member.name.endswith(".xml") and (file := archive.extractfile(member))
        }


def entries_by_feedparser(body: bytes) -> int:
    with warnings.catch_warnings(action="ignore"):
        return len(feedparser.parse(io.BytesIO(body)).entries)


async def count(parser: ParserProcess, body: bytes) -> int | str:
    """Return how many entries we read, or the reason why none."""
    try:
        document = await parser.parse(body, "", "https://wild.example/", zone=ZONE, now=NOW)
    except ParseError as error:
        return str(error)
    assert document.skipped == 0
    return len(document.entries)


async def test_every_wild_feed_is_read_with_feedparsers_own_number_of_entries(
    parser: ParserProcess,
) -> None:
    feeds = wild_feeds()
    await count(parser, b"")
    child = parser.pid

    ours = {name: await count(parser, body) for name, body in feeds.items()}

    theirs = {name: entries_by_feedparser(body) for name, body in feeds.items()}
    refused = {name: why for name, why in ours.items() if isinstance(why, str)}
    assert len(feeds) == 541
    assert {name: theirs[name] for name in refused} == dict.fromkeys(refused, 0)
    assert all(why in ("the document is empty", "neither RSS nor Atom") for why in refused.values())
    assert {name: ours[name] for name in ours if name not in refused} == {
        name: theirs[name] for name in theirs if name not in refused
    }
    assert parser.pid == child  # it never died
