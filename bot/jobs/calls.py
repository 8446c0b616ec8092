"""How Telegram fares with our webhook in, one word to the owners out when its calls do not arrive.

A webhook that is dead makes the bot deaf without a sound on our side: only Telegram knows. Pushes
go on meanwhile, so the owners can be told through the outbox: once, and again when it is over. What
they were told stands in ``settings``, so that a restart does not tell it again. A beat asks each
minute.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.model import BotId, Brief, BriefKind, Heading, Paragraph, to_ms
from bot.storage import Storage, desk, notices, team
from bot.texts import Texts
from bot.transports.telegram.hearing import Calls

log = logging.getLogger(__name__)

_SETTING = "webhook"  # when the owners were told that it is dead; "" when all is well


class CallsWatch:
    """Tell the owners when Telegram's calls fail; ``ask`` gives None when nothing is known."""

    def __init__(
        self,
        storage: Storage,
        texts: Texts,
        ask: Callable[[], Awaitable[Calls | None]],
        *,
        bot: BotId,
        now: Callable[[], datetime],
        on_told: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._texts = texts
        self._ask = ask
        self._bot = bot
        self._now = now
        self._on_told = on_told

    async def look(self) -> None:
        """Ask, and tell what is new: that the calls fail, or that all of them arrive again."""
        calls, now = await self._ask(), self._now()
        if calls is None:
            return
        told = await desk.setting(self._storage, _SETTING) or ""
        if calls.fail(now) and not told:
            log.error("webhook.dead", extra={"cause": calls.why, "waiting": calls.waiting})
            mark = str(to_ms(now))
            words = self._texts.say("notice.webhook.dead.what", why=calls.why)
            await self._tell("dead", words, key=f"webhook:{mark}", mark=mark)
        elif told and not calls.waiting:
            log.warning("webhook.well")
            words = self._texts.say("notice.webhook.well.what")
            await self._tell("well", words, key=f"webhook.well:{told}", mark="")

    async def _tell(self, what: str, words: str, *, key: str, mark: str) -> None:
        heading = Heading(self._texts.say(f"notice.webhook.{what}.heading"))
        brief = Brief(BriefKind.ANNOUNCEMENT, (heading, Paragraph(words)))
        async with self._storage.transaction() as tx:
            await desk.keep_setting(tx, _SETTING, mark)
            people = await team.in_charge(tx)
            await notices.tell(tx, self._bot, people, brief, key, self._now())
        self._on_told()
