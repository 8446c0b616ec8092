"""What a visit brought in, how long until the next out; called by the poll job.

The rules, all within floor and ceiling:

1. news shortens the wait by half, silence lengthens it by half;
2. who asks for more patience gets it, up to the ceiling: a year of Cache-Control is a mistake;
3. a failure doubles the wait, from the floor, however often: at the ceiling it is still polled;
4. a host that asks for silence (429, 503) is left alone as a whole, as long as it says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

_DOUBLINGS: Final = 22  # a second becomes 48 days, past any ceiling; a month stays in range
_FIRST: Final = timedelta(minutes=10)  # of a feed that we know nothing of
HOST_HOLD: Final = timedelta(minutes=15)  # when a host asks for silence and names no time


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest wait between two visits."""

    floor: timedelta
    ceiling: timedelta

    def clamp(self, wait: timedelta) -> timedelta:
        """Return the wait, or the bound it oversteps."""
        return max(self.floor, min(wait, self.ceiling))


def first_interval(floor: timedelta, ceiling: timedelta) -> timedelta:
    """Return the wait after the first visit of a feed, unless that teaches us better."""
    return Bounds(floor, ceiling).clamp(_FIRST)


def next_interval(
    current: timedelta, *, new: int, wish: timedelta | None, bounds: Bounds
) -> timedelta:
    """Return the wait after a visit that succeeded and brought ``new`` entries.

    ``wish`` is the longer of what the server and the feed asked for.
    """
    wait = current / 2 if new else current * 3 / 2
    return bounds.clamp(max(wait, wish or timedelta(0)))


def back_off(failures: int, *, retry_after: float | None, bounds: Bounds) -> timedelta:
    """Return the wait after the ``failures``-th failed visit in a row (1 is the first).

    ``retry_after`` is the server's own word, in seconds.
    """
    wait = bounds.floor * 2 ** min(max(failures, 1), _DOUBLINGS)
    return bounds.clamp(max(wait, _seconds(retry_after, bounds)))


def host_hold(retry_after: float | None, *, bounds: Bounds) -> timedelta:
    """Return how long to leave a whole host alone that asked for it."""
    return bounds.clamp(HOST_HOLD if retry_after is None else _seconds(retry_after, bounds))


def longer_wish(*wishes: timedelta | None) -> timedelta | None:
    """Return the most patient of several wishes; None when nobody wished."""
    return max((wish for wish in wishes if wish is not None), default=None)


def _seconds(wait: float | None, bounds: Bounds) -> timedelta:
    return timedelta(seconds=min(wait or 0.0, bounds.ceiling.total_seconds()))
