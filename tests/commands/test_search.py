"""Searching: by command and by plain words, in pages, edited afterwards, and for nonsense."""

from __future__ import annotations

import pytest

from tests.build import draft
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

    assert bureau.texts.say("layout.results.nothing.ever", words="قصرشمسي") in bureau.seen(SALMA)


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


async def test_a_hit_has_its_words_in_bold_its_section_and_its_date(bureau: Bureau) -> None:
    await bureau.prints(
        draft(title="أشغال في الشمال", body="زار الوفد «ميناء» طنجة & سبتة <أمس>. ثم عاد.")
    )

    await bureau.says(SALMA, "ميناء طنجه")

    (message,) = bureau.messages(SALMA)
    bold = [
        message["text"].encode("utf-16-le")[2 * one["offset"] : 2 * (one["offset"] + one["length"])]
        for one in message["entities"]
        if one["type"] == "bold"
    ]
    marked = [piece.decode("utf-16-le") for piece in bold]
    assert "زار الوفد «ميناء» طنجة & سبتة <أمس>." in bureau.seen(SALMA)
    assert marked[-2:] == ["ميناء", "طنجة"]
    assert "🏛 سياسة · صحيفة الغد · اليوم 12:00" in bureau.seen(SALMA)


async def test_a_search_that_is_edited_is_made_anew(bureau: Bureau) -> None:
    await bureau.prints(draft(title="الحكومة تعرض حصيلتها"))
    message = await bureau.says(SALMA, "الحكومت")

    await bureau.edits(SALMA, message, "الحكومة")
    assert "الحكومة تعرض حصيلتها" in bureau.seen(SALMA)
    await bureau.edits(SALMA, message, "/search حصيلتها")

    assert "نتائج «حصيلتها»" in bureau.seen(SALMA)
    assert len(bureau.messages(SALMA)) == 3


@pytest.mark.parametrize("first", ["الحكومة", "/search الحكومة", "  الحكومة "])
async def test_an_edit_that_changes_nothing_is_passed_over(bureau: Bureau, first: str) -> None:
    message = await bureau.says(SALMA, first)

    await bureau.edits(SALMA, message, "الحكومة")

    assert len(bureau.messages(SALMA)) == 1


async def test_an_edit_to_a_link_opens_its_story(bureau: Bureau) -> None:
    await bureau.prints(draft(title="افتتاح الميناء", canonical_url="news.example/port"))
    message = await bureau.says(SALMA, "الميناء")

    await bureau.edits(SALMA, message, "https://news.example/port")

    assert "احفظ" in bureau.labels(SALMA)


async def test_an_edit_to_nothing_that_can_be_searched_says_so(bureau: Bureau) -> None:
    message = await bureau.says(SALMA, "الميناء")

    await bureau.edits(SALMA, message, "😀")

    assert bureau.seen(SALMA) == bureau.texts.say("search.nothing_to_search")


async def test_what_turns_the_line_is_not_said_back(bureau: Bureau) -> None:
    await bureau.says(SALMA, "\u202eأخبار\u2066 طنجة\u200f")

    said = bureau.messages(SALMA)[-1]["text"]
    assert "لا نتائج عن «أخبار طنجة»" in said
    assert not {"\u202e", "\u2066"} & set(said)
