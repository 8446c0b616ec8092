"""A query and its newest matches in, the same in order of fit out; the search command calls it.

The engine answers newest first, bounded, with the place of each term; ranking a few hundred here
is far quicker than asking an engine to rank a million, and no text is read for it.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime, timedelta

from bot.arabic.fold import fold, words
from bot.model import Match, Place, Query

# What a term's best match is worth: in the title or the text, as typed or by its stem.
WORTH = {Place.TITLE: 4.0, Place.TITLE_STEM: 2.5, Place.TEXT: 1.5, Place.TEXT_STEM: 1.0}
AS_TYPED = 0.25  # more, in the title, letter for letter: a name is not the word it is folded to
NEW = timedelta(days=2)  # an article this old has lost half of what being new is worth
NEWNESS = 1.0


def rank(query: Query, matches: Sequence[Match], now: datetime) -> list[Match]:
    """Order matches by how well they fit, one a story: the best telling stands for it."""
    telling = {word for term in query.terms for word in term.folded}
    typed = frozenset(word for word in words(query.text) if fold(word) in telling)
    fits = {match.article: _fit(match, typed, now) for match in matches}
    best: dict[int, Match] = {}
    for match in sorted(matches, key=lambda one: (-fits[one.article], -one.article)):
        best.setdefault(match.story, match)
    return list(best.values())


def _fit(match: Match, typed: Set[str], now: datetime) -> float:
    worth = sum(WORTH[place] for place in match.places) / max(1, len(match.places))
    spelt = AS_TYPED if _is_spelt(match, typed) else 0.0
    age = max(now - match.moment, timedelta(0))
    return worth + spelt + NEWNESS / (1 + age / NEW)


def _is_spelt(match: Match, typed: Set[str]) -> bool:
    """Say whether the title has one of the words letter for letter."""
    if Place.TITLE not in match.places or not any(word in match.title for word in typed):
        return False  # spares cutting most titles into words
    return not typed.isdisjoint(words(match.title))
