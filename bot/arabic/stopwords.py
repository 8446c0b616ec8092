"""A folded word in, whether it is a function word out; called where words are weighed."""

from __future__ import annotations

from functools import cache

from bot.arabic.fold import fold
from bot.arabic.lists import word_lists

_AND = ("\N{ARABIC LETTER WAW}", "\N{ARABIC LETTER FEH}")
_SHORTEST_AFTER_AND = 3  # letters; shorter ones make other words («crown», «film»): they are listed
_CONTENT = "never"  # the list of words that the rule for «and» would take wrongly


def is_stopword(folded_word: str) -> bool:
    """Say whether a folded word tells nothing of the subject, also with «and» written before it."""
    if folded_word in _listed():
        return True
    rest = folded_word[1:]
    return (
        len(rest) >= _SHORTEST_AFTER_AND
        and folded_word.startswith(_AND)
        and rest in _listed()
        and folded_word not in _content()
    )


@cache
def _listed() -> frozenset[str]:
    groups = word_lists(__package__, "stopwords")
    return frozenset(fold(word) for name in groups if name != _CONTENT for word in groups[name])


@cache
def _content() -> frozenset[str]:
    return frozenset(fold(word) for word in word_lists(__package__, "stopwords")[_CONTENT])
