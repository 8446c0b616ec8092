"""What Mujaz counts while it runs, and what the database tells when asked → /metrics.

Counters are passed to the jobs as plain functions. Gauges are read from the database at most once
a ``FRESH``, however often somebody asks: counting a million readers takes a while.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot import __version__
from bot.model import DeliveryState, to_ms
from bot.storage import Storage
from bot.storage.rows import number, number_or_none

FRESH = 30.0  # seconds

READERS = """
    SELECT sum(left_at IS NULL AND blocked_at IS NULL) AS active,
        sum(left_at IS NOT NULL) AS stopped, sum(blocked_at IS NOT NULL) AS blocked
    FROM subscribers
"""
FEEDS = """
    SELECT sum(is_on = 1 AND failures = 0) AS well, sum(is_on = 1 AND failures > 0) AS failing,
        sum(is_on = 0) AS off
    FROM feeds WHERE removed_at IS NULL
"""
OUTBOX = """
    SELECT (SELECT count(*) FROM deliveries WHERE state = 'waiting') AS waiting,
        (SELECT count(*) FROM waves WHERE state = 'open') AS open,
        (SELECT count(*) FROM waves WHERE state = 'held') AS held,
        (SELECT count(*) FROM digests JOIN subscribers ON subscribers.id = digests.subscriber
          WHERE next_at <= :now AND left_at IS NULL AND blocked_at IS NULL) AS overdue,
        (SELECT max(first_seen_at) FROM articles) AS newest
"""


class Metrics:
    """Count, and answer /metrics."""

    def __init__(self, storage: Storage, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._now = now
        self._read_at = -FRESH
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._messages = Counter(
            "mujaz_messages", "Pushes settled, by how they ended.", ["state"], registry=registry
        )
        self._visits = Counter("mujaz_visits", "Visits of feeds.", ["result"], registry=registry)
        self._articles = Counter("mujaz_articles", "New articles.", registry=registry)
        self._readers = Gauge(
            "mujaz_readers", "Chats that know us, by how they stand.", ["state"], registry=registry
        )
        self._feeds = Gauge("mujaz_feeds", "Addresses we poll.", ["state"], registry=registry)
        self._outbox = Gauge(
            "mujaz_outbox",
            "What is to be sent: waiting deliveries, open and held waves, overdue digests.",
            ["what"],
            registry=registry,
        )
        self._newest = Gauge(
            "mujaz_newest_article_timestamp_seconds",
            "When the newest article came.",
            registry=registry,
        )
        info = Gauge("mujaz_info", "The version that runs.", ["version"], registry=registry)
        info.labels(__version__).set(1)

    def settled(self, state: DeliveryState) -> None:
        """Count a push that was settled; one that waits for another try is not."""
        self._messages.labels(state.value).inc()

    def visited(self, result: str, articles: int = 0) -> None:
        """Count a visit ("ok" or a cause of failure) and the new articles it brought."""
        self._visits.labels(result).inc()
        self._articles.inc(articles)

    def pages(self) -> list[web.RouteDef]:
        """Return the page."""
        return [web.get("/metrics", self._page)]

    async def _page(self, _: web.Request) -> web.Response:
        if time.monotonic() - self._read_at >= FRESH:
            self._read_at = time.monotonic()
            await self._read()
        body = generate_latest(self._registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _read(self) -> None:
        for gauge, sql in ((self._readers, READERS), (self._feeds, FEEDS)):
            (row,) = await self._storage.fetch(sql)
            for name in row:
                gauge.labels(name).set(number_or_none(row, name) or 0)
        (row,) = await self._storage.fetch(OUTBOX, {"now": to_ms(self._now())})
        for name in ("waiting", "open", "held", "overdue"):
            self._outbox.labels(name).set(number(row, name))
        if (newest := number_or_none(row, "newest")) is not None:
            self._newest.set(newest / 1000)
