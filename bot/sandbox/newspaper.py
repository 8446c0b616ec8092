"""The sample newspaper: TOML articles come in, real feeds go out over HTTP; the demo's server asks.

Law: what stands in the data under ``minutes_ago`` is out when the program starts; what has a
``later`` number follows one by one in that order, until nothing is left and the feeds go quiet.
A correction replaces the article it corrects and keeps its slug, hence its guid and address.
"""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.sandbox import league
from bot.sandbox.feedxml import Edition, Place, Source, changed_at, write_feed, write_page
from bot.sandbox.league import League

SOURCES = ("marfa", "riwaq", "arkan", "sharfa")
FEED_LENGTH = 30  # entries; a usual length, and every source fits in it
ZONE = ZoneInfo("Africa/Casablanca")
MEDIA_TYPES = {"pictures": "image/png", "videos": "video/mp4"}
HTML_TYPE = "text/html"

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Read the real clock; the default where none is passed."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Article:
    """Hold one article as the data files have it.

    ``event`` is shared by all tellings of one event and ``resembles`` by articles of one template
    on different events; neither reaches a feed. ``minutes_ago`` or ``later`` says when it is out.
    """

    source: str
    slug: str
    title: str
    body: str
    section: str
    categories: tuple[str, ...]
    author: str | None = None
    picture: str | None = None
    video: str | None = None
    seconds: int | None = None
    event: str | None = None
    resembles: str | None = None
    urgent: bool = False
    corrects: str | None = None
    minutes_ago: int | None = None
    later: int | None = None


class Newspaper:
    """Publish the sample articles; time is always the caller's."""

    def __init__(self, start: datetime) -> None:
        data = resources.files("bot.sandbox") / "data"
        self.sources, articles = _read_sources(data)
        self._calendar = _read_toml(data / "calendar.toml")
        self.league = League(_read_toml(data / "league.toml"), start, ZONE)
        self._template = (data / "article.html").read_text(encoding="utf-8")
        self._media = _read_media(data)
        self._start = start
        self._editions: dict[str, Edition] = {}
        self._latest: Edition | None = None
        self._waiting = sorted((a for a in articles if a.later is not None), key=_order)
        out = [a for a in articles if a.minutes_ago is not None]
        for article in sorted(out, key=_age, reverse=True):
            self._publish(article, start - timedelta(minutes=_age(article)))

    def publish_next(self, now: datetime) -> str | None:
        """Bring out the next article; give ``source/slug``, or None when all are out."""
        if not self._waiting:
            return None
        edition = self._publish(self._waiting.pop(0), now)
        return f"{edition.source}/{edition.slug}"

    async def run(self, interval: float, clock: Clock = utc_now) -> None:
        """Publish one article every ``interval`` seconds, and end when nothing is left."""
        while self._waiting:
            await asyncio.sleep(interval)
            self.publish_next(clock())

    def feeds(self) -> list[tuple[str, str, str | None]]:
        """List every feed, matches last: path, name of its source, its section when it has one."""
        found: list[tuple[str, str, str | None]] = []
        for source in self.sources.values():
            if not source.sections:
                found.append((f"/news/{source.key}/feed.xml", source.name, None))
            for name, section in source.sections.items():
                found.append((f"/news/{source.key}/{name}.xml", source.name, section))
        return [*found, (league.PATH, self.league.name, self.league.section)]

    def editions(self, source: str, section: str | None = None) -> list[Edition]:
        """Give what a feed of ``source`` shows now, newest first."""
        mine = [
            edition
            for edition in self._editions.values()
            if edition.source == source and section in (None, edition.section)
        ]
        return sorted(mine, key=lambda e: e.published_at, reverse=True)[:FEED_LENGTH]

    def state(self) -> dict[str, object]:
        """Describe the newsroom for the page: counts, the latest headline, whether it is quiet."""
        latest = self._latest
        return {
            "published": len(self._editions),
            "remaining": len(self._waiting),
            "finished": not self._waiting,
            "latest": latest
            and {
                "title": latest.title,
                "source": self.sources[latest.source].name,
                "url": f"/news/{latest.source}/{latest.slug}",
            },
            "sources": [
                {
                    "name": source.name,
                    "articles": sum(e.source == source.key for e in self._editions.values()),
                }
                for source in self.sources.values()
            ],
        }

    def routes(self, clock: Clock = utc_now) -> list[web.RouteDef]:
        """Give the newspaper's addresses for an aiohttp application."""

        async def next_article(_: web.Request) -> web.Response:
            return web.json_response({"article": self.publish_next(clock()), **self.state()})

        async def newsroom(_: web.Request) -> web.Response:
            return web.json_response(self.state())

        async def calendar(request: web.Request) -> web.Response:
            now = clock()
            body, changed = self.league.calendar(now), self.league.changed_at(now)
            return _conditional(request, body, league.ICAL_TYPE, changed)

        return [
            web.get("/_sandbox/newspaper", newsroom),
            web.post("/_sandbox/newspaper/next", next_article),
            web.get(league.PATH, calendar),
            web.get("/news/{folder:pictures|videos}/{name}", self._serve_media),
            web.get(r"/news/{source}/{feed:[a-z]+}.xml", self._serve_feed),
            web.get("/news/{source}/{slug}", self._serve_article),
        ]

    def _publish(self, article: Article, now: datetime) -> Edition:
        first = self._editions.get(article.corrects) if article.corrects else None
        published_at = first.published_at if first else now
        words = self._words(published_at)
        edition = Edition(
            source=article.source,
            slug=article.corrects or article.slug,
            title=_fill(article.title, words),
            paragraphs=tuple(_fill(article.body, words).strip().split("\n\n")),
            section=article.section,
            categories=article.categories,
            author=article.author,
            picture=article.picture,
            video=article.video,
            seconds=article.seconds,
            published_at=published_at,
            updated_at=now,
        )
        self._editions[edition.slug] = edition
        self._latest = edition
        return edition

    def _words(self, moment: datetime) -> dict[str, str]:
        """Name the day of publication and the next one, as a weather report would."""
        today = moment.astimezone(ZONE).date()
        return {
            name: (
                f"{self._calendar['weekdays'][day.weekday()]} "
                f"{day.day} {self._calendar['months'][day.month - 1]}"
            )
            for name, day in (("{day}", today), ("{tomorrow}", today + timedelta(days=1)))
        }

    async def _serve_feed(self, request: web.Request) -> web.Response:
        source = self.sources.get(request.match_info["source"])
        name = request.match_info["feed"]
        if source is None or name not in (source.sections or {"feed": ""}):
            raise web.HTTPNotFound
        section = source.sections.get(name)
        editions = self.editions(source.key, section)
        body, mime = write_feed(
            source, editions, place=self._place(request), section=section, path=request.path
        )
        return _conditional(request, body, mime, changed_at(editions, self._start))

    async def _serve_article(self, request: web.Request) -> web.Response:
        edition = self._editions.get(request.match_info["slug"])
        if edition is None or edition.source != request.match_info["source"]:
            raise web.HTTPNotFound
        source = self.sources[edition.source]
        page = write_page(self._template, source, edition, self._place(request))
        return _conditional(request, page.encode(), HTML_TYPE, edition.updated_at)

    async def _serve_media(self, request: web.Request) -> web.Response:
        body = self._media.get(request.match_info["name"])
        if body is None:
            raise web.HTTPNotFound
        mime = MEDIA_TYPES[request.match_info["folder"]]
        return _conditional(request, body, mime, self._start)

    def _place(self, request: web.Request) -> Place:
        sizes = {name: len(body) for name, body in self._media.items()}
        return Place(f"{request.scheme}://{request.host}", sizes)


