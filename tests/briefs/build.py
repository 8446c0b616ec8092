"""Makers with defaults: articles and stories of a fictitious press, and the moment of the tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone

from bot.model import (
    Article,
    ArticleId,
    FeedId,
    Mode,
    Section,
    Source,
    SourceId,
    Story,
    StoryId,
    Subject,
    Taste,
    Telling,
    section_subject,
)
from bot.texts import Texts

ZONE = timezone(timedelta(hours=1))  # no golden page may change with the rules of a country
NOW = datetime(2026, 11, 26, 13, 30, tzinfo=UTC)  # a Thursday, 14:30 in ZONE
TEXTS = Texts.load()
BODY = (
    "الرباط - المرفأ: صادق مجلس الحكومة، اليوم الخميس، على المشروع متوقعا نموا بنسبة 4.2 في "
    "المائة.\n\nورفع المشروع ميزانيتي الصحة والتعليم بـ 14 مليار درهم. ويحال على البرلمان قبل "
    "نهاية الأسبوع."
)


def taste(
    *sections: Section, follows: Iterable[Subject] = (), mutes: Iterable[Subject] = ()
) -> Taste:
    """Make a taste of sections and other subjects, all followed in the digest."""
    subjects = (*map(section_subject, sections), *follows)
    return Taste(dict.fromkeys(subjects, Mode.DIGEST), dict.fromkeys(mutes))


def source(name: str = "المرفأ") -> Source:
    """Make a publisher; equal names are one publisher."""
    return Source(SourceId(sum(map(ord, name))), name)


def article(
    title: str = "مجلس الحكومة يصادق على مشروع قانون المالية",
    body: str = BODY,
    *,
    number: int = 1,
    story: int = 9,
    by: str = "المرفأ",
    ago: timedelta = timedelta(minutes=10),
    sections: Sequence[Section] = (Section.POLITICS,),
    is_urgent: bool = False,
    summary: str = "",
    author: str = "",
    url: str = "https://marfa.example/1",
    image_url: str = "",
    video_url: str = "",
) -> Article:
    """Make an article that was seen ``ago`` before NOW."""
    return Article(
        id=ArticleId(number),
        feed=FeedId(1),
        source=source(by),
        title=title,
        url=url,
        canonical_url=url,
        summary=summary,
        body=body,
        author=author,
        image_url=image_url,
        video_url=video_url,
        published_at=NOW - ago,
        first_seen_at=NOW - ago,
        sections=tuple(sections),
        is_urgent=is_urgent,
        fingerprint="",
        story=StoryId(story),
    )


def telling(*articles: Article) -> Telling:
    """Make the story of some articles, lead first; without any, of the default one."""
    told = articles or (article(),)
    seen = [one.first_seen_at for one in told]
    return Telling(
        Story(
            id=told[0].story,
            lead=told[0].id,
            section=told[0].section,
            first_at=min(seen),
            last_at=max(seen),
            sources=len({one.source.id for one in told}),
            articles=len(told),
            is_urgent=any(one.is_urgent for one in told),
        ),
        tuple(told),
    )


def told_by(count: int, lead: Article) -> Telling:
    """Make a story that ``count`` sources tell, the lead's first."""
    others = (
        article(
            lead.title,
            lead.body,
            number=lead.id * 100 + number,
            story=lead.story,
            by=f"جريدة {number}",
            ago=NOW - lead.first_seen_at,
            sections=lead.sections,
        )
        for number in range(1, count)
    )
    return telling(lead, *others)
