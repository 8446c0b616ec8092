"""Which story an article joins, and what the window of open stories remembers and forgets."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import Article, ArticleId, Draft, StoryId
from bot.stories.cluster import MOST_POSTINGS, OPEN_FOR, Window
from tests.articles.build import NOW, article, draft, entry, feed, source
from tests.stories.events import BACKGROUND, PAIRS, Pair

OWN, OTHER = feed(1), feed(2, of=source(2, "المجمع"))
FIRE = PAIRS["a fire told by two papers"]


def telling(number: int, told: tuple[str, str], *, of: object = OWN, story: int = 0) -> Article:
    title, body = told
    return article(number, title, body=body, of=of, story=story or number)  # type: ignore[arg-type]


def another(told: tuple[str, str], *, of: object = OTHER) -> Draft:
    return draft(entry(told[0], body=told[1]), of=of)  # type: ignore[arg-type]


def window_with(*articles: Article) -> Window:
    window = Window()
    window.fill(articles)
    return window


@pytest.mark.parametrize("is_crowded", [False, True], ids=["alone", "among others"])
@pytest.mark.parametrize("is_reversed", [False, True], ids=["in order", "reversed"])
@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS.keys())
def test_two_tellings_are_one_story_or_two(pair: Pair, is_reversed: bool, is_crowded: bool) -> None:
    first, second = (pair.other, pair.one) if is_reversed else (pair.one, pair.other)
    window = window_with(telling(1, first))
    for number, told in enumerate(BACKGROUND if is_crowded else ()):
        window.add(telling(100 + number, told, of=OTHER))

    story = window.story_of(another(second))

    assert story == (1 if pair.is_one else None)


def test_what_a_coach_says_of_a_match_may_join_it_but_no_other_match() -> None:
    window = window_with(
        telling(1, PAIRS["two matches"].one), telling(2, PAIRS["two matches"].other)
    )
    said = (
        "مدرب نسور الشمال: فوزنا على أسود الوادي مستحق",
        "قال مدرب نسور الشمال إن فوز فريقه على أسود الوادي مساء السبت مستحق، في الجولة العاشرة.",
    )

    assert window.story_of(another(said)) in (1, None)


def test_a_newsroom_that_tells_of_an_event_again_must_say_more_of_the_same() -> None:
    one = (
        "حريق في مستودع للخشب بالزهراء",
        "اندلع حريق في مستودع للخشب بمدينة الزهراء ليلا، وفق السلطات المحلية.",
    )
    other = (
        "حريق مستودع الخشب بالزهراء تحت السيطرة",
        "أعلن رجال الإطفاء فجرا انتهاء العملية بعد خمس ساعات من العمل، ونقل عاملان إلى المستشفى"
        " لتلقي العلاج بعد اختناق خفيف، فيما عاد السكان إلى منازلهم المجاورة.",
    )
    window = window_with(telling(1, one))

    assert window.story_of(another(other)) == 1
    assert window.story_of(another(other, of=OWN)) is None


def test_the_nearest_of_several_stories_is_joined() -> None:
    near, far = PAIRS["a toll that grows"].one, FIRE.one
    window = window_with(telling(1, far), telling(2, near))

    assert window.story_of(another(PAIRS["a toll that grows"].other)) == 2
    assert window.story_of(another(FIRE.other)) == 1


def test_articles_of_one_batch_find_each_other() -> None:
    window = Window()
    stories: list[int] = []
    for number, told in enumerate((FIRE.one, BACKGROUND[0], FIRE.other), start=1):
        story = window.story_of(another(told)) or StoryId(number)
        window.add(telling(number, told, story=story))
        stories.append(story)

    assert stories == [1, 2, 1]


def test_stories_do_not_depend_on_the_order_of_filling() -> None:
    told = [telling(n, pair.one) for n, pair in enumerate(PAIRS.values(), start=1)]
    asked = [another(pair.other) for pair in PAIRS.values()]
    expected = [window_with(*told).story_of(one) for one in asked]

    for seed in range(5):
        window = window_with(*random.Random(seed).sample(told, len(told)))

        assert [window.story_of(one) for one in asked] == expected


def test_a_story_closes_after_seventy_two_hours() -> None:
    window = window_with(telling(1, FIRE.one))

    later = NOW + timedelta(hours=72)

    window.close_before(later - OPEN_FOR)
    assert window.story_of(another(FIRE.other)) == 1

    window.close_before(later + timedelta(milliseconds=1) - OPEN_FOR)
    assert window.story_of(another(FIRE.other)) is None


def test_an_archive_read_in_late_holds_nothing_open() -> None:
    old = [replace(telling(n, FIRE.one), first_seen_at=NOW - timedelta(hours=n)) for n in (1, 3, 2)]
    window = window_with(*old)

    window.close_before(NOW - timedelta(hours=1))

    assert len(window) == 1


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    window = window_with(telling(1, BACKGROUND[0]))

    window.add(telling(1, FIRE.one))

    assert len(window) == 1
    assert window.story_of(another(FIRE.other)) == 1
    assert window.story_of(another(BACKGROUND[0])) is None


def test_what_is_rolled_back_was_never_there() -> None:
    window = window_with(telling(1, BACKGROUND[0]))
    window.add(telling(2, FIRE.one))

    window.remove(ArticleId(2))
    window.remove(ArticleId(2))

    assert len(window) == 1
    assert window.story_of(another(FIRE.other)) is None
    assert window.story_of(another(BACKGROUND[0])) == 1


def test_when_all_stories_are_closed_nothing_is_remembered() -> None:
    window = Window()
    for number in range(200):
        window.add(telling(number % 150, (f"خبر {number}", f"نص الخبر رقم {number} وكلماته")))
    window.remove(ArticleId(77))

    window.close_before(NOW + timedelta(seconds=1))

    assert len(window) == 0
    assert not window._postings
    assert not window._order


def test_a_word_that_all_articles_have_finds_none_and_costs_nothing() -> None:
    window = Window()
    common = ("الزهراء مدينة النخيل", "الزهراء مدينة النخيل وحي البحر")
    for number in range(MOST_POSTINGS + 1):
        window.add(telling(number, common))

    assert window.story_of(another(common)) is None
