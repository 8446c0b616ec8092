"""A server that counts as Telegram does, at the end of a road with delays, in virtual time."""

from __future__ import annotations

import heapq
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from bot.outbox.pace import Pace
from bot.outbox.windows import Slot

Delay = Callable[[random.Random], float]  # seconds, one way
GROUPS = range(-3, 0)
PEOPLE = 50  # chats that ask us something
FIRST_READER = 1000


@dataclass
class Server:
    """Refuse the 31st in a second, a chat's 2nd in a second, a group's 21st in a minute."""

    rate: int = 30
    accepted: int = 0
    refused: list[tuple[float, int]] = field(default_factory=list)
    _windows: dict[tuple[str, int], deque[float]] = field(default_factory=dict)

    def take(self, chat: int, now: float) -> None:
        limits = [("all", 0, 1.0, self.rate), ("chat", chat, 1.0, 1)]
        if chat < 0:
            limits.append(("group", chat, 60.0, 20))
        windows = []
        for name, key, length, most in limits:
            window = self._windows.setdefault((name, key), deque())
            while window and now - window[0] >= length:
                window.popleft()
            if len(window) >= most:
                self.refused.append((now, chat))
                return
            windows.append(window)
        for window in windows:
            window.append(now)
        self.accepted += 1


@dataclass
class Run:
    """One simulation: pushes to ever new readers as fast as they may go, people who ask between.

    ``replies`` is how many answers to people are due a second, ``groups`` the share of pushes that
    go to one of three groups, ``seconds`` how long it all lasts.
    """

    seed: int
    delay: Delay
    seconds: float = 120.0
    rate: int = 30
    replies: float = 3.0
    groups: float = 0.02
    are_replies_answered: bool = False
    longest_wait: float = 0.0  # of a reply, for the budget of all

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.server = Server(self.rate)
        self.pace = Pace(self.rate)
        self._readers = count(FIRST_READER)
        self._order = count()
        self._events: list[tuple[float, int, int, Callable[[float], None]]] = []

    @property
    def refused_pushes(self) -> list[tuple[float, int]]:
        return [refusal for refusal in self.server.refused if refusal[1] not in range(PEOPLE)]

    @property
    def share(self) -> float:
        """How much of the rate was used."""
        return self.server.accepted / (self.rate * self.seconds)

    def go(self) -> Run:
        self._at(0.0, self._push)
        if self.replies:
            self._at(self.random.expovariate(self.replies), self._ask)
        while self._events[0][0] <= self.seconds:
            now, _, _, act = heapq.heappop(self._events)
            act(now)
        return self

    def _at(self, moment: float, act: Callable[[float], None], *, is_reply: bool = False) -> None:
        heapq.heappush(self._events, (moment, not is_reply, next(self._order), act))

    def _push(self, now: float) -> None:
        if (at := self.pace.any_push_at(now)) > now:
            self._at(at, self._push)
            return
        chat = next(self._readers)
        if self.random.random() < self.groups:
            chat = self.random.choice(GROUPS)
        if self.pace.push_at(chat, now) <= now:  # else it is put off, as the deliverer does
            self._send(self.pace.taken(chat, now, is_push=True), now, is_answered=True)
        self._at(now, self._push)

    def _ask(self, now: float) -> None:
        self._reply(self.random.randrange(1, PEOPLE), now, since=now)
        self._at(now + self.random.expovariate(self.replies), self._ask)

    def _reply(self, chat: int, now: float, *, since: float) -> None:
        at = self.pace.reply_at(chat, now)
        if at > now:
            self._at(at, lambda then: self._reply(chat, then, since=since), is_reply=True)
            return
        self.longest_wait = max(self.longest_wait, now - since)
        slot = self.pace.taken(chat, now, is_push=False)
        self._send(slot, now, is_answered=self.are_replies_answered)

    def _send(self, slot: Slot, now: float, *, is_answered: bool) -> None:
        def arrive(then: float) -> None:
            self.server.take(slot.chat, then)
            if is_answered:
                back = then + self.delay(self.random)
                self._at(back, lambda late: self.pace.answered(slot, late))

        self._at(now + self.delay(self.random), arrive)
