"""The scheduler that starts the beats, and ends them in peace; ``app`` builds one.

APScheduler keeps the rhythm: a beat that is late runs once, never twice at once. Its own shutdown
forgets what runs, so we remember: a beat in hand is over before the database closes.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.jobs import Beat

log = logging.getLogger(__name__)

STALLED = 120.0  # seconds beyond its span after which a beat hangs; the longest wait for the writer
NEVER_PILE_UP = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


class Heart:
    """Start each beat again and again until closed."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=NEVER_PILE_UP)
        self._running: set[asyncio.Task[object]] = set()
        self._beat_at: dict[str, float] = {}  # when each beat last ended, well or not
        self._spans: dict[str, float] = {}

    def start(self, beats: Sequence[Beat]) -> None:
        """Begin; the first beat of each comes after its own span."""
        for beat in beats:
            self.add(beat)
        self._scheduler.start()

    def add(self, beat: Beat) -> None:
        """Begin one more, also while the others beat."""
        self._beat_at[beat.name], self._spans[beat.name] = time.monotonic(), beat.seconds
        self._scheduler.add_job(
            self._watched(beat), "interval", seconds=beat.seconds, id=beat.name, name=beat.name
        )

    def at_once(self, name: str) -> None:
        """Let one beat come now, and then in its rhythm again."""
        self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    async def trouble(self) -> str:
        """Name a beat that has not come for long; "" when all do."""
        now = time.monotonic()
        for name, at in self._beat_at.items():
            if now - at > self._spans[name] + STALLED:
                return f"{name} has not come for {now - at:.0f} s"
        return ""

    async def close(self) -> None:
        """Start nothing more and end what runs: what it had not written is due again next time."""
        self._scheduler.shutdown(wait=False)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _watched(self, beat: Beat) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            task = asyncio.ensure_future(beat.run())
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            try:
                await asyncio.wait((task,))
                if not task.cancelled():
                    task.result()
            except asyncio.CancelledError:
                pass  # by the scheduler's shutdown, which would log it as a failure; see ``close``
            except Exception:
                log.exception("beat.failed", extra={"beat": beat.name})
            finally:
                self._beat_at[beat.name] = time.monotonic()

        return run
