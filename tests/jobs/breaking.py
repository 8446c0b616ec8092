"""A database and a way out that break where a test says: hiccups, full disks, the end of a process.

Before every step, the fault is called with its SQL, or with one of the words below; what it
raises is what happened there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager

from bot.errors import StorageError
from bot.model import Outcome, Row
from bot.storage import Storage, Transaction, Values
from bot.transports import Letter, Transport, Turn

BEGIN, COMMIT, COMMITTED, SEND, SENT = "BEGIN", "COMMIT", "committed", "send", "sent"
Fault = Callable[[str], None]


class PowerCut(Exception):  # noqa: N818 - it is what happened, not an error of ours
    """The process is gone: nothing works any more."""


class Fuse:
    """Let so many steps pass and then nothing, as after kill −9."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    @property
    def is_burnt(self) -> bool:
        return self._left == 0

    def __call__(self, step: str) -> None:
        if self.is_burnt:
            raise PowerCut(step)
        self._left -= 1


class Hiccup:
    """Fail once, at the n-th step that can fail and be tried again."""

    def __init__(self, at: int) -> None:
        self._left = at
        self.was_heard = False

    def __call__(self, step: str) -> None:
        if step in {COMMITTED, SEND, SENT}:
            return
        self._left -= 1
        if self._left == -1:
            self.was_heard = True
            raise StorageError(f"hiccup at {step}")


class BreakingStorage:
    """A storage over another; of its transactions only what the outbox uses."""

    def __init__(self, inner: Storage, fault: Fault) -> None:
        self._inner = inner
        self._fault = fault

    async def fetch(self, sql: str, values: Values | None = None, /) -> Sequence[Row]:
        self._fault(sql)
        return await self._inner.fetch(sql, values)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[BreakingTransaction]:
        self._fault(BEGIN)
        async with self._inner.transaction() as tx:
            yield BreakingTransaction(tx, self._fault)
            self._fault(COMMIT)
        self._fault(COMMITTED)


class BreakingTransaction:
    """A transaction over another."""

    def __init__(self, inner: Transaction, fault: Fault) -> None:
        self._inner = inner
        self._fault = fault

    async def fetch(self, sql: str, values: Values | None = None, /) -> Sequence[Row]:
        self._fault(sql)
        return await self._inner.fetch(sql, values)

    async def claim(self, sql: str, values: Values | None = None, /) -> Sequence[Row]:
        self._fault(sql)
        return await self._inner.claim(sql, values)

    async def execute(self, sql: str, values: Values | None = None, /) -> int:
        self._fault(sql)
        return await self._inner.execute(sql, values)

    async def execute_many(self, sql: str, rows: Iterable[Values], /) -> None:
        self._fault(sql)
        await self._inner.execute_many(sql, rows)


class BreakingTransport:
    """A way out over another: it may break before a letter arrives, and before we hear of it."""

    def __init__(self, inner: Transport, fault: Fault) -> None:
        self._inner = inner
        self._fault = fault

    async def send(self, letter: Letter, turn: Turn) -> Outcome:
        self._fault(SEND)
        outcome = await self._inner.send(letter, turn)
        self._fault(SENT)
        return outcome
