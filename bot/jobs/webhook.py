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

from bot.briefs.layouts.notices import Notices
from bot.model import BotId, Brief, to_ms
from bot.storage import Storage, desk, notices, team
from bot.transports.telegram.hearing import Calls

log = logging.getLogger(__name__)

_SETTING = "webhook"  # when the owners were told that it is dead; "" when all is well


class WebhookWatch:
    """Tell the owners when Telegram's calls fail; ``ask`` gives None when nothing is known."""

    def __init__(
        self,
        storage: Storage,
        words: Notices,
        ask: Callable[[], Awaitable[Calls | None]],
        *,
        bot: BotId,
        now: Callable[[], datetime],
        on_told: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._words = words
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
            brief = self._words.webhook_dead(calls.why)
            await self._tell(brief, key=f"webhook:{mark}", mark=mark)
        elif told and not calls.waiting:
            log.warning("webhook.well")
            await self._tell(self._words.webhook_well(), key=f"webhook.well:{told}", mark="")

    async def _tell(self, brief: Brief, *, key: str, mark: str) -> None:
        async with self._storage.transaction() as tx:
            await desk.keep_setting(tx, _SETTING, mark)
            people = await team.in_charge(tx)
            await notices.tell(tx, self._bot, people, brief, key, self._now())
        self._on_told()
