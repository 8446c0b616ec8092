"""What people did → what getUpdates gives; `desk` adds, `methods.polling` takes.

An update stays until a later call's offset confirms it. A second getUpdates ends the first. A
webhook is remembered and told by getWebhookInfo; the sandbox does not deliver to it yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.sandbox.nouns import Json
from bot.sandbox.refusals import ApiError, conflict

_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_FIRST_ID = 500_000_001


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a bot asked to be called."""

    url: str = ""
    has_certificate: bool = False
    max_connections: int = 40
    ip_address: str | None = None


class Updates:
    """The queue of one bot; `on_wait` is called when a getUpdates begins to wait."""

    def __init__(self, on_wait: Callable[[], None]) -> None:
        self._on_wait = on_wait
        self.webhook = Webhook()
        self.allowed: frozenset[str] | None = None
        self._pending: list[Json] = []
        self._next_id = _FIRST_ID
        self._waiter: asyncio.Future[None] | None = None
        self._to_repeat = 0
        self._repeats: list[Json] = []
        self._seen_up_to = 0

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def is_awaited(self) -> bool:
        """Tell whether a getUpdates is waiting just now."""
        return self._waiter is not None

    def add(self, kind: str, body: Json) -> None:
        """Queue an update unless the bot asked not to get its kind."""
        wanted = kind not in _NOT_BY_DEFAULT if self.allowed is None else kind in self.allowed
        if not wanted:
            return
        self._pending.append({"update_id": self._next_id, kind: body})
        self._next_id += 1
        self._wake()

    def again(self, count: int = 1) -> None:
        """Deliver the next `count` confirmed updates once more, as Telegram may after a fault."""
        self._to_repeat += count

    async def take(self, offset: int, limit: int, patience: float) -> list[Json]:
        """Wait up to `patience` seconds for updates from `offset` on; at most `limit` of them.

        A negative offset keeps the last ones and forgets the rest. Raise a 409 when another
        call, or a webhook, takes over.
        """
        if self.webhook.url:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        self._interrupt(
            conflict(
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running"
            )
        )
        self._confirm(offset)
        if not self._pending and not self._repeats and patience > 0:
            await self._wait(patience)
        batch = [*self._repeats, *self._pending][:limit]
        self._repeats = self._repeats[limit:]
        return batch

    def fresh(self, batch: Iterable[Json]) -> list[Json]:
        """Pick those of a batch that are given out for the first time."""
        new = [update for update in batch if update["update_id"] > self._seen_up_to]
        self._seen_up_to = max([self._seen_up_to, *(update["update_id"] for update in new)])
        return new

    def set_webhook(self, webhook: Webhook) -> None:
        """Remember an address (an empty one ends it); a waiting getUpdates is told off."""
        self.webhook = webhook
        if webhook.url:
            self._interrupt(conflict("terminated by setWebhook request"))

    def drop(self) -> None:
        """Forget what is pending."""
        self._pending.clear()

    def close(self) -> None:
        """Let a waiting getUpdates go home with nothing."""
        self._wake()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self._pending = self._pending[offset:]
            return
        done = [update for update in self._pending if update["update_id"] < offset]
        self._pending = self._pending[len(done) :]
        again = done[: self._to_repeat]
        self._to_repeat -= len(again)
        self._repeats += again

    async def _wait(self, patience: float) -> None:
        self._waiter = waiter = asyncio.get_running_loop().create_future()
        self._on_wait()
        try:
            async with asyncio.timeout(patience):
                await waiter
        except TimeoutError:
            return
        finally:
            if self._waiter is waiter:
                self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _interrupt(self, why: ApiError) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(why)
