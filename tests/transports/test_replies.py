"""Answers to people debit the pace before they go and are repeated once after a short wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.transports.telegram.replies import RepliesFirst
from bot.transports.telegram.request import NotSentError, UnknownFateError


@dataclass
class Book:
    """A pace that lets everything through and writes down what it was asked."""

    debits: list[int] = field(default_factory=list)
    floods: list[tuple[int, float]] = field(default_factory=list)
    answers: int = 0

    async def reply(self, chat: int) -> Callable[[], None]:
        self.debits.append(chat)
        return self._answered

    def _answered(self) -> None:
        self.answers += 1

    def flooded(self, chat: int, retry_after: float) -> None:
        self.floods.append((chat, retry_after))


@dataclass
class Telegram:
    """The library's end of a call: it fails as told, then answers."""

    failures: list[TelegramError] = field(default_factory=list)
    calls: int = 0

    async def post(self, *_: object, **__: object) -> dict[str, Any]:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return {"message_id": 1}


async def call(
    book: Book, telegram: Telegram, endpoint: str, data: dict[str, Any], patience: float = 5
) -> object:
    limiter = RepliesFirst(book, patience=patience, pause=0)
    await limiter.initialize()
    try:
        return await limiter.process_request(telegram.post, (), {}, endpoint, data, None)
    finally:
        await limiter.shutdown()


@pytest.mark.parametrize(
    ("endpoint", "data", "debits"),
    [
        ("sendMessage", {"chat_id": 5}, [5]),
        ("sendPhoto", {"chat_id": 5}, [5]),
        ("copyMessage", {"chat_id": 5, "from_chat_id": 6}, [5]),
        ("forwardMessage", {"chat_id": 5}, [5]),
        ("sendChatAction", {"chat_id": 5}, []),
        ("editMessageText", {"chat_id": 5}, []),
        ("answerCallbackQuery", {}, []),
        ("getChat", {"chat_id": 5}, []),
        ("sendMessage", {"chat_id": "@channel"}, []),
    ],
)
async def test_only_what_telegram_counts_as_a_message_is_debited(
    endpoint: str, data: dict[str, Any], debits: list[int]
) -> None:
    book = Book()

    assert await call(book, Telegram(), endpoint, data) == {"message_id": 1}

    assert book.debits == debits
    assert book.answers == len(debits)


async def test_a_short_flood_wait_is_waited_for_and_the_reply_goes_out() -> None:
    book, telegram = Book(), Telegram([RetryAfter(0.01)])  # type: ignore[arg-type]

    assert await call(book, telegram, "sendMessage", {"chat_id": 5}) == {"message_id": 1}

    assert (telegram.calls, book.debits, book.floods) == (2, [5, 5], [(5, 0.01)])


async def test_a_long_flood_wait_is_told_to_the_pace_and_to_the_caller_at_once() -> None:
    """T45; tdlib/td #715: 2,282 seconds for one group."""
    book, telegram = Book(), Telegram([RetryAfter(2282)])

    with pytest.raises(RetryAfter):
        await call(book, telegram, "sendMessage", {"chat_id": -5})

    assert (telegram.calls, book.floods) == (1, [(-5, 2282.0)])


async def test_the_second_flood_wait_is_the_callers() -> None:
    telegram = Telegram([RetryAfter(0), RetryAfter(0)])

    with pytest.raises(RetryAfter):
        await call(Book(), telegram, "sendMessage", {"chat_id": 5})

    assert telegram.calls == 2


async def test_a_flood_wait_of_an_uncounted_call_holds_no_chat() -> None:
    book, telegram = Book(), Telegram([RetryAfter(0)])

    await call(book, telegram, "answerCallbackQuery", {})

    assert (telegram.calls, book.floods, book.debits) == (2, [], [])


async def test_a_reply_that_never_left_us_is_sent_once_more() -> None:
    book, telegram = Book(), Telegram([NotSentError("no connection")])

    assert await call(book, telegram, "sendMessage", {"chat_id": 5}) == {"message_id": 1}

    assert (telegram.calls, book.debits, book.answers, book.floods) == (2, [5, 5], 2, [])


@pytest.mark.parametrize(
    ("failures", "calls"),
    [
        pytest.param([NotSentError("no"), NotSentError("no")], 2, id="no connection again"),
        pytest.param([UnknownFateError("a hang-up")], 1, id="it may have arrived"),
    ],
)
async def test_what_fails_twice_or_may_have_arrived_is_the_callers(
    failures: list[TelegramError], calls: int
) -> None:
    telegram = Telegram(failures)

    with pytest.raises(NetworkError):
        await call(Book(), telegram, "sendMessage", {"chat_id": 5})

    assert telegram.calls == calls


async def test_other_refusals_pass_through_untouched() -> None:
    telegram = Telegram([BadRequest("chat not found")])

    with pytest.raises(BadRequest):
        await call(Book(), telegram, "sendMessage", {"chat_id": 5})

    assert telegram.calls == 1
