"""A reader looks for something: Arabic spelling forgiven, pages turned in place, any text safe."""

from __future__ import annotations

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
