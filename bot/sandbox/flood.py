"""A send at a moment → accepted, or how many seconds to wait; `desk` asks before each send.

Three limits, each a sliding window: the whole bot a second (free and paid apart), one chat a
second, one group a minute. Pure: the moment is an argument, in seconds of any steady clock.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

SENDS = frozenset({"sendMessage", "sendPhoto", "sendVideo", "sendDocument"}) | {
    "copyMessage",
    "forwardMessage",
}
_KEPT_CHATS = 10_000  # windows kept before the silent ones are forgotten


@dataclass(frozen=True, slots=True)
class Rates:
    """How much Telegram lets through; None lifts a limit."""

    bot: float | None = 30  # messages a second
    chat: float | None = 1  # messages a second to one chat
    group_minute: float | None = 20  # messages a minute to one group
    paid: float | None = 1000  # messages a second with allow_paid_broadcast


@dataclass(slots=True)
class Window:
    """The moments of the sends within the last `span` seconds."""

    span: float
    moments: deque[float]

    def wait(self, limit: float | None, now: float) -> float:
        """Say in how many seconds one more send fits: 0 when it does now."""
        while self.moments and now - self.moments[0] >= self.span:
            self.moments.popleft()
        if limit is None or len(self.moments) < limit:
            return 0
        return self.moments[len(self.moments) - max(math.ceil(limit), 1)] + self.span - now


class Flood:
    """Keep the windows of one bot."""

    def __init__(self, rates: Rates) -> None:
        self.rates = rates
        self._free = Window(1, deque())
        self._paid = Window(1, deque())
        self._chats: dict[int, Window] = {}
        self._groups: dict[int, Window] = {}

    def take(self, chat: int, now: float, *, is_group: bool, is_paid: bool) -> int | None:
        """Count a send and return None; or count nothing and return whole seconds to wait."""
        windows = self._windows(chat, is_group=is_group, is_paid=is_paid)
        wait = max(window.wait(limit, now) for window, limit in windows)
        if wait > 0:
            return math.ceil(wait)
        for window, _ in windows:
            window.moments.append(now)
        if len(self._chats) > _KEPT_CHATS:
            self._forget(now)
        return None

    def give_back(self, chat: int, moment: float, *, is_group: bool, is_paid: bool) -> None:
        """Uncount a send that was refused after all: a refused call reaches nobody."""
        for window, _ in self._windows(chat, is_group=is_group, is_paid=is_paid):
            if moment in window.moments:
                window.moments.remove(moment)

    def _windows(
        self, chat: int, *, is_group: bool, is_paid: bool
    ) -> list[tuple[Window, float | None]]:
        rates = self.rates
        windows = [
            (self._paid, rates.paid) if is_paid else (self._free, rates.bot),
            (self._chats.setdefault(chat, Window(1, deque())), rates.chat),
        ]
        if is_group:
            group = self._groups.setdefault(chat, Window(60, deque()))
            windows.append((group, rates.group_minute))
        return windows

    def _forget(self, now: float) -> None:
        for windows in (self._chats, self._groups):
            silent = [
                chat
                for chat, window in windows.items()
                if not window.moments or now - window.moments[-1] >= window.span
            ]
            for chat in silent:
                del windows[chat]
