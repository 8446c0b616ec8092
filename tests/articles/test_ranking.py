"""What a question found, in order: the reader's own word first, one hit a story."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from bot.articles.query import parse_query
from bot.articles.ranking import rank
from bot.model import ArticleId, Match, Place, StoryId
from tests.articles.build import NOW


def match(
    number: int,
    title: str = "",
    *places: Place,
    ago: timedelta = timedelta(0),
    story: int | None = None,
) -> Match:
    """Make a match whose terms stand at these places; in the title when none are given."""
    of = StoryId(number if story is None else story)
    return Match(ArticleId(number), of, title, NOW - ago, places or (Place.TITLE,))


def order(text: str, *found: Match) -> list[int]:
    return [one.article for one in rank(parse_query(text), found, NOW)]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ((Place.TITLE,), (Place.TITLE_STEM,)),
        ((Place.TITLE_STEM,), (Place.TEXT,)),
        ((Place.TEXT,), (Place.TEXT_STEM,)),
        ((Place.TITLE, Place.TITLE), (Place.TITLE, Place.TEXT)),
        ((Place.TITLE, Place.TEXT), (Place.TITLE_STEM, Place.TITLE_STEM)),
    ],
)
def test_the_better_fit_goes_first(better: tuple[Place, ...], worse: tuple[Place, ...]) -> None:
    assert order("ماء", match(2, "", *worse), match(1, "", *better)) == [1, 2]


def test_the_form_as_typed_goes_before_a_stem_though_it_is_older() -> None:
    """T55; MoroccoAPI #2, OsmAnd #11709, quran.com #3342."""
    newer = match(2, "صيد الأسفيين في البحر", Place.TITLE_STEM)
    older = match(1, "ميناء آسفي يستقبل سفينة", Place.TITLE, ago=timedelta(days=9))

    assert order("اسفي", newer, older) == [1, 2]


def test_letters_as_typed_go_before_letters_that_fold_to_the_same() -> None:
    """T55; a name is not the preposition it is folded to."""
    name = match(1, "علي يفوز بالسباق", ago=timedelta(hours=2))
    word = match(2, "على الطريق إلى القنطرة")

    assert order("علي", word, name) == [1, 2]


def test_a_typed_word_inside_another_is_not_as_typed() -> None:
    inside = match(1, "معلي المنصة على الطريق", ago=timedelta(hours=2))
    word = match(2, "على الطريق إلى القنطرة")

    assert order("علي", word, inside) == [2, 1]


def test_of_equal_fits_the_newer_goes_first() -> None:
    found = [match(n, "الماء", ago=timedelta(days=9 - n)) for n in (3, 1, 2)]

    assert order("الماء", *found) == [3, 2, 1]


def test_one_telling_stands_for_a_story() -> None:
    found = [
        match(1, "الماء يصل إلى القرى", Place.TITLE, story=7),
        match(2, "القرى تشرب", Place.TEXT, story=7),
        match(3, "انقطاع الماء", Place.TITLE, story=8),
    ]

    assert order("الماء", *found) == [3, 1]


def test_a_date_in_the_future_gains_nothing() -> None:
    ahead = match(1, "الماء", ago=timedelta(days=-300))
    now = match(2, "الماء")

    assert order("الماء", ahead, now) == [2, 1]


def test_a_question_without_terms_orders_by_age() -> None:
    found = [match(n, f"خبر {n}", ago=timedelta(days=9 - n)) for n in (1, 2)]

    assert order("-القنطرة", *found) == [2, 1]


def test_the_order_does_not_depend_on_the_order_of_asking() -> None:
    found = [match(n, f"الماء في {place}") for n, place in enumerate("أبجدهوز")]
    expected = order("الماء", *found)

    for seed in range(5):
        shuffled = random.Random(seed).sample(found, len(found))

        assert order("الماء", *shuffled) == expected
