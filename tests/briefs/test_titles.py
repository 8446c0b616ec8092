"""Headlines: the mark of urgency, teasers, length; and the word lists of the room."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from bot.arabic.fold import fold, words
from bot.briefs.lists import begins, opening, phrases
from bot.briefs.titles import headline, hides_fact
from tests.briefs.build import article

LONGEST = 5  # words of a phrase, as `lists.opening` looks for


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("عاجل: هزة أرضية بالحسيمة", "هزة أرضية بالحسيمة"),
        ("عاجل.. هزة أرضية", "هزة أرضية"),
        ("عاجل | هزة أرضية", "هزة أرضية"),
        ("خبر عاجل – هزة أرضية", "هزة أرضية"),
        ("عاجل", "عاجل"),
        ("عاجل هو القرار الذي اتخذ", "عاجل هو القرار الذي اتخذ"),
        ("هزة أرضية", "هزة أرضية"),
    ],
)
def test_a_sign_says_urgent_once(title: str, shown: str) -> None:
    assert headline(article(title, is_urgent=True)) == shown


def test_the_title_of_what_is_not_urgent_is_left_alone() -> None:
    assert headline(article("عاجل: قصة كلمة")) == "عاجل: قصة كلمة"


def test_a_title_is_cut_between_words() -> None:
    assert headline(article("كلمة " * 3), 11) == "كلمة كلمة…"


@pytest.mark.parametrize(
    ("title", "hides"),
    [
        ("لماذا أغلق الطريق؟", True),
        ("هذا ما قرره مجلس المدينة", True),
        ("أغلق الطريق وهذا السبب…", True),
        ("كم بلغ العجز؟ الخزينة العامة: 41 مليار درهم", False),
        ("لهذا السبب يقطع الماء ليلا: الجفاف أفرغ السد", False),
        ("ترامواي طنجة: 23 محطة", False),
        ("الثلوج تقطع الطريق عند ممر تيشكا", False),
    ],
)
def test_a_headline_that_asks_or_teases_hides_the_fact(title: str, *, hides: bool) -> None:
    assert hides_fact(title) is hides


def test_the_longest_phrase_is_found_whatever_its_spelling() -> None:
    urgent = phrases("titles", "urgent")

    assert opening(words(fold("عَاجل جدّا الآن")), urgent) == 2
    assert opening([], urgent) == 0
    assert not begins("استعجال", urgent)


@pytest.mark.parametrize("name", ["extract", "titles"])
def test_no_phrase_of_a_list_is_longer_than_what_is_looked_for(name: str) -> None:
    text = files("bot.briefs").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    lists = tomllib.loads(text)

    assert {len(phrase) for key in lists for phrase in phrases(name, key)} <= set(
        range(1, LONGEST + 1)
    )
