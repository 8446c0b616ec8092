"""Stories that a document began or changed in; what is said of them, and to whom, written out.

The intake calls it in the transaction that stores the news. To everybody who follows a section a
wave tells it; to who follows a source, words or the story itself, ``personal`` writes a delivery of
their own, and first: a wave passes over who has one. While we catch up after an outage nothing but
alarms is said, and the rest is gathered for the job ``away``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.jobs.manners import Manners, lay_out
from bot.jobs.personal import Personal
from bot.model import Story, StoryId, SubscriberId, Telling, WaveId
from bot.outbox.coalesce import Call, Touched, by_readers, calls, is_alarm, urgent_call
from bot.storage import Transaction, absence, alerts, briefs, deliveries, waves
from bot.storage.absence import Absence
from bot.texts import Texts

Muted = Mapping[StoryId, frozenset[str]]  # the words in each story that somebody mutes


class Alerts:
    """Tell of what documents bring."""

    def __init__(self, texts: Texts, manners: Manners) -> None:
        self._texts = texts
        self._manners = manners

    async def tell(self, tx: Transaction, touched: Sequence[Touched], now: datetime) -> int:
        """Write what a document makes us say; return how many calls and alerts that is.

        1. Decide what is worth a buzz. While we catch up, gather what is no alarm.
        2. Tell in person who follows a source, words, or the story.
        3. Begin the waves; who mutes words in them hears of the rest.
        """
        said = calls(touched, now, self._manners.instant_lasts)
        missed = await absence.standing(tx)
        muted = {
            item.telling.story.id: await alerts.muted_words(tx, item.telling.articles)
            for item in touched
        }
        told = 0
        if missed is None or missed.is_over:
            personal = Personal(tx, self._texts, self._manners, now)
            told = await personal.tell(touched, said, muted)
        else:
            said = await self._set_aside(tx, missed, said, touched, now)
        for call in said:
            await self._begin(tx, call, muted, now)
        return len(said) + told

    async def alarm(
        self, tx: Transaction, telling: Telling, before: Story, now: datetime
    ) -> WaveId:
        """Tell of a story that editors have made urgent, however old, and return its wave.

        ``before`` is what it was. An editor's word does not wait until we have caught up.
        """
        call = urgent_call(telling)
        muted = {telling.story.id: await alerts.muted_words(tx, telling.articles)}
        touched = Touched(telling, before, tuple(sorted(telling.articles, key=lambda one: one.id)))
        await Personal(tx, self._texts, self._manners, now).tell([touched], [call], muted)
        return await self._begin(tx, call, muted, now)

    async def _set_aside(
        self,
        tx: Transaction,
        missed: Absence,
        said: Sequence[Call],
        touched: Sequence[Touched],
        now: datetime,
    ) -> Sequence[Call]:
        """Gather what can wait until we have caught up; return the alarms."""
        alarms = [call for call in said if is_alarm(call, now)]
        begun = [one.story.id for call in said if call not in alarms for one in call.tellings]
        fresh = self._manners.instant_lasts
        grown = [item.telling.story.id for item in touched if item.news(now, fresh)]
        if begun or grown:
            await absence.gather(tx, missed, begun=begun, grown=grown)
        return alarms

    async def _begin(self, tx: Transaction, call: Call, muted: Muted, now: datetime) -> WaveId:
        manners = self._manners
        brief = lay_out(call.tellings, self._texts, zone=manners.zone, now=now)
        kept = await briefs.keep(tx, brief, now)
        await self._pass_by(tx, call, muted, now)
        if len(call.tellings) > 1:
            roundup = await waves.occasion(tx, call.occasion, now)
            told = [telling.story.id for telling in call.tellings]
            await alerts.note_roundup(tx, roundup, told, now)
        return await waves.begin(
            tx,
            manners.bot,
            call.occasion,
            kept,
            audience=call.audience,
            priority=call.priority,
            now=now,
            lasts=manners.lasts(call.priority),
            matter=call.matter,
        )

    async def _pass_by(self, tx: Transaction, call: Call, muted: Muted, now: datetime) -> None:
        """Let a call pass by who mutes words in it; of several stories they are told the rest."""
        manners = self._manners
        unwanted: dict[StoryId, Collection[SubscriberId]] = {}
        for telling in call.tellings:
            story = telling.story.id
            unwanted[story] = await alerts.muters(tx, manners.bot, call.audience, muted[story], now)
        for silent, readers in by_readers(unwanted).items():
            occasion = await waves.occasion(tx, call.occasion, now)
            rest = [one for one in call.tellings if one.story.id not in silent]
            brief = lay_out(rest or call.tellings, self._texts, zone=manners.zone, now=now)
            kept = await briefs.keep(tx, brief, now)
            if rest:
                await deliveries.write(
                    tx, occasion, readers, kept,
                    priority=call.priority, now=now, lasts=manners.lasts(call.priority),
                )  # fmt: skip
            else:
                await deliveries.skip(
                    tx, occasion, readers, kept, reason=deliveries.HUSHED, now=now
                )
