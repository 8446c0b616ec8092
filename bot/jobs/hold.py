"""What is on hold in, a question to every owner in the outbox out; the start and a beat ask.

The question itself is new, so it is not on hold. It is asked once, however often Mujaz starts
while it is open; where no owner can be asked yet, as soon as one can.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.briefs.layouts import announce
from bot.model import BotId, Brief, ChatId, UserId
from bot.storage import Reader, Storage, hold, notices, subscribers, team
from bot.texts import Texts

log = logging.getLogger(__name__)

REMEDY = (
    "name an owner under people.owners in the configuration and let them send /start to the bot:"
    " an owner decides whether what was not sent goes out"
)


class HoldJob:
    """Ask the owners; ``name`` and ``zone`` are the newsroom's."""

    def __init__(
        self,
        storage: Storage,
        texts: Texts,
        *,
        bot: BotId,
        name: str,
        zone: ZoneInfo,
        now: Callable[[], datetime],
        on_asked: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._texts = texts
        self._bot = bot
        self._name = name
        self._zone = zone
        self._now = now
        self._on_asked = on_asked
        self._has_warned = False

    async def ask(self) -> None:
        """Ask about what is on hold, once; where nobody can be asked, the log says the remedy."""
        question = await hold.open_hold(self._storage)
        if question is None or question.is_asked:
            return
        owners = await self._reachable()
        if not owners:
            self._warn()
            return
        now = self._now()
        async with self._storage.transaction() as tx:
            brief = await self._question(tx, question, now)
            await notices.tell(tx, self._bot, owners, brief, f"hold:{question.id}", now)
            await hold.asked(tx, question)
        self._on_asked()

    async def _reachable(self) -> list[UserId]:
        found = []
        for owner in await team.owners(self._storage):
            reader = await subscribers.find(self._storage, self._bot, ChatId(owner))
            if reader is not None and reader.is_active:
                found.append(owner)
        return found

    async def _question(self, reader: Reader, question: hold.Hold, now: datetime) -> Brief:
        waits = await hold.waiting(reader, now)
        oldest = announce.exact(waits.oldest, zone=self._zone, now=now) if waits.oldest else ""
        return announce.held(
            question.id,
            question.why,
            self._texts,
            name=self._name,
            waves=waits.waves,
            messages=waits.readers,
            oldest=oldest,
        )

    def _warn(self) -> None:
        if not self._has_warned:
            log.warning("hold.nobody_to_ask", extra={"remedy": REMEDY})
        self._has_warned = True
