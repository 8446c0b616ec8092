"""Name of a word list in, its phrases out in folded words; the judgements of this room read them.

A phrase is a tuple of folded words, so that spelling and marks do not matter when it is sought.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import cache

from bot.arabic.fold import fold, words
from bot.arabic.lists import word_lists

Phrases = Set[tuple[str, ...]]

_LONGEST_PHRASE = 5  # words; a test holds the lists to it


@cache
def phrases(name: str, key: str) -> Phrases:
    """Return the phrases under ``key`` of ``data/<name>.toml``."""
    return frozenset(tuple(words(fold(phrase))) for phrase in word_lists(__package__, name)[key])


@cache
def vocabulary(name: str, key: str) -> frozenset[str]:
    """Return the single words that the phrases under ``key`` are made of."""
    return frozenset(word for phrase in phrases(name, key) for word in phrase)


def begins(text: str, with_one_of: Phrases) -> bool:
    """Say whether a text begins with one of the phrases."""
    return bool(opening(words(fold(text)), with_one_of))


def opening(folded: Sequence[str], one_of: Phrases) -> int:
    """Count the words of the longest phrase that folded words begin with; 0 when with none."""
    lengths = range(min(_LONGEST_PHRASE, len(folded)), 0, -1)
    return next((length for length in lengths if tuple(folded[:length]) in one_of), 0)
