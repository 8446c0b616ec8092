"""The search form: what it makes equal, what it keeps apart, and that it is done once for all."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arabic.fold import fold, words

ARABIC = st.characters(min_codepoint=0x0600, max_codepoint=0x06FF)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        pytest.param("اسفي", "آسفي", id="alef madda"),
        pytest.param("مراكش", "مَرَّاكُش", id="harakat"),
        pytest.param("مزرعه", "مزرعة", id="teh marbuta"),
        pytest.param("اياب", "ايـــاب", id="tatweel"),
        pytest.param("اياب", "إيـــاب", id="tatweel and hamza"),
    ],
)
def test_a_word_typed_in_haste_finds_the_word_as_printed(typed: str, written: str) -> None:
    """T55; MoroccoAPI #2, OsmAnd #11709, quran.com #3342."""
    assert fold(typed) == fold(written)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("أنتوني", "انتوني", id="hamza above alef"),
        pytest.param("إفران", "افران", id="hamza below alef"),
        pytest.param("ٱلملك", "الملك", id="alef wasla"),
        pytest.param("ا\u0653سفي", "اسفي", id="madda as a mark of its own"),
        pytest.param("مصطفى", "مصطفي", id="alef maksura"),
        pytest.param("الحكومة", "الحكومه", id="teh marbuta"),
        pytest.param("مسؤول", "مسوول", id="hamza on waw"),
        pytest.param("رئيس", "رييس", id="hamza on yeh"),
        pytest.param("ماء", "ماء", id="hamza alone stays"),
        pytest.param("هٰذا", "هذا", id="small alef"),
        pytest.param("لَهُۥ", "له", id="small waw of the Quran"),
        pytest.param("قالۖ", "قال", id="pause mark of the Quran"),
        pytest.param("یونیو", "يونيو", id="Persian yeh"),
        pytest.param("کازا", "كازا", id="Persian kaf"),
        pytest.param("ے", "ي", id="Urdu yeh"),
        pytest.param("ہ", "ه", id="Urdu heh"),
        pytest.param("أڭادير", "اكادير", id="Moroccan g"),
        pytest.param("أگادير", "اكادير", id="Persian g"),
        pytest.param("ڤيروس", "فيروس", id="v"),
        pytest.param("پاريس", "باريس", id="p"),
        pytest.param("ڧال", "قال", id="Maghrebi qaf"),
        pytest.param("\ufe8d\ufedf\ufee4\ufed0\ufeae\ufe8f", "المغرب", id="presentation forms"),
        pytest.param("\ufef5ن", "لان", id="ligature of lam and alef"),
        pytest.param("\ufdf2", "الله", id="ligature of a word"),
        pytest.param("كتاب\ufe70ا", "كتابا", id="a mark as a presentation form splits no word"),
        pytest.param("بني\u200cملال", "بنيملال", id="zero-width non-joiner"),
        pytest.param("\u2067الرباط\u2069\u200f", "الرباط", id="direction controls"),
        pytest.param("طنجة\ufeff", "طنجه", id="byte order mark"),
        pytest.param("٢٠٢٦", "2026", id="Arabic-Indic digits"),
        pytest.param("۲۰۲۶", "2026", id="Persian digits"),
        pytest.param("٤٫٢", "4.2", id="decimal separator"),
        pytest.param("١٢٬٤٨٠", "12,480", id="thousands separator"),
        pytest.param("WhatsApp", "whatsapp", id="Latin case"),
        pytest.param("Élysée", "elysee", id="Latin accents"),
        pytest.param("Straße", "strasse", id="casefold, not lower"),
        pytest.param("５Ｇ", "5g", id="full width"),
        pytest.param(
            "الدار البيضاء،\nاليوم.", "الدار البيضاء،\nاليوم.", id="spaces and marks stay"
        ),
        pytest.param("خبر🔴عاجل", "خبر🔴عاجل", id="signs stay"),
        pytest.param("بين\u00a0هلالين", "بين هلالين", id="no-break space"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_fold_keeps_the_letters_and_nothing_else(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("ماء", "ما", id="water, what"),
        pytest.param("طريق", "تريق", id="emphatic t"),
        pytest.param("قلب", "كلب", id="heart, dog"),
        pytest.param("ذكر", "دكر", id="dotted letters"),
        pytest.param("ضل", "ظل", id="dad and zah"),
    ],
)
def test_fold_keeps_other_words_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(st.one_of(ARABIC, st.characters())))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_character_folds_to_what_folds_no_further() -> None:
    every = "".join(map(chr, range(0x110000)))
    folded = fold(every)

    assert fold(folded) == folded


@given(st.text(ARABIC), st.text(ARABIC))
def test_a_character_folds_the_same_whatever_stands_beside_it(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)


@given(st.text(st.one_of(ARABIC, st.characters(codec="utf-8"))))
def test_nothing_invisible_is_left(text: str) -> None:
    assert not {unicodedata.category(character) for character in fold(text)} & {"Mn", "Me", "Cf"}


@pytest.mark.parametrize(
    ("folded", "found"),
    [
        pytest.param("وزير المالية، اليوم", ["وزير", "المالية", "اليوم"], id="comma"),
        pytest.param("«مراكش»-اسفي", ["مراكش", "اسفي"], id="quotes and hyphen"),
        pytest.param("كوفيد-19", ["كوفيد", "19"], id="number"),
        pytest.param("g20_summit", ["g20", "summit"], id="underscore parts"),
        pytest.param("4.2 %", ["4", "2"], id="decimal"),
        pytest.param(" ؟! 🔴", [], id="no word"),
    ],
)
def test_words_are_runs_of_letters_and_digits(folded: str, found: list[str]) -> None:
    assert words(folded) == found
