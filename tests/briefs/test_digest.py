"""The digest: its size in words, its lines, its answers to headlines that hide the fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.briefs.layouts import LAYOUTS
from bot.briefs.layouts.digest import ITEM_WORDS, TOP_WORDS, Edition, digest, quiet_day
from bot.briefs.select import Selection, select
from bot.model import (
    Block,
    Fold,
    Heading,
    Item,
    Length,
    Paragraph,
    Picture,
    Section,
    Title,
    to_ms,
)
from bot.transports.telegram.html import render
from tests.briefs.build import BODY, NOW, TEXTS, ZONE, article, taste, telling
from tests.briefs.news import chosen

HERE = NOW.astimezone(ZONE)
TODAY = Edition(HERE, HERE - timedelta(days=1))


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

    brief = digest(selection, TEXTS, TODAY)

    assert brief.blocks[1] == Paragraph(said)


def test_a_digest_shows_each_story_once_whatever_is_folded() -> None:
    brief = digest(chosen(), TEXTS, TODAY)

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
    blocks = digest(chosen(), TEXTS, TODAY).blocks

    assert [block.url for block in blocks if isinstance(block, Picture)] == [
        "https://riwaq.example/quake.png"
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_lays_a_digest_out(layout: str) -> None:
    brief = LAYOUTS[layout](chosen(), TEXTS, TODAY)

    assert brief.blocks


# Lengths


def test_a_line_is_headlines_alone() -> None:
    blocks = digest(chosen(), TEXTS, replace(TODAY, length=Length.LINE)).blocks

    assert not [block for block in blocks if isinstance(block, Picture)]
    told = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert all("مصادر" in text or "مصدر" in text for text in told)  # sizes, not sentences


def test_a_long_digest_tells_every_story_of_a_section_and_stays_two_messages() -> None:
    body = f"{'كلمة ' * 30}. {'كلمة ' * 30}."
    stories = [
        telling(article(f"عنوان طويل يقول ما حدث في المدينة {n}", body, number=n, story=n,
                        sections=[section]))
        for n, section in enumerate(list(Section)[:4] * 5, start=1)
    ]  # fmt: skip
    selection = select(stories, taste(), NOW)
    assert selection is not None

    long = digest(selection, TEXTS, replace(TODAY, length=Length.LONG))

    items = [block for block in long.blocks if isinstance(block, Item)]
    told = [block for block in long.blocks if isinstance(block, Paragraph)][1:]
    assert len(told) == len(items) + len(selection.top)
    assert all(len(block.text) <= max(ITEM_WORDS, TOP_WORDS) for block in told)
    assert len(render(long, "mujaz_bot").parts) <= 2


def test_the_reading_time_is_that_of_the_length() -> None:
    stories = [telling(article(f"خبر {n}", "كلمة " * 40, number=n, story=n)) for n in range(12)]
    selection = select(stories, taste(), NOW)
    assert selection is not None

    line, short, long = (
        digest(selection, TEXTS, replace(TODAY, length=length)).blocks[1] for length in Length
    )

    assert line == short
    assert short != long


# Days that were skipped


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (1, None),
        (2, "من الثلاثاء 24 إلى الخميس 26 نونبر"),
        (3, "من الاثنين 23 إلى الخميس 26 نونبر"),
    ],
)
def test_after_a_skipped_day_the_digest_says_which_days_it_spans(
    days: int, said: str | None
) -> None:
    """T21; Automattic/wp-calypso #61012."""
    edition = replace(TODAY, since=TODAY.local - timedelta(days=days))

    second = digest(chosen(), TEXTS, edition).blocks[1]

    assert isinstance(second, Paragraph)
    assert second.text == said if said else "خبر" in second.text


def test_a_span_over_two_months_names_both() -> None:
    local = TODAY.local.replace(month=12, day=1)

    second = digest(chosen(), TEXTS, Edition(local, local - timedelta(days=3))).blocks[1]

    assert second == Paragraph("من السبت 28 نونبر إلى الثلاثاء 1 دجنبر")


def test_a_quiet_day_is_one_line() -> None:
    brief = quiet_day(TEXTS, TODAY)

    assert brief.blocks == (Paragraph("يوم هادئ: لا جديد فيما تتابعه منذ موجزك الأخير."),)


def test_what_editors_recommend_carries_a_star() -> None:
    picked = telling(article("خبر", sections=[Section.POLITICS, Section.PICKS]))

    blocks = digest(Selection((picked,), (), ()), TEXTS, TODAY).blocks

    assert [block.text for block in blocks if isinstance(block, Title)] == ["⭐ خبر"]


def test_matches_stand_between_the_sections_and_the_fold() -> None:
    matches = (Heading("⚽ مباريات اليوم"), Paragraph("18:00 الوداد – الرجاء"))

    blocks = digest(chosen(), TEXTS, replace(TODAY, matches=matches)).blocks

    place = blocks.index(matches[0])
    assert blocks[place : place + 2] == matches
    assert all(isinstance(block, Fold) for block in blocks[place + 2 :])
    assert isinstance(blocks[place - 1], Item)


def test_a_digest_asks_on_and_knows_its_span() -> None:
    buttons = [one for row in digest(chosen(), TEXTS, TODAY).buttons for one in row]

    assert [one.text for one in buttons] == ["ما فاتك", "اسأل الأرشيف", "إعدادات الموجز"]
    since, until = map(int, buttons[0].call.split(":")[1:])
    assert to_ms(TODAY.since - timedelta(hours=1)) < since <= to_ms(TODAY.since)
    assert to_ms(HERE) <= until <= to_ms(HERE + timedelta(minutes=1))


def test_a_few_seconds_make_no_other_digest() -> None:
    """A hundred thousand readers of one hour are told one brief, though it takes a minute."""
    later = Edition(HERE + timedelta(seconds=30), TODAY.since + timedelta(minutes=9))

    assert digest(chosen(), TEXTS, later) == digest(chosen(), TEXTS, TODAY)


def digest_of(title: str, body: str = BODY) -> tuple[Block, ...]:
    """Lay out three stories with one headline: one is the top, two are lines."""
    stories = [telling(article(title, body, number=n, story=n)) for n in (1, 2, 3)]
    selection = select(stories, taste(), NOW)
    assert selection is not None
    return digest(selection, TEXTS, TODAY).blocks
