"""Light stems: the families that must meet, the words that must not lose themselves."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arabic.fold import fold
from bot.arabic.lists import word_lists
from bot.arabic.stem import SEARCH_VERSION, stem, stems

# Version of the index → fingerprint of what fold and stem answer; a new answer needs a new line.
ANSWERS = {1: "c0aca12d3889", 2: "c0aca12d3889"}  # 2: titles are kept apart
LETTERS = st.text(st.characters(min_codepoint=0x0621, max_codepoint=0x064A), max_size=12)


@pytest.mark.parametrize(
    "family",
    [
        pytest.param("وزير الوزير للوزير ووزير والوزير بالوزير وزيرا وزيرها", id="minister"),
        pytest.param("حكومة الحكومة للحكومة حكومات الحكومية حكومتها حكومتنا", id="government"),
        pytest.param("مراكش بمراكش لمراكش ومراكش المراكشي مراكشية", id="Marrakech"),
        pytest.param("فلسطين الفلسطيني الفلسطينية فلسطينيون والفلسطينيين", id="Palestine"),
        pytest.param("فرنسا الفرنسي الفرنسية لفرنسا وفرنسا", id="France"),
        pytest.param("منتخب المنتخب منتخبنا للمنتخب منتخبات بالمنتخب", id="national team"),
        pytest.param("مدينة المدينة مدينتهم بمدينة", id="town"),
        pytest.param("وكالة وكالات الوكالة والوكالات", id="agency"),
        pytest.param("والد والده الوالد والدها", id="father"),
        pytest.param("آلاف الآلاف وآلاف", id="thousands"),
        pytest.param("حق الحق للحق بالحق", id="two letters"),
        pytest.param("سلا بسلا وسلا لسلا", id="Sale"),
        pytest.param("الله والله بالله", id="God"),
        pytest.param("والي الوالي", id="governor, not «and to»"),
    ],
)
def test_the_forms_of_a_word_meet_in_one_stem(family: str) -> None:
    assert len(set(stems(family))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("والد", "والدول", id="father, and the states"),
        pytest.param("بالغة", "بالغاز", id="adult, with gas"),
        pytest.param("الاتحاد", "حد", id="union, limit"),
        pytest.param("كتاب", "كاتب", id="book, writer"),
        pytest.param("الله", "له", id="God, to him"),
    ],
)
def test_other_words_keep_other_stems(one: str, other: str) -> None:
    assert stem(fold(one)) != stem(fold(other))


@pytest.mark.parametrize(
    "word",
    ["whatsapp", "2026", "g20", "في", "التي", "والذي", "", "و" * 33],
    ids=["Latin", "number", "mixed", "preposition", "relative", "and who", "nothing", "no word"],
)
def test_what_is_no_arabic_content_word_stays(word: str) -> None:
    assert stem(fold(word)) == fold(word)


@given(LETTERS)
def test_a_stem_is_a_part_of_its_word_and_two_letters_at_least(word: str) -> None:
    folded = fold(word)

    assert stem(folded) in folded
    assert len(stem(folded)) >= min(2, len(folded))


def test_stems_keep_order_and_repeats() -> None:
    assert stems("المغرب: مغربية في المغرب 2026") == ["مغرب", "مغرب", "في", "مغرب", "2026"]


def test_whoever_changes_a_stem_raises_the_index_version() -> None:
    """T55; stalwartlabs/stalwart #3269: index and query fold alike."""
    lists = ("stopwords", "stems")
    groups = [words for name in lists for words in word_lists("bot.arabic", name).values()]
    vocabulary = [word for words in groups for word in words]
    answers = " ".join(stems(" ".join(["مسؤول", "بمدينتها", "أڭادير", *vocabulary])))

    assert sha256(answers.encode()).hexdigest()[:12] == ANSWERS[SEARCH_VERSION]
