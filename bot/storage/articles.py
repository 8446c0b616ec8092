"""Articles and how we know them again; an id grows with the article's moment.

``id = moment in ms × 4096 + n``: the moment is when we first saw the article if it is undated,
dated in the future or within the last 48 hours, else its own date. So "newest first" is id order,
a wrong zone buries nothing, and an archive that is read in does not look new.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.arabic.fold import fold
from bot.arabic.stem import stems
from bot.model import (
    Article,
    ArticleId,
    Draft,
    FeedId,
    Match,
    Place,
    Row,
    SearchText,
    Section,
    Source,
    SourceId,
    StoryId,
    from_ms,
    to_ms,
)
from bot.storage import Reader, Transaction, Values
from bot.storage.rows import (
    id_list,
    moment,
    moment_or_none,
    number,
    number_or_none,
    text,
    truth,
)

SLOTS = 4096  # ids of one millisecond
FRESH = timedelta(hours=48)


def article_from(row: Row) -> Article:
    """Map a row of ``articles`` joined with its source's name as ``source_name``."""
    return Article(
        id=ArticleId(number(row, "id")),
        feed=FeedId(number(row, "feed")),
        source=Source(SourceId(number(row, "source")), text(row, "source_name")),
        title=text(row, "title"),
        url=text(row, "url"),
        canonical_url=text(row, "canonical_url"),
        summary=text(row, "summary"),
        body=text(row, "body"),
        author=text(row, "author"),
        image_url=text(row, "image_url"),
        video_url=text(row, "video_url"),
        published_at=moment_or_none(row, "published_at"),
        first_seen_at=moment(row, "first_seen_at"),
        sections=tuple(Section(name) for name in text(row, "sections").split(",")),
        is_urgent=truth(row, "is_urgent"),
        fingerprint=text(row, "fingerprint"),
        story=StoryId(number(row, "story")),
        revision=number(row, "revision"),
        video_seconds=number_or_none(row, "video_seconds"),
    )


def first_id(moment: datetime) -> ArticleId:
    """Return the first id of a moment: all that is older has a smaller one."""
    return ArticleId(to_ms(moment) * SLOTS)


def moment_of(draft: Draft) -> datetime:
    """Return the moment that an article's id is made of."""
    seen, published = draft.first_seen_at, draft.published_at
    if published is None or published > seen - FRESH:
        return seen
    return published


def searchable(draft: Draft | Article) -> SearchText:
    """Return what the search index keeps of an article."""
    text = f"{draft.summary}\n{draft.body}"
    return SearchText(
        fold(draft.title), " ".join(stems(draft.title)), fold(text), " ".join(stems(text))
    )


async def insert(tx: Transaction, draft: Draft, story: StoryId) -> Article:
    """Store a new article and make it findable."""
    article_id = await _free_id(tx, moment_of(draft))
    await tx.execute(
        "INSERT INTO articles (id, feed, source, story, title, url, canonical_url, summary, body,"
        " author, image_url, video_url, video_seconds, published_at, first_seen_at, is_urgent,"
        " fingerprint, sections) VALUES (:id, :feed, :source, :story, :title, :url, :canonical_url,"
        " :summary, :body, :author, :image_url, :video_url, :video_seconds, :published_at,"
        " :first_seen_at, :is_urgent, :fingerprint, :sections)",
        {"id": article_id, "story": story, **_columns(draft)},
    )
    await _place(tx, article_id, draft.sections)
    await tx.index(article_id, searchable(draft))
    return (await by_ids(tx, [article_id]))[0]


async def _free_id(tx: Transaction, moment: datetime) -> ArticleId:
    """Return the next id of a moment; an archive dated to the day may fill a millisecond."""
    first = first_id(moment)
    while True:
        rows = await tx.fetch(
            "SELECT max(id) AS id FROM articles WHERE id >= :first AND id < :next",
            {"first": first, "next": first + SLOTS},
        )
        last = number_or_none(rows[0], "id")
        if last is None:
            return first
        if last + 1 < first + SLOTS:
            return ArticleId(last + 1)
        first = ArticleId(first + SLOTS)


