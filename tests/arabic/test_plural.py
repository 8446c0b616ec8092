"""Counted nouns agree with their count."""

from __future__ import annotations

import pytest

from bot.arabic.plural import Category, category

# «news» as it is counted; the texts of the product keep such a table for each noun
NEWS = {
    Category.ZERO: "لا أخبار",
    Category.ONE: "خبر واحد",
    Category.TWO: "خبران",
    Category.FEW: "{} أخبار",
    Category.MANY: "{} خبرا",
    Category.OTHER: "{} خبر",
}


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "لا أخبار"),
        (1, "خبر واحد"),
        (2, "خبران"),
        (3, "3 أخبار"),
        (10, "10 أخبار"),
        (11, "11 خبرا"),
        (26, "26 خبرا"),
        (99, "99 خبرا"),
        (100, "100 خبر"),
        (101, "101 خبر"),
        (102, "102 خبر"),
        (103, "103 أخبار"),
        (111, "111 خبرا"),
        (1000, "1000 خبر"),
        (1003, "1003 أخبار"),
    ],
)
def test_a_noun_agrees_with_its_count(count: int, said: str) -> None:
    assert NEWS[category(count)].format(count) == said


def test_the_categories_are_the_keys_of_the_texts() -> None:
    assert [str(name) for name in Category] == ["zero", "one", "two", "few", "many", "other"]
