"""Who speaks for a story, and what the story is by all its tellings."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import EPOCH, Article, ArticleId, Section, Story, StoryId
from bot.stories.lead import ENOUGH, told_by
from tests.articles.build import NOW, article, feed, source

STORY = Story(StoryId(1), ArticleId(0), Section.MISC, EPOCH, EPOCH)
POLITICS = feed(1, section=Section.POLITICS)
SPORT = feed(2, of=source(2, "المجمع"), section=Section.SPORT)
UNSURE = feed(3, of=source(3, "الرواق"))
LONG = "كلمة " * ENOUGH


@pytest.mark.parametrize(
    ("lead", "other"),
    [
        pytest.param(article(1, "الحكومة تصادق"), article(2, "الحكومة تصادق"), id="who was first"),
        pytest.param(
            article(2, "الحكومة تصادق", body="نص أطول من الأول"),
            article(1, "الحكومة تصادق", body="نص"),
            id="who says more",
        ),
        pytest.param(
            article(2, "الحكومة تصادق", summary="ملخص طويل نسبيا"),
            article(1, "الحكومة تصادق", body="نص"),
            id="also in a summary",
        ),
        pytest.param(
            article(2, "الحكومة تصادق", body=LONG, image_url="https://m.example/1.jpg"),
            article(1, "الحكومة تصادق", body=LONG + LONG),
            id="enough is enough, then the picture",
        ),
        pytest.param(
            article(2, "الحكومة تصادق", body="نص"),
            article(1, "لن تصدقوا ما قررته الحكومة!", body=LONG),
            id="a headline that tells",
        ),
        pytest.param(
            article(2, "الحكومة تصادق"),
            article(1, "ماذا قررت الحكومة؟ ", body=LONG),
            id="no question",
        ),
    ],
)
def test_the_lead_is(lead: Article, other: Article) -> None:
    for articles in ([lead, other], [other, lead]):
        assert told_by(STORY, articles).lead == lead.id


def test_a_story_counts_its_sources_and_articles() -> None:
    articles = [article(1, of=POLITICS), article(2, of=POLITICS), article(3, of=SPORT)]

    story = told_by(STORY, articles)

    assert (story.sources, story.articles) == (2, 3)


def test_a_story_lasts_until_its_last_article_and_keeps_when_it_began() -> None:
    later = NOW + timedelta(hours=3)

    story = told_by(STORY, [article(1, now=later), article(2)])

    assert (story.first_at, story.last_at) == (STORY.first_at, later)


@pytest.mark.parametrize("is_urgent", [False, True])
def test_a_story_is_urgent_as_soon_as_one_telling_is(is_urgent: bool) -> None:
    assert told_by(STORY, [article(1), article(2, is_urgent=is_urgent)]).is_urgent is is_urgent


@pytest.mark.parametrize(
    ("feeds", "section"),
    [
        pytest.param((POLITICS, SPORT), Section.POLITICS, id="the lead's"),
        pytest.param((UNSURE, SPORT), Section.SPORT, id="another's when the lead is unsure"),
        pytest.param((UNSURE, UNSURE), Section.MISC, id="nobody knows"),
    ],
)
def test_a_story_stands_in(feeds: tuple[object, object], section: Section) -> None:
    articles = [article(n, of=of) for n, of in enumerate(feeds, start=1)]  # type: ignore[arg-type]

    assert told_by(STORY, articles).section is section
