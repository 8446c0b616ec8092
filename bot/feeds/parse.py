"""The bytes of a feed in, a Document out; called by ``parser_child``, a page at a time.

The plot: tell the encoding, mend what no XML may hold, let feedparser read, turn its entries into
ours. Broken feeds survive: feedparser falls back from its strict parser to its loose one, and an
entry that cannot be told is skipped and counted. Only what is no feed at all is a ParseError.
"""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import feedparser

from bot.errors import ParseError
from bot.feeds.addresses import is_local
from bot.feeds.charset import decode
from bot.feeds.dates import read_date
from bot.feeds.entries import TITLE_LIMIT, Surroundings, read_entry
from bot.feeds.raw import Raw, first, number, plain, several, text
from bot.feeds.sanitize import cut, safe_url, to_line
from bot.model import Document, Entry

ENTRIES_LIMIT: Final = 500  # entries of one document; a newspaper's feed has ten to a hundred
LONGEST_TTL: Final = timedelta(days=365)
_HEAD: Final = 4_096  # characters in which a document shows what it is
_NO_XML: Final = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
_REFERENCE: Final = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_LONGEST_REFERENCE: Final = 8  # digits; the last character has seven
_NO_CODE: Final = 0x110000  # the first number after Unicode's last
_BEGINNING: Final = re.compile(r"<(?:\?xml|rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
_PERIODS: Final = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}


def parse(body: bytes, content_type: str, url: str, *, zone: ZoneInfo, now: datetime) -> Document:
    """Read a feed; ParseError says in a sentence why it is none.

    ``url`` is where it came from, ``zone`` whose clock its dates without a zone mean.
    """
    if not body.strip():
        raise ParseError("the document is empty")
    page = _mend(decode(body, content_type))
    result = _read(page)
    entries = several(result, "entries")
    version = text(result, "version")
    if not version and not entries:
        raise ParseError(_what_it_is(page))
    feed = plain(result.get("feed"))
    site = _site(feed, url)
    base = site if site and version.startswith("rss") else url  # Atom's are the document's own
    read, skipped = read_entries(entries, Surroundings(base, zone, now))
    title = cut(to_line(text(feed, "title")), TITLE_LIMIT)
    return Document(read, title=title, site_url=site, ttl=_ttl(feed), skipped=skipped)


def read_entries(entries: list[Raw], around: Surroundings) -> tuple[tuple[Entry, ...], int]:
    """Turn raw entries into ours; return them and how many could not be read."""
    read: list[Entry] = []
    skipped = 0
    for raw in _newest(entries, around):
        try:
            read.append(read_entry(raw, around))
        except ValueError:  # a lone surrogate, a number out of range: this entry's fault alone
            skipped += 1
    return tuple(read), skipped


def _newest(entries: list[Raw], around: Surroundings) -> list[Raw]:
    """Keep the end of a long document where its newest entries stand."""
    if len(entries) <= ENTRIES_LIMIT:
        return entries
    ends = (text(entries[end], "published", "updated") for end in (0, -1))
    top, bottom = (read_date(words, around.zone, around.now) for words in ends)
    if top and bottom and top < bottom:
        return entries[-ENTRIES_LIMIT:]
    return entries[:ENTRIES_LIMIT]


def _read(page: str) -> Raw:
    try:
        result = feedparser.parse(
            io.BytesIO(page.encode("utf-8")),  # never bytes: it would open a file of that name
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except MemoryError:  # the child's limit, not the document's grammar
        raise
    except Exception as error:  # its loose parser raises anything at all on hostile bytes
        raise ParseError(f"the document cannot be read ({type(error).__name__})") from error
    return plain(result)


def _mend(page: str) -> str:
    """Drop what no XML may hold, and what a server printed before the document began."""
    page = _REFERENCE.sub(_allowed, _NO_XML.sub("", page)).lstrip("\ufeff \t\r\n")
    beginning = _BEGINNING.search(page, 0, _HEAD)
    return page[beginning.start() :] if beginning else page


def _allowed(reference: re.Match[str]) -> str:
    """Drop a reference to no character: strict parsers refuse the page, the loose one falls."""
    hexadecimal, decimal = reference.groups()
    digits, base = (hexadecimal, 16) if hexadecimal else (decimal, 10)
    code = int(digits, base) if len(digits) <= _LONGEST_REFERENCE else _NO_CODE
    return "" if code >= _NO_CODE or _NO_XML.match(chr(code)) else reference.group()


def _what_it_is(page: str) -> str:
    head = page[:_HEAD].lower()
    if "<html" in head or "<!doctype html" in head:
        return "an HTML page, not a feed"
    if head.startswith(("{", "[")):
        return "a JSON document, not an RSS or Atom feed"
    return "neither RSS nor Atom"


def _site(feed: Raw, url: str) -> str:
    """Return the newspaper's home page; a machine's own name is a mistake of its administrator."""
    pages = (
        safe_url(text(link, "href"), url)
        for link in several(feed, "links")
        if text(link, "rel") in ("", "alternate")
    )
    return first(page for page in pages if is_local(url) or not is_local(page))


def _ttl(feed: Raw) -> timedelta | None:
    """Return how long the feed asks to be left alone, if anyone chose to ask.

    "hourly, once" is what every WordPress writes unasked (wp-includes/feed-rss2.php): no wish.
    """
    minutes = number(feed, "ttl")
    if minutes:
        return min(timedelta(minutes=minutes), LONGEST_TTL)
    period = _PERIODS.get(text(feed, "sy_updateperiod").lower())
    times = max(1, number(feed, "sy_updatefrequency"))
    if period is None or (period, times) == (_PERIODS["hourly"], 1):
        return None
    return period / times
