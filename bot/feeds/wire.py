"""Requests and Documents in, bytes of a pipe out and back; spoken by the parser and its child.

A message is four bytes of length, then the message. It is JSON and not pickle because the child
reads what strangers wrote: whatever it answers, it can only be data here, and is checked as such.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO, Final, TypeVar
from zoneinfo import ZoneInfo

from bot.errors import ParseError
from bot.model import Document, Entry, FeedKind, Fixture, FixtureState, from_ms, to_ms

T = TypeVar("T")

LENGTH_SIZE: Final = 4  # bytes that tell a message's length, the most significant first
ANSWER_LIMIT: Final = 128 * 1024 * 1024  # bytes; 500 entries at their longest, with room


class WireError(Exception):
    """Say that a message is not what the other side may send."""


@dataclass(frozen=True, slots=True)
class Request:
    """One page to read."""

    body: bytes
    content_type: str
    url: str
    zone: ZoneInfo
    now: datetime


def pack_request(request: Request) -> bytes:
    """Write a request as two messages: what we know of the page, and the page."""
    head = {
        "content_type": request.content_type,
        "url": request.url,
        "zone": request.zone.key,
        "now": to_ms(request.now),
    }
    return _message(json.dumps(head).encode()) + _message(request.body)


def pack_greeting() -> bytes:
    """Write what a child says when it is ready to read: an empty message."""
    return _message(b"")


def read_request(pipe: BinaryIO) -> Request | None:
    """Read the next request; None when the other side has gone."""
    head, body = _read(pipe), _read(pipe)
    if head is None or body is None:
        return None
    told = json.loads(head)
    zone, now = ZoneInfo(told["zone"]), from_ms(told["now"])
    return Request(body, told["content_type"], told["url"], zone, now)


def pack_answer(answer: Document | ParseError) -> bytes:
    """Write what came of a page."""
    told: object = {"error": str(answer)} if isinstance(answer, ParseError) else _told(answer)
    return _message(json.dumps(told).encode())


def unpack_answer(message: bytes) -> Document:
    """Read an answer without its length; ParseError if it was one, WireError if it is neither."""
    try:
        told = json.loads(message)
        if "error" in told:
            raise ParseError(_is(str, told["error"]))
        return _document(told)
    except (KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise WireError("the answer is no document") from error


def _message(payload: bytes) -> bytes:
    return len(payload).to_bytes(LENGTH_SIZE) + payload


def _read(pipe: BinaryIO) -> bytes | None:
    length = pipe.read(LENGTH_SIZE)
    if len(length) < LENGTH_SIZE:
        return None
    payload = pipe.read(int.from_bytes(length))
    return payload if len(payload) == int.from_bytes(length) else None


def _told(document: Document) -> Mapping[str, object]:
    return {
        "entries": [_told_entry(entry) for entry in document.entries],
        "fixtures": [_told_fixture(fixture) for fixture in document.fixtures],
        "kind": document.kind,
        "title": document.title,
        "site_url": document.site_url,
        "ttl": None if document.ttl is None else document.ttl.total_seconds(),
        "skipped": document.skipped,
    }


def _told_entry(entry: Entry) -> Mapping[str, object]:
    return {
        "title": entry.title,
        "guid": entry.guid,
        "link": entry.link,
        "summary": entry.summary,
        "body": entry.body,
        "author": entry.author,
        "published_at": None if entry.published_at is None else to_ms(entry.published_at),
        "categories": entry.categories,
        "image_url": entry.image_url,
        "video_url": entry.video_url,
        "is_urgent": entry.is_urgent,
        "video_seconds": entry.video_seconds,
    }


def _told_fixture(fixture: Fixture) -> Mapping[str, object]:
    return {
        "uid": fixture.uid,
        "home": fixture.home,
        "away": fixture.away,
        "starts_at": to_ms(fixture.starts_at),
        "competition": fixture.competition,
        "venue": fixture.venue,
        "state": fixture.state,
        "score": fixture.score,
        "is_timed": fixture.is_timed,
    }


def _document(told: Mapping[str, Any]) -> Document:
    ttl = told["ttl"]
    return Document(
        entries=tuple(map(_entry, _is(list, told["entries"]))),
        fixtures=tuple(map(_fixture, _is(list, told["fixtures"]))),
        kind=FeedKind(_is(str, told["kind"])),
        title=_is(str, told["title"]),
        site_url=_is(str, told["site_url"]),
        ttl=None if ttl is None else timedelta(seconds=_is(float, ttl)),
        skipped=_is(int, told["skipped"]),
    )


def _entry(told: Mapping[str, Any]) -> Entry:
    published = told["published_at"]
    return Entry(
        title=_is(str, told["title"]),
        guid=_is(str, told["guid"]),
        link=_is(str, told["link"]),
        summary=_is(str, told["summary"]),
        body=_is(str, told["body"]),
        author=_is(str, told["author"]),
        published_at=None if published is None else from_ms(_is(int, published)),
        categories=tuple(_is(str, name) for name in _is(list, told["categories"])),
        image_url=_is(str, told["image_url"]),
        video_url=_is(str, told["video_url"]),
        is_urgent=_is(bool, told["is_urgent"]),
        video_seconds=None if (length := told["video_seconds"]) is None else _is(int, length),
    )


def _fixture(told: Mapping[str, Any]) -> Fixture:
    score = told["score"]
    home, away = (None, None) if score is None else _is(list, score)
    return Fixture(
        uid=_is(str, told["uid"]),
        home=_is(str, told["home"]),
        away=_is(str, told["away"]),
        starts_at=from_ms(_is(int, told["starts_at"])),
        competition=_is(str, told["competition"]),
        venue=_is(str, told["venue"]),
        state=FixtureState(_is(str, told["state"])),
        score=None if score is None else (_is(int, home), _is(int, away)),
        is_timed=_is(bool, told["is_timed"]),
    )


def _is(kind: type[T], value: object) -> T:
    if not isinstance(value, kind):
        raise TypeError(kind.__name__)
    return value
