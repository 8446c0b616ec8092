"""A reader looks for something: Arabic spelling forgiven, pages turned in place, any text safe."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.town import SALMA, Town


async def test_a_word_finds_its_other_spelling(town: Town) -> None:
    town.paper.prints("politics", "الحكومة تصادق على مرسوم جديد لتنظيم النقل")
    town.paper.prints("world", "أنتوني مارشال يعلن استقالته من رئاسة البنك")
    await town.begin()

    await town.says(SALMA, "الحكومه")
    await town.sees(SALMA, "نتائج «الحكومه»", "الحكومة تصادق على مرسوم")
    await town.says(SALMA, "/search انتوني")
    await town.sees(SALMA, "نتائج «انتوني»", "أنتوني مارشال")


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("اسفي", "ميناء آسفي يستقبل أول باخرة"),
        ("مَرَّاكُش", "قطار مراكش يصل في موعده"),
        ("مزرعه", "مزرعة الزيتون تفتح أبوابها"),
        ("اياب", "مباراة ايـــاب بين الجارين"),
        ("إياب", "مباراة ايـــاب بين الجارين"),
        ("ولمراكش", "قطار مراكش يصل في موعده"),
    ],
)
async def test_a_word_typed_in_haste_finds_the_word_as_printed(
    town: Town, typed: str, title: str
) -> None:
    """T55; MoroccoAPI #2; OsmAnd #11709; quran.com #3342: index and query fold alike."""
    for printed in (
        *("ميناء آسفي يستقبل أول باخرة", "قطار مراكش يصل في موعده"),
        *("مزرعة الزيتون تفتح أبوابها", "مباراة ايـــاب بين الجارين"),
    ):
        town.paper.prints("politics", printed, "تفاصيل الخبر كما وردت من المراسل.")
    await town.begin()

    await town.says(SALMA, typed)

    seen = await town.sees(SALMA, "نتائج", "1.")
    assert title in seen
    assert "2." not in seen


async def test_the_exact_form_stands_before_another_form_of_the_word_though_it_is_older(
    town: Town,
) -> None:
    """T55; quran.com #3342."""
    yesterday = town.clock() - timedelta(hours=20)
    town.paper.prints("politics", "سرقة أغنام من مزرعة قرب سطات", at=yesterday)
    town.paper.prints("politics", "معرض للورد في مزرعتهم بقلعة مكونة")
    await town.begin()

    await town.says(SALMA, "مزرعه")

    seen = await town.sees(SALMA, "1.", "2.")
    assert seen.index("سرقة أغنام") < seen.index("معرض للورد")


async def test_pages_turn_in_place_and_a_result_leads_back_to_its_page(town: Town) -> None:
    for number in range(1, 8):
        town.paper.prints(
            "politics", f"المجلس رقم {number} يعقد دورة {number * 37} في مدينة {number}"
        )
    await town.begin()

    await town.says(SALMA, "المجلس")
    await town.sees(SALMA, "نتائج «المجلس»", "1.")
    before = len(town.texts(SALMA))
    await town.taps(SALMA, "التالي")
    await town.sees(SALMA, "المجلس رقم 2")
    assert "2 / 2" in town.buttons(SALMA)
    await town.taps(SALMA, "1")
    await town.sees(SALMA, "المجلس رقم 2")
    await town.taps(SALMA, "رجوع")

    await town.sees(SALMA, "المجلس رقم 2", "المجلس رقم 1")
    assert len(town.texts(SALMA)) == before


@pytest.mark.parametrize(
    "typed", ['"', "*", "NEAR(", "👍👍", "«»", "a OR", "'; DROP TABLE articles", "ا" * 4000]
)
async def test_any_text_gets_an_answer(town: Town, typed: str) -> None:
    town.paper.prints("politics", "الحكومة تصادق على مرسوم جديد لتنظيم النقل")
    await town.begin()

    await town.says(SALMA, typed)

    await town.sees(SALMA)
    assert not any("تعذر" in text for text in town.texts(SALMA))
