"""How fast we may send: one budget for a bot's token, one for each chat, with time as an argument.

What Telegram counts, and when a slot is free again, stands in ``windows``. Replies to people debit
the same budget as pushes; they wait for a free slot only, pushes for their spacing and for every
hold too. Seconds are of a monotonic clock.

A 429 holds one chat; all pushes only when a second chat answers so within a second, since one 429
does not tell whose limit it was. Copies of a message have a limit of their own that Telegram does
not publish (tdlib/telegram-bot-api #184): they begin at the full rate, and a flood that copies met
holds and slows copies alone. News goes on; if it was the limit of the whole bot, it will meet it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.outbox.windows import LONGEST_TRIP, MINUTE, ROUNDING, SECOND, Road, Slot, Window

SLOWER, FASTER = 0.8, 1.02  # what a 429 of the whole bot does to the pace, and a good second
LEAST = 0.2  # of the rate: a flood never stops us for good
REMEMBERED = 1000  # chats whose windows are kept in any case; beyond them the idle are dropped


@dataclass(slots=True)
class _Stream:
    """Pushes of one kind: their share of the rate, lowered by floods, and their holds."""

    share: float = 1.0
    spaced_at: float = 0.0
    held_until: float = 0.0
    last_flood: tuple[int, float] | None = None
    held_chats: dict[int, float] = field(default_factory=dict)

    def leave(self, now: float, rate: int) -> None:
        # one that wakes late is made up for, by one spacing at most
        self.spaced_at = max(self.spaced_at + SECOND / (rate * self.share), now)

    def recover(self, rate: int) -> None:
        self.share = min(1.0, self.share * (1 + (FASTER - 1) / rate))

    def flooded(self, chat: int, now: float, retry_after: float) -> None:
        """Hold a chat, and hold and slow all when another met a 429 within the last second."""
        self.held_chats = {held: end for held, end in self.held_chats.items() if end > now}
        self.held_chats[chat] = max(self.held_chats.get(chat, 0.0), now + retry_after)
        last, self.last_flood = self.last_flood, (chat, now)
        if last is not None and last[0] != chat and now - last[1] <= SECOND:
            if self.held_until <= now:
                self.share = max(LEAST, self.share * SLOWER)
            self.held_until = max(self.held_until, now + retry_after)


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
        self._road = Road()
        self._all = Window(rate, SECOND, is_strict=True)
        self._chats: dict[int, tuple[Window, ...]] = {}
        self._most_chats = 4 * rate + REMEMBERED
        self._pushes, self._copies = _Stream(), _Stream()
        if began_at is not None:
            self._pushes.held_until = began_at + SECOND + ROUNDING

    def any_push_at(self, now: float, *, is_copy: bool = False) -> float:
        """Return the earliest moment, ``now`` or later, at which a push to anyone may leave."""
        spaced = max(stream.spaced_at for stream in self._streams(is_copy=is_copy))
        held = self.held_until(is_copy=is_copy)
        return max(now, spaced, held, self._all.free_at(now, self._road))

    def held_until(self, *, is_copy: bool = False) -> float:
        """Return until when Telegram asked all pushes, or all copies, to be silent."""
        return max(stream.held_until for stream in self._streams(is_copy=is_copy))

    def push_at(self, chat: int, now: float, *, is_copy: bool = False) -> float:
        """Return the earliest moment at which a push to this chat may leave."""
        held = max(stream.held_chats.get(chat, 0.0) for stream in self._streams(is_copy=is_copy))
        return max(self.any_push_at(now, is_copy=is_copy), held, self._chat_free_at(chat, now))

    def _streams(self, *, is_copy: bool) -> tuple[_Stream, ...]:
        return (self._pushes, self._copies) if is_copy else (self._pushes,)

    def reply_at(self, chat: int, now: float) -> float:
        """Return the earliest moment at which a reply may leave: no spacing, no hold."""
        return max(self.any_reply_at(now), self._chat_free_at(chat, now))

    def any_reply_at(self, now: float) -> float:
        """Return the earliest moment at which a reply to anyone may leave."""
        return max(now, self._all.free_at(now, self._road))

    def _chat_free_at(self, chat: int, now: float) -> float:
        windows = self._chats.get(chat, ())
        return max((window.free_at(now, self._road) for window in windows), default=0.0)

    def taken(self, chat: int, now: float, *, is_push: bool, is_copy: bool = False) -> Slot:
        """Debit one message that leaves now; the slot is given to ``answered`` later.

        A second message to a chat means that the first has arrived: its parts go one by one.
        """
        own = self._windows_of(chat, now)
        for slot in list(own[0].in_flight):
            slot.count(now)
        slot = Slot(chat, now, is_push, (self._all, *own), is_copy)
        for window in slot.windows:
            window.add(slot)
        if is_push:
            for stream in self._streams(is_copy=is_copy):
                stream.leave(now, self.rate)
        return slot

    def _windows_of(self, chat: int, now: float) -> tuple[Window, ...]:
        if chat not in self._chats:
            self._forget_idle(now)
            own: tuple[Window, ...] = (Window(self._chat_rate, SECOND),)
            if chat < 0:  # groups and channels have negative numbers
                own += (Window(self._group_rate, MINUTE),)
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
        for stream in self._streams(is_copy=slot.is_copy):
            stream.recover(self.rate)

    def flooded(self, chat: int, now: float, retry_after: float, *, is_copy: bool = False) -> None:
        """Hold a chat that answered 429; hold all pushes when another did within the last second.

        Where copies met it, they alone are held. A hold of all also lowers the pace, once however
        many were in flight, which then recovers by two percent a second.
        """
        self._streams(is_copy=is_copy)[-1].flooded(chat, now, retry_after)


def batch_size(rate: int) -> int:
    """Return how many readers a batch holds: a second of sending at 30/s, a tenth at 1,000/s.

    The larger the batch, the more a crash may repeat; the smaller, the more a delivery costs the
    database.
    """
    return max(25, min(100, rate // 10))
