"""What is said at once after a poll: what began, what has become urgent, never twenty at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import (
    AudienceKind,
    BriefId,
    Matter,
    Priority,
    Section,
    Source,
    SourceId,
    Story,
    StoryId,
    SubscriberId,
    Telling,
)
from bot.outbox.coalesce import (
    MOST_ALONE,
    STILL_AN_ALARM,
    Touched,
    by_readers,
    calls,
    growth_occasion,
    is_alarm,
    only_source,
    story_occasion,
    together_occasion,
)
from tests.articles.build import NOW, article, feed

FRESH = timedelta(hours=6)


def telling(
    number: int,
    *,
    section: Section = Section.POLITICS,
    is_urgent: bool = False,
    age: timedelta = timedelta(0),
) -> Telling:
    lead = article(number, of=feed(section=section), now=NOW - age, is_urgent=is_urgent)
    story = Story(StoryId(number), lead.id, section, NOW, NOW, is_urgent=is_urgent)
    return Telling(story, (lead,))


def before(*, is_urgent: bool = False) -> Story:
    return telling(1, is_urgent=is_urgent).story


def test_a_story_that_began_is_told_to_who_follows_its_section_instantly() -> None:
    (call,) = calls([Touched(telling(1))], NOW, FRESH)

    assert (call.audience.kind, call.audience.section) == (AudienceKind.INSTANT, Section.POLITICS)
    assert (call.priority, call.occasion) == (Priority.INSTANT, "story:1")


@pytest.mark.parametrize(
    ("is_urgent", "was", "priorities"),
    [
        pytest.param(False, before(), [], id="it only grew"),
        pytest.param(True, None, [Priority.URGENT], id="it began urgent"),
        pytest.param(True, before(), [Priority.URGENT], id="it has become urgent"),
        pytest.param(True, before(is_urgent=True), [], id="it was urgent already"),
        pytest.param(False, before(is_urgent=True), [], id="it is urgent no more"),
    ],
)
def test_a_story_is_told_when_it_begins_and_when_it_becomes_urgent(
    is_urgent: bool, was: Story | None, priorities: list[Priority]
) -> None:
    said = calls([Touched(telling(1, is_urgent=is_urgent), was)], NOW, FRESH)

    assert [call.priority for call in said] == priorities


def test_old_news_is_for_the_digest_and_search_only() -> None:
    old = Touched(telling(1, age=FRESH + timedelta(seconds=1)))

    assert calls([old, Touched(telling(2, age=FRESH))], NOW, FRESH) == calls(
        [Touched(telling(2, age=FRESH))], NOW, FRESH
    )


def test_many_stories_of_one_section_are_one_calm_message() -> None:
    """T34; easychen/rsspush #18, element-hq/element-web #3802: twenty at once, nothing skipped."""
    touched = [Touched(telling(number)) for number in range(1, 21)]
    touched += [Touched(telling(30, section=Section.SPORT))]

    roundup, alone = calls(touched, NOW, FRESH)

    assert [told.story.id for told in roundup.tellings] == list(range(1, 21))
    assert (roundup.occasion, alone.occasion) == ("roundup:politics:1", "story:30")


def test_a_few_stories_of_one_section_are_told_one_by_one() -> None:
    touched = [Touched(telling(number)) for number in range(1, MOST_ALONE + 1)]

    assert len(calls(touched, NOW, FRESH)) == MOST_ALONE


def test_nothing_touched_is_nothing_said() -> None:
    assert calls([], NOW, FRESH) == []


# What a call is about, and whom it can be left for


def test_a_call_of_one_story_is_about_it_its_section_and_its_only_source() -> None:
    (call,) = calls([Touched(telling(1))], NOW, FRESH)

    [source] = {one.source.id for one in call.tellings[0].articles}
    assert call.matter == Matter(StoryId(1), Section.POLITICS, source)


def test_a_roundup_is_about_its_section_and_no_single_story() -> None:
    (call,) = calls([Touched(telling(number)) for number in range(1, 9)], NOW, FRESH)

    assert (call.matter.story, call.matter.section) == (None, Section.POLITICS)
    assert call.matter.source == only_source(call.tellings)


def test_what_several_sources_tell_has_no_only_source() -> None:
    here = article(1)
    there = replace(article(2), source=Source(SourceId(2), "الساحل"))
    told = Telling(telling(1).story, (here, there))

    assert only_source([told]) is None


@pytest.mark.parametrize(
    ("is_urgent", "age", "is_one"),
    [
        pytest.param(True, STILL_AN_ALARM, True, id="urgent and fresh"),
        pytest.param(True, STILL_AN_ALARM + timedelta(seconds=1), False, id="urgent an hour ago"),
        pytest.param(False, timedelta(0), False, id="plain"),
    ],
)
def test_after_an_outage_only_fresh_urgent_news_is_an_alarm(
    age: timedelta, *, is_urgent: bool, is_one: bool
) -> None:
    (call,) = calls([Touched(telling(1, is_urgent=is_urgent, age=age))], NOW, FRESH)

    assert is_alarm(call, NOW) is is_one


def test_readers_of_the_same_stories_are_told_them_together() -> None:
    one, two, three = map(SubscriberId, (1, 2, 3))

    groups = by_readers({StoryId(1): [one, two], StoryId(2): [two, three], StoryId(3): [two]})

    assert groups == {(1,): [one], (1, 2, 3): [two], (2,): [three]}


def test_a_story_has_grown_when_a_source_is_new_to_it() -> None:
    more = replace(telling(1).story, sources=2)
    told = telling(1)

    assert Touched(Telling(more, told.articles), before()).has_grown
    assert not Touched(told, before()).has_grown
    assert not Touched(told).has_grown


def test_news_is_what_joined_a_story_and_is_fresh() -> None:
    old, new = telling(1, age=FRESH + timedelta(seconds=1)).lead, telling(2).lead

    assert Touched(telling(1), added=(old, new)).news(NOW, FRESH) == [new]


def test_an_occasion_names_what_is_told_and_when_it_may_be_told_again() -> None:
    assert story_occasion(StoryId(9)) == "story:9"
    assert growth_occasion(StoryId(9), NOW) != growth_occasion(StoryId(9), NOW + FRESH)
    assert together_occasion(BriefId(7), NOW) != together_occasion(BriefId(7), NOW + FRESH)
