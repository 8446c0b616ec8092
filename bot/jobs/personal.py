"""Stories that news has joined in, deliveries for who follows them in person out; ``alerts`` calls.

Who follows a source or words hears of a story once, whichever of them brings it. Who follows the
story hears when it grows or becomes urgent, once an hour at most. Many stories of one document are
one message for one reader.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.briefs.layouts.away import together
from bot.briefs.layouts.growth import growth
from bot.jobs.manners import Manners, lay_out
from bot.model import (
    Article,
    Brief,
    BriefId,
    Matter,
    Priority,
    StoryId,
    SubscriberId,
    Telling,
)
from bot.outbox.coalesce import (
    MOST_ALONE,
    Call,
    Touched,
    by_readers,
    growth_occasion,
    only_source,
    story_occasion,
    together_occasion,
)
from bot.storage import Transaction, alerts, briefs, deliveries, waves
from bot.texts import Texts

INSTANT = Priority.INSTANT
BETWEEN_GROWTHS = timedelta(hours=1)  # of one story; becoming urgent waits for nothing


@dataclass(frozen=True, slots=True)
class _Item:
    """A story with news in it, and whom it concerns."""

    touched: Touched
    fresh: Sequence[Article]
    news: alerts.News
    priority: Priority

    @property
    def telling(self) -> Telling:
        return self.touched.telling

    @property
    def occasion(self) -> str:
        return story_occasion(self.telling.story.id)

    @property
    def is_urgent(self) -> bool:
        return self.priority is Priority.URGENT


class Personal:
    """Tell readers in person, within one transaction."""

    def __init__(self, tx: Transaction, texts: Texts, manners: Manners, now: datetime) -> None:
        self._tx = tx
        self._texts = texts
        self._manners = manners
        self._now = now

    async def tell(
        self,
        touched: Sequence[Touched],
        said: Sequence[Call],
        muted: Mapping[StoryId, frozenset[str]],
    ) -> int:
        """Write the deliveries that these stories ask for; return how many.

        ``said`` is what waves tell at the same time, ``muted`` the words in each story that
        somebody mutes.
        """
        items = await self._items(touched, said, muted)
        wanted: dict[StoryId, Collection[SubscriberId]] = {}
        for story, item in items.items():
            wanted[story] = await self._followers(item)
        told = 0
        for choice, readers in by_readers(wanted).items():
            told += await self._alert([items[story] for story in choice], readers)
        for item in items.values():
            told += await self._tell_growth(item)
        return told

    async def _items(
        self,
        touched: Sequence[Touched],
        said: Sequence[Call],
        muted: Mapping[StoryId, frozenset[str]],
    ) -> dict[StoryId, _Item]:
        call_of = {telling.story.id: call for call in said for telling in call.tellings}
        items: dict[StoryId, _Item] = {}
        for item in touched:
            story = item.telling.story.id
            call = call_of.get(story)
            if fresh := item.news(self._now, self._manners.instant_lasts):
                news = await self._news(item.telling, fresh, muted[story], call)
                items[story] = _Item(item, fresh, news, call.priority if call else INSTANT)
        return items

    async def _news(
        self, telling: Telling, fresh: Sequence[Article], muted: frozenset[str], call: Call | None
    ) -> alerts.News:
        return alerts.News(
            Matter(telling.story.id, telling.story.section, only_source([telling])),
            sources=frozenset(article.source.id for article in fresh),
            words=await alerts.followed_words(self._tx, fresh),
            muted=muted,
            is_for_followers=call is not None and call.priority is Priority.URGENT,
            roundup=call.audience if call is not None and len(call.tellings) > 1 else None,
        )

    async def _followers(self, item: _Item) -> Sequence[SubscriberId]:
        """Return who is to hear of a story; who waits to hear of an urgent one waits no longer."""
        manners = self._manners
        told = await alerts.occasion_of(self._tx, item.occasion)
        if told is not None and item.is_urgent:
            brief = await self._keep(self._instant(item))
            await deliveries.hurry(self._tx, told, brief, now=self._now, lasts=manners.urgent_lasts)
        return await alerts.followers(self._tx, manners.bot, item.news, told, self._now)

    async def _alert(self, items: Sequence[_Item], readers: Sequence[SubscriberId]) -> int:
        """Tell readers of their stories one by one; many plain ones in one message."""
        plain = [item for item in items if not item.is_urgent]
        if len(plain) <= MOST_ALONE:
            return sum([await self._tell_alone(item, readers) for item in items])
        urgent = [item for item in items if item.is_urgent]
        told = sum([await self._tell_alone(item, readers) for item in urgent])
        return told + await self._tell_together(plain, readers)

    async def _tell_alone(self, item: _Item, readers: Sequence[SubscriberId]) -> int:
        brief = await self._keep(self._instant(item))
        return await self._write(item.occasion, readers, brief, item.priority)

    async def _tell_together(self, items: Sequence[_Item], readers: Sequence[SubscriberId]) -> int:
        brief = await self._keep(together([item.telling for item in items], self._texts))
        for item in items:
            occasion = await waves.occasion(self._tx, item.occasion, self._now)
            await deliveries.skip(
                self._tx, occasion, readers, brief, reason=deliveries.TOGETHER, now=self._now
            )
        return await self._write(together_occasion(brief, self._now), readers, brief, INSTANT)

    async def _tell_growth(self, item: _Item) -> int:
        """Tell who follows a story, and has heard of it, what is new in it."""
        tx, now, story = self._tx, self._now, item.telling.story.id
        if not item.is_urgent:
            if not item.touched.has_grown:
                return 0
            if await alerts.was_told_of_growth(tx, story, now - BETWEEN_GROWTHS):
                return 0
        told = await alerts.occasion_of(tx, item.occasion)
        readers = await alerts.growth_readers(tx, self._manners.bot, item.news, told, now)
        if not readers:
            return 0
        zone, newest = self._manners.zone, item.fresh[-1]
        words = growth(item.telling, newest, self._texts, zone=zone, now=now)
        brief = await self._keep(words)
        return await self._write(growth_occasion(story, now), readers, brief, item.priority)

    async def _write(
        self, key: str, readers: Sequence[SubscriberId], brief: BriefId, priority: Priority
    ) -> int:
        occasion = await waves.occasion(self._tx, key, self._now)
        return await deliveries.write(
            self._tx, occasion, readers, brief,
            priority=priority, now=self._now, lasts=self._manners.lasts(priority),
        )  # fmt: skip

    def _instant(self, item: _Item) -> Brief:
        zone = self._manners.zone
        return lay_out([item.telling], self._texts, zone=zone, now=self._now)

    async def _keep(self, brief: Brief) -> BriefId:
        return await briefs.keep(self._tx, brief, self._now)
