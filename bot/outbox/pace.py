"""How fast we may send: one budget for a bot's token, one for each chat, with time as an argument.

Telegram counts what it accepts in any sliding second. A message leaves here at ``taken`` and is
accepted somewhere before it is ``answered``; so a slot is only free again one second after the
*answer*, less the shortest round trip seen, which no message can undercut. That holds the limit
whatever the network's jitter, and costs nothing when there is none.

Replies to people debit the same budget and go first: a push waits for the next slot but one.
Seconds are of a monotonic clock. A 429 holds one chat; all pushes only when a second chat answers
so within a second, since one 429 does not tell whose limit it was.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

SECOND = 1.0
MINUTE = 60.0
MOST_JITTER = 0.25  # seconds; an answer later than this is a slow server, not a slow road
SLOWER, FASTER = 0.8, 1.02  # what a 429 of the whole bot does to the pace, and a good second
FORGET = 1.0005  # a send; the shortest trip creeps up, so that a longer road is learnt too
LEAST = 0.2  # of the rate: a flood never stops us for good


@dataclass(slots=True)
class Slot:
    """One send as the budget sees it: when it left, and when it surely was counted."""

    chat: int
    left_at: float
    counted_at: float


@dataclass(slots=True)
class _Window:
    """The last ``most`` sends; the next may leave when the oldest is out of the window."""

    most: int
    length: float
    slots: deque[Slot] = field(default_factory=deque)

    def free_at(self, shortest: float) -> float:
        if len(self.slots) < self.most:
            return 0.0
        return self.slots[-self.most].counted_at - shortest + self.length

    def add(self, slot: Slot) -> None:
        self.slots.append(slot)
        while len(self.slots) > self.most:
            self.slots.popleft()


class Pace:
    """Say when the next message may leave, and learn from what was answered."""

    def __init__(self, rate: int, *, chat_rate: int = 1, group_rate_minute: int = 20) -> None:
        self.rate = rate
        self._chat_rate = chat_rate
        self._group_rate = group_rate_minute
        self._all = _Window(rate, SECOND)
        self._chats: dict[int, _Window] = {}
        self._shortest: float | None = None
        self._share = 1.0  # of the rate that pushes use; lowered by floods, recovers slowly
        self._last_push = 0.0
        self._held_chats: dict[int, float] = {}
        self._held_until = 0.0
        self._last_flood: tuple[int, float] | None = None

    def any_push_at(self, now: float) -> float:
        """Return the earliest moment, ``now`` or later, at which a push to anyone may leave."""
        spaced = self._last_push + SECOND / (self.rate * self._share)
        return max(now, spaced, self._held_until, self._all.free_at(self._shortest or 0.0))

    def push_at(self, chat: int, now: float) -> float:
        """Return the earliest moment at which a push to this chat may leave."""
        return max(self.any_push_at(now), self._held_chats.get(chat, 0.0), self._free_at(chat))

    def reply_at(self, chat: int, now: float) -> float:
        """Return the earliest moment at which a reply may leave: no spacing, no holding of all."""
        return max(now, self._free_at(chat))

    def _free_at(self, chat: int) -> float:
        shortest = self._shortest or 0.0
        free = self._all.free_at(shortest)
        window = self._chats.get(chat)
        return free if window is None else max(free, window.free_at(shortest))

    def taken(self, chat: int, now: float, *, is_push: bool) -> Slot:
        """Debit one message that leaves now; the slot is given to ``answered`` later."""
        slot = Slot(chat, now, now + MOST_JITTER)
        if chat not in self._chats:
            self._forget_idle(now)
            self._chats[chat] = self._window_of(chat)
        self._all.add(slot)
        self._chats[chat].add(slot)
        if is_push:
            self._last_push = now
        return slot

    def _window_of(self, chat: int) -> _Window:
        if chat < 0:  # groups and channels have negative numbers
            return _Window(self._group_rate, MINUTE)
        return _Window(self._chat_rate, SECOND)

    def _forget_idle(self, now: float) -> None:
        """Drop chats without a recent send, so that a million readers cost no memory."""
        if len(self._chats) < 4 * self.rate + 1000:
            return
        self._chats = {
            chat: window
            for chat, window in self._chats.items()
            if window.slots[-1].counted_at + window.length > now
        }

    def answered(self, slot: Slot, now: float) -> None:
        """Learn when a message surely was counted, and how long the road is at its best."""
        trip = now - slot.left_at
        slot.counted_at = slot.left_at + min(trip, MOST_JITTER)
        if trip <= MOST_JITTER:
            shortest = trip if self._shortest is None else self._shortest * FORGET
            self._shortest = min(shortest, trip)
            self._share = min(1.0, self._share * (1 + (FASTER - 1) / self.rate))

    def flooded(self, chat: int, now: float, retry_after: float) -> None:
        """Hold a chat that answered 429; hold all pushes when another did within the last second.

        A hold of everything also lowers the pace, which then recovers by two percent a second.
        """
        self._held_chats = {held: end for held, end in self._held_chats.items() if end > now}
        self._held_chats[chat] = max(self._held_chats.get(chat, 0.0), now + retry_after)
        last, self._last_flood = self._last_flood, (chat, now)
        if last is not None and last[0] != chat and now - last[1] <= SECOND:
            self._held_until = max(self._held_until, now + retry_after)
            self._share = max(LEAST, self._share * SLOWER)


def batch_size(rate: int) -> int:
    """Return how many readers a batch holds: a second of sending at 30/s, a tenth at 1,000/s.

    The larger the batch, the more a crash may repeat; the smaller, the more a delivery costs the
    database.
    """
    return max(25, min(100, rate // 10))