def _columns(draft: Draft) -> Values:
    return {
        "feed": draft.feed,
        "source": draft.source.id,
        "title": draft.title,
        "url": draft.url,
        "canonical_url": draft.canonical_url or None,
        "summary": draft.summary,
        "body": draft.body,
        "author": draft.author,
        "image_url": draft.image_url,
        "video_url": draft.video_url,
        "video_seconds": draft.video_seconds,
        "published_at": to_ms(draft.published_at) if draft.published_at else None,
        "first_seen_at": to_ms(draft.first_seen_at),
        "is_urgent": int(draft.is_urgent),
        "fingerprint": draft.fingerprint,
        "sections": ",".join(draft.sections),
    }


async def _place(tx: Transaction, article: ArticleId, sections: Sequence[Section]) -> None:
    await tx.execute_many(
        "INSERT INTO article_sections (section, article, place) VALUES (:section, :article, :place)"
        " ON CONFLICT (section, article) DO NOTHING",
        [
            {"section": section.value, "article": article, "place": place}
            for place, section in enumerate(sections)
        ],
    )


async def revise(tx: Transaction, article: Article, draft: Draft, now: datetime) -> None:
    """Write a correction over an article; what it was first seen as, and where, stays.

    What leaves the index is what the database holds now: one document may correct it twice.
    """
    stored = (await by_ids(tx, [article.id]))[0]
    await tx.unindex(article.id, searchable(stored))
    await tx.execute(
        "UPDATE articles SET title = :title, summary = :summary, body = :body, author = :author,"
        " image_url = :image_url, video_url = :video_url, video_seconds = :video_seconds,"
        " url = :url, fingerprint = :fingerprint, revision = revision + 1, changed_at = :now"
        " WHERE id = :id",
        {
            "id": article.id,
            "title": draft.title,
            "summary": draft.summary,
            "body": draft.body,
            "author": draft.author,
            "image_url": draft.image_url,
            "video_url": draft.video_url,
            "video_seconds": draft.video_seconds,
            "url": draft.url,
            "fingerprint": draft.fingerprint,
            "now": to_ms(now),
        },
    )
    await tx.index(article.id, searchable(draft))


async def add_sections(tx: Transaction, article: Article, sections: Sequence[Section]) -> None:
    """Let an article stand in more sections, as when a second feed of its source carries it."""
    more = tuple(section for section in sections if section not in article.sections)
    if not more:
        return
    every = article.sections + more
    await tx.execute(
        "UPDATE articles SET sections = :sections WHERE id = :id",
        {"id": article.id, "sections": ",".join(every)},
    )
    await _place(tx, article.id, every)


async def leave_section(tx: Transaction, article: Article, section: Section) -> None:
    """Take an article out of a section; where it is shown it stays."""
    left = [one for place, one in enumerate(article.sections) if place == 0 or one is not section]
    await tx.execute(
        "UPDATE articles SET sections = :sections WHERE id = :id",
        {"id": article.id, "sections": ",".join(left)},
    )
    await tx.execute(
        "DELETE FROM article_sections WHERE article = :id AND section = :section AND place > 0",
        {"id": article.id, "section": section.value},
    )


async def mark_urgent(tx: Transaction, article: ArticleId, *, is_urgent: bool) -> None:
    """Mark an article as urgent, or as urgent no more."""
    await tx.execute(
        "UPDATE articles SET is_urgent = :urgent WHERE id = :id",
        {"id": article, "urgent": int(is_urgent)},
    )


async def by_ids(reader: Reader, ids: Iterable[ArticleId]) -> Sequence[Article]:
    """Return articles by id, newest first; ids that are gone are left out."""
    rows = await reader.fetch(
        "SELECT articles.*, sources.name AS source_name FROM articles"
        " JOIN sources ON sources.id = articles.source"
        " WHERE articles.id IN (SELECT value FROM json_each(:ids)) ORDER BY articles.id DESC",
        {"ids": id_list(ids)},
    )
    return [article_from(row) for row in rows]


