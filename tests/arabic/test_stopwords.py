"""Function words, also behind «and»; the words that only look so."""

from __future__ import annotations

import pytest

from bot.arabic.fold import fold
from bot.arabic.stopwords import is_stopword


@pytest.mark.parametrize(
    "word",
    [
        "في",
        "إلى",
        "على",
        "التي",
        "هذه",
        "كان",
        "أن",
        "وهو",
        "ولكن",
        "فكانت",
        "والتي",
        "وبعد",
        "لأنها",
        "أيضا",
    ],
)
def test_function_words_are_known(word: str) -> None:
    assert is_stopword(fold(word))


@pytest.mark.parametrize(
    "word",
    [
        "الحكومة",
        "والي",
        "ولد",
        "فيلم",
        "وفد",
        "فعلي",
        "مراكش",
        "خبر",
        "الله",
        "وعد",
        "2026",
        "the",
    ],
)
def test_words_of_content_are_not(word: str) -> None:
    assert not is_stopword(fold(word))
