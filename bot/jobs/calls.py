"""How Telegram fares with our webhook in, one word to the owners out when its calls do not arrive.

A webhook that is dead makes the bot deaf without a sound on our side: only Telegram knows. Pushes
go on meanwhile, so the owners can be told through the outbox. A beat asks each minute.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import BotId, Brief, BriefKind, Heading, Paragraph
from bot.storage import Storage, notices, team
from bot.texts import Texts

log = logging.getLogger(__name__)

RECENT = timedelta(minutes=5)  # how long ago Telegram's last failure may be and still be one


@dataclass(frozen=True, slots=True)
class Calls:
    """What Telegram says of the webhook."""

    waiting: int  # updates that could not be brought
    failed_at: datetime | None
    why: str


class CallsWatch:
    """Tell the owners when Telegram's calls fail; ``ask`` gives None when there is no webhook."""

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
        """Ask once, and tell once an outage."""
        calls, now = await self._ask(), self._now()
        if calls is None or calls.failed_at is None or not calls.waiting:
            return
        if now - calls.failed_at > RECENT:
            return
        log.error("webhook.dead", extra={"cause": calls.why, "waiting": calls.waiting})
        words = Brief(
            BriefKind.ANNOUNCEMENT,
            (
                Heading(self._texts.say("notice.webhook.heading")),
                Paragraph(self._texts.say("notice.webhook.what", why=calls.why)),
            ),
        )
        async with self._storage.transaction() as tx:
            people = await team.owners(tx) or await team.people(tx)
            told = await notices.tell(
                tx, self._bot, people, words, f"webhook:{now:%Y-%m-%dT%H}", now
            )
        if told:
            self._on_told()
