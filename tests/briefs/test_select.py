"""What a digest shows: bounded, divided, nothing twice, the same from the same news."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefs.select import MOST_TOP, PER_SECTION, place_of, select
from bot.model import (
    Section,
    Subject,
    Taste,
    Telling,
    section_subject,
    source_subject,
    story_subject,
    words_subject,
)
from tests.briefs.build import NOW, article, source, taste, telling, told_by

EVERYTHING = taste()
POLITICS = taste(Section.POLITICS)
DAY = timedelta(days=1)


@st.composite
def news(draw: st.DrawFn) -> list[Telling]:
    """Draw a day's stories; some stand twice in the list."""
    count = draw(st.integers(0, 40))
    stories = [
        told_by(
            draw(st.integers(1, 5)),
            article(
                f"خبر {number}",
                number=number,
                story=number,
                ago=draw(st.timedeltas(-DAY, DAY)),
                sections=draw(st.lists(st.sampled_from(Section), min_size=1, max_size=3)),
                is_urgent=draw(st.booleans()),
            ),
        )
        for number in range(1, count + 1)
    ]
    return stories + stories[: draw(st.integers(0, 3))]


TASTES = st.sets(st.sampled_from(Section), max_size=6).map(lambda sections: taste(*sections))


def small(number: int, section: Section = Section.POLITICS, **more: timedelta) -> Telling:
    return telling(
        article(f"خبر {number}", number=number, story=number, sections=[section], **more)
    )


def ids(tellings: Sequence[Telling]) -> list[int]:
    return [one.story.id for one in tellings]


@given(news(), TASTES, st.integers(1, 25))
def test_a_selection_is_bounded_and_shows_nothing_twice(
    stories: list[Telling], wanted: Taste, most: int
) -> None:
    selection = select(stories, wanted, NOW, most)

    if selection is None:
        assert not stories or wanted.sections
        return
    shown = ids(selection.tellings)
    assert len(shown) == len(set(shown)) == selection.total <= most
    assert 1 <= len(selection.top) <= MOST_TOP
    assert all(1 <= len(told) <= PER_SECTION for _, told in selection.sections)
    assert {section for section, _ in selection.sections} <= (set(wanted.sections) or set(Section))
    assert set(shown) <= set(ids(stories))


@given(news(), TASTES, st.randoms(use_true_random=False))
def test_the_same_news_in_any_order_is_the_same_selection(
    stories: list[Telling], wanted: Taste, random: st.random.Random
) -> None:
    shuffled = random.sample(stories, len(stories))

    assert select(stories, wanted, NOW) == select(shuffled, wanted, NOW)


@given(news(), TASTES)
def test_what_is_followed_is_never_lost_while_there_is_room(
    stories: list[Telling], wanted: Taste
) -> None:
    sections = frozenset(wanted.sections)
    followed = {one.story.id for one in stories if place_of(one, sections) in sections}

    selection = select(stories, wanted, NOW, most=100)

    assert followed <= set(ids(selection.tellings) if selection else [])


@pytest.mark.parametrize("most", [0, 20])
def test_from_nothing_comes_no_selection(most: int) -> None:
    assert select([], EVERYTHING, NOW, most) is None


def test_room_for_nothing_makes_no_selection() -> None:
    assert select([small(1)], POLITICS, NOW, most=0) is None


def test_small_news_of_other_sections_make_no_digest() -> None:
    assert select([small(1, Section.SPORT)], POLITICS, NOW) is None


def test_great_news_of_other_sections_wait_in_the_fold() -> None:
    great = told_by(3, article(story=7, sections=[Section.SPORT]))
    stories = [great, *(told_by(4, article(story=n, number=n)) for n in (1, 2))]

    selection = select(stories, POLITICS, NOW)

    assert selection is not None
    assert ids(selection.rest) == [7]


def test_urgent_news_of_other_sections_are_news() -> None:
    urgent = telling(article(story=7, sections=[Section.ACCIDENTS], is_urgent=True))

    selection = select([urgent], POLITICS, NOW)

    assert selection is not None
    assert ids(selection.top) == [7]


def test_who_follows_nothing_is_shown_every_section() -> None:
    selection = select([small(1, Section.SPORT), small(2, Section.WORLD)], EVERYTHING, NOW)

    assert selection is not None
    assert selection.total == 2
    assert selection.rest == ()


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (told_by(3, article(story=1)), told_by(2, article(story=2))),
        (small(1), small(2, ago=timedelta(hours=8))),
        (telling(article(story=1, is_urgent=True)), small(2)),
        (told_by(2, article(story=1)), told_by(2, article(story=2, sections=[Section.SPORT]))),
        (small(2), small(1)),
    ],
    ids=["more sources", "newer", "urgent", "followed", "the later story when all is equal"],
)
def test_the_better_story_comes_first(better: Telling, worse: Telling) -> None:
    selection = select([worse, better], POLITICS, NOW)

    assert selection is not None
    assert ids(selection.top) == [better.story.id]


def test_the_top_grows_with_the_news_and_is_not_one_sections_alone() -> None:
    wanted = taste(Section.POLITICS, Section.SPORT)
    politics = [told_by(3, article(story=n, number=n)) for n in range(1, 9)]
    all_news = [*politics, small(9, Section.SPORT)]

    tops = [selected.top for n in (1, 5, 6, 9) if (selected := select(all_news[:n], wanted, NOW))]

    assert [len(top) for top in tops] == [1, 1, 2, 3]
    assert [one.story.section for one in tops[-1]].count(Section.SPORT) == 1