async def by_canonical_urls(reader: Reader, urls: Iterable[str]) -> Sequence[Article]:
    """Return the articles that stand at canonical addresses."""
    rows = await reader.fetch(
        "SELECT articles.*, sources.name AS source_name FROM articles"
        " JOIN sources ON sources.id = articles.source"
        " WHERE canonical_url IN (SELECT value FROM json_each(:urls))",
        {"urls": json.dumps(list(urls))},
    )
    return [article_from(row) for row in rows]


async def recent_of_source(
    reader: Reader, source: SourceId, since: datetime, limit: int
) -> Sequence[Article]:
    """Return what a source told lately: an entry under a new guid may be one of these."""
    rows = await reader.fetch(
        "SELECT articles.*, sources.name AS source_name FROM articles"
        " JOIN sources ON sources.id = articles.source"
        " WHERE source = :source AND first_seen_at >= :since"
        " ORDER BY first_seen_at DESC LIMIT :limit",
        {"source": source, "since": to_ms(since), "limit": limit},
    )
    return [article_from(row) for row in rows]


async def latest(reader: Reader, *, limit: int) -> Sequence[Article]:
    """Return the newest articles, newest first."""
    rows = await reader.fetch(
        "SELECT articles.*, sources.name AS source_name FROM articles"
        " JOIN sources ON sources.id = articles.source"
        " ORDER BY articles.id DESC LIMIT :limit",
        {"limit": limit},
    )
    return [article_from(row) for row in rows]


async def matches(reader: Reader, places: Mapping[ArticleId, Sequence[Place]]) -> list[Match]:
    """Return what ranking must know of articles, without their texts; newest first."""
    rows = await reader.fetch(
        "SELECT id, story, title FROM articles WHERE id IN (SELECT value FROM json_each(:ids))"
        " ORDER BY id DESC",
        {"ids": id_list(places)},
    )
    return [
        Match(
            article := ArticleId(number(row, "id")),
            StoryId(number(row, "story")),
            text(row, "title"),
            from_ms(article // SLOTS),
            tuple(places[article]),
        )
        for row in rows
    ]


async def after(reader: Reader, last: ArticleId, limit: int) -> Sequence[Article]:
    """Return articles by id, those after ``last``: a walk over all of them."""
    rows = await reader.fetch(
        "SELECT articles.*, sources.name AS source_name FROM articles"
        " JOIN sources ON sources.id = articles.source"
        " WHERE articles.id > :last ORDER BY articles.id LIMIT :limit",
        {"last": last, "limit": limit},
    )
    return [article_from(row) for row in rows]


async def last_in_section(reader: Reader, section: Section) -> datetime | None:
    """Return when a section's own feeds last brought something, kept or not; None: never."""
    rows = await reader.fetch(
        "SELECT max(last_new_at) AS at FROM feeds WHERE section = :section",
        {"section": section.value},
    )
    return moment_or_none(rows[0], "at")


async def known_keys(
    reader: Reader, feed: FeedId, keys: Iterable[str]
) -> Mapping[str, ArticleId | None]:
    """Return which keys of a feed were seen; None: seen on several entries, so it tells nothing."""
    rows = await reader.fetch(
        "SELECT key, article FROM sightings"
        " WHERE feed = :feed AND key IN (SELECT value FROM json_each(:keys))",
        {"feed": feed, "keys": json.dumps(list(keys))},
    )
    return {
        text(row, "key"): ArticleId(number(row, "article")) if row["article"] is not None else None
        for row in rows
    }


async def keep_keys(
    tx: Transaction, feed: FeedId, keys: Mapping[str, ArticleId | None], now: datetime
) -> None:
    """Remember keys; a key once seen on several entries stays without an article."""
    await tx.execute_many(
        "INSERT INTO sightings (feed, key, article, seen_at) VALUES (:feed, :key, :article, :now)"
        " ON CONFLICT (feed, key) DO UPDATE SET seen_at = excluded.seen_at,"
        " article = CASE WHEN excluded.article IS NULL THEN NULL ELSE sightings.article END",
        [
            {"feed": feed, "key": key, "article": article, "now": to_ms(now)}
            for key, article in keys.items()
        ],
    )
