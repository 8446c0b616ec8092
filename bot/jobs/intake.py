"""A document in, everything that follows from it written in one transaction: articles to waves.

Called by ``poll`` for each document. It gathers what is known, asks the pure rooms, and writes
what they said. If anything fails, nothing of the document is in the database or in the window of
open stories: the next poll sees it as new again, and nobody is told twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.articles.decide import Changed, Decision, Ignored, Known, New, Same, decide
from bot.articles.identity import Keys, Sighted, sight
from bot.articles.recall import KEPT_OUT
from bot.articles.urls import canonical
from bot.briefs.layouts.notices import Notices
from bot.errors import StorageError
from bot.jobs.alerts import Alerts
from bot.jobs.manners import Manners
from bot.model import (
    Article,
    ArticleId,
    Document,
    Feed,
    Story,
    StoryId,
    Telling,
)
from bot.outbox.coalesce import Touched
from bot.storage import Transaction, articles, keep_outs, notices, stories, team
from bot.stories.cluster import OPEN_FOR, Window
from bot.stories.lead import told_by
from bot.texts import Texts

RECENT = timedelta(days=4)  # how far back an entry under new keys may be one we have
MOST_RECENT = 400  # articles of one source that are compared with it
MOST_REKEYED = 5  # entries of one document under new keys; so many mean that the site has moved


@dataclass(frozen=True, slots=True)
class Taken:
    """What one document brought."""

    new: int = 0
    changed: int = 0
    ignored: int = 0
    calls: int = 0  # and alerts: what a deliverer has to do with it
    has_moved: bool = False  # the site gave known articles new guids and addresses


class Intake:
    """Take documents in, one at a time; the window of open stories is its memory."""

    def __init__(self, window: Window, texts: Texts, manners: Manners) -> None:
        self._window = window
        self._words = Notices(texts, manners.zone)
        self._manners = manners
        self._alerts = Alerts(texts, manners)
        self._added: list[ArticleId] = []  # to the window, by the last document
        self._revised: list[Article] = []  # in the window: as they were before that document

    async def take_in(
        self, tx: Transaction, feed: Feed, document: Document, now: datetime
    ) -> Taken:
        """Write what a document brings; call ``take_back`` if the transaction fails afterwards.

        1. Know the entries again, and decide on each.
        2. Store the new, oldest first, each in its story; write the corrections.
        3. Let each touched story find its lead anew.
        4. If the site has moved, tell the editors and nobody else; a silent feed tells nobody;
           otherwise tell of the news.
        """
        self._window.close_before(now - OPEN_FOR)
        self._added, self._revised = [], []
        sighted = sight(document.entries)
        known = await _gather(tx, feed, sighted, now)
        decisions = decide(sighted, feed, known, now)
        rekeyed = _rekeyed(decisions, feed, sighted, known)
        has_moved = rekeyed >= MOST_REKEYED and rekeyed * 2 > len(decisions)
        try:
            touched = await self._store(tx, decisions, feed, now)
            await articles.keep_keys(tx, feed.id, dict.fromkeys(sighted.shared), now)
            is_quiet = feed.is_silent or has_moved
            said = 0 if is_quiet else await self._alerts.tell(tx, touched, now)
            if has_moved:
                await self._tell_of_move(tx, feed, rekeyed, now)
        except BaseException:
            self.take_back()
            raise
        return _count(decisions, said, has_moved=has_moved)

    def take_back(self) -> None:
        """Make the window what it was before the last document: its transaction has failed."""
        for article in self._added:
            self._window.remove(article)
        for was in self._revised:
            self._window.add(was)
        self._added, self._revised = [], []

    async def _store(
        self, tx: Transaction, decisions: Sequence[Decision], feed: Feed, now: datetime
    ) -> list[Touched]:
        before: dict[StoryId, Story | None] = {}
        added: dict[StoryId, list[Article]] = {}
        keys: dict[str, ArticleId | None] = {}
        for decision in _oldest_first(decisions):
            match decision:
                case New():
                    article, story = await self._add(tx, decision)
                    before.setdefault(article.story, story)
                    added.setdefault(article.story, []).append(article)
                case Changed(article=article):
                    await self._revise(tx, decision, now)
                case Same(article=article):
                    await articles.add_sections(tx, article, decision.sections)
                case Ignored(keys=own):
                    keys.update(dict.fromkeys(own, KEPT_OUT))
                    continue
            keys.update(dict.fromkeys(decision.keys, article.id))
        await articles.keep_keys(tx, feed.id, keys, now)
        return [
            Touched(await self._retell(tx, story), was, tuple(added[story]))
            for story, was in before.items()
        ]

    async def _add(self, tx: Transaction, new: New) -> tuple[Article, Story | None]:
        """Store a new article and return it with its story as it was before, None for a new one."""
        open_story = self._window.story_of(new.draft)
        telling = await stories.telling(tx, open_story) if open_story is not None else None
        story = telling.story.id if telling else await stories.begin(tx, new.draft)
        article = await articles.insert(tx, new.draft, story)
        self._window.add(article)
        self._added.append(article.id)
        return article, telling.story if telling else None

    async def _revise(self, tx: Transaction, change: Changed, now: datetime) -> None:
        """Write a correction; one to an article whose story is closed does not open it again."""
        was = change.article
        await articles.revise(tx, was, change.draft, now)
        await self._retell(tx, was.story)
        if was.first_seen_at >= now - OPEN_FOR:
            self._revised.append(was)
            self._window.add((await articles.by_ids(tx, [was.id]))[0])

    async def _retell(self, tx: Transaction, story: StoryId) -> Telling:
        telling = await stories.telling(tx, story)
        if telling is None:
            raise StorageError(f"story {story} has no article")
        told = told_by(telling.story, telling.articles)
        await stories.write(tx, told)
        return Telling(told, telling.articles)

    async def _tell_of_move(self, tx: Transaction, feed: Feed, rekeyed: int, now: datetime) -> None:
        brief = self._words.site_moved(feed, rekeyed)
        desk = await team.people(tx)
        await notices.tell(tx, self._manners.bot, desk, brief, moved_key(feed, now), now)


def moved_key(feed: Feed, now: datetime) -> str:
    """Name a move: a site may move again, but hardly twice a day."""
    return f"moved:{feed.id}:{now:%Y-%m-%d}"


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


async def _gather(tx: Transaction, feed: Feed, sighted: Sighted, now: datetime) -> Known:
    """Read what the database knows of a document; of a source's past only when it must."""
    keys = [key for _, own in sighted.entries for key in own.all]
    known = await articles.known_keys(tx, feed.id, keys)
    found = {article for article in known.values() if article is not None}
    by_id = {article.id: article for article in await articles.by_ids(tx, found)}
    by_url = {article.canonical_url: article for article in by_id.values()}
    strangers = [
        url
        for entry, own in sighted.entries
        if (url := canonical(entry.link)) not in by_url or not _is_known(own, known)
    ]
    for article in await articles.by_canonical_urls(tx, set(strangers) - by_url.keys() - {""}):
        by_url[article.canonical_url] = article
    by_url.pop("", None)
    recent: Sequence[Article] = ()
    if strangers:
        recent = await articles.recent_of_source(tx, feed.source.id, now - RECENT, MOST_RECENT)
    rules = await keep_outs.of(tx, feed.source.id)
    return Known(known, by_id, by_url, recent, rules)


def _is_known(own: Keys, known: Mapping[str, ArticleId | None]) -> bool:
    """Say whether an entry is surely one we have: an address may show another text every day."""
    first = next(iter(own.all), own.link)
    return first != own.link and known.get(first) is not None


def _rekeyed(decisions: Sequence[Decision], feed: Feed, sighted: Sighted, known: Known) -> int:
    """Count the feed's own articles that came under guids and addresses not seen before."""
    names = {key for _, own in sighted.entries for key in (own.guid, own.link) if key}
    own_names = [
        names.intersection(decision.keys)
        for decision in decisions
        if isinstance(decision, Same | Changed) and decision.article.feed == feed.id
    ]
    return sum(bool(own) and known.keys.keys().isdisjoint(own) for own in own_names)


def _count(decisions: Sequence[Decision], said: int, *, has_moved: bool) -> Taken:
    return Taken(
        new=sum(isinstance(one, New) for one in decisions),
        changed=sum(isinstance(one, Changed) for one in decisions),
        ignored=sum(isinstance(one, Ignored) for one in decisions),
        calls=said,
        has_moved=has_moved,
    )
