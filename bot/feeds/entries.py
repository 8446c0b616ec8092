"""A raw entry in, our Entry out: plain text, safe addresses, a date; called by ``parse``.

The law: mend first (quirks), sanitize last, judge nothing. A guid is kept as written: it is a name,
not an address, and "0" is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from bot.arabic.fold import fold
from bot.arabic.lists import word_lists
from bot.feeds.dates import read_date
from bot.feeds.media import image_of, seconds_of, video_of
from bot.feeds.quirks import mended
from bot.feeds.raw import Raw, first, number, plain, several, text
from bot.feeds.sanitize import cut, safe_url, to_line, to_text
from bot.model import Entry

TITLE_LIMIT: Final = 500  # characters, as all limits here
GUID_LIMIT: Final = 1_000
SUMMARY_LIMIT: Final = 3_000
BODY_LIMIT: Final = 50_000
NAME_LIMIT: Final = 100  # an author, a category
CATEGORIES_LIMIT: Final = 20  # categories of one entry
_URGENCY_KEYS: Final = ("urgency", "nitf_urgency", "prism_urgency", "iptc_urgency")
_URGENT: Final = (1, 2)  # IPTC NewsCodes: 1 most urgent, 5 normal, 8 least


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an entry needs to know of its feed."""

    base: str  # what its relative addresses are relative to
    zone: ZoneInfo  # whose clock a date without a zone means
    now: datetime


def read_entry(raw: Raw, around: Surroundings) -> Entry:
    """Turn one raw entry into an Entry; ValueError when it holds what no text can."""
    raw = mended(raw)
    markups = _markups(raw)
    texts = [to_text(markup) for markup in markups]
    categories = tuple(_categories(raw))
    video_url = video_of(raw, around.base)
    return Entry(
        title=cut(to_line(text(raw, "title")), TITLE_LIMIT),
        guid=text(raw, "id")[:GUID_LIMIT],
        link=_link(raw, around.base),
        summary=cut(first(texts), SUMMARY_LIMIT),
        body=cut(max(texts, key=len, default=""), BODY_LIMIT),
        author=_author(raw),
        published_at=_date(raw, around),
        categories=categories,
        image_url=image_of(raw, "".join(markups), around.base),
        video_url=video_url,
        is_urgent=_is_marked_urgent(raw, categories),
        video_seconds=seconds_of(raw) if video_url else None,
    )


def _markups(raw: Raw) -> list[str]:
    """Return what the entry tells, the summary first; each as the feed wrote it."""
    contents = (text(content, "value") for content in several(raw, "content"))
    return [markup for markup in (text(raw, "summary"), *contents) if markup]


def _link(raw: Raw, base: str) -> str:
    """Return where the entry is read: its link, else a guid that is an address in full."""
    pages = (
        text(link, "href")
        for link in several(raw, "links")
        if text(link, "rel") in ("", "alternate")
    )
    return first((*(safe_url(page, base) for page in pages), safe_url(text(raw, "id"))))


def _author(raw: Raw) -> str:
    names = (to_line(text(author, "name")) for author in several(raw, "authors"))
    known = list(dict.fromkeys(name for name in names if name and "@" not in name))
    return cut(", ".join(known), NAME_LIMIT)


def _date(raw: Raw, around: Surroundings) -> datetime | None:
    moments = (
        read_date(text(raw, key), around.zone, around.now)
        for key in ("published", "updated", "created")
    )
    return next((moment for moment in moments if moment), None)


def _categories(raw: Raw) -> Iterable[str]:
    """Name the entry's categories once each; a term that is an address is a program's, not ours."""
    names = (to_line(text(tag, "label", "term")) for tag in several(raw, "tags"))
    known = dict.fromkeys(name for name in names if name and "://" not in name)
    return [cut(name, NAME_LIMIT) for name in list(known)[:CATEGORIES_LIMIT]]


def _is_marked_urgent(raw: Raw, categories: Iterable[str]) -> bool:
    if any(fold(category) in _urgent_words() for category in categories):
        return True
    return any(
        number(raw, key) in _URGENT or number(plain(raw.get(key)), "ed-urg") in _URGENT
        for key in _URGENCY_KEYS
    )


@cache
def _urgent_words() -> frozenset[str]:
    return frozenset(map(fold, word_lists(__package__, "urgent")["categories"]))
