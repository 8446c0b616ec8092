"""Makers of entries, feeds, drafts and articles with defaults; used by the tests of pure rooms."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

from bot.articles.decide import draft_of
from bot.model import (
    Article,
    ArticleId,
    Draft,
    Entry,
    Feed,
    FeedId,
    Section,
    Source,
    SourceId,
    StoryId,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BODY = (
    "اندلع، صباح الثلاثاء، حريق في مستودع للخشب بحي النخيل في مدينة الزهراء. وتمكنت عناصر الوقاية"
    " المدنية من إخماده بعد ساعتين من العمل، دون تسجيل أي إصابة في صفوف السكان أو العمال."
)


def source(number: int = 1, name: str = "المنارة") -> Source:
    return Source(SourceId(number), name)


def feed(number: int = 1, *, of: Source | None = None, section: Section | None = None) -> Feed:
    return Feed(
        FeedId(number), of or source(), f"https://feed{number}.example/rss", "example", section
    )


def entry(title: str = "حريق في مستودع بالزهراء", **changes: object) -> Entry:
    return replace(Entry(title), **changes)  # type: ignore[arg-type]


def draft(told: Entry, *, of: Feed | None = None, now: datetime = NOW) -> Draft:
    made = draft_of(told, of or feed(), now)
    assert made is not None
    return made


def article_of(made: Draft, number: int, *, story: int | None = None) -> Article:
    values = {field.name: getattr(made, field.name) for field in fields(made)}
    return Article(
        id=ArticleId(number), story=StoryId(number if story is None else story), **values
    )


def article(
    number: int,
    title: str = "حريق في مستودع بالزهراء",
    *,
    story: int | None = None,
    of: Feed | None = None,
    now: datetime = NOW,
    **changes: object,
) -> Article:
    return article_of(draft(entry(title, **changes), of=of, now=now), number, story=story)
