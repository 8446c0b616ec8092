"""The newsroom's clock: the hour of the demo, which may run faster than the day outside.

`mujaz demo` gives one to the application, the sandbox and the sample newspaper; the page shows
it. It never goes back, and a change of speed makes no leap.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

SPEEDS = (1, 60, 600)  # seconds a second: a day in 24 hours, in 24 minutes, in 144 seconds


class NewsClock:
    """Tell the time; `steady` counts real seconds."""

    def __init__(
        self, start: datetime | None = None, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._steady = steady
        self._since = start or datetime.now(UTC)
        self._mark = steady()
        self._speed = 1

    @property
    def speed(self) -> int:
        """Return how many seconds go by in a real one."""
        return self._speed

    def __call__(self) -> datetime:
        """Return the hour of the newsroom."""
        return self._since + timedelta(seconds=(self._steady() - self._mark) * self._speed)

    def timestamp(self) -> float:
        """Return the hour of the newsroom as seconds since 1970."""
        return self().timestamp()

    def run_at(self, speed: int) -> None:
        """Go on at another speed, from this moment."""
        if speed not in SPEEDS:
            raise ValueError(f"the clock runs at {', '.join(map(str, SPEEDS))}, not at {speed}")
        self._since, self._mark, self._speed = self(), self._steady(), speed
