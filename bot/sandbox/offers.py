"""A typed ``@bot …`` → what the bot offers for it, and what is chosen of that; `desk` holds it.

As in Telegram an answer serves every later query of the same words for its `cache_time`, of the
same person only where the bot said so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.nouns import Content, Json

_KEPT = 1000  # queries, and answers in the cache


@dataclass(frozen=True, slots=True)
class Offer:
    """One result: as the page lists it, and the message it becomes when it is chosen."""

    shown: Json
    content: Content
    markup: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Offers:
    """One answer of the bot; `lasts` in seconds, `is_personal` says for whom."""

    results: tuple[Offer, ...]
    next_offset: str = ""
    button: Json | None = None
    lasts: float = 0
    is_personal: bool = False

    def json(self) -> Json:
        """Write what the page shows above the composer."""
        shown = [offer.shown for offer in self.results]
        return {"results": shown, "next_offset": self.next_offset, "button": self.button}


@dataclass(frozen=True, slots=True)
class InlineQuery:
    """What a person typed and waits for; `moment` in seconds of the steady clock."""

    id: str
    moment: float
    person: int
    text: str
    offset: str
    answer: asyncio.Future[Offers]


@dataclass(slots=True)
class Inline:
    """The open queries, the answers that still serve, and what each person was offered last."""

    queries: dict[str, InlineQuery] = field(default_factory=dict)
    _cache: dict[tuple[str, str, int | None], tuple[float, Offers]] = field(default_factory=dict)
    _offered: dict[int, dict[str, Offer]] = field(default_factory=dict)

    def open(self, query: InlineQuery) -> None:
        """Remember a query; the oldest of many is given up."""
        self.queries[query.id] = query
        if len(self.queries) > _KEPT:
            del self.queries[next(iter(self.queries))]

    def known(self, person: int, text: str, offset: str, now: float) -> Offers | None:
        """Return an answer that was given before and still serves."""
        for whom in (person, None):
            until, offers = self._cache.get((text, offset, whom), (now, None))
            if offers is not None and now < until:
                return offers
        return None

    def settle(self, query: InlineQuery, offers: Offers, now: float) -> None:
        """Hand an answer to who waits for it, and keep it as long as the bot said."""
        if not query.answer.done():
            query.answer.set_result(offers)
        whom = query.person if offers.is_personal else None
        self._cache[query.text, query.offset, whom] = (now + offers.lasts, offers)
        if len(self._cache) > _KEPT:
            del self._cache[next(iter(self._cache))]

    def show(self, person: int, offers: Offers, *, is_first: bool) -> None:
        """Write down what a person sees: a further page is added to the first."""
        fresh = {str(offer.shown["id"]): offer for offer in offers.results}
        before = {} if is_first else self._offered.get(person, {})
        self._offered[person] = before | fresh

    def chosen(self, person: int, result: str) -> Offer | None:
        """Find a result by its id among those that a person sees."""
        return self._offered.get(person, {}).get(result)
