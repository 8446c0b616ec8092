"""Headlines: which carry the mark of urgency, and what is left of them. Precision comes first."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.urgency import is_mark, split_urgent

NEWS = "زلزال خفيف يضرب الساحل"


@pytest.mark.parametrize(
    "title",
    [
        f"عاجل: {NEWS}",
        f"عاجل : {NEWS}",
        f"عاجل:{NEWS}",
        f"عاجل.. {NEWS}",
        f"عاجل... {NEWS}",
        f"عاجل… {NEWS}",
        f"عاجل | {NEWS}",
        f"عاجل/ {NEWS}",
        f"عاجل - {NEWS}",
        f"عاجل – {NEWS}",
        f"عاجل — {NEWS}",
        f"عاجل ـ {NEWS}",
        f"عاجل! {NEWS}",
        f"عاجل • {NEWS}",
        f"عاجل جدا: {NEWS}",
        f"خبر عاجل: {NEWS}",
        f"عاجل الآن: {NEWS}",
        f"عــــاجل: {NEWS}",
        f"عاجِل: {NEWS}",
        f"[عاجل] {NEWS}",
        f"[ عاجل ]: {NEWS}",
        f"(عاجل) {NEWS}",
        f"{{عاجل}} {NEWS}",
        f"«عاجل»: {NEWS}",
        f'"عاجل" | {NEWS}',
        f"#عاجل {NEWS}",
        f"#عاجل | {NEWS}",
        f"🔴 عاجل: {NEWS}",
        f"🔴عاجل | {NEWS}",
        f"🚨🚨 #عاجل {NEWS}",
        f"⚡️ عاجل - {NEWS}",
        f"URGENT: {NEWS}",
        f"urgent - {NEWS}",
        f"{NEWS} | عاجل",
        f"{NEWS} - عاجل",
        f"  عاجل:\n {NEWS} ",
    ],
)
def test_a_mark_set_off_by_a_sign_is_one_and_goes(title: str) -> None:
    assert split_urgent(title) == (NEWS, True)


@pytest.mark.parametrize(
    "title",
    [
        "تدخل عاجل لإنقاذ سكان القنطرة",
        "عملية جراحية عاجلة: نجاح فريق طبي",
        "نداء عاجل: مستشفى الزهراء يحتاج إلى الدم",
        "اجتماع عاجل | الحكومة تناقش الماء",
        "عاجل زلزال يضرب الساحل",
        "عاجلا أم آجلا: الماء سيصل إلى القرى",
        "العاجل: برنامج جديد",
        "الاستعجالي - إصلاح جديد",
        "طلب نقل غير-عاجل",
        "قرار وصفه الوزير بأنه عاجل",
        "الوزير: الملف عاجل",
        "«عاجل» تكشف تفاصيل الملف",
        '"عاجل" تنشر أسماء المقبولين',
        "مستعجل: بيان الجامعة",
        "بيان غير عاجل - توضيح",
        "الرباط | عاجل: توضيح",
        "عاجل، قال الوزير، هو الملف",
        "خط الأخبار العاجلة | برنامج",
        "insurgent: a word with the mark in it",
        "",
        "   ",
    ],
)
def test_the_word_inside_a_sentence_is_no_mark(title: str) -> None:
    assert split_urgent(title) == (title, False)


@pytest.mark.parametrize("title", ["عاجل", "عاجل:", "🔴 عاجل", "[عاجل]", "#عاجل", "خبر عاجل .."])
def test_nothing_is_left_of_a_title_that_is_only_the_mark(title: str) -> None:
    assert split_urgent(title) == ("", True)
    assert is_mark(title)


def test_a_name_that_holds_the_mark_is_none() -> None:
    assert not is_mark("صحيفة عاجل")
    assert not is_mark("")


@given(st.text())
def test_any_text_is_split_into_a_part_of_itself(title: str) -> None:
    rest, _ = split_urgent(title)

    assert rest in (title, " ".join(title.split())) or rest in " ".join(title.split())


@pytest.mark.parametrize("piece", ["عاجل", "🔴 ", "| ", "a |", " - عاجل", " " * 50])
def test_a_title_of_any_length_is_split_in_time(piece: str) -> None:
    begun = time.process_time()

    split_urgent(piece * 20_000 + "x")

    assert time.process_time() - begun < 1
