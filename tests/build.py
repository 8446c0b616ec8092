"""Makers with defaults: a draft, an article, a telling; and articles stored as the river does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.articles.identity import fingerprint
from bot.model import (
    Article,
    ArticleId,
    Draft,
    FeedId,
    Section,
    Source,
    SourceId,
    Story,
    StoryId,
    Telling,
)
from bot.storage import Transaction, articles, sources, stories

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOURCE = Source(SourceId(1), "صحيفة الغد")
BODY = "قالت الوزارة في بلاغ لها إن الأشغال ستنتهي قبل نهاية السنة. وأضافت أن الكلفة لم تتغير."


def draft(**changes: Any) -> Draft:
    """Make a draft; its address follows from its title."""
    title = changes.get("title", "افتتاح ميناء جديد في الشمال")
    url = f"https://news.example/{abs(hash(title))}"
    values: dict[str, Any] = {
        "feed": FeedId(1),
        "source": SOURCE,
        "title": title,
        "url": url,
        "canonical_url": changes.get("url", url),
        "summary": "",
        "body": BODY,
        "author": "",
        "image_url": "",
        "video_url": "",
        "published_at": NOON,
        "first_seen_at": NOON,
        "sections": (Section.POLITICS,),
        "is_urgent": False,
        "fingerprint": fingerprint(title, BODY),
    }
    return Draft(**(values | changes))


def article(**changes: Any) -> Article:
    """Make an article of story 1."""
    own = {name: changes.pop(name) for name in ("id", "story", "revision") if name in changes}
    made = draft(**changes)
    fields = {name: getattr(made, name) for name in Draft.__slots__}
    return Article(**({"id": ArticleId(1), "story": StoryId(1)} | fields | own))


def telling(*told: Article, **changes: Any) -> Telling:
    """Make a story of articles, the first its lead; without any, of one made here."""
    articles_told = told or (article(),)
    lead = articles_told[0]
    values: dict[str, Any] = {
        "id": lead.story,
        "lead": lead.id,
        "section": lead.section,
        "first_at": min(one.first_seen_at for one in articles_told),
        "last_at": max(one.first_seen_at for one in articles_told),
        "sources": len({one.source.id for one in articles_told}),
        "articles": len(articles_told),
        "is_urgent": lead.is_urgent,
    }
    return Telling(Story(**(values | changes)), articles_told)


async def print_story(tx: Transaction, *drafts: Draft) -> StoryId:
    """Store a story told by drafts, the first its lead; their sources and feeds come with them."""
    kept = [await _from_its_feed(tx, one) for one in drafts]
    story = await stories.begin(tx, kept[0])
    stored = [await articles.insert(tx, one, story) for one in kept]
    await stories.write(tx, telling(*stored).story)
    return story


async def _from_its_feed(tx: Transaction, one: Draft) -> Draft:
    source = await sources.add_source(tx, one.source.name, one.first_seen_at)
    url = f"https://feeds.example/{source.id}"
    await sources.add_feed(
        tx, source, url, host="feeds.example", section=None,
        interval=timedelta(minutes=10), now=one.first_seen_at,
    )  # fmt: skip
    feeds = await sources.all_feeds(tx)
    feed = next(feed.id for feed in feeds if feed.url == url)
    values = {name: getattr(one, name) for name in Draft.__slots__}
    return Draft(**(values | {"source": source, "feed": feed}))
