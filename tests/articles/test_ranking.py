"""What a question found, in order: the reader's own word first, one hit a story."""

from __future__ import annotations

import random
import time
from datetime import timedelta

import pytest

from bot.articles.query import parse_query
from bot.articles.ranking import rank
from bot.model import Article, StoryId
from tests.articles.build import NOW, article


def order(text: str, *found: Article) -> list[str]:
    return [hit.article.title for hit in rank(parse_query(text), found, NOW)]


@pytest.mark.parametrize(
    ("typed", "exact", "stemmed"),
    [
        ("اسفي", "ميناء آسفي يستقبل سفينة", "صيد الأسفيين في البحر"),
        ("مراكش", "مَرَّاكُش تحتضن المعرض", "المراكشيون يحتفلون"),
        ("مزرعه", "مزرعة نموذجية بالقنطرة", "مزارع القنطرة ومزرعتها"),
        ("اياب", "ايـــاب الدوري غدا", "إيابا وذهابا بين المدينتين"),
        ("الحكومه", "الحكومة تناقش الماء", "حكومات الجهات تجتمع"),
        ("انتوني", "أنتوني يوقع للفريق", "أنتونيو يعود"),
    ],
)
def test_a_word_typed_in_haste_finds_the_printed_one_and_the_exact_form_first(
    typed: str, exact: str, stemmed: str
) -> None:
    """T55; MoroccoAPI #2, OsmAnd #11709, quran.com #3342."""
    newer = article(2, stemmed)
    older = article(1, exact, now=NOW - timedelta(days=9))

    assert order(typed, newer, older) == [exact, stemmed]


def test_letters_as_typed_go_before_letters_that_fold_to_the_same() -> None:
    """T55; a name is not the preposition it is folded to."""
    name = article(1, "علي يفوز بالسباق", now=NOW - timedelta(hours=2))
    word = article(2, "على الطريق إلى القنطرة")

    assert order("علي", word, name) == [name.title, word.title]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(
            ("الماء يصل إلى القرى", "نص"), ("القرى تنتظر", "يصل الماء غدا"), id="title first"
        ),
        pytest.param(
            ("القرى تنتظر", "وصل الماء"), ("القرى تنتظر", "وصلت المياه"), id="text as typed"
        ),
        pytest.param(("الماء والكهرباء", ""), ("الماء وحده", ""), id="more words"),
    ],
)
def test_the_better_fit_goes_first(better: tuple[str, str], worse: tuple[str, str]) -> None:
    found = [article(2, worse[0], body=worse[1]), article(1, better[0], body=better[1])]

    hits = rank(parse_query("الماء الكهرباء"), found, NOW)

    assert hits[0].article.id == 1


def test_a_phrase_in_the_title_goes_before_its_words_apart() -> None:
    apart = article(2, "المالية: قانون جديد", body="مشروع قانون المالية")
    together = article(1, "مشروع قانون المالية في البرلمان")

    assert order("«قانون المالية»", apart, together) == [together.title, apart.title]


def test_of_equal_fits_the_newer_goes_first() -> None:
    found = [article(n, f"الماء {n}", now=NOW - timedelta(days=n)) for n in (3, 1, 2)]

    assert order("الماء", *found) == ["الماء 1", "الماء 2", "الماء 3"]


def test_one_telling_stands_for_a_story() -> None:
    found = [
        article(1, "الماء يصل إلى القرى", story=7),
        article(2, "القرى تشرب", body="وصل الماء", story=7),
        article(3, "انقطاع الماء", story=8),
    ]

    hits = rank(parse_query("الماء"), found, NOW)

    assert [(hit.article.id, hit.article.story) for hit in hits] == [
        (3, StoryId(8)),
        (1, StoryId(7)),
    ]


def test_a_date_in_the_future_gains_nothing() -> None:
    ahead = article(1, "الماء", published_at=NOW + timedelta(days=300))
    now = article(2, "الماء")

    first, second = rank(parse_query("الماء"), [ahead, now], NOW)

    assert first.score == second.score


def test_a_question_without_terms_orders_by_age() -> None:
    found = [article(n, f"خبر {n}", now=NOW - timedelta(days=n)) for n in (2, 1)]

    assert order("-القنطرة", *found) == ["خبر 1", "خبر 2"]


def test_the_order_does_not_depend_on_the_order_of_asking() -> None:
    found = [article(n, f"الماء في {place}", body="الكهرباء") for n, place in enumerate("أبجدهوز")]
    expected = order("الماء الكهرباء", *found)

    for seed in range(5):
        shuffled = random.Random(seed).sample(found, len(found))

        assert order("الماء الكهرباء", *shuffled) == expected


def test_five_hundred_of_the_longest_articles_are_ranked_in_time() -> None:
    found = [article(n, f"خبر {n}", body="كلمة من نص طويل " * 3000) for n in range(500)]

    begun = time.process_time()
    rank(parse_query("الماء الكهرباء"), found, NOW)

    assert time.process_time() - begun < 1
