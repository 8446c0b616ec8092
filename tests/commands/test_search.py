"""Searching: by command and by plain words, in pages, in two orders, and for nonsense."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.build import NOON, draft
from tests.commands.conftest import SALMA, Bureau


@pytest.mark.parametrize("words", ["/search الحكومه", "الحكومه", "الحُكومة"])
async def test_a_word_is_found_however_it_is_written(bureau: Bureau, words: str) -> None:
    await bureau.prints(draft(title="الحكومة تعرض حصيلتها"))
    await bureau.prints(draft(title="نهاية البطولة"))

    await bureau.says(SALMA, words)

    assert "الحكومة تعرض حصيلتها" in bureau.seen(SALMA)
    assert "نهاية البطولة" not in bureau.seen(SALMA)


async def test_results_are_turned_in_place_and_opened(bureau: Bureau) -> None:
    for number in range(7):
        await bureau.prints(draft(title=f"الميناء في يومه {number}"))
    await bureau.says(SALMA, "الميناء")

    await bureau.taps(SALMA, "التالي")
    page = bureau.seen(SALMA)
    await bureau.taps(SALMA, "1")
    assert "الميناء في يومه" in bureau.seen(SALMA)
    await bureau.taps(SALMA, "رجوع")

    assert bureau.seen(SALMA) == page
    assert len(bureau.messages(SALMA)) == 1


async def test_the_other_order_is_one_tap(bureau: Bureau) -> None:
    await bureau.prints(draft(title="ميناء طنجة يكبر"))
    await bureau.prints(
        draft(
            title="أشغال في الشمال",
            body="زار الوفد ميناء طنجة أمس.",
            first_seen_at=NOON + timedelta(minutes=5),
        )
    )

    await bureau.says(SALMA, "ميناء طنجة")
    by_fit = bureau.seen(SALMA)
    await bureau.taps(SALMA, "الأحدث أولا")

    assert "الأقرب أولا" in by_fit
    assert "1. ميناء طنجة يكبر" in by_fit
    assert "الأحدث أولا" in bureau.seen(SALMA)
    assert "1. أشغال في الشمال" in bureau.seen(SALMA)


async def test_a_last_page_of_one_hit_offers_the_other_order_too(bureau: Bureau) -> None:
    for number in range(6):
        await bureau.prints(draft(title=f"الميناء في يومه {number}"))
    await bureau.says(SALMA, "الميناء")
    await bureau.taps(SALMA, "التالي")

    await bureau.taps(SALMA, "الأحدث أولا")

    assert "1. الميناء في يومه 5" in bureau.seen(SALMA)


async def test_the_same_page_again_is_silent(bureau: Bureau) -> None:
    """An unchanged edit, which Telegram refuses, is no failure."""
    for number in range(7):
        await bureau.prints(draft(title=f"الميناء في يومه {number}"))
    await bureau.says(SALMA, "الميناء")

    toast = await bureau.taps(SALMA, "1 / 2")

    assert toast == ""
    assert len(bureau.messages(SALMA)) == 1


async def test_nothing_found_says_what_to_do(bureau: Bureau) -> None:
    await bureau.says(SALMA, "قصرشمسي")

    assert bureau.texts.say("layout.results.nothing", words="قصرشمسي") in bureau.seen(SALMA)


@pytest.mark.parametrize("words", ["*", '"', "😀", "«»", "-", "؟"])
async def test_nothing_to_search_is_said_to_be_so(bureau: Bureau, words: str) -> None:
    await bureau.says(SALMA, words)

    assert bureau.seen(SALMA) == bureau.texts.say("search.nothing_to_search")


@pytest.mark.parametrize("words", ["NEAR(", "a OR", "x AND (y", "title:x", "س" * 4000, "<b>&"])
async def test_any_words_are_safe(bureau: Bureau, words: str) -> None:
    await bureau.prints(draft())

    await bureau.says(SALMA, words)

    assert "لا نتائج" in bureau.seen(SALMA)


async def test_the_command_alone_says_how_it_is_done(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/search")

    assert bureau.seen(SALMA) == bureau.texts.say("search.how")
