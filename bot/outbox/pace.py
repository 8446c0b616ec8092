"""How fast we may send: one budget for a bot's token, one for each chat, with time as an argument.

Telegram counts what it accepts in any sliding second, at a moment we cannot see: after a message
``left`` and before it was ``answered``. So a slot is free again one second after the *answer*, less
what the road surely takes: a trip that no message is likely to undercut (``_Road``). A push holds
its slot until it is answered; a reply only for as long as answers have been seen to take, for what
a hanging answer would hold up here is a person. That keeps the limit whatever the network's jitter,
and costs nothing when there is none.

Replies to people debit the same budget; they wait for a free slot only, pushes for their spacing
and for every hold too. Seconds are of a monotonic clock. A 429 holds one chat; all pushes only when
a second chat answers so within a second, since one 429 does not tell whose limit it was.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

SECOND = 1.0
MINUTE = 60.0
SLOWER, FASTER = 0.8, 1.02  # what a 429 of the whole bot does to the pace, and a good second
LEAST = 0.2  # of the rate: a flood never stops us for good
REMEMBERED = 1000  # chats whose windows are kept in any case; beyond them the idle are dropped

LONGEST_TRIP = 5.0  # seconds; an answer later than this tells of a fault, not of the road
SHORTEST_PATIENCE = 0.1  # seconds that an answer is waited for at least
ENOUGH_TRIPS = 50  # before them we do not claim to know the road
TYPICAL = 0.02  # weight of one trip in the typical one: the last fifty or so count
REVIEWED = 1000  # trips after which the shortest is sought anew, so that a longer road is learnt
CALMER = 1.0002  # a trip; patience shrinks by it until a late answer stretches it again
WIDE = 0.08  # seconds of jitter, from which on an unseen trip may be shorter by as much again
ROUNDING = 0.001  # seconds; clocks and floats are not exact


@dataclass(slots=True)
class _Road:
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
    windows: Sequence[_Window]
    counted_at: float | None = None  # None: in flight

    def count(self, now: float) -> None:
        """Note that the server has surely counted it by now."""
        if self.counted_at is None:
            self.counted_at = now
            for window in self.windows:
                window.count(self)


@dataclass(slots=True)
class _Window:
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

    def free_at(self, now: float, road: _Road) -> float:
        """Return when one more may leave; 0 when it may now."""
        self._forget(now, road)
        over = len(self.counted) + len(self.in_flight) - self.most
        if over < 0:
            return 0.0
        ends = [self._end(slot, road) for slot in self.in_flight]
        first = self.counted[:1] if over == 0 else self.counted  # a heap: its first is its least
        return heapq.nsmallest(over + 1, first + ends)[-1] + self._span(road)

    def is_idle(self, now: float, road: _Road) -> bool:
        """Say whether nothing counts any more."""
        self._forget(now, road)
        return not self.counted and not self.in_flight

    def _forget(self, now: float, road: _Road) -> None:
        begin = now - self._span(road)
        while self.counted and self.counted[0] <= begin:
            heapq.heappop(self.counted)
        while self.in_flight and self._end(first := next(iter(self.in_flight)), road) <= begin:
            del self.in_flight[first]

    def _span(self, road: _Road) -> float:
        """Return how long after its answer a send may still count."""
        return self.length + ROUNDING - road.surely

    def _end(self, slot: Slot, road: _Road) -> float:
        """Return by when one in flight has surely been counted, or is lost."""
        patience = LONGEST_TRIP if slot.is_push and self.is_strict else road.patience
        return slot.left_at + patience


class Pace:
    """Say when the next message may leave, and learn from what was answered."""

    def __init__(
        self,
        rate: int,
        *,
        chat_rate: int = 1,
        group_rate_minute: int = 20,
        began_at: float | None = None,
    ) -> None:
        """Set the limits: messages a second, a second to one chat, a minute to one group.

        Who ran before ``began_at`` may have spent the last second's budget, and be killed: pushes
        begin a second later.
        """
        self.rate = rate
        self._chat_rate = chat_rate
        self._group_rate = group_rate_minute
        self._road = _Road()
        self._all = _Window(rate, SECOND, is_strict=True)
        self._chats: dict[int, tuple[_Window, ...]] = {}
        self._most_chats = 4 * rate + REMEMBERED
        self._share = 1.0  # of the rate that pushes use; lowered by floods, recovers slowly
        self._spaced_at = 0.0
        self._held_chats: dict[int, float] = {}
        self._held_until = 0.0 if began_at is None else began_at + SECOND + ROUNDING
        self._last_flood: tuple[int, float] | None = None

    def any_push_at(self, now: float) -> float:
        """Return the earliest moment, ``now`` or later, at which a push to anyone may leave."""
        return max(now, self._spaced_at, self._held_until, self._all.free_at(now, self._road))

    def push_at(self, chat: int, now: float) -> float:
        """Return the earliest moment at which a push to this chat may leave."""
        held = self._held_chats.get(chat, 0.0)
        return max(self.any_push_at(now), held, self._chat_free_at(chat, now))

    def reply_at(self, chat: int, now: float) -> float:
        """Return the earliest moment at which a reply may leave: no spacing, no hold."""
        return max(self.any_reply_at(now), self._chat_free_at(chat, now))

    def any_reply_at(self, now: float) -> float:
        """Return the earliest moment at which a reply to anyone may leave."""
        return max(now, self._all.free_at(now, self._road))

    def _chat_free_at(self, chat: int, now: float) -> float:
        windows = self._chats.get(chat, ())
        return max((window.free_at(now, self._road) for window in windows), default=0.0)

    def taken(self, chat: int, now: float, *, is_push: bool) -> Slot:
        """Debit one message that leaves now; the slot is given to ``answered`` later.

        A second message to a chat means that the first has arrived: its parts go one by one.
        """
        own = self._windows_of(chat, now)
        for slot in list(own[0].in_flight):
            slot.count(now)
        slot = Slot(chat, now, is_push, (self._all, *own))
        for window in slot.windows:
            window.add(slot)
        if is_push:
            spacing = SECOND / (self.rate * self._share)
            # one that wakes late is made up for, by one spacing at most
            self._spaced_at = max(self._spaced_at + spacing, now)
        return slot

    def _windows_of(self, chat: int, now: float) -> tuple[_Window, ...]:
        if chat not in self._chats:
            self._forget_idle(now)
            own: tuple[_Window, ...] = (_Window(self._chat_rate, SECOND),)
            if chat < 0:  # groups and channels have negative numbers
                own += (_Window(self._group_rate, MINUTE),)
            self._chats[chat] = own
        return self._chats[chat]

    def _forget_idle(self, now: float) -> None:
        """Drop chats without a recent send, so that a million readers cost no memory."""
        if len(self._chats) < self._most_chats:
            return
        self._chats = {
            chat: windows
            for chat, windows in self._chats.items()
            if not all(window.is_idle(now, self._road) for window in windows)
        }
        self._most_chats = max(4 * self.rate + REMEMBERED, 2 * len(self._chats))

    def answered(self, slot: Slot, now: float) -> None:
        """Learn when a message surely was counted, and how long the road is.

        Every part of a letter is answered with its first one, which was given here; its trip was
        no single one, and teaches nothing.
        """
        trip = now - slot.left_at
        if slot.counted_at is None and trip <= LONGEST_TRIP:
            self._road.learn(trip)
        for part in (slot, *slot.windows[1].in_flight):
            part.count(now)
        self._share = min(1.0, self._share * (1 + (FASTER - 1) / self.rate))

    def flooded(self, chat: int, now: float, retry_after: float) -> None:
        """Hold a chat that answered 429; hold all pushes when another did within the last second.

        A hold of everything also lowers the pace, once however many were in flight, which then
        recovers by two percent a second.
        """
        self._held_chats = {held: end for held, end in self._held_chats.items() if end > now}
        self._held_chats[chat] = max(self._held_chats.get(chat, 0.0), now + retry_after)
        last, self._last_flood = self._last_flood, (chat, now)
        if last is not None and last[0] != chat and now - last[1] <= SECOND:
            if self._held_until <= now:
                self._share = max(LEAST, self._share * SLOWER)
            self._held_until = max(self._held_until, now + retry_after)


def batch_size(rate: int) -> int:
    """Return how many readers a batch holds: a second of sending at 30/s, a tenth at 1,000/s.

    The larger the batch, the more a crash may repeat; the smaller, the more a delivery costs the
    database.
    """
    return max(25, min(100, rate // 10))
