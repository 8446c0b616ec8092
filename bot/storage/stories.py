"""Stories: the articles of one event, and the one that speaks for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.model import (
    Article,
    ArticleId,
    Draft,
    Row,
    Section,
    Story,
    StoryId,
    SubjectKind,
    Taste,
    Telling,
    to_ms,
)
from bot.storage import Reader, Transaction
from bot.storage.articles import article_from
from bot.storage.rows import id_list, moment, number, text, truth


def story_from(row: Row) -> Story:
    """Map a row of ``stories``."""
    return Story(
        id=StoryId(number(row, "id")),
        lead=ArticleId(number(row, "lead")),
        section=Section(text(row, "section")),
        first_at=moment(row, "first_at"),
        last_at=moment(row, "last_at"),
        sources=number(row, "sources"),
        articles=number(row, "articles"),
        is_urgent=truth(row, "is_urgent"),
    )


async def begin(tx: Transaction, draft: Draft) -> StoryId:
    """Begin a story with an article that is about to be stored; ``lead`` follows with it."""
    rows = await tx.fetch(
        "INSERT INTO stories (lead, section, first_at, last_at, articles, is_urgent)"
        " VALUES (0, :section, :seen, :seen, 0, 0) RETURNING id",
        {"section": draft.sections[0].value, "seen": to_ms(draft.first_seen_at)},
    )
    return StoryId(number(rows[0], "id"))


async def write(tx: Transaction, story: Story) -> None:
    """Write what a story has become."""
    await tx.execute(
        "UPDATE stories SET lead = :lead, section = :section, last_at = :last, sources = :sources,"
        " articles = :articles, is_urgent = :urgent WHERE id = :id",
        {
            "id": story.id,
            "lead": story.lead,
            "section": story.section.value,
            "last": to_ms(story.last_at),
            "sources": story.sources,
            "articles": story.articles,
            "urgent": int(story.is_urgent),
        },
    )


async def telling(reader: Reader, story: StoryId) -> Telling | None:
    """Return a story with its articles, lead first."""
    found = await tellings(reader, [story])
    return found[0] if found else None


async def tellings(reader: Reader, ids: Iterable[StoryId]) -> Sequence[Telling]:
    """Return stories with their articles (lead first, then oldest first), in the ids' order."""
    wanted = list(dict.fromkeys(ids))
    rows = await reader.fetch(
        "SELECT * FROM stories WHERE id IN (SELECT value FROM json_each(:ids))",
        {"ids": id_list(wanted)},
    )
    stories = {story.id: story for story in map(story_from, rows)}
    rows = await reader.fetch(
        "SELECT articles.*, sources.name AS source_name FROM articles"
        " JOIN sources ON sources.id = articles.source"
        " WHERE story IN (SELECT value FROM json_each(:ids)) ORDER BY articles.id",
        {"ids": id_list(wanted)},
    )
    told: dict[StoryId, list[Article]] = {}
    for article in map(article_from, rows):
        told.setdefault(article.story, []).append(article)
    return [_lead_first(stories[key], told[key]) for key in wanted if key in told]


def _lead_first(story: Story, articles: list[Article]) -> Telling:
    return Telling(story, tuple(sorted(articles, key=lambda article: article.id != story.lead)))


async def begun_between(
    reader: Reader, after: datetime, until: datetime, each: int
) -> Sequence[StoryId]:
    """Return the stories that began in (after, until], the most told first.

    At most ``each`` of a section: a busy one leaves room for a quiet one.
    """
    rows = await reader.fetch(
        "SELECT id FROM (SELECT id, sources, last_at, row_number() OVER ("
        "  PARTITION BY section ORDER BY sources DESC, last_at DESC, id) AS place FROM stories"
        "  WHERE first_at > :after AND first_at <= :until) AS begun"
        " WHERE place <= :each ORDER BY sources DESC, last_at DESC, id",
        {"after": to_ms(after), "until": to_ms(until), "each": each},
    )
    return [StoryId(number(row, "id")) for row in rows]


async def worth_telling(
    reader: Reader, taste: Taste, after: datetime, until: datetime, each: int
) -> Sequence[StoryId]:
    """Return what an edition chooses from: the stories begun in (after, until], as above, and
    those the reader follows that were joined by something since.
    """
    begun = await begun_between(reader, after, until, each)
    followed = [int(subject.key) for subject in taste.follows if subject.kind is SubjectKind.STORY]
    rows = await reader.fetch(
        "SELECT id FROM stories WHERE id IN (SELECT value FROM json_each(:ids))"
        " AND first_at <= :after AND last_at > :after AND last_at <= :until ORDER BY id",
        {"ids": id_list(followed), "after": to_ms(after), "until": to_ms(until)},
    )
    return [*begun, *(StoryId(number(row, "id")) for row in rows)]


async def window(reader: Reader, since: datetime) -> Sequence[Article]:
    """Return every article first seen since a moment, oldest first: what stories may still join."""
    rows = await reader.fetch(
        "SELECT articles.*, sources.name AS source_name FROM articles"
        " JOIN sources ON sources.id = articles.source"
        " WHERE first_seen_at >= :since ORDER BY articles.id",
        {"since": to_ms(since)},
    )
    return [article_from(row) for row in rows]
