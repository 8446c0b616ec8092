"""A loop in, the end of the process out when it stands still: the verb `run` keeps one beside it.

A loop that hangs answers nobody and cannot say so itself; a thread can. It writes where every
thread stands and ends the process with 1, so that whoever supervises it starts it again. What was
in flight is taken up by the next start, as after any crash.
"""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import sys
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

PATIENCE = 120.0  # seconds; no step of ours takes two
FAILED = 1


class Watchdog:
    """Watch a loop from a thread until closed."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        patience: float = PATIENCE,
        end: Callable[[int], object] = os._exit,
    ) -> None:
        self._loop = loop
        self._patience = patience
        self._end = end
        self._answered = threading.Event()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Watch no more."""
        self._closed.set()
        self._answered.set()

    def _watch(self) -> None:
        while not self._closed.wait(self._patience / 10):
            self._answered.clear()
            if self._closed.is_set() or self._loop.is_closed():
                return
            self._loop.call_soon_threadsafe(self._answered.set)
            if not self._answered.wait(self._patience):
                log.critical("loop.stalled", extra={"seconds": self._patience})
                faulthandler.dump_traceback(file=sys.stderr, all_threads=True)
                self._end(FAILED)
                return
