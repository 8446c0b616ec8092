"""What python-telegram-bot raises → a Fault in neutral words; `send` calls it at the border."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.model import ChatId
from bot.transports.telegram.outcomes import Fault, FaultKind
from bot.transports.telegram.request import NotSentError

_CODES: tuple[tuple[type[TelegramError], int], ...] = (
    (BadRequest, 400),
    (InvalidToken, 401),
    (Forbidden, 403),
    (Conflict, 409),
)


def fault_of(error: TelegramError) -> Fault:
    """Read an error; BadRequest comes before NetworkError, whose subclass it is.

    A NetworkError that is none of ours is an answer with a code that the library does not tell.
    Any other error means an answer that could not be read.
    """
    said = error.message
    if isinstance(error, RetryAfter):
        return Fault(FaultKind.ANSWERED, said, code=429, retry_after=retry_after(error))
    if isinstance(error, ChatMigrated):
        return Fault(FaultKind.ANSWERED, said, code=400, moved_to=ChatId(error.new_chat_id))
    for kind, code in _CODES:
        if isinstance(error, kind):
            return Fault(FaultKind.ANSWERED, said, code=code)
    if isinstance(error, NotSentError):
        return Fault(FaultKind.NOT_SENT, said)
    if type(error) is NetworkError:
        return Fault(FaultKind.ANSWERED, said)
    return Fault(FaultKind.UNKNOWN, said)


def retry_after(error: RetryAfter) -> timedelta:
    """Return how long Telegram asks for silence, whichever form the library gives it in."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
