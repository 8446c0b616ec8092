"""A query and the newest articles that match it in, the same in order of fit out.

The engine answers newest first and bounded; ranking a few hundred here is far quicker than asking
an engine to rank a million, and it can prefer the reader's own spelling to a mere stem.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime, timedelta

from bot.arabic.fold import fold, words
from bot.arabic.stem import stem
from bot.model import Article, Hit, Query, Term

# What a term's best match is worth: in the title or the text, as typed or by its stem.
TITLE_EXACT, TITLE_STEM, TEXT_EXACT, TEXT_STEM = 4.0, 2.5, 1.5, 1.0
AS_TYPED = 0.25  # more, in the title, letter for letter: a name is not the word it is folded to
NEW = timedelta(days=2)  # an article this old has lost half of what being new is worth
NEWNESS = 1.0
LOOKED_INTO = 2000  # characters of a text; the point of the news stands before them


def rank(query: Query, articles: Sequence[Article], now: datetime) -> Sequence[Hit]:
    """Order articles by how well they fit, one a story: the best telling stands for it."""
    telling = {word for term in query.terms for word in term.folded}
    typed = frozenset(word for word in words(query.text) if fold(word) in telling)
    hits = [Hit(article, _score(query, typed, article, now)) for article in articles]
    hits.sort(key=lambda hit: (-hit.score, -hit.article.id))
    best: dict[int, Hit] = {}
    for hit in hits:
        best.setdefault(hit.article.story, hit)
    return list(best.values())


def _score(query: Query, typed: frozenset[str], article: Article, now: datetime) -> float:
    title = words(fold(article.title))
    stems = {stem(word) for word in title}
    text = ""  # folded only if the title does not settle it: most of the time would go there
    fit = 0.0
    for term in query.terms:
        in_title = _in_title(term, title, stems)
        if not in_title and not text:
            text = _spaced(words(fold((article.body or article.summary)[:LOOKED_INTO])))
        fit += in_title or (TEXT_EXACT if _spaced(term.folded) in text else TEXT_STEM)
    spelt = 0.0 if typed.isdisjoint(words(article.title)) else AS_TYPED
    age = max(now - article.moment, timedelta(0))
    return fit / max(1, len(query.terms)) + spelt + NEWNESS / (1 + age / NEW)


def _in_title(term: Term, title: Sequence[str], stems: Set[str]) -> float:
    if _spaced(term.folded) in _spaced(title):
        return TITLE_EXACT
    return TITLE_STEM if term.stem in stems else 0.0


def _spaced(found: Sequence[str]) -> str:
    """Return words as one text in which only whole words are found."""
    return f" {' '.join(found)} "
