"""What was missed in an outage in, one brief for each reader whom it would have been pushed to out.

Two beats: one notes that we live, the other waits until every feed has been visited again and then
tells readers, a few hundred a transaction. Where it stopped it goes on, after a crash too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from bot.articles.watch import rarest, stems_of, words_in
from bot.briefs.layouts.away import away
from bot.jobs.manners import Manners
from bot.model import (
    BriefId,
    Priority,
    StoryId,
    Subject,
    SubjectKind,
    Subscriber,
    SubscriberId,
    Taste,
    Telling,
    section_subject,
    source_subject,
    story_subject,
)
from bot.outbox.audience import hears_of, in_person
from bot.outbox.coalesce import by_readers, story_occasion
from bot.storage import (
    Storage,
    Transaction,
    absence,
    briefs,
    deliveries,
    stories,
    subscriptions,
    waves,
)
from bot.storage.absence import Absence
from bot.texts import Texts

AT_ONCE = 500  # readers a transaction: the writer is held for some tenths of a second


class AwayJob:
    """Note that we live; tell readers of what they missed when we did not."""

    def __init__(
        self,
        storage: Storage,
        texts: Texts,
        manners: Manners,
        *,
        now: Callable[[], datetime],
        on_written: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._texts = texts
        self._manners = manners
        self._now = now
        self._on_written = on_written

    async def live(self) -> None:
        """Note that we live now."""
        async with self._storage.transaction() as tx:
            await absence.live(tx, self._now())

    async def tell(self) -> int:
        """Tell every reader, once we have caught up; return how many were told of something.

        1. End the catching up: from now on news is pushed again as it comes.
        2. Go through the readers, a slice a transaction, from where we stopped.
        3. Forget the absence.
        """
        missed = await self._caught_up()
        if missed is None:
            return 0
        news = await _News.gathered(self._storage, missed)
        told = 0
        while True:
            async with self._storage.transaction() as tx:
                people = await self._next(tx, missed, news)
                if not people:
                    await absence.end(tx)
                    return told
                written = await self._tell_some(tx, missed, news, people)
                missed = replace(missed, cursor=people[-1].id)
                await absence.keep(tx, missed)
            told += written
            if written:
                self._on_written()

    async def _caught_up(self) -> Absence | None:
        """Return the absence that readers are to be told of now; None: none, or not yet."""
        if await absence.standing(self._storage) is None:
            return None
        async with self._storage.transaction() as tx:
            missed = await absence.standing(tx)  # while we waited, more may have been gathered
            if missed is None or missed.is_over:
                return missed
            if not await absence.has_caught_up(tx, missed, self._now()):
                return None
            missed = replace(missed, is_over=True)
            await absence.keep(tx, missed)
            return missed

    async def _next(self, tx: Transaction, missed: Absence, news: _News) -> Sequence[Subscriber]:
        if not news.tellings:
            return []
        return await absence.candidates(
            tx, self._manners.bot, missed.cursor, AT_ONCE, with_urgent=news.has_urgent
        )

    async def _tell_some(
        self, tx: Transaction, missed: Absence, news: _News, people: Sequence[Subscriber]
    ) -> int:
        """Tell a slice of readers, those of the same stories in one brief."""
        now = self._now()
        ids = [person.id for person in people]
        tastes = await subscriptions.tastes(tx, ids, now)
        told = await absence.told(tx, news.stories, ids)
        wanted: dict[StoryId, list[SubscriberId]] = {}
        again: dict[StoryId, set[SubscriberId]] = {}
        for person in people:
            for heard in news.heard_by(person, tastes[person.id]):
                if (person.id, heard.story) not in told:
                    wanted.setdefault(heard.story, []).append(person.id)
                    if heard.is_in_person:
                        again.setdefault(heard.story, set()).add(person.id)
        written = 0
        for choice, readers in by_readers(wanted).items():
            brief = await self._keep(tx, missed, news.of(choice), now)
            occasion = await waves.occasion(tx, missed.occasion, now)
            written += await deliveries.write(
                tx, occasion, readers, brief,
                priority=Priority.INSTANT, now=now, lasts=self._manners.instant_lasts,
            )  # fmt: skip
            for story in choice:  # no later article tells it again to who follows it in person
                if alone := again.get(story, set()).intersection(readers):
                    occasion = await waves.occasion(tx, story_occasion(story), now)
                    reason = deliveries.TOGETHER
                    await deliveries.skip(tx, occasion, alone, brief, reason=reason, now=now)
        return written

    async def _keep(
        self, tx: Transaction, missed: Absence, tellings: Sequence[Telling], now: datetime
    ) -> BriefId:
        zone = self._manners.zone
        words = away(tellings, self._texts, since=missed.since, zone=zone, now=missed.back_at)
        return await briefs.keep(tx, words, now)


@dataclass(frozen=True, slots=True)
class _Heard:
    """A story that a reader would have been pushed; in person, or with everybody."""

    story: StoryId
    is_in_person: bool


class _News:
    """What was gathered while we caught up, and who would have heard of it.

    Most readers ask for the same: an answer is found once for all whose tastes differ only in what
    did not happen.
    """

    def __init__(self, tellings: Sequence[Telling], begun: Collection[StoryId]) -> None:
        self.tellings = tellings
        self._by_id = {telling.story.id: telling for telling in tellings}
        self._begun = frozenset(begun)
        self._stems = {
            telling.story.id: [stems_of(article) for article in telling.articles]
            for telling in tellings
        }
        self._every_stem = frozenset(chain.from_iterable(chain(*self._stems.values())))
        self._subjects = frozenset(chain.from_iterable(map(_subjects_of, tellings)))
        self._answers: dict[object, tuple[_Heard, ...]] = {}

    @classmethod
    async def gathered(cls, storage: Storage, missed: Absence) -> _News:
        """Read it."""
        return cls(await stories.tellings(storage, (*missed.begun, *missed.grown)), missed.begun)

    @property
    def stories(self) -> Collection[StoryId]:
        """Return the stories."""
        return self._by_id.keys()

    @property
    def has_urgent(self) -> bool:
        """Say whether one is urgent: those who follow nothing instantly are told of it too."""
        return any(telling.story.is_urgent for telling in self.tellings)

    def of(self, choice: Iterable[StoryId]) -> Sequence[Telling]:
        """Return these stories with their articles."""
        return [self._by_id[story] for story in choice]

    def heard_by(self, person: Subscriber, taste: Taste) -> tuple[_Heard, ...]:
        """Return what a reader would have been pushed."""
        concerned = Taste(
            {one: mode for one, mode in taste.follows.items() if self._happened(one)},
            {one: until for one, until in taste.mutes.items() if self._happened(one)},
        )
        asked = (
            frozenset(concerned.follows.items()), frozenset(concerned.mutes), person.urgent
        )  # fmt: skip
        if asked not in self._answers:
            self._answers[asked] = tuple(self._answer(person, concerned))
        return self._answers[asked]

    def _happened(self, subject: Subject) -> bool:
        """Say whether a subject may be told of at all."""
        if subject.kind is SubjectKind.WORDS:
            return rarest(subject.key) in self._every_stem
        return subject in self._subjects

    def _answer(self, person: Subscriber, taste: Taste) -> Iterator[_Heard]:
        for story, telling in self._by_id.items():
            words = words_in(self._stems[story], taste.words)
            if hears_of(person, taste, telling, words=words, is_begun=story in self._begun):
                yield _Heard(story, in_person(taste, telling, words))


def _subjects_of(telling: Telling) -> Iterator[Subject]:
    yield section_subject(telling.story.section)
    yield story_subject(telling.story.id)
    yield from (source_subject(article.source.id) for article in telling.articles)
