"""Links into the bot: what is written is read again, and anything else opens nothing of ours."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.briefs import links
from bot.model import Section, StoryId

ALLOWED = re.compile(r"[A-Za-z0-9_-]{1,64}")  # Bot API, "Deep linking"


@pytest.mark.parametrize("words", ["لعمامرة", "ميناء طنجة", "5G", "«الوداد» -الرجاء", "كرة؟"])
def test_a_search_travels_and_arrives_as_it_was_typed(words: str) -> None:
    word = links.to_search(words)

    assert ALLOWED.fullmatch(word)
    assert links.opened(word) == links.Search(words)


def test_of_a_long_search_the_first_words_travel() -> None:
    word = links.to_search("المجلس الجماعي لمدينة الدار البيضاء يصادق على الميزانية")

    assert ALLOWED.fullmatch(word)
    assert links.opened(word) == links.Search("المجلس الجماعي لمدينة")


@pytest.mark.parametrize("words", ["", "  ", "ا" * 24])
def test_what_does_not_fit_makes_no_link(words: str) -> None:
    assert links.to_search(words) == ""


@given(st.text())
def test_any_words_make_a_link_that_telegram_takes_and_we_can_read(words: str) -> None:
    word = links.to_search(words.encode(errors="ignore").decode())

    assert word == "" or ALLOWED.fullmatch(word)
    assert word == "" or isinstance(links.opened(word), links.Search)


def test_a_story_and_a_section_have_their_links() -> None:
    assert links.opened(links.to_story(StoryId(7))) == StoryId(7)
    assert links.opened("sec_sport") is Section.SPORT


@pytest.mark.parametrize(
    "word", ["", "promo-2026", "st_", "st_7x", "st_٧", "st_" + "9" * 19, "sec_nosuch", "q", "q_=="]
)
def test_a_word_that_is_none_of_ours_opens_nothing(word: str) -> None:
    assert links.opened(word) is None


@pytest.mark.parametrize(
    "encoded",
    ["", "a", "abcde", base64.urlsafe_b64encode(b"\xd9").decode().rstrip("="), "____"],
    ids=["nothing", "one letter", "five letters", "half a letter", "no text"],
)
def test_a_broken_search_is_a_search_for_nothing(encoded: str) -> None:
    assert links.opened(f"q_{encoded}") == links.Search("")


@given(st.text(alphabet=st.characters(max_codepoint=0x7F)))
def test_no_forged_word_is_an_error(word: str) -> None:
    assert isinstance(links.opened(f"q_{word}"), links.Search | None)
    assert links.opened(word) is None or word.startswith(("st_", "sec_", "q_"))
