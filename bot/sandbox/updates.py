"""What people did → what getUpdates gives; `desk` adds, `methods.polling` takes.

An update stays until a later call's offset confirms it, or until the `courier` has brought it to
the webhook. A second getUpdates ends the first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from bot.sandbox.nouns import Json
from bot.sandbox.refusals import OTHER_READER, ApiError, conflict

_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_FIRST_ID = 500_000_001


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a bot asked to be called, and what went wrong there last."""

    url: str = ""
    secret: str = ""
    has_certificate: bool = False
    max_connections: int = 40
    ip_address: str | None = None
    error_date: int = 0
    error: str = ""


class Updates:
    """The queue of one bot; `on_change` is called when it grows, shrinks or is waited for,
    `on_pending` when something may be carried to the webhook, or none is set any more.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self.on_pending: Callable[[], None] = lambda: None
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
        self.on_pending()
        self._on_change()

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
        self._interrupt(conflict(OTHER_READER))
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
        self.on_pending()

    def pending(self) -> list[Json]:
        """Return what waits, oldest first."""
        return list(self._pending)

    def put_back(self, pending: Iterable[Json]) -> None:
        """Let just these wait: what was pending at an earlier moment is so again."""
        self._pending = list(pending)

    def done(self, update: Json) -> None:
        """Forget an update that the webhook took."""
        self._pending = [other for other in self._pending if other is not update]
        self._on_change()

    def failed(self, moment: int, why: str) -> None:
        """Write down that the webhook did not take an update."""
        self.webhook = replace(self.webhook, error_date=moment, error=why)
        self._on_change()

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
        self._on_change()
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
