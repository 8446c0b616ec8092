"""What is foreign and slow, in a test's hand: a way out that obeys, and a clock that stands.

One fake each, with behaviour: nothing here expects calls. The fake of Telegram's own Bot API is
``bot.sandbox``; these two stand where no wire is wanted.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bot.model import Brief, ChatId, Outcome, Sent
from bot.transports import Letter, Turn

THURSDAY = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)  # nobody's quiet hours
TICK = 0.001  # seconds that pass between two looks, so that no loop stands still for ever


class FakeClock:
    """Wall and monotonic time in one, moved by hand; call it for the wall's moment.

    ``seconds`` and ``sleep`` stand in for ``time.monotonic`` and ``asyncio.sleep``.
    """

    def __init__(self, moment: datetime = THURSDAY) -> None:
        self.moment = moment
        self._seconds = 1000.0

    def __call__(self) -> datetime:
        return self.moment

    def seconds(self) -> float:
        self._seconds += TICK
        return self._seconds

    def forward(self, span: timedelta) -> None:
        self.moment += span
        self._seconds += span.total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.forward(timedelta(seconds=seconds))
        await asyncio.sleep(0)


class FakeTransport:
    """A way out whose other side obeys: every letter arrives, unless the test says otherwise.

    ``arrived`` are the letters that reached their chats, in order; ``tried`` also the others.
    ``amended`` and ``recalled`` are the messages that were changed, and taken back.
    """

    def __init__(self, parts: int = 1) -> None:
        self.tried: list[Letter] = []
        self.arrived: list[Letter] = []
        self.amended: list[tuple[ChatId, int, Brief]] = []
        self.recalled: list[tuple[ChatId, int]] = []
        self.outage: Outcome | None = None  # what everybody gets as long as it is set
        self._parts = parts
        self._answers: defaultdict[ChatId, deque[Outcome | Exception]] = defaultdict(deque)
        self._gates: dict[ChatId, asyncio.Event] = {}
        self._last_message = 0

    def answer(self, chat: int, *answers: Outcome | Exception) -> None:
        """Let the next tries to a chat end like this; what follows arrives."""
        self._answers[ChatId(chat)].extend(answers)

    def hang(self, *chats: int) -> None:
        """Let letters arrive in these chats and their answers hang, until ``release``."""
        for chat in chats:
            self._gates[ChatId(chat)] = asyncio.Event()

    def release(self) -> None:
        """Let all that hangs be answered."""
        for gate in self._gates.values():
            gate.set()

    def texts(self, chat: int) -> list[object]:
        """Return the first block of every letter that a chat has received."""
        return [letter.brief.blocks[0] for letter in self.arrived if letter.chat == chat]

    def chats(self) -> list[ChatId]:
        """Return where letters arrived, in order."""
        return [letter.chat for letter in self.arrived]

    async def amend(self, letter: Letter, messages: Sequence[int], turn: Turn) -> Outcome:
        """Change messages, unless the test says otherwise."""
        failed = await self._try(letter.chat)
        if failed is None:
            self.amended.extend((letter.chat, message, letter.brief) for message in messages)
        return failed or Sent(tuple(messages))

    async def recall(self, chat: ChatId, messages: Sequence[int]) -> Outcome:
        """Take messages back, unless the test says otherwise."""
        failed = await self._try(chat)
        if failed is None:
            self.recalled.extend((chat, message) for message in messages)
        return failed or Sent(())

    async def _try(self, chat: ChatId) -> Outcome | None:
        await asyncio.sleep(0)  # a wire is never instant: others get their turn
        if self.outage is not None:
            return self.outage
        return _given(answers.popleft()) if (answers := self._answers[chat]) else None

    async def send(self, letter: Letter, turn: Turn) -> Outcome:
        """Do as the test has said."""
        self.tried.append(letter)
        if (failed := await self._try(letter.chat)) is not None:
            return failed
        self.arrived.append(letter)
        if gate := self._gates.get(letter.chat):
            await gate.wait()
        ids = [self._next_message()]
        for _ in range(self._parts - 1):
            await turn()
            ids.append(self._next_message())
        return Sent(tuple(ids))

    def _next_message(self) -> int:
        self._last_message += 1
        return self._last_message


def _given(answer: Outcome | Exception) -> Outcome:
    if isinstance(answer, Exception):
        raise answer
    return answer
