"""An article in, what it is compared by out: the stems that could tell its event from others.

The title weighs double: what happened stands there. The text counts by its first stems only, for
background paragraphs are copied from story to story and would join what is merely related.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.arabic.fold import fold, words
from bot.arabic.stem import stem
from bot.arabic.stopwords import is_stopword

TEXT_STEMS = 120  # of the text; about its first two paragraphs
TITLE_WEIGHT = 2
_AT_HAND = 16  # articles: one is signed when its story is sought, and when it has been stored
SHORTEST = 2  # letters of a stem that tells something
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Signature:
    """What is compared: weights of stems, and what of the title tells one event from the next."""

    stems: Mapping[str, int]
    title: frozenset[str]
    names: frozenset[str]  # words of the title that the text has too: who and where
    numbers: frozenset[str]  # of the title


@lru_cache(_AT_HAND)
def signature_of(title: str, body: str) -> Signature:
    """Return the signature of an article."""
    head = frozenset(_telling(title))
    text = frozenset(_telling(body)[:TEXT_STEMS])
    weights = {word: TITLE_WEIGHT * (word in head) + (word in text) for word in head | text}
    names = frozenset(word for word in head & text if not word.isdigit())
    return Signature(weights, head, names, frozenset(_NUMBER.findall(fold(title))))


def _telling(text: str) -> list[str]:
    found = [stem(word) for word in words(fold(text)) if not is_stopword(word)]
    return [word for word in found if len(word) >= SHORTEST]
