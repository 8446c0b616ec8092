"""A document in, everything that follows from it written in one transaction: articles to waves.

Called by ``poll`` for each document. It gathers what is known, asks the pure rooms, and writes
what they said; if anything fails, nothing of the document is in the database, the next poll sees
it as new again, and nobody is told twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.articles.decide import Changed, Decision, Ignored, Known, New, Same, decide
from bot.articles.identity import Sighted, sight
from bot.articles.urls import canonical
from bot.briefs.layouts.instant import instant
from bot.briefs.layouts.roundup import roundup
from bot.errors import StorageError
from bot.model import (
    Article,
    ArticleId,
    BotId,
    Brief,
    Document,
    Feed,
    Priority,
    Story,
    StoryId,
    Telling,
)
from bot.outbox.coalesce import Call, Touched, calls
from bot.storage import Transaction, articles, briefs, stories, waves
from bot.stories.cluster import OPEN_FOR, Window
from bot.stories.lead import told_by
from bot.texts import Texts

RECENT = timedelta(days=4)  # how far back an entry under new keys may be one we have
MOST_RECENT = 400  # articles of one source that are compared with it
MOST_REKEYED = 5  # entries of one document under new keys; so many mean that the site has moved


@dataclass(frozen=True, slots=True)
class Manners:
    """What the intake must know of the newsroom. Durations: how long news is worth sending."""

    bot: BotId
    zone: ZoneInfo
    urgent_lasts: timedelta
    instant_lasts: timedelta


@dataclass(frozen=True, slots=True)
class Taken:
    """What one document brought."""

    new: int = 0
    changed: int = 0
    ignored: int = 0
    calls: int = 0
    has_moved: bool = False  # the site gave known articles new guids and addresses


class Intake:
    """Take documents in, one at a time; the window of open stories is its memory."""

    def __init__(self, window: Window, texts: Texts, manners: Manners) -> None:
        self._window = window
        self._texts = texts
        self._manners = manners

    async def take_in(
        self, tx: Transaction, feed: Feed, document: Document, now: datetime
    ) -> Taken:
        """Write what a document brings; on failure the window is as it was before.

        1. Know the entries again, and decide on each.
        2. Store the new, oldest first, each in its story; write the corrections.
        3. Let each touched story find its lead anew.
        4. Unless the feed is silent, begin the waves that tell of it.
        """
        self._window.close_before(now - OPEN_FOR)
        sighted = sight(document.entries)
        known = await _gather(tx, feed, sighted, now)
        decisions = decide(sighted, feed, known, now)
        added: list[Article] = []
        try:
            touched = await self._store(tx, decisions, feed, now, added)
            await articles.keep_keys(tx, feed.id, dict.fromkeys(sighted.shared), now)
            said = [] if feed.is_silent else calls(touched, now, self._manners.instant_lasts)
            for call in said:
                await self._begin(tx, call, now)
        except BaseException:
            self._forget(added, decisions)
            raise
        return _count(decisions, said)

    async def _store(
        self,
        tx: Transaction,
        decisions: Sequence[Decision],
        feed: Feed,
        now: datetime,
        added: list[Article],
    ) -> list[Touched]:
        before: dict[StoryId, Story | None] = {}
        for decision in _oldest_first(decisions):
            match decision:
                case New():
                    article, story = await self._add(tx, decision)
                    added.append(article)
                    before.setdefault(article.story, story)
                    await _know(tx, feed, decision.keys, article.id, now)
                case Changed(article=article, draft=draft):
                    await articles.revise(tx, article, draft, now)
                    self._window.add((await articles.by_ids(tx, [article.id]))[0])
                    await self._retell(tx, article.story)
                    await _know(tx, feed, decision.keys, article.id, now)
                case Same(article=article):
                    await articles.add_sections(tx, article, decision.sections)
                    await _know(tx, feed, decision.keys, article.id, now)
        return [Touched(await self._retell(tx, story), was) for story, was in before.items()]

    async def _add(self, tx: Transaction, new: New) -> tuple[Article, Story | None]:
        """Store a new article and return it with its story as it was before, None for a new one."""
        open_story = self._window.story_of(new.draft)
        telling = await stories.telling(tx, open_story) if open_story is not None else None
        story = telling.story.id if telling else await stories.begin(tx, new.draft)
        article = await articles.insert(tx, new.draft, story)
        self._window.add(article)
        return article, telling.story if telling else None

    async def _retell(self, tx: Transaction, story: StoryId) -> Telling:
        telling = await stories.telling(tx, story)
        if telling is None:
            raise StorageError(f"story {story} has no article")
        told = told_by(telling.story, telling.articles)
        await stories.write(tx, told)
        return Telling(told, telling.articles)

    async def _begin(self, tx: Transaction, call: Call, now: datetime) -> None:
        manners = self._manners
        brief = await briefs.keep(tx, self._brief(call, now), now)
        is_urgent = call.priority is Priority.URGENT
        await waves.begin(
            tx,
            manners.bot,
            call.occasion,
            brief,
            audience=call.audience,
            priority=call.priority,
            now=now,
            lasts=manners.urgent_lasts if is_urgent else manners.instant_lasts,
        )

    def _brief(self, call: Call, now: datetime) -> Brief:
        zone = self._manners.zone
        if len(call.tellings) == 1:
            return instant(call.tellings[0], self._texts, zone=zone, now=now)
        section = call.tellings[0].story.section
        return roundup(section, call.tellings, self._texts, zone=zone, now=now)

    def _forget(self, added: Sequence[Article], decisions: Sequence[Decision]) -> None:
        for article in added:
            self._window.remove(article.id)
        for decision in decisions:
            if isinstance(decision, Changed):
                self._window.add(decision.article)


def _oldest_first(decisions: Sequence[Decision]) -> list[Decision]:
    """Put the new articles in the order of their moments: ids grow with time, feeds run backward.

    What is known already keeps the document's order and comes first.
    """
    new = [decision for decision in reversed(decisions) if isinstance(decision, New)]
    new.sort(key=_age)
    return [decision for decision in decisions if not isinstance(decision, New)] + [*new]


def _age(new: New) -> tuple[datetime, datetime]:
    draft = new.draft
    return articles.moment_of(draft), draft.published_at or draft.first_seen_at


async def _know(
    tx: Transaction, feed: Feed, keys: Sequence[str], article: ArticleId, now: datetime
) -> None:
    await articles.keep_keys(tx, feed.id, dict.fromkeys(keys, article), now)


async def _gather(tx: Transaction, feed: Feed, sighted: Sighted, now: datetime) -> Known:
    """Read what the database knows of a document; of a source's past only when it must."""
    keys = [key for _, own in sighted.entries for key in own.all]
    known = await articles.known_keys(tx, feed.id, keys)
    found = {article for article in known.values() if article is not None}
    by_id = {article.id: article for article in await articles.by_ids(tx, found)}
    strangers = [
        entry
        for entry, own in sighted.entries
        if not any(known.get(key) in by_id for key in own.all)
    ]
    by_url: dict[str, Article] = {}
    for url in {canonical(entry.link) for entry in strangers} - {""}:
        article = await articles.by_canonical_url(tx, url)
        if article is not None:
            by_url[url] = article
    recent: Sequence[Article] = ()
    if strangers:
        recent = await articles.recent_of_source(tx, feed.source.id, now - RECENT, MOST_RECENT)
    return Known(known, by_id, by_url, recent)


def _count(decisions: Sequence[Decision], said: Sequence[Call]) -> Taken:
    rekeyed = sum(isinstance(one, Same) and one.is_rekeyed for one in decisions)
    return Taken(
        new=sum(isinstance(one, New) for one in decisions),
        changed=sum(isinstance(one, Changed) for one in decisions),
        ignored=sum(isinstance(one, Ignored) for one in decisions),
        calls=len(said),
        has_moved=rekeyed >= MOST_REKEYED and rekeyed * 2 > len(decisions),
    )
