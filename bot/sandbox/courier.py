"""Updates that wait → POSTs to the bot's webhook, retried until it says 2xx; `desk` holds one.

Updates of one chat go one after the other, those of different chats side by side. After a failure
a chat's updates wait: not at all the first time, then two pauses, four, eight, up to sixty.
Only addresses on this very machine are called: a webhook elsewhere is remembered, never visited.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp
from yarl import URL

from bot.sandbox.faults import Faults
from bot.sandbox.nouns import Json
from bot.sandbox.updates import Updates

HERE = frozenset({"127.0.0.1", "localhost", "::1"})
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LONGEST = 60  # pauses; tdlib/telegram-bot-api WEBHOOK_MAX_RESEND_TIMEOUT
_PATIENCE = aiohttp.ClientTimeout(total=15)  # seconds an answer may take


class Courier:
    """Carry updates to the webhook that is set; `pause` is the unit of back-off, in seconds."""

    def __init__(
        self, updates: Updates, faults: Faults, now: Callable[[], int], pause: float
    ) -> None:
        self._updates = updates
        self._faults = faults
        self._now = now
        self._pause = pause
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        updates.on_pending = self.look

    def look(self) -> None:
        """See to everything that waits; called when an update is added or a webhook is set."""
        if URL(self._updates.webhook.url).host not in HERE:
            for lane in self._lanes.values():
                lane.cancel()
            self._lanes.clear()
            return
        for chat in {chat_of(update) for update in self._updates.pending()}:
            if chat not in self._lanes:
                self._lanes[chat] = asyncio.get_running_loop().create_task(self._carry(chat))

    async def close(self) -> None:
        """Carry nothing more."""
        lanes = list(self._lanes.values())
        self._lanes.clear()
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _carry(self, chat: int) -> None:
        """Carry the updates of one chat, in order, until none is left."""
        failures = 0
        while update := self._first(chat):
            failure = await self._hand_over(update)
            if failure is None:
                self._updates.done(update)
                failures = 0
                continue
            self._updates.failed(self._now(), failure)
            await asyncio.sleep(self._pause * (min(2**failures, LONGEST) if failures else 0))
            failures += 1
        del self._lanes[chat]

    def _first(self, chat: int) -> Json | None:
        return next((u for u in self._updates.pending() if chat_of(u) == chat), None)

    async def _hand_over(self, update: Json) -> str | None:
        """Post one update; return what went wrong, in Telegram's words, or None."""
        if self._faults.take("webhook", None):
            return "Connection refused"
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_PATIENCE)
        webhook = self._updates.webhook
        headers = {SECRET: webhook.secret} if webhook.secret else {}
        try:
            async with self._session.post(
                webhook.url, json=update, headers=headers, allow_redirects=False
            ) as answer:
                if 200 <= answer.status < 300:
                    return None
                return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except aiohttp.ClientConnectorError:
            return "Connection refused"
        except TimeoutError:
            return "Read timeout expired"
        except aiohttp.ClientError:
            return "Webhook connection closed"


def chat_of(update: Json) -> int:
    """Return whose turn an update takes: its chat's, or its sender's where it has none."""
    body = next(value for key, value in update.items() if key != "update_id")
    place = body.get("chat") or body.get("message", {}).get("chat") or body["from"]
    return int(place["id"])
