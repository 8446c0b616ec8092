"""A reader looks for something: Arabic spelling forgiven, pages turned in place, any text safe."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

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


async def print_harbour(town: Town) -> Town:
    """Begin at noon with seven stories of the harbour."""
    town.clock.set(datetime(2026, 11, 26, 12, tzinfo=UTC))
    for number in range(1, 8):
        town.paper.prints(
            "politics",
            f"رصيف {number} يستقبل {number * 37} سفينة",
            f"رست في الميناء رقم {number} سفن من {number * 11} بلدا.",
        )
    return await town.begin()


@pytest.mark.shows("results")
async def test_results_tell_where_the_words_stand_and_when(town: Town) -> None:
    await print_harbour(town)

    await town.says(SALMA, "الميناء")

    seen = await town.sees(SALMA, "نتائج «الميناء»: 7 · الأقرب أولا", "5. ")
    assert seen.count("🏛 سياسة · صحيفة المدينة · اليوم") == 5
    message = [one for one in town.seen if "نتائج" in str(one.get("text"))][-1]
    letters = message["text"].encode("utf-16-le")
    bold = [
        letters[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le")
        for one in message["entities"]
        if one["type"] == "bold"
    ]
    assert bold.count("الميناء") == 5  # in the text of each


@pytest.mark.shows("results_sections", "results_period")
async def test_a_search_is_narrowed_by_section_and_period_and_widened_again(town: Town) -> None:
    await print_harbour(town)
    await town.says(SALMA, "/start")
    await town.says(SALMA, "الميناء")
    await town.sees(SALMA, "نتائج «الميناء»")

    await town.taps(SALMA, "القسم ▾")
    await town.sees(SALMA, "في أي قسم نبحث")
    await town.taps(SALMA, "سياسة")
    await town.sees(SALMA, "نتائج «الميناء»: 7 · سياسة · الأقرب أولا")
    await town.taps(SALMA, "القسم ▾")
    await town.sees(SALMA, "في أي قسم نبحث")
    await town.taps(SALMA, "كل الأقسام")
    await town.sees(SALMA, "نتائج «الميناء»: 7 · الأقرب أولا")
    await town.taps(SALMA, "المدة ▾")
    await town.sees(SALMA, "في أي مدة نبحث")
    await town.taps(SALMA, "أمس")
    await town.sees(SALMA, "لا نتائج عن «الميناء»، والمدة: أمس.")
    await town.taps(SALMA, "كل الأرشيف")
    await town.sees(SALMA, "نتائج «الميناء»: 7")
    await town.taps(SALMA, "القسم ▾")
    await town.sees(SALMA, "في أي قسم نبحث")
    await town.taps(SALMA, "اقتصاد")
    await town.sees(SALMA, "لا نتائج عن «الميناء» في قسم «اقتصاد».")
    await town.taps(SALMA, "كل الأقسام")

    await town.sees(SALMA, "نتائج «الميناء»: 7 · الأقرب أولا")
    assert len(town.texts(SALMA)) == 2  # the welcome, and one page that was turned


@pytest.mark.shows("results_nothing")
async def test_a_search_that_was_narrowed_to_nothing_says_where_it_looked(town: Town) -> None:
    await print_harbour(town)
    town.clock.forward(timedelta(days=1))
    await town.says(SALMA, "الميناء")
    await town.sees(SALMA, "نتائج «الميناء»: 7")
    await town.taps(SALMA, "المدة ▾")
    await town.sees(SALMA, "في أي مدة نبحث")
    await town.taps(SALMA, "أمس")
    await town.sees(SALMA, "نتائج «الميناء»: 7 · أمس")

    await town.taps(SALMA, "القسم ▾")
    await town.sees(SALMA, "في أي قسم نبحث")
    await town.taps(SALMA, "اقتصاد")
    await town.sees(SALMA, "لا نتائج عن «الميناء» في قسم «اقتصاد»، والمدة: أمس.")
    await town.taps(SALMA, "كل الأقسام")

    await town.sees(SALMA, "نتائج «الميناء»: 7 · أمس")


async def test_a_search_that_is_followed_comes_with_the_digest_and_can_be_left(town: Town) -> None:
    await print_harbour(town)
    await town.says(SALMA, "/start")
    await town.says(SALMA, "الميناء")
    await town.sees(SALMA, "نتائج «الميناء»")

    assert "تتابع أخبار «الميناء» في الموجز" in await town.taps(SALMA, "تابع هذا البحث")
    await town.sees(SALMA, "نتائج «الميناء»")
    assert "✓ تتابع هذا البحث" in town.buttons(SALMA)
    await town.says(SALMA, "/follow")
    await town.sees(SALMA, "ما أتابعه", "الميناء · في الموجز")
    await town.says(SALMA, "الميناء")
    await town.sees(SALMA, "نتائج «الميناء»")
    assert await town.taps(SALMA, "تتابع هذا البحث") == "لم تعد تتابع هذا البحث."

    await town.says(SALMA, "/follow")
    assert "الميناء" not in await town.sees(SALMA, "ما أتابعه")


async def test_results_of_before_a_restart_are_turned_narrowed_and_ordered(town: Town) -> None:
    await print_harbour(town)
    await town.says(SALMA, "الميناء")
    await town.sees(SALMA, "نتائج «الميناء»")

    await town.end()
    await town.begin()
    await town.taps(SALMA, "التالي")
    await town.sees(SALMA, "نتائج «الميناء»: 7")
    assert "2 / 2" in town.buttons(SALMA)
    await town.taps(SALMA, "الأحدث")

    await town.sees(SALMA, "نتائج «الميناء»: 7 · الأحدث أولا", "1. رصيف 7")


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
