"""The ways out: a transport takes one brief to one chat and answers with an Outcome.

This page is one of the house's two of Protocols. A second implementation is real: Telegram today,
e-mail or WhatsApp tomorrow, and ``FakeTransport`` in the tests. What a job shows to one person and
edits in place, past the outbox, stands on a ``Board``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.model import Brief, ChatId, Outcome

BRIEFS_AT_ONCE = 256  # worth keeping at hand: those of the open waves, the digests of one hour


@dataclass(frozen=True, slots=True)
class Letter:
    """One brief addressed to one chat. ``is_silent``: it must not make a sound."""

    chat: ChatId
    brief: Brief
    thread: int = 0
    is_silent: bool = False


Turn = Callable[[], Awaitable[None]]  # returns when the pace allows one more message to the chat


class Transport(Protocol):
    """Deliver letters; the outbox decides when, the transport only how.

    No method raises for what the other side answers or fails to answer: that is an Outcome.
    Cancelling one leaves the fate of what it did unknown.
    """

    async def send(self, letter: Letter, turn: Turn) -> Outcome:
        """Send every part of the letter once and say what became of it.

        The first part may leave at once; ``turn`` is awaited before each further one. When a later
        part fails after an earlier one arrived, the answer is ``Sent`` with the ids that arrived
        if the rest was rejected, else ``Later(is_certain=False)``: the fate of the whole is
        unknown.
        """
        ...

    async def amend(self, letter: Letter, messages: Sequence[int], turn: Turn) -> Outcome:
        """Give messages that the chat has already the words of the letter, a part to each.

        Done again it changes nothing more. ``Sent`` names the messages; ``Rejected``: they cannot
        be changed, or they are not as many as the parts.
        """
        ...

    async def recall(self, chat: ChatId, messages: Sequence[int]) -> Outcome:
        """Take messages back that the chat has; ``Sent`` names none, for none is left.

        One that is gone already is taken back; one too old for it is ``Rejected``.
        """
        ...


class Board(Protocol):
    """Where jobs show pages to people of the desk. A failure never raises."""

    async def show(self, chat: ChatId, message: int | None, brief: Brief) -> int | None:
        """Edit a message, or send one where there is none any more; return the id of what shows it.

        None: not now, try again. 0: never, nobody there wants to see it.
        """
        ...
