"""A query and the newest articles that match it in, the same in order of fit out.

The engine answers newest first and bounded; ranking a few hundred here is far quicker than asking
an engine to rank a million, and it can prefer the reader's own spelling to a mere stem.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.arabic.fold import fold, words
from bot.arabic.stem import stem
from bot.model import Article, Hit, Query, Term

# What a term's best match is worth: in the title or the text, as typed or by its stem.
TITLE_EXACT, TITLE_STEM, TEXT_EXACT, TEXT_STEM = 4.0, 2.5, 1.5, 1.0
NEW = timedelta(days=2)  # an article this old has lost half of what being new is worth
NEWNESS = 1.0


def rank(query: Query, articles: Sequence[Article], now: datetime) -> Sequence[Hit]:
    """Order articles by how well they fit, one a story: the best telling stands for it."""
    hits = [Hit(article, _score(query, article, now)) for article in articles]
    hits.sort(key=lambda hit: (-hit.score, -hit.article.id))
    best: dict[int, Hit] = {}
    for hit in hits:
        best.setdefault(hit.article.story, hit)
    return list(best.values())


def _score(query: Query, article: Article, now: datetime) -> float:
    title, text = _Words(article.title), _Words(f"{article.summary}\n{article.body}")
    fit = sum(_term_score(term, title, text) for term in query.terms)
    age = max(now - article.moment, timedelta(0))
    return fit / max(1, len(query.terms)) + NEWNESS / (1 + age / NEW)


class _Words:
    def __init__(self, text: str) -> None:
        self.folded = words(fold(text))
        self.exact = frozenset(self.folded)
        self.stems = frozenset(stem(word) for word in self.exact)


def _term_score(term: Term, title: _Words, text: _Words) -> float:
    if len(term.folded) > 1:
        return TITLE_EXACT if _stands_in(term.folded, title.folded) else TEXT_EXACT
    word = term.folded[0]
    if word in title.exact:
        return TITLE_EXACT
    if term.stem in title.stems:
        return TITLE_STEM
    return TEXT_EXACT if word in text.exact else TEXT_STEM


def _stands_in(phrase: Sequence[str], text: Sequence[str]) -> bool:
    length = len(phrase)
    return any(tuple(text[at : at + length]) == tuple(phrase) for at in range(len(text)))
