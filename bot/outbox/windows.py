"""What Telegram counts, as far as we can know it: slots that fill windows, and the road between.

Telegram counts what it accepts in any sliding second, at a moment we cannot see: after a message
``left`` and before it was ``answered``. So a slot is free again one second after the *answer*, less
what the road surely takes: a trip that no message is likely to undercut (``Road``). A push holds
its slot until it is answered; a reply only for as long as answers have been seen to take, for what
a hanging answer would hold up here is a person. That keeps the limit whatever the network's jitter,
and costs nothing when there is none. ``pace`` asks; seconds are of a monotonic clock.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

SECOND = 1.0
MINUTE = 60.0
LONGEST_TRIP = 5.0  # seconds; an answer later than this tells of a fault, not of the road
SHORTEST_PATIENCE = 0.1  # seconds that an answer is waited for at least
ENOUGH_TRIPS = 50  # before them we do not claim to know the road
TYPICAL = 0.02  # weight of one trip in the typical one: the last fifty or so count
REVIEWED = 1000  # trips after which the shortest is sought anew, so that a longer road is learnt
CALMER = 1.0002  # a trip; patience shrinks by it until a late answer stretches it again
WIDE = 0.08  # seconds of jitter, from which on an unseen trip may be shorter by as much again
ROUNDING = 0.001  # seconds; clocks and floats are not exact


@dataclass(slots=True)
class Road:
    """What the answers so far tell of the way to the server and back."""

    trips: int = 0
    shortest: float = LONGEST_TRIP  # since the last review
    shortest_before: float = LONGEST_TRIP  # between the last review and the one before
    typical: float = 0.0
    patience: float = SECOND  # how long an answer may be outstanding
    surely: float = 0.0  # of any two messages, one's way there and the other's way back

    def learn(self, trip: float) -> None:
        self.trips += 1
        if self.trips % REVIEWED == 0:
            self.shortest_before, self.shortest = self.shortest, LONGEST_TRIP
        self.shortest = min(trip, self.shortest)
        self.typical += (trip - self.typical) * max(TYPICAL, 1 / self.trips)
        longest = SHORTEST_PATIENCE if self.trips == 1 else self.patience / CALMER
        self.patience = max(trip, longest, SHORTEST_PATIENCE)
        if self.trips >= ENOUGH_TRIPS:
            shortest = min(self.shortest, self.shortest_before)
            jitter = max(0.0, self.typical - shortest)
            self.surely = max(0.0, shortest - jitter * min(1.0, jitter / WIDE))


@dataclass(slots=True, eq=False)
class Slot:
    """One send as the budget sees it: when it left, and when it surely was counted."""

    chat: int
    left_at: float
    is_push: bool
    windows: Sequence[Window]
    is_copy: bool = False
    counted_at: float | None = None  # None: in flight

    def count(self, now: float) -> None:
        """Note that the server has surely counted it by now."""
        if self.counted_at is None:
            self.counted_at = now
            for window in self.windows:
                window.count(self)


@dataclass(slots=True)
class Window:
    """One limit: at most ``most`` sends counted within ``length`` seconds."""

    most: int
    length: float
    is_strict: bool = False  # a push in flight counts until it is answered
    in_flight: dict[Slot, None] = field(default_factory=dict)  # in the order of leaving
    counted: list[float] = field(default_factory=list)  # a heap of moments

    def add(self, slot: Slot) -> None:
        self.in_flight[slot] = None

    def count(self, slot: Slot) -> None:
        self.in_flight.pop(slot, None)
        heapq.heappush(self.counted, slot.counted_at or 0.0)

    def free_at(self, now: float, road: Road) -> float:
        """Return when one more may leave; 0 when it may now."""
        self._forget(now, road)
        over = len(self.counted) + len(self.in_flight) - self.most
        if over < 0:
            return 0.0
        ends = [self._end(slot, road) for slot in self.in_flight]
        first = self.counted[:1] if over == 0 else self.counted  # a heap: its first is its least
        return heapq.nsmallest(over + 1, first + ends)[-1] + self._span(road)

    def is_idle(self, now: float, road: Road) -> bool:
        """Say whether nothing counts any more."""
        self._forget(now, road)
        return not self.counted and not self.in_flight

    def _forget(self, now: float, road: Road) -> None:
        begin = now - self._span(road)
        while self.counted and self.counted[0] <= begin:
            heapq.heappop(self.counted)
        while self.in_flight and self._end(first := next(iter(self.in_flight)), road) <= begin:
            del self.in_flight[first]

    def _span(self, road: Road) -> float:
        """Return how long after its answer a send may still count."""
        return self.length + ROUNDING - road.surely

    def _end(self, slot: Slot, road: Road) -> float:
        """Return by when one in flight has surely been counted, or is lost."""
        patience = LONGEST_TRIP if slot.is_push and self.is_strict else road.patience
        return slot.left_at + patience
