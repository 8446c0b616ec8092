"""A draft and its keys in, the article of ours that it is out; called by ``decide``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.articles.identity import Keys, Sighted
from bot.articles.sameness import Telling, Tellings, is_other_day, is_repeat_of, is_version_of
from bot.model import Article, ArticleId, Draft

KEPT_OUT = ArticleId(0)  # no article: what keys lead to when editors' words kept their entry out


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows of a document's entries."""

    keys: Mapping[str, ArticleId | None] = field(default_factory=dict)
    articles: Mapping[ArticleId, Article] = field(default_factory=dict)
    by_url: Mapping[str, Article] = field(default_factory=dict)  # canonical address → article
    recent: Sequence[Article] = ()  # of the same source, newest first
    keep_outs: Sequence[str] = ()  # words that keep new articles of the source out

    def is_shared(self, key: str) -> bool:
        """Say whether a key was of several articles, and so names none."""
        return key in self.keys and self.keys[key] is None


class Past:
    """What we know, asked for the article that a draft is."""

    def __init__(self, sighted: Sighted, known: Known) -> None:
        self._known = known
        self._recent: Tellings[Article] = Tellings()
        for article in known.recent:
            self._recent.add(Telling(article), article)
        self._named = Counter(self._names(keys) for _, keys in sighted.entries)

    def find(self, draft: Draft, keys: Keys) -> Article | None:
        """Find the article that a draft is: by what it trusts most first."""
        telling = Telling(draft)
        return (
            self._by_guid(telling, keys)
            or self._by_address(telling, draft, keys)
            or self._by_words(telling, keys)
        )

    def is_pruned(self, draft: Draft, keys: Keys) -> bool:
        """Say whether we had it once: that it returns does not make it news.

        A guid or a dated headline tells; at an address, or under a headline, another text may
        stand by now.
        """
        key = keys.guid or (keys.title if draft.published_at else "")
        article = self._known.keys.get(key)
        return article is not None and article not in self._known.articles

    def is_kept_out(self, keys: Keys) -> bool:
        """Say whether words of the editors kept it out before; at an address others may stand."""
        named = (keys.guid, keys.title, keys.text)
        return any(self._known.keys.get(key) == KEPT_OUT for key in named if key)

    def _names(self, keys: Keys) -> ArticleId | None:
        """Return the article that an entry names by its keys, whatever it tells."""
        named = (self._known.keys.get(key) for key in keys.all)
        return next((article for article in named if article is not None), None)

    def _article(self, key: str) -> Article | None:
        article = self._known.keys.get(key)
        return None if article is None else self._known.articles.get(article)

    def _by_guid(self, telling: Telling, keys: Keys) -> Article | None:
        """Trust a guid, unless address, date and text all say that it was given away again."""
        article = self._article(keys.guid)
        if article is None:
            return None
        told = Telling(article)
        has_moved = telling.address != told.address and telling.has_address and told.has_address
        is_dated_so = telling.date is not None and telling.date == told.date
        return article if not has_moved or is_dated_so or is_version_of(telling, told) else None

    def _by_address(self, telling: Telling, draft: Draft, keys: Keys) -> Article | None:
        """Trust an address that was nobody else's, if what stands there is still the same text."""
        if not keys.link or self._known.is_shared(keys.link):
            return None
        for article in (self._article(keys.link), self._known.by_url.get(draft.canonical_url)):
            if article is not None and is_version_of(telling, Telling(article)):
                return article
        return None

    def _by_words(self, telling: Telling, keys: Keys) -> Article | None:
        is_nameless = not keys.guid and not keys.link
        known = self._article(keys.text)
        if known is not None and (is_nameless or not is_other_day(telling, Telling(known))):
            return known
        titled = self._article(keys.title)
        others = [(Telling(titled), titled)] if titled is not None else []
        for told, article in (*others, *self._recent.near(telling)):
            count = self._named[article.id] - (self._names(keys) == article.id)
            if is_repeat_of(telling, told, is_beside=count > 0, is_nameless=is_nameless):
                return article
        return None
