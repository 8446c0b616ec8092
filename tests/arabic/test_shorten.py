"""Within the limit, between two words, nothing dangling, isolates closed."""

from __future__ import annotations

import unicodedata
from itertools import takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arabic.direction import FSI, PDI, isolate_foreign, open_isolates
from bot.arabic.shorten import ELLIPSIS, shorten, units

TEXT = st.text(
    st.one_of(
        st.sampled_from(f"   \n{FSI}{PDI}«»،.:أبجد🔴\u064e\u202f"), st.characters(codec="utf-8")
    )
).map(isolate_foreign)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("", 0, id="nothing"),
        pytest.param("خبر", 3, id="Arabic"),
        pytest.param("بَ", 2, id="a mark counts"),
        pytest.param("🔴", 2, id="outside the first plane"),
        pytest.param("▶️", 2, id="sign with selector"),
    ],
)
def test_units_are_those_of_utf_16(text: str, count: int) -> None:
    assert units(text) == count


@given(st.text(st.characters(codec="utf-8")))
def test_units_agree_with_the_encoder(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        pytest.param("مجلس الحكومة", 12, "مجلس الحكومة", id="fits exactly"),
        pytest.param("مجلس الحكومة", 11, "مجلس…", id="no word is cut"),
        pytest.param("مجلس الحكومة يصادق", 13, "مجلس الحكومة…", id="the ellipsis fits exactly"),
        pytest.param("مجلس الحكومة يصادق", 12, "مجلس…", id="the ellipsis needs its unit"),
        pytest.param("قال الوزير: انتهى", 14, "قال الوزير…", id="colon"),
        pytest.param("فاس، مكناس، وجدة", 12, "فاس، مكناس…", id="comma"),
        pytest.param("قال «انتهى الأمر» أمس", 6, "قال…", id="opening mark alone with its word"),
        pytest.param("قال « انتهى الأمر", 8, "قال…", id="opening mark by itself"),
        pytest.param("الوداد – الرجاء البيضاوي", 12, "الوداد…", id="dash"),
        pytest.param("بلغ 12\u202f480 قارئا", 9, "بلغ…", id="a number is not parted"),
        pytest.param("مَرَّاكُش آسفي", 12, "مَرَّاكُش…", id="marks stay on their letters"),
        pytest.param("🔴🔴 عاجل الآن", 6, "🔴🔴…", id="signs count double"),
        pytest.param("مجلس   ", 4, "مجلس", id="white space at the end is no loss"),
        pytest.param("قسطنطينية", 5, "…", id="the first word does not fit"),
        pytest.param("خبر طويل", 1, "…", id="one unit"),
        pytest.param("خبر طويل", 0, "", id="no unit"),
        pytest.param("", 0, "", id="nothing"),
        pytest.param(
            f"فاز {FSI}Real Madrid{PDI} أمس", 12, f"فاز {FSI}Real{PDI}…", id="an isolate is closed"
        ),
        pytest.param(f"فاز {FSI}Real Madrid{PDI} أمس", 10, "فاز…", id="closing it needs its unit"),
        pytest.param(f"فاز {FSI} Real{PDI} أمس", 8, "فاز…", id="an empty isolate goes"),
    ],
)
def test_text_is_cut_between_words(text: str, most: int, short: str) -> None:
    assert shorten(text, most) == short


@given(TEXT, st.integers(-1, 60))
def test_short_text_keeps_the_limit_and_its_isolates(text: str, most: int) -> None:
    short = shorten(text, most)

    assert units(short) <= max(0, most)
    assert open_isolates(short) == 0


@given(TEXT, st.integers(1, 40))
def test_a_cut_ends_with_the_ellipsis_and_parts_no_word(beginning: str, most: int) -> None:
    text = f"{beginning} {'خاتمة ' * 8}".rstrip()

    short = shorten(text, most)
    kept = common_beginning(text, short.removesuffix(ELLIPSIS))

    assert short == kept + PDI * (len(short) - len(kept) - 1) + ELLIPSIS
    assert not (kept[-1:].isalnum() and is_of_a_word(text[len(kept)]))


def common_beginning(one: str, other: str) -> str:
    return "".join(
        a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    )


def is_of_a_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def test_a_long_text_of_signs_is_cut_in_one_pass() -> None:
    short = shorten("🔴 " * 100_000, 4096)

    assert 4090 <= units(short) <= 4096
