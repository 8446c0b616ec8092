"""Articles of several sources become one story, which is told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.model import FeedId, Section, StoryId
from bot.storage import articles, heads, stories
from tests.jobs.newsroom import FIRE, FIRE_ELSEWHERE, HOUR, MINUTE, Newsroom, entry


async def two_newspapers(newsroom: Newsroom) -> Sequence[FeedId]:
    return [
        await newsroom.feed(),
        await newsroom.feed("https://sahil.example/feed", source="الساحل"),
    ]


async def test_one_event_of_two_newspapers_is_one_story_told_once(newsroom: Newsroom) -> None:
    here, there = await two_newspapers(newsroom)
    await newsroom.take(here, entry(1, title=FIRE[0], body=FIRE[1]))
    newsroom.clock.turn(20 * MINUTE)

    taken = await newsroom.take(there, entry(2, title=FIRE_ELSEWHERE[0], body=FIRE_ELSEWHERE[1]))

    assert (taken.new, taken.calls) == (1, 0)
    [story] = await newsroom.rows("SELECT sources, articles FROM stories")
    assert (story["sources"], story["articles"]) == (2, 2)
    assert await newsroom.count("waves") == 1


async def test_a_story_survives_a_restart_and_is_joined_after_it(newsroom: Newsroom) -> None:
    here, there = await two_newspapers(newsroom)
    await newsroom.take(here, entry(1, title=FIRE[0], body=FIRE[1]))
    newsroom.clock.turn(20 * MINUTE)
    await newsroom.restart()

    taken = await newsroom.take(there, entry(2, title=FIRE_ELSEWHERE[0], body=FIRE_ELSEWHERE[1]))

    assert taken.calls == 0
    assert await newsroom.count("stories") == 1


async def test_a_story_that_its_second_source_makes_urgent_alerts_once(
    newsroom: Newsroom,
) -> None:
    here, there = await two_newspapers(newsroom)
    third = await newsroom.feed("https://jabal.example/feed", source="الجبل")
    await newsroom.take(here, entry(1, title=FIRE[0], body=FIRE[1]))

    urgent = entry(2, title=f"عاجل: {FIRE_ELSEWHERE[0]}", body=FIRE_ELSEWHERE[1])
    second = await newsroom.take(there, urgent)
    after = await newsroom.take(third, replace(urgent, guid="guid-3", link="https://jabal.example"))

    assert (second.calls, after.calls) == (1, 0)
    waves = await newsroom.rows("SELECT audience, occasion FROM waves ORDER BY id")
    assert [wave["audience"] for wave in waves] == ["instant", "urgent"]
    assert waves[0]["occasion"] == waves[1]["occasion"]  # who was told of it is not told again


async def test_a_story_of_this_morning_that_becomes_urgent_now_alerts(newsroom: Newsroom) -> None:
    """The first telling may go on speaking for the story; what is urgent is the new one."""
    here, there = await two_newspapers(newsroom)
    long = FIRE[1] + " " + " ".join([FIRE[1]] * 4)
    await newsroom.take(
        here, entry(1, title=FIRE[0], body=long, published_at=newsroom.clock() - MINUTE)
    )
    now = newsroom.clock.turn(9 * HOUR)

    urgent = entry(2, title=f"عاجل: {FIRE_ELSEWHERE[0]}", body=FIRE_ELSEWHERE[1], published_at=now)
    taken = await newsroom.take(there, urgent)

    assert await newsroom.count("stories") == 1
    assert taken.calls == 1


async def test_an_article_may_stand_in_two_sections(newsroom: Newsroom) -> None:
    feed = await newsroom.feed(section=None)

    await newsroom.take(feed, entry(1, categories=("رياضة", "اقتصاد")))

    [article] = await articles.latest(newsroom.storage, limit=9)
    assert article.sections == (Section.SPORT, Section.ECONOMY)
    for section in (Section.SPORT, Section.ECONOMY):
        end = await heads.end(newsroom.storage)
        [found] = await heads.in_section(newsroom.storage, section, limit=9, before=end)
        assert found.article == article.id


async def test_a_second_feed_of_the_source_adds_its_section_and_no_article(
    newsroom: Newsroom,
) -> None:
    front = await newsroom.feed()
    sport = await newsroom.feed("https://marfa.example/sport", section=Section.SPORT)
    await newsroom.take(front, entry(1))

    taken = await newsroom.take(sport, entry(1, guid="other-name"))

    assert (taken.new, taken.calls) == (0, 0)
    [article] = await articles.latest(newsroom.storage, limit=9)
    assert article.sections == (Section.POLITICS, Section.SPORT)


async def test_a_correction_may_make_its_article_speak_for_the_story(newsroom: Newsroom) -> None:
    here, there = await two_newspapers(newsroom)
    short = entry(2, title=FIRE_ELSEWHERE[0], body="")
    await newsroom.take(here, entry(1, title=FIRE[0], body=FIRE[1]))
    await newsroom.take(there, replace(short, summary=FIRE_ELSEWHERE[1][:120]))

    await newsroom.take(there, replace(short, body=" ".join([FIRE_ELSEWHERE[1]] * 2)))

    [story] = await newsroom.rows("SELECT id FROM stories")
    telling = await stories.telling(newsroom.storage, StoryId(int(str(story["id"]))))
    assert telling is not None
    assert telling.lead.title == FIRE_ELSEWHERE[0]
