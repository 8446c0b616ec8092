"""The words round what was sought."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arabic.fold import fold, words
from bot.arabic.shorten import units
from bot.arabic.stem import stem
from bot.briefs.snippet import MOST_FOUND, snippet
from bot.model import Snippet, Term
from tests.briefs.build import BODY, article

LONG = (
    "وبعد جلسة أولى دامت ثلاث ساعات عقدت بعيدا عن الصحافة التقى المبعوث بالوزير لعمامرة "
    "ثم غادر إلى تونس دون تصريح على أن يعود الأسبوع المقبل لجولة ثانية تخصص للتجارة."
)


def term(word: str) -> Term:
    folded = fold(word)
    return Term((folded,), stem(folded))


def marked(found: Snippet) -> str:
    """Write a snippet with brackets round what was found."""
    text = found.text
    for first, behind in reversed(found.found):
        text = f"{text[:first]}[{text[first:behind]}]{text[behind:]}"
    return text


def test_the_sentence_with_most_of_the_terms_is_shown_whole() -> None:
    found = snippet(article(body=BODY), [term("ميزانية"), term("التعليم")], 160)

    assert found.text == "ورفع المشروع ميزانيتي الصحة والتعليم بـ 14 مليار درهم."


def test_the_first_of_equal_sentences_is_shown() -> None:
    body = "زار الوزير فاس. وعاد الوزير منها."

    assert snippet(article(body=body), [term("الوزير")], 160).text == "زار الوزير فاس."


def test_a_long_sentence_is_cut_round_the_find() -> None:
    found = snippet(article(body=LONG), [term("لعمامرة")], 80)

    assert (
        found.text
        == "… بعيدا عن الصحافة التقى المبعوث بالوزير لعمامرة ثم غادر إلى تونس دون تصريح على…"
    )


def test_a_clause_near_the_find_begins_the_snippet() -> None:
    body = LONG.replace("الصحافة", "الصحافة،")

    assert snippet(article(body=body), [term("لعمامرة")], 80).text.startswith("… التقى المبعوث")


def test_a_find_at_the_beginning_has_no_mark_before_it() -> None:
    found = snippet(article(body=LONG), [term("جلسة")], 40)

    assert found.text == "وبعد جلسة أولى دامت ثلاث ساعات عقدت…"


def test_little_room_is_given_to_the_find_itself() -> None:
    assert snippet(article(body=LONG), [term("لعمامرة")], 12).text == "… لعمامرة…"


def test_a_phrase_is_shown_from_its_first_word() -> None:
    phrase = Term(("الوزير", "لعمامره"))
    body = f"غادر الوفد. {LONG.replace('بالوزير', 'الوزير')}"

    assert "[الوزير لعمامرة]" in marked(snippet(article(body=body), [phrase], 80))


def test_the_summary_is_searched_too() -> None:
    made = article(body=BODY, summary="تعقد الجلسة بالرباط.")

    assert snippet(made, [term("الجلسة")], 160).text == "تعقد الجلسة بالرباط."


def test_what_only_the_title_holds_is_told_by_the_brief() -> None:
    found = snippet(article("لعمامرة في الرباط", BODY), [term("لعمامرة")], 160)

    assert found.text.startswith("صادق مجلس الحكومة")


@given(st.integers(1, 200), st.sampled_from(LONG.split()))
def test_a_snippet_keeps_its_measure_and_cuts_no_word(most: int, sought: str) -> None:
    found = snippet(article(body=LONG), [term(sought)], most).text

    assert units(found) <= most
    assert set(words(found)) <= set(words(LONG))


@pytest.mark.parametrize(
    ("body", "sought", "shown"),
    [
        ("قال «الوزيرُ»، وهو وزير النقل: لا.", "الوزير", "قال «[الوزيرُ]»، وهو [وزير] النقل: لا."),
        ("نادي F.C. Barcelona يفوز", "barcelona", "نادي F.C. [Barcelona] يفوز"),
        ("بلغ 12\u202f480 زائرا", "480", "بلغ [12\u202f480] زائرا"),
        ("زار الوزير وزيرين", "الوزير", "زار [الوزير وزيرين]"),
        ("فاز 🔴🔴 الوداد", "الوداد", "فاز 🔴🔴 [الوداد]"),
    ],
    ids=["signs and marks", "Latin", "a grouped number", "neighbours", "beyond the first plane"],
)
def test_what_was_sought_is_marked_without_the_signs_round_it(
    body: str, sought: str, shown: str
) -> None:
    assert marked(snippet(article(body=body), [term(sought)], 160)) == shown


def test_only_so_many_stretches_are_marked() -> None:
    body = " ".join(["ميناء كبير"] * 20)

    assert len(snippet(article(body=body), [term("ميناء")], 300).found) == MOST_FOUND
