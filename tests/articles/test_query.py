"""What readers type: any text is a question, a small one, and the terms are what they meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arabic.fold import fold, words
from bot.articles.query import LONGEST, MOST_TERMS, parse_query
from bot.model import Query, Section


def shown(query: Query) -> list[str]:
    return [" ".join(term.folded) for term in query.terms]


@pytest.mark.parametrize(
    ("text", "terms", "without"),
    [
        pytest.param("الحكومة", ["الحكومه"], [], id="a word"),
        pytest.param("  مجلس \n الحكومة ", ["مجلس", "الحكومه"], [], id="white space"),
        pytest.param("أخبار في الرباط", ["اخبار", "الرباط"], [], id="function words go"),
        pytest.param("من على في", ["من", "علي", "في"], [], id="unless there is nothing else"),
        pytest.param("الماء الماء", ["الماء"], [], id="each once"),
        pytest.param("«قانون المالية» الجديد", ["قانون الماليه", "الجديد"], [], id="a phrase"),
        pytest.param('"قانون المالية"', ["قانون الماليه"], [], id="typewriter's marks"),
        pytest.param("“قانون المالية”", ["قانون الماليه"], [], id="curly marks"),
        pytest.param("«الماء»", ["الماء"], [], id="a phrase of one word"),
        pytest.param("«قانون المالية", ["قانون", "الماليه"], [], id="an open phrase"),
        pytest.param("الماء -القنطرة", ["الماء"], ["القنطره"], id="without a word"),
        pytest.param("الماء -«وادي الجبل»", ["الماء"], ["وادي الجبل"], id="without a phrase"),
        pytest.param("كوفيد-19", ["كوفيد", "19"], [], id="a dash inside"),
        pytest.param("الماء - القنطرة", ["الماء", "القنطره"], [], id="a dash alone"),
        pytest.param("-القنطرة", [], ["القنطره"], id="only without"),
        pytest.param("٢٠٢٦", ["2026"], [], id="digits"),
        pytest.param("", [], [], id="nothing"),
        pytest.param('"', [], [], id="a mark"),
        pytest.param('""', [], [], id="an empty phrase"),
        pytest.param("*", [], [], id="a star"),
        pytest.param("NEAR(", ["near"], [], id="an engine's word"),
        pytest.param("a AND b OR NOT c", ["a", "and", "b", "or", "not", "c"], [], id="operators"),
        pytest.param("title:x ^y {z}", ["title", "x", "y", "z"], [], id="columns"),
        pytest.param("'; DROP TABLE articles; --", ["drop", "table", "articles"], [], id="SQL"),
        pytest.param("🔴", [], [], id="an emoji"),
        pytest.param("\x00", [], [], id="nothing printable"),
    ],
)
def test_a_question_is_read_as(text: str, terms: list[str], without: list[str]) -> None:
    query = parse_query(text)

    assert shown(query) == terms
    assert [" ".join(term.folded) for term in query.without] == without


def test_four_thousand_letters_are_a_small_question() -> None:
    query = parse_query("كلمة " * 800)

    assert (len(query.text), shown(query)) == (LONGEST, ["كلمه"])
    assert len(parse_query(" ".join(f"كلمة{n}" for n in range(900))).terms) == MOST_TERMS
    assert len(parse_query("ا" * 4000).terms[0].folded[0]) == LONGEST


def test_a_word_has_its_stem_and_a_phrase_has_none() -> None:
    word, phrase = parse_query("الوزراء «قانون المالية»").terms

    assert word.stem
    assert (phrase.folded, phrase.stem) == (("قانون", "الماليه"), "")


def test_a_section_goes_along() -> None:
    assert parse_query("الماء", Section.ECONOMY).section is Section.ECONOMY


@given(st.text(max_size=600) | st.text(alphabet='"«»“”- *()ابت\n\u200f', max_size=600))
def test_any_text_is_a_bounded_question_in_words_of_the_index(text: str) -> None:
    query = parse_query(text)

    assert len(query.text) <= LONGEST
    assert len(query.terms) <= MOST_TERMS
    assert len(query.without) <= MOST_TERMS
    for term in (*query.terms, *query.without):
        assert term.folded
        assert words(fold(" ".join(term.folded))) == list(term.folded)
