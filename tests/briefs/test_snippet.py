"""The words round what was sought."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.arabic.fold import fold, words
from bot.arabic.shorten import units
from bot.arabic.stem import stem
from bot.briefs.snippet import snippet
from bot.model import Term
from tests.briefs.build import BODY, article

LONG = (
    "وبعد جلسة أولى دامت ثلاث ساعات عقدت بعيدا عن الصحافة التقى المبعوث بالوزير لعمامرة "
    "ثم غادر إلى تونس دون تصريح على أن يعود الأسبوع المقبل لجولة ثانية تخصص للتجارة."
)


def term(word: str) -> Term:
    folded = fold(word)
    return Term((folded,), stem(folded))


def test_the_sentence_with_most_of_the_terms_is_shown_whole() -> None:
    found = snippet(article(body=BODY), [term("ميزانية"), term("التعليم")], 160)

    assert found == "ورفع المشروع ميزانيتي الصحة والتعليم بـ 14 مليار درهم."


def test_the_first_of_equal_sentences_is_shown() -> None:
    body = "زار الوزير فاس. وعاد الوزير منها."

    assert snippet(article(body=body), [term("الوزير")], 160) == "زار الوزير فاس."


def test_a_long_sentence_is_cut_round_the_find() -> None:
    found = snippet(article(body=LONG), [term("لعمامرة")], 80)

    assert (
        found == "… بعيدا عن الصحافة التقى المبعوث بالوزير لعمامرة ثم غادر إلى تونس دون تصريح على…"
    )


def test_a_clause_near_the_find_begins_the_snippet() -> None:
    body = LONG.replace("الصحافة", "الصحافة،")

    assert snippet(article(body=body), [term("لعمامرة")], 80).startswith("… التقى المبعوث")


def test_a_find_at_the_beginning_has_no_mark_before_it() -> None:
    assert snippet(article(body=LONG), [term("جلسة")], 40) == "وبعد جلسة أولى دامت ثلاث ساعات عقدت…"


def test_little_room_is_given_to_the_find_itself() -> None:
    assert snippet(article(body=LONG), [term("لعمامرة")], 12) == "… لعمامرة…"


def test_a_phrase_is_shown_from_its_first_word() -> None:
    phrase = Term(("الوزير", "لعمامره"))
    body = f"غادر الوفد. {LONG.replace('بالوزير', 'الوزير')}"

    assert "الوزير لعمامرة" in snippet(article(body=body), [phrase], 80)


def test_the_summary_is_searched_too() -> None:
    made = article(body=BODY, summary="تعقد الجلسة بالرباط.")

    assert snippet(made, [term("الجلسة")], 160) == "تعقد الجلسة بالرباط."


def test_what_only_the_title_holds_is_told_by_the_brief() -> None:
    found = snippet(article("لعمامرة في الرباط", BODY), [term("لعمامرة")], 160)

    assert found.startswith("صادق مجلس الحكومة")


@given(st.integers(1, 200), st.sampled_from(LONG.split()))
def test_a_snippet_keeps_its_measure_and_cuts_no_word(most: int, sought: str) -> None:
    found = snippet(article(body=LONG), [term(sought)], most)

    assert units(found) <= most
    assert set(words(found)) <= set(words(LONG))
