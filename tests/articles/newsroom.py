"""A newsroom in memory: it polls documents through ``sight`` and ``decide`` and keeps the rest.

It keeps what the database would, by the database's rules: a key once shared stays without an
article, a key stays with its first article, a canonical address stands once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.articles.decide import Changed, Decision, Known, New, Same, decide
from bot.articles.identity import Keys, sight
from bot.articles.urls import canonical
from bot.model import Article, ArticleId, Draft, Entry, Feed, FeedId
from tests.articles.build import NOW, article_of, feed

RECENT = timedelta(days=4)
EVERY = timedelta(minutes=10)


class Newsroom:
    """Poll documents one after the other, ten minutes apart."""

    def __init__(self) -> None:
        self.now = NOW
        self.articles: dict[ArticleId, Article] = {}
        self.keys: dict[tuple[FeedId, str], ArticleId | None] = {}
        self._last = 0

    def poll(self, *entries: Entry, of: Feed | None = None) -> Sequence[Decision]:
        source = of or feed()
        self.now += EVERY
        sighted = sight(entries)
        known = self._known(source, sighted.entries)
        decisions = decide(sighted, source, known, self.now)
        for decision in decisions:
            self._carry_out(decision, source)
        for key in sighted.shared:
            self.keys[source.id, key] = None
        return decisions

    def wait(self, time: timedelta) -> None:
        self.now += time

    def forget(self, number: ArticleId) -> None:
        """Prune an article; what was sighted outlives it."""
        del self.articles[number]

    @property
    def titles(self) -> list[str]:
        return [article.title for article in self.articles.values()]

    def _known(self, of: Feed, entries: Sequence[tuple[Entry, Keys]]) -> Known:
        keys = {
            key: self.keys[of.id, key]
            for _, own in entries
            for key in own.all
            if (of.id, key) in self.keys
        }
        articles = {
            number: self.articles[number]
            for number in keys.values()
            if number is not None and number in self.articles
        }
        strangers = {
            canonical(told.link)
            for told, own in entries
            if not any(keys.get(key) in articles for key in own.all[:1])
        }
        by_url = {
            article.canonical_url: article
            for article in self.articles.values()
            if article.canonical_url and article.canonical_url in strangers
        }
        recent = [
            article
            for article in reversed(self.articles.values())
            if article.source == of.source and article.first_seen_at >= self.now - RECENT
        ]
        return Known(keys, articles, by_url, recent)

    def _carry_out(self, decision: Decision, of: Feed) -> None:
        match decision:
            case New(draft=draft, keys=keys):
                self._last += 1
                number = ArticleId(self._last)
                addresses = [article.canonical_url for article in self.articles.values()]
                assert not draft.canonical_url or draft.canonical_url not in addresses
                self.articles[number] = article_of(draft, number)
            case Changed(article=article, draft=draft, keys=keys):
                number = article.id
                self.articles[number] = _revised(article, draft)
            case Same(article=article, keys=keys):
                number = article.id
            case _:
                return
        for key in keys:
            self.keys.setdefault((of.id, key), number)


def _revised(article: Article, draft: Draft) -> Article:
    return replace(
        article,
        title=draft.title,
        summary=draft.summary,
        body=draft.body,
        url=draft.url,
        fingerprint=draft.fingerprint,
        revision=article.revision + 1,
    )


def told(decisions: Sequence[Decision]) -> list[str]:
    """Name each decision: what a poll did, at a glance."""
    return [type(decision).__name__ for decision in decisions]


def at(hour: int, minute: int = 0, *, day: int = 24) -> datetime:
    return NOW.replace(day=day, hour=hour, minute=minute)
