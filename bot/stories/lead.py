"""What a story has become when an article joined or changed: its lead, its counts, its urgency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.model import Article, Section, Story

ENOUGH = 600  # characters of text; beyond them a telling is not more complete


def told_by(story: Story, articles: Sequence[Article]) -> Story:
    """Return the story as its articles make it; ``articles`` are all it has, at least one."""
    lead = max(articles, key=_speaks_for)
    return replace(
        story,
        lead=lead.id,
        section=_section(articles, lead),
        last_at=max(article.first_seen_at for article in articles),
        sources=len({article.source.id for article in articles}),
        articles=len(articles),
        is_urgent=any(article.is_urgent for article in articles),
    )


def _speaks_for(article: Article) -> tuple[bool, int, bool, int]:
    """Order tellings: a headline that tells, then completeness, a picture, who was first."""
    is_teaser = article.title.rstrip().endswith(("\N{ARABIC QUESTION MARK}", "!", "?"))
    length = len(article.body or article.summary)
    return (not is_teaser, min(length, ENOUGH), bool(article.image_url), -article.id)


def _section(articles: Sequence[Article], lead: Article) -> Section:
    """Return the lead's section, unless it is unsure and another telling is not."""
    if lead.section is not Section.MISC:
        return lead.section
    sure = [article.section for article in articles if article.section is not Section.MISC]
    return sure[0] if sure else Section.MISC
