"""What is said at once after a poll: what began, what has become urgent, never twenty at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import AudienceKind, Priority, Section, Story, StoryId, Telling
from bot.outbox.coalesce import MOST_ALONE, Touched, calls
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
