"""What happens on the desk → everybody who watches: the page's streams and waiting tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bot.sandbox.nouns import Json

BEHIND = 1000  # events; a watcher further behind is dropped and reads the state anew

T = TypeVar("T")


class Events:
    """Tell events to streams and wake those who wait for a condition."""

    def __init__(self) -> None:
        self._streams: set[asyncio.Queue[Json | None]] = set()
        self._waiters: set[asyncio.Future[None]] = set()

    @property
    def watched(self) -> bool:
        """Tell whether any stream is open: without one nothing need be written out."""
        return bool(self._streams)

    def publish(self, event: Json) -> None:
        """Hand an event to every stream."""
        for stream in tuple(self._streams):
            if stream.full():
                self._streams.discard(stream)
                stream.get_nowait()
                stream.put_nowait(None)
            else:
                stream.put_nowait(event)

    def pulse(self) -> None:
        """Let everybody who waits look again."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    def open(self, *, behind: int = BEHIND) -> asyncio.Queue[Json | None]:
        """Begin a stream that may fall `behind` events behind (0: ever); None in it is its end."""
        stream: asyncio.Queue[Json | None] = asyncio.Queue(behind)
        self._streams.add(stream)
        return stream

    def leave(self, stream: asyncio.Queue[Json | None]) -> None:
        """End a stream from its reader's side."""
        self._streams.discard(stream)
        self.pulse()

    def close(self) -> None:
        """End every stream."""
        for stream in tuple(self._streams):
            self._streams.discard(stream)
            if stream.full():
                stream.get_nowait()
            stream.put_nowait(None)

    async def until(self, predicate: Callable[[], T], patience: float = 5) -> T:
        """Return the first true answer of `predicate`, asked again after everything that
        happens; raise TimeoutError after `patience` seconds.
        """
        async with asyncio.timeout(patience):
            while not (answer := predicate()):
                waiter = asyncio.get_running_loop().create_future()
                self._waiters.add(waiter)
                try:
                    await waiter
                finally:
                    self._waiters.discard(waiter)
        return answer
