"""The window of stories that are still open, and which of them a new article joins.

Candidates come from an index of rare stems: the ten rarest of an article, each in at most two
hundred others, cost a tenth of a millisecond however full the window is. Those are then compared
by weighted overlap. The window holds the last ``OPEN_FOR`` of articles; the job that polls fills
it from the database at start-up and tells it what was stored.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import Article, ArticleId, Draft, SourceId, StoryId
from bot.stories.signature import Signature, signature_of

OPEN_FOR = timedelta(hours=72)
RAREST = 10  # stems of an article that are looked up
MOST_POSTINGS = 200  # articles that a stem may stand in and still be looked up
MOST_CANDIDATES = 40  # those that share most rare stems; further ones never won in trials
JOINS = 0.31  # overlap from which two articles tell one event
JOINS_OF_ONE_SOURCE = 0.5  # a newsroom rarely tells one event twice, but often uses one template
FEWEST_STEMS = 3  # shared stems; less is a coincidence of short texts
STRANGE = 0.1  # of an article's weight in names that the other one lacks; both: one template
SAME_WORDS = 0.75  # of two titles; from here on what differs in them is the numbers


_ALMOST = 0.999 * JOINS**2  # a sum of floats may fall short of what it is by a hair


@dataclass(frozen=True, slots=True)
class _Seen:
    """An article of the window."""

    id: ArticleId
    story: StoryId
    source: SourceId
    seen_at: datetime
    signature: Signature


class Window:
    """Remember the articles of open stories and find the story a new one belongs to."""

    def __init__(self) -> None:
        self._articles: dict[ArticleId, _Seen] = {}
        self._order: deque[ArticleId] = deque()
        self._postings: dict[str, set[ArticleId]] = {}

    def __len__(self) -> int:
        return len(self._articles)

    def fill(self, articles: Iterable[Article]) -> None:
        """Take in stored articles, in any order."""
        for article in sorted(articles, key=lambda article: article.first_seen_at):
            self.add(article)

    def add(self, article: Article) -> None:
        """Take in one stored article; one that is there already is replaced (a correction)."""
        if article.id in self._articles:
            self.remove(article.id)
        signature = signature_of(article.title, article.body or article.summary)
        self._articles[article.id] = _Seen(
            article.id, article.story, article.source.id, article.first_seen_at, signature
        )
        self._order.append(article.id)
        for stem in signature.stems:
            self._postings.setdefault(stem, set()).add(article.id)

    def remove(self, article: ArticleId) -> None:
        """Forget one article, as when its transaction was rolled back."""
        seen = self._articles.pop(article, None)
        if seen is None:
            return
        for stem in seen.signature.stems:
            postings = self._postings[stem]
            postings.discard(article)
            if not postings:
                del self._postings[stem]

    def close_before(self, moment: datetime) -> None:
        """Forget the articles first seen before a moment: their stories are closed."""
        while self._order:
            seen = self._articles.get(self._order[0])
            if seen is not None and seen.seen_at >= moment:
                return
            self.remove(self._order.popleft())

    def story_of(self, draft: Draft) -> StoryId | None:
        """Return the open story that a draft belongs to; None: it begins one of its own."""
        signature = signature_of(draft.title, draft.body or draft.summary)
        weights = self._weights(signature)
        best: tuple[float, StoryId] | None = None
        for candidate in self._candidates(signature):
            overlap = self._overlap(signature, weights, candidate.signature)
            least = JOINS_OF_ONE_SOURCE if candidate.source == draft.source.id else JOINS
            if overlap >= least and not self._are_apart(signature, candidate.signature):
                best = max(best or (0.0, candidate.story), (overlap, candidate.story))
        return best[1] if best else None

    def _candidates(self, signature: Signature) -> list[_Seen]:
        known = [stem for stem in signature.stems if stem in self._postings]
        known.sort(key=lambda stem: (len(self._postings[stem]), stem))
        shared: Counter[ArticleId] = Counter()
        for stem in known[:RAREST]:
            if len(self._postings[stem]) <= MOST_POSTINGS:
                shared.update(self._postings[stem])
        nearest = sorted(shared, key=lambda article: (-shared[article], article))
        return [self._articles[article] for article in nearest[:MOST_CANDIDATES]]

    def _weights(self, signature: Signature) -> dict[str, float]:
        return {stem: times * self._rarity(stem) for stem, times in signature.stems.items()}

    def _rarity(self, stem: str) -> float:
        return math.log(1 + (len(self._articles) + 1) / (1 + len(self._postings.get(stem, ()))))

    def _overlap(self, one: Signature, weights: dict[str, float], other: Signature) -> float:
        """Return the cosine of two articles' weighted stems, 0 when it cannot reach ``JOINS``.

        It is at most the share of one's own length that lies in what both have (Cauchy-Schwarz).
        Most candidates end there, before the other's stems are weighed.
        """
        shared = one.stems.keys() & other.stems.keys()
        if len(shared) < FEWEST_STEMS:
            return 0.0
        if _square(weights[stem] for stem in shared) < _ALMOST * _square(weights.values()):
            return 0.0
        theirs = self._weights(other)
        product = math.fsum(weights[stem] * theirs[stem] for stem in shared)
        return product / (_length(weights) * _length(theirs))

    def _are_apart(self, one: Signature, other: Signature) -> bool:
        """Say whether two articles are one template filled twice: two days, matches, kings."""
        if _differ_in_numbers(one, other):
            return True
        return min(self._strangeness(one, other), self._strangeness(other, one)) >= STRANGE

    def _strangeness(self, one: Signature, other: Signature) -> float:
        """Return what share of an article's weight is in names of which the other knows nothing."""
        weights = self._weights(one)
        strange = _square(weights[name] for name in one.names - other.stems.keys())
        return strange / _square(weights.values())


def _length(weights: dict[str, float]) -> float:
    return math.sqrt(_square(weights.values()))


def _square(weights: Iterable[float]) -> float:
    """Add up squares, to the same number in whatever order a set gives them."""
    return math.fsum(weight * weight for weight in weights)


def _differ_in_numbers(one: Signature, other: Signature) -> bool:
    if not one.numbers or not other.numbers or one.numbers & other.numbers:
        return False
    mine, theirs = one.title - one.numbers, other.title - other.numbers
    return len(mine & theirs) >= SAME_WORDS * max(len(mine), len(theirs))
