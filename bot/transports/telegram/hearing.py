"""What became of each call for updates in, how long we have been deaf or refused out.

`ListeningRequest` tells it while we ask Telegram, `commands.ears` while Telegram calls us; the same
asks. Seconds are of a monotonic clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

RECENT = timedelta(minutes=5)  # how long ago Telegram's last failure may be and still be one


@dataclass(frozen=True, slots=True)
class Calls:
    """What Telegram says of our webhook."""

    waiting: int = 0  # updates that it has not brought yet
    failed_at: datetime | None = None
    why: str = ""

    def fail(self, now: datetime) -> bool:
        """Say whether its calls do not reach us: updates wait, and the last call failed lately."""
        return self.waiting > 0 and self.failed_at is not None and now - self.failed_at <= RECENT


class Hearing:
    """Remember when Telegram last gave us updates, and since when it refuses the token."""

    def __init__(self) -> None:
        self._heard_at: float | None = None  # None: we have not begun to ask
        self._refused_at: float | None = None

    def heard(self, now: float) -> None:
        """Note an answer, or that we begin to ask."""
        self._heard_at, self._refused_at = now, None

    def refused(self, now: float) -> None:
        """Note that Telegram does not know the token."""
        if self._refused_at is None:
            self._refused_at = now

    def silent_for(self, now: float) -> float:
        """Return the seconds since the last answer; 0 before we have begun to ask."""
        return 0.0 if self._heard_at is None else now - self._heard_at

    def refused_for(self, now: float) -> float:
        """Return the seconds since the first refusal that no answer has followed."""
        return 0.0 if self._refused_at is None else now - self._refused_at