def test_one_sections_news_may_leave_the_top_short() -> None:
    selection = select([small(n) for n in range(1, 13)], POLITICS, NOW)

    assert selection is not None
    assert len(selection.top) == 2


def test_a_section_shows_five_and_folds_the_others() -> None:
    selection = select([small(n) for n in range(1, 13)], POLITICS, NOW)

    assert selection is not None
    assert [(section, len(told)) for section, told in selection.sections] == [(Section.POLITICS, 5)]
    assert len(selection.rest) == 5


def test_sections_come_in_the_newsrooms_order() -> None:
    stories = [small(n, section) for n, section in enumerate(Section, start=1)]
    order = (Section.MISC, Section.SPORT)

    selection = select(stories, EVERYTHING, NOW, order=order)

    assert selection is not None
    shown = [section for section, _ in selection.sections]
    assert shown == sorted(
        shown, key=lambda s: (s not in order, order.index(s) if s in order else 0)
    )


def test_a_story_of_several_sections_is_shown_once_where_the_reader_follows_it() -> None:
    """T54; kite #556."""
    threefold = [Section.POLITICS, Section.WORLD, Section.ECONOMY]
    wanted = taste(Section.ECONOMY, Section.WORLD)
    great = told_by(3, article(story=1, sections=[Section.ECONOMY]))

    selection = select([telling(article(story=5, sections=threefold)), great], wanted, NOW)

    assert selection is not None
    assert ids(selection.top) == [1]
    assert [(section, ids(told)) for section, told in selection.sections] == [(Section.WORLD, [5])]


def test_an_article_dated_before_the_last_digest_is_still_in_the_next() -> None:
    """T14; miniflux/picoFeed #197, n8n PR #8572: dates order the digest, they exclude nothing."""
    selection = select([small(1, ago=timedelta(days=30)), small(2)], POLITICS, NOW)

    assert selection is not None
    assert sorted(ids(selection.tellings)) == [1, 2]


def test_a_selection_counts_its_stories_and_publishers() -> None:
    selection = select(
        [told_by(3, article(story=1)), told_by(2, article(story=2))], EVERYTHING, NOW
    )

    assert selection is not None
    assert (selection.total, selection.sources) == (2, 3)


# Sources, words and stories


SPORT = small(1, Section.SPORT)


@pytest.mark.parametrize(
    "subject",
    [
        source_subject(source().id),
        story_subject(SPORT.story.id),
        words_subject("كره السله"),
    ],
    ids=["source", "story", "words"],
)
def test_what_is_followed_in_person_is_news_in_its_own_section(subject: Subject) -> None:
    others = [told_by(4, article(story=n, number=n)) for n in (7, 8, 9)]
    wanted = taste(Section.POLITICS, follows=[subject])
    words = {SPORT.story.id: ["كره السله"]}

    selection = select([SPORT, *others], wanted, NOW, words=words)

    assert selection is not None
    assert (Section.SPORT, (SPORT,)) in selection.sections


@pytest.mark.parametrize(
    "subject",
    [
        section_subject(Section.SPORT),
        source_subject(source().id),
        story_subject(SPORT.story.id),
        words_subject("كره السله"),
    ],
    ids=["section", "source", "story", "words"],
)
@pytest.mark.parametrize("is_urgent", [False, True], ids=["plain", "urgent"])
def test_what_is_muted_is_nowhere(subject: Subject, *, is_urgent: bool) -> None:
    lead = article(number=1, story=1, sections=[Section.SPORT], is_urgent=is_urgent)
    words = {SPORT.story.id: ["كره السله"]}
    wanted = taste(Section.SPORT, mutes=[subject])

    assert select([telling(lead)], wanted, NOW, words=words) is None


def test_one_muted_source_of_several_mutes_nothing() -> None:
    wanted = taste(Section.POLITICS, mutes=[source_subject(source().id)])

    selection = select([told_by(2, article(story=1))], wanted, NOW)

    assert selection is not None
    assert selection.total == 1


def test_what_the_editors_recommend_comes_before_its_like() -> None:
    picked = telling(article(story=1, sections=[Section.POLITICS, Section.PICKS]))

    selection = select([small(2), small(3), picked], POLITICS, NOW)

    assert selection is not None
    assert ids(selection.top) == [1]


def test_who_follows_the_picks_is_shown_them_whatever_their_section() -> None:
    picked = telling(article(story=1, sections=[Section.SPORT, Section.PICKS]))
    great = told_by(3, article(story=2, sections=[Section.PICKS]))

    selection = select([picked, great], taste(Section.PICKS), NOW)

    assert selection is not None
    assert [place for place, _ in selection.sections] == [Section.PICKS]


def test_in_a_long_span_the_news_of_today_comes_before_monday() -> None:
    monday = told_by(3, article(story=1, number=1, ago=5 * DAY))
    today = told_by(2, article(story=2, number=2))

    selection = select([monday, today], POLITICS, NOW)

    assert selection is not None
    assert ids(selection.top) == [2]
