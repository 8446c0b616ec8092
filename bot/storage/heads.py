"""What a list must know of articles, newest first, without their texts; pages of stories call it.

Some hundred articles become a list of stories, of which five are shown. Reading them whole would
cost more than all the rest of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import ArticleId, Head, Row, Section, StoryId
from bot.storage import Reader
from bot.storage.rows import number, number_or_none


def _head(row: Row) -> Head:
    return Head(ArticleId(number(row, "id")), StoryId(number(row, "story")))


async def end(reader: Reader) -> ArticleId:
    """Return the id behind all that are stored: a list that ends there knows no later news."""
    rows = await reader.fetch("SELECT max(id) AS id FROM articles")
    newest = number_or_none(rows[0], "id")
    return ArticleId(1 if newest is None else newest + 1)


async def latest(reader: Reader, *, limit: int, before: ArticleId) -> Sequence[Head]:
    """Return the newest articles."""
    rows = await reader.fetch(
        "SELECT id, story FROM articles WHERE id < :before ORDER BY id DESC LIMIT :limit",
        {"before": before, "limit": limit},
    )
    return [_head(row) for row in rows]


async def in_section(
    reader: Reader, section: Section, *, limit: int, before: ArticleId
) -> Sequence[Head]:
    """Return the newest articles of a section."""
    rows = await reader.fetch(
        "SELECT articles.id, articles.story FROM article_sections"
        " JOIN articles ON articles.id = article_sections.article"
        " WHERE article_sections.section = :section AND article_sections.article < :before"
        " ORDER BY article_sections.article DESC LIMIT :limit",
        {"section": section.value, "before": before, "limit": limit},
    )
    return [_head(row) for row in rows]


async def urgent(reader: Reader, *, limit: int, before: ArticleId) -> Sequence[Head]:
    """Return the newest urgent articles."""
    rows = await reader.fetch(
        "SELECT id, story FROM articles WHERE is_urgent = 1 AND id < :before"
        " ORDER BY id DESC LIMIT :limit",
        {"before": before, "limit": limit},
    )
    return [_head(row) for row in rows]
