"""A letter → Telegram's messages in one chat → an Outcome; the job `deliver` calls it.

The law: whatever Telegram or the way to it does, the answer is an Outcome and never an exception.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypedDict

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.model import Brief, ChatId, Copied, Later, Outcome, Rejected, Sent, Verbatim
from bot.transports import BRIEFS_AT_ONCE, Letter, Turn
from bot.transports.telegram import own
from bot.transports.telegram.faults import fault_of
from bot.transports.telegram.html import Message, Photo, Words, render
from bot.transports.telegram.keyboard import inline_keyboard
from bot.transports.telegram.outcomes import (
    Fault,
    FaultKind,
    is_picture_bad,
    is_picture_unwelcome,
    outcome_of,
)
from bot.transports.telegram.pages import NO_PREVIEW

log = logging.getLogger(__name__)
_UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)  # of parsing foreign JSON
_PICTURES_KEPT = 2048  # addresses that Telegram would not take


class _Envelope(TypedDict):
    """What every way to send says besides its words; None: the parameter is left out."""

    chat_id: int
    message_thread_id: int | None
    disable_notification: bool | None
    allow_paid_broadcast: bool | None
    reply_markup: InlineKeyboardMarkup | None


@dataclass(frozen=True, slots=True)
class _Ready:
    """A brief as it goes out to everyone: written once, sent many times."""

    messages: tuple[Message, ...]
    keyboard: InlineKeyboardMarkup | None
    flaw: str = ""  # why it can never be sent


class TelegramTransport:
    """Send letters through one bot; implements ``bot.transports.Transport``.

    ``bot`` has no rate limiter of its own: the outbox has kept the pace before it calls.
    ``is_paid`` asks Telegram for the paid pace (``allow_paid_broadcast``).
    """

    def __init__(self, bot: Bot, username: str, *, is_paid: bool = False) -> None:
        self._bot = bot
        self._username = username
        self._is_paid = is_paid or None  # None: the parameter is left out
        self._bad_pictures: dict[str, None] = {}  # in the order in which we learned of them
        self._ready = lru_cache(maxsize=BRIEFS_AT_ONCE)(self._prepared)

    async def send(self, letter: Letter, turn: Turn) -> Outcome:
        """Send every part of the letter once and say what became of it."""
        ready = self._ready(letter.brief)
        if ready.flaw:
            return Rejected(ready.flaw)
        arrived: list[int] = []
        for message in ready.messages:
            is_last = len(arrived) + 1 == len(ready.messages)
            if arrived:
                await turn()
            try:
                sent = await self._send(letter, message, ready.keyboard if is_last else None)
            except TelegramError as error:
                return _ended(arrived, fault_of(error))
            except _UNREADABLE as error:
                # The library choked on an answer to a message that has probably arrived.
                log.warning("telegram.unreadable", extra={"chat": letter.chat}, exc_info=True)
                reason = f"an answer that could not be read ({type(error).__name__})"
                return _ended(arrived, Fault(FaultKind.UNKNOWN, reason))
            arrived.append(sent)
        return Sent(tuple(arrived))

    def _prepared(self, brief: Brief) -> _Ready:
        """Render a brief; one that Telegram cannot carry is prepared with its flaw."""
        rendered = render(brief, self._username)
        try:
            keyboard = inline_keyboard(rendered.buttons)
        except ValueError as error:
            return _Ready(rendered.parts, None, flaw=str(error))
        return _Ready(rendered.parts, keyboard, flaw="" if rendered.parts else "nothing to say")

    async def amend(self, letter: Letter, messages: Sequence[int], turn: Turn) -> Outcome:
        """Give messages that the chat has already the words of the letter, a part to each."""
        parts = self._ready(letter.brief).messages
        if not messages or len(parts) != len(messages):
            return Rejected(f"{len(messages)} messages cannot take {len(parts)} parts")
        for number, (message, part) in enumerate(zip(messages, parts, strict=True)):
            if number:
                await turn()
            if not isinstance(part, Verbatim):
                return Rejected(f"no message becomes a {type(part).__name__}")
            outcome = await _outcome(own.put(self._bot, letter.chat, message, part))
            if outcome is not None:
                return outcome
        return Sent(tuple(messages))

    async def recall(self, chat: ChatId, messages: Sequence[int]) -> Outcome:
        """Take messages back that the chat has."""
        if not messages:
            return Rejected("no message is known")
        return await _outcome(self._bot.delete_messages(chat, messages)) or Sent(())

    async def _send(
        self, letter: Letter, message: Message, keyboard: InlineKeyboardMarkup | None
    ) -> int:
        """Send one message and return its id; raises TelegramError."""
        match message:
            case Words(html):
                return await self._send_words(letter, html, keyboard)
            case Photo():
                return await self._send_photo(letter, message, keyboard)
            case Verbatim():
                return await self._send_verbatim(letter, message, keyboard)
            case Copied():
                return await self._copy(letter, message, keyboard)

    def _envelope(self, letter: Letter, keyboard: InlineKeyboardMarkup | None) -> _Envelope:
        return _Envelope(
            chat_id=letter.chat,
            message_thread_id=letter.thread or None,
            disable_notification=letter.is_silent or None,
            allow_paid_broadcast=self._is_paid,
            reply_markup=keyboard,
        )

    async def _copy(
        self, letter: Letter, copied: Copied, keyboard: InlineKeyboardMarkup | None
    ) -> int:
        caption = copied.caption
        copy = await self._bot.copy_message(
            from_chat_id=copied.chat,
            message_id=copied.message,
            caption=caption.text if caption else None,
            caption_entities=own.entities(caption) if caption else None,
            **self._envelope(letter, keyboard),
        )
        return copy.message_id

    async def _send_verbatim(
        self, letter: Letter, words: Verbatim, keyboard: InlineKeyboardMarkup | None
    ) -> int:
        sent = await self._bot.send_message(
            text=words.text,
            entities=own.entities(words),
            **self._envelope(letter, keyboard),
        )
        return sent.message_id

    async def _send_words(
        self, letter: Letter, html: str, keyboard: InlineKeyboardMarkup | None
    ) -> int:
        sent = await self._bot.send_message(
            text=html,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            **self._envelope(letter, keyboard),
        )
        return sent.message_id

    async def _send_photo(
        self, letter: Letter, photo: Photo, keyboard: InlineKeyboardMarkup | None
    ) -> int:
        """Send a picture with its words; when the picture is refused, the words alone, once."""
        if photo.url not in self._bad_pictures:
            try:
                sent = await self._bot.send_photo(
                    photo=photo.url,
                    caption=photo.caption,
                    parse_mode=ParseMode.HTML,
                    **self._envelope(letter, keyboard),
                )
            except TelegramError as error:
                fault = fault_of(error)
                if is_picture_bad(fault):
                    self._remember_bad(photo.url)
                elif not is_picture_unwelcome(fault):
                    raise
            else:
                return sent.message_id
        return await self._send_words(letter, photo.caption, keyboard)

    def _remember_bad(self, url: str) -> None:
        self._bad_pictures[url] = None
        if len(self._bad_pictures) > _PICTURES_KEPT:
            del self._bad_pictures[next(iter(self._bad_pictures))]


async def _outcome(call: Awaitable[object]) -> Outcome | None:
    """Make a call whose result tells nothing; None: it went well."""
    try:
        await call
    except TelegramError as error:
        return outcome_of(fault_of(error))
    except _UNREADABLE as error:
        return Later(f"an answer that could not be read ({type(error).__name__})", is_certain=False)
    return None


def _ended(arrived: Sequence[int], fault: Fault) -> Outcome:
    """Say what a fault means when some parts may have arrived already."""
    outcome = outcome_of(fault)
    if not arrived:
        return outcome
    match outcome:
        case Rejected():
            return Sent(tuple(arrived))
        case Later():
            return replace(outcome, is_certain=False)
        case _:
            return Later(fault.description, is_certain=False)
