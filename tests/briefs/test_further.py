"""What is told behind a brief to those who want more, and the place it leaves to a picture."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice, permutations
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.arabic.shorten import units
from bot.briefs.extract import brief_of, further_of
from bot.briefs.fit import fit
from bot.briefs.layouts.instant import instant
from bot.briefs.layouts.story import story
from bot.briefs.room import more_of, taken
from bot.model import Article, Block, Item, Length, Note, Paragraph, Picture
from bot.transports.telegram.html import Photo, render
from tests.briefs.build import NOW, TEXTS, ZONE, article, telling

FIRST = "افتتحت الوزارة مستشفى جديدا بمدينة الناظور يضم 200 سرير."
SECOND = "وكلف المشروع 300 مليون درهم."
THIRD = "وسيستقبل المرضى ابتداء من يوم الاثنين."
FOURTH = "وتعمل به 90 ممرضة وأربعون طبيبا."
FIFTH = "ويربطه بالمدينة خط حافلات جديد يمر كل ربع ساعة."
BODY = " ".join((FIRST, SECOND, THIRD, FOURTH, FIFTH))
PICTURE = "https://marfa.example/1.png"


def of(body: str, **changes: Any) -> Article:
    return article("خبر عن الصحة", body, **changes)


def further(body: str, most: int = 900) -> str:
    one = of(body)
    return further_of(one, brief_of(one, 600), most)


def test_it_goes_on_where_the_brief_ended() -> None:
    assert further(BODY) == f"{FOURTH} {FIFTH}"


def test_only_whole_sentences_are_told() -> None:
    most = units(f"{FOURTH} {FIFTH}")

    assert further(BODY, most) == f"{FOURTH} {FIFTH}"
    assert further(BODY, most - 1) == FOURTH
    assert further(BODY, units(FOURTH) - 1) == ""


def test_where_the_brief_took_less_of_the_text_more_is_left() -> None:
    one = of(BODY)

    assert further_of(one, brief_of(one, 600, limit=1), 900).startswith(SECOND)


def test_a_sentence_that_says_again_what_stood_before_is_passed_over() -> None:
    again = "وقد كلف المشروع 300 مليون درهم."

    assert further(f"{FIRST} {SECOND} {THIRD} {again} {FIFTH}") == FIFTH


@pytest.mark.parametrize(
    "body", ["", FIRST, f"{FIRST} {SECOND} {THIRD}"], ids=["no text", "one sentence", "all told"]
)
def test_there_may_be_nothing_more(body: str) -> None:
    assert further(body) == ""


def test_behind_a_brief_that_was_cut_nothing_goes_on() -> None:
    one = of(f"{FIRST} {SECOND}")

    assert further_of(one, brief_of(one, 30), 900) == ""


def test_more_is_measured_as_it_will_be_written() -> None:
    one = of(f"{BODY} وارتفع الإنتاج بنسبة 7% في مصنع Renault بالمنطقة.")
    brief = brief_of(one, 600)
    whole = more_of(one, brief, 900)
    room = taken([Paragraph(whole)])

    assert whole.endswith("بالمنطقة.")
    assert more_of(one, brief, room) == whole
    assert more_of(one, brief, room - 1) == f"{FOURTH} {FIFTH}"


def test_what_has_no_words_takes_no_room() -> None:
    assert taken([Picture(PICTURE)]) == 0
    assert taken([Item("المرفأ", tail="اليوم")]) > taken([Note("المرفأ")])


@pytest.mark.parametrize(
    ("length", "sees", "misses"),
    [
        (Length.LINE, (), (FIRST, FOURTH)),
        (Length.SHORT, (FIRST, THIRD), (FOURTH,)),
        (Length.LONG, (FIRST, THIRD, FOURTH, FIFTH), ()),
    ],
)
def test_each_reader_is_told_as_much_as_they_chose(
    length: Length, sees: tuple[str, ...], misses: tuple[str, ...]
) -> None:
    brief = instant(telling(of(BODY, image_url=PICTURE)), TEXTS, zone=ZONE, now=NOW)

    words = "\n".join(words_of(block) for block in fit(brief, length).blocks)

    assert all(sentence in words for sentence in sees)
    assert not any(sentence in words for sentence in misses)
    assert "خبر عن الصحة" in words


@pytest.mark.parametrize("length", Length)
def test_a_picture_keeps_its_words_however_much_a_reader_wants(length: Length) -> None:
    body = " ".join(f"{new_words(n)} في Renault بنسبة {n}%." for n in range(60))
    one = article("عنوان عن Renault وحصتها 7%", body, image_url=PICTURE, by="جريدة Le Phare")

    brief = instant(telling(one), TEXTS, zone=ZONE, now=NOW)

    (part,) = render(fit(brief, length), "mujaz_demo_bot").parts
    assert isinstance(part, Photo)
    assert sum(isinstance(block, Paragraph) for block in brief.blocks) == 2


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([*BODY.split(". "), "وبلغت النسبة -4.7% في Casablanca", "س\n"])))
def test_no_text_costs_a_reader_the_picture(sentences: list[str]) -> None:
    one = of(". ".join(sentences), image_url=PICTURE)

    brief = instant(telling(one), TEXTS, zone=ZONE, now=NOW)

    parts = render(fit(brief, Length.LONG), "mujaz_demo_bot").parts
    assert [type(part) for part in parts] == [Photo]


def test_a_page_tells_more_than_its_brief_as_long_as_it_is_one_message() -> None:
    body = " ".join(f"{new_words(n)} في المدينة." for n in range(60))
    told = [
        article(f"تطور رقم {n} في المشروع", body, number=n, ago=timedelta(hours=9 * n), by=f"م {n}")
        for n in range(1, 30)
    ]

    short = story(telling(told[0]), TEXTS, zone=ZONE, now=NOW)
    long = story(telling(*told), TEXTS, zone=ZONE, now=NOW)

    assert sum(isinstance(block, Paragraph) for block in short.blocks) == 2
    assert len(render(long, "mujaz_demo_bot").parts) == 1


def new_words(number: int) -> str:
    """Make the beginning of a sentence whose words stand in no other."""
    names = ("".join(letters) for letters in permutations("بتجدرسعفقكل", 5))
    return f"وقال {' '.join(islice(names, number * 4, number * 4 + 4))}"


def words_of(block: Block) -> str:
    assert isinstance(block, get_args(Block))
    return str(getattr(block, "text", ""))