def read_articles() -> list[Article]:
    """Read all sample articles, in the order of the files."""
    return _read_sources(resources.files("bot.sandbox") / "data")[1]


def _conditional(request: web.Request, body: bytes, mime: str, changed: datetime) -> web.Response:
    """Answer with the body, or 304 when the asker has it; an ETag outranks a date (RFC 9110)."""
    tag = sha256(body).hexdigest()[:20]
    response = web.Response(body=body, content_type=mime)
    if not mime.startswith(("image/", "video/")):
        response.charset = "utf-8"
    response.etag = tag
    response.last_modified = changed
    if request.if_none_match is not None:
        known = any(etag.value in (tag, "*") for etag in request.if_none_match)
    else:
        since = request.if_modified_since
        known = since is not None and changed.replace(microsecond=0) <= since
    if known:
        fresh = web.Response(status=304)
        fresh.etag = tag
        fresh.last_modified = changed
        return fresh
    return response


def _read_sources(data: Traversable) -> tuple[dict[str, Source], list[Article]]:
    sources: dict[str, Source] = {}
    articles: list[Article] = []
    for key in SOURCES:
        table = _read_toml(data / f"{key}.toml")
        sources[key] = Source(
            key, table["name"], table["tagline"], table["kind"], table.get("sections", {})
        )
        for row in table["article"]:
            categories = tuple(row.pop("categories"))
            articles.append(Article(source=key, categories=categories, **row))
    return sources, articles


def _read_media(data: Traversable) -> dict[str, bytes]:
    return {
        file.name: file.read_bytes()
        for folder in MEDIA_TYPES
        for file in (data / folder).iterdir()
        if file.name.endswith((".png", ".mp4"))
    }


def _read_toml(file: Traversable) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _fill(text: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(name, word)
    return text


def _order(article: Article) -> int:
    return article.later or 0


def _age(article: Article) -> int:
    return article.minutes_ago or 0
