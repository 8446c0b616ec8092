"""What goes through the pipe comes out the same, or not at all."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ParseError
from bot.feeds.wire import (
    LENGTH_SIZE,
    Request,
    WireError,
    pack_answer,
    pack_request,
    read_request,
    unpack_answer,
)
from bot.model import Document, Entry, FeedKind, Fixture, FixtureState

moments = st.datetimes(datetime(1995, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - Hypothesis wants the bounds without a zone
    lambda moment: moment.replace(microsecond=0)
)
entries = st.builds(
    Entry,
    title=st.text(),
    published_at=st.none() | moments,
    video_seconds=st.none() | st.integers(1, 9999),
)
fixtures = st.builds(
    Fixture,
    uid=st.text(),
    home=st.text(),
    away=st.text(),
    starts_at=moments,
    state=st.sampled_from(FixtureState),
    score=st.none() | st.tuples(st.integers(0, 99), st.integers(0, 99)),
    is_timed=st.booleans(),
)
documents = st.builds(
    Document,
    entries=st.lists(entries, max_size=3).map(tuple),
    fixtures=st.lists(fixtures, max_size=3).map(tuple),
    kind=st.sampled_from(FeedKind),
    title=st.text(),
    ttl=st.none() | st.timedeltas(timedelta(0), timedelta(days=365)),
)


def payload(message: bytes) -> bytes:
    assert int.from_bytes(message[:LENGTH_SIZE]) == len(message) - LENGTH_SIZE
    return message[LENGTH_SIZE:]


@given(documents)
def test_a_document_comes_back_equal(document: Document) -> None:
    assert unpack_answer(payload(pack_answer(document))) == document


def test_an_error_comes_back_as_its_sentence() -> None:
    with pytest.raises(ParseError, match="the document is empty"):
        unpack_answer(payload(pack_answer(ParseError("the document is empty"))))


@given(st.binary(), st.text(), st.text(), moments)
def test_a_request_comes_back_equal(body: bytes, kind: str, url: str, now: datetime) -> None:
    request = Request(body, kind, url, ZoneInfo("Africa/Casablanca"), now)

    pipe = io.BytesIO(pack_request(request) * 2)

    assert [read_request(pipe), read_request(pipe), read_request(pipe)] == [request, request, None]


def test_a_request_that_breaks_off_is_the_end() -> None:
    whole = pack_request(
        Request(b"<rss/>", "", "", ZoneInfo("UTC"), datetime(2026, 11, 24, tzinfo=UTC))
    )

    for end in range(len(whole)):
        assert read_request(io.BytesIO(whole[:end])) is None


@pytest.mark.parametrize(
    "change",
    [
        {"entries": None},
        {"entries": [{}]},
        {"entries": "x"},
        {"title": 5},
        {"ttl": "x"},
        {"ttl": 1e300},
        {"skipped": "1"},
        {"error": 5},
    ],
    ids=str,
)
def test_an_answer_that_is_no_document_is_refused(change: dict[str, object]) -> None:
    told = json.loads(payload(pack_answer(Document(())))) | change

    with pytest.raises(WireError):
        unpack_answer(json.dumps(told).encode())


@given(st.binary() | st.sampled_from([b"[]", b"null", b'"x"', b"{}", b"[" * 5000]))
def test_any_other_bytes_are_refused(answer: bytes) -> None:
    with pytest.raises(WireError):
        unpack_answer(answer)
