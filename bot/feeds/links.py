"""A web page in, the addresses of its feeds out; called by ``discover``. Nothing is fetched here.

Pages come from strangers and may be large: tags are looked for one by one, each of bounded length,
so the time grows with the page and no faster. The law: a page of the web leads to no machine of
somebody's own network, whatever it says (iovxw/rssbot #5).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, urljoin, urlsplit

from bot.feeds.addresses import is_local

MOST_LINKS: Final = 5  # feeds of one page that are looked at
_HEAD: Final = 512 * 1024  # characters of a page in which its links are looked for
_TAG: Final = re.compile(r"<(link|base)\s([^>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(
    r"([a-z][a-z-]{0,20})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)
_TYPES: Final = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "text/calendar",
    }
)
_WELL_KNOWN: Final = (
    *("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/?feed=rss2"),
)
_YOUTUBE: Final = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com"})
_VIDEOS: Final = "https://www.youtube.com/feeds/videos.xml"
_CHANNEL: Final = re.compile(r"/channel/(UC[\w-]{22})(?:/|$)")
_CHANNEL_IN_PAGE: Final = re.compile(
    r"(?:\"(?:externalId|channelId)\":\"|itemprop=\"identifier\" content=\")(UC[\w-]{22})\""
)


def feeds_of(page: str, url: str) -> tuple[str, ...]:
    """Return the feeds that a page names, the likeliest first; those of comments come last."""
    base, found = url, dict[str, str]()
    for name, attributes in _tags(page):
        if name == "base":
            base = urljoin(url, attributes.get("href", ""))
        elif _is_feed(attributes):
            found.setdefault(_join(base, attributes["href"]), attributes.get("title", ""))
    found.pop("", None)
    public = [one for one in found if is_local(url) or not is_local(one)]
    public.sort(key=lambda one: "comment" in f"{one} {found[one]}".lower())
    return tuple(public[:MOST_LINKS])


def well_known(url: str) -> tuple[str, ...]:
    """Return where the feed of a site usually stands."""
    root = urlsplit(url)._replace(path="", query="", fragment="").geturl()
    return tuple(root + path for path in _WELL_KNOWN)


def channel_feed(url: str, page: str = "") -> str:
    """Return the feed of a video channel or playlist, by its address or its page; "" for none."""
    parts = urlsplit(url)
    if (parts.hostname or "") not in _YOUTUBE:
        return ""
    if playlist := parse_qs(parts.query).get("list"):
        return f"{_VIDEOS}?playlist_id={playlist[0]}"
    channel = _CHANNEL.match(parts.path) or _CHANNEL_IN_PAGE.search(page)
    return f"{_VIDEOS}?channel_id={channel[1]}" if channel else ""


def _tags(page: str) -> Iterator[tuple[str, dict[str, str]]]:
    for tag in _TAG.finditer(_without_comments(page[:_HEAD])):
        attributes: dict[str, str] = {}
        for found in _ATTRIBUTE.finditer(tag[2]):
            value = next((one for one in found.groups()[1:] if one is not None), "")
            attributes.setdefault(found[1].lower(), html.unescape(value).strip())
        yield tag[1].lower(), attributes


def _without_comments(page: str) -> str:
    first, *others = page.split("<!--")
    return first + "".join(other.partition("-->")[2] for other in others)


def _is_feed(attributes: dict[str, str]) -> bool:
    relations = attributes.get("rel", "").lower().split()
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    return "alternate" in relations and kind in _TYPES and bool(attributes.get("href"))


def _join(base: str, href: str) -> str:
    """Return a link's whole address; "" for what is none of the web."""
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme == "webcal":
        return parts._replace(scheme="https").geturl()
    return url if parts.scheme in ("http", "https") and parts.hostname else ""
