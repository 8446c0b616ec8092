"""The digest: its size in words, its lines, its answers to headlines that hide the fact."""

from __future__ import annotations

import pytest

from bot.briefs.layouts import LAYOUTS
from bot.briefs.layouts.digest import digest
from bot.briefs.select import Selection, select
from bot.model import Block, Fold, Item, Paragraph, Picture, Section, Title
from tests.briefs.build import BODY, NOW, TEXTS, ZONE, article, telling
from tests.briefs.news import chosen


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "خبر واحد من مصدر واحد، قراءة دقيقة واحدة"),
        (2, "خبران من مصدرين، قراءة دقيقتين"),
        (3, "3 أخبار من 3 مصادر، قراءة 3 دقائق"),
        (11, "11 خبرا من 11 مصدرا، قراءة 5 دقائق"),
    ],
)
def test_the_size_of_a_digest_agrees_with_its_numbers(count: int, said: str) -> None:
    title = "كلمة " * 40
    stories = [
        telling(
            article(title.strip(), f"{'قول ' * 60}انتهى {n}.", number=n, story=n, by=f"جريدة {n}")
        )
        for n in range(1, count + 1)
    ]
    top, rest = stories[:3], stories[3:]
    selection = Selection(tuple(top), ((Section.POLITICS, tuple(rest)),) if rest else (), ())

    brief = digest(selection, TEXTS, NOW.astimezone(ZONE))

    assert brief.blocks[1] == Paragraph(said)


def test_a_digest_shows_each_story_once_whatever_is_folded() -> None:
    brief = digest(chosen(), TEXTS, NOW.astimezone(ZONE))

    stories = [block.story for block in brief.blocks if isinstance(block, Title | Item)]
    stories += [
        item.story for block in brief.blocks if isinstance(block, Fold) for item in block.items
    ]
    assert sorted(str(story) for story in stories) == sorted(
        str(one.story.id) for one in chosen().tellings
    )


def test_a_headline_that_tells_is_followed_by_nothing() -> None:
    tails = [
        block.tail
        for block in digest_of("الثلوج تقطع الطريق عند ممر تيشكا")
        if isinstance(block, Item)
    ]

    assert tails == ["", ""]


def test_a_headline_that_asks_is_answered_in_twelve_words() -> None:
    items = [block for block in digest_of("لماذا أغلق الطريق؟") if isinstance(block, Item)]

    for item in items:
        assert item.tail.startswith("— صادق مجلس الحكومة")
        assert item.tail.endswith("متوقعا نموا بنسبة…")
        assert len(item.tail.split()) <= 1 + 12


def test_a_question_without_any_answer_stays_alone() -> None:
    tails = [block.tail for block in digest_of("لماذا أغلق الطريق؟", "") if isinstance(block, Item)]

    assert tails == ["", ""]


def test_a_short_answer_is_whole() -> None:
    blocks = digest_of("لماذا أغلق الطريق؟", "غطت الثلوج ممر تيشكا.")

    assert [block.tail for block in blocks if isinstance(block, Item)] == [
        "— غطت الثلوج ممر تيشكا."
    ] * 2


def test_the_first_picture_of_the_top_opens_a_digest() -> None:
    blocks = digest(chosen(), TEXTS, NOW.astimezone(ZONE)).blocks

    assert [block.url for block in blocks if isinstance(block, Picture)] == [
        "https://riwaq.example/quake.png"
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_lays_a_digest_out(layout: str) -> None:
    brief = LAYOUTS[layout](chosen(), TEXTS, NOW.astimezone(ZONE))

    assert brief.blocks


def digest_of(title: str, body: str = BODY) -> tuple[Block, ...]:
    """Lay out three stories with one headline: one is the top, two are lines."""
    stories = [telling(article(title, body, number=n, story=n)) for n in (1, 2, 3)]
    selection = select(stories, {}, NOW)
    assert selection is not None
    return digest(selection, TEXTS, NOW.astimezone(ZONE)).blocks
