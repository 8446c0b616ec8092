"""One touch of a person (a message, a press of a button) → what a handler works with.

`dispatch` makes a ``Touch`` of each update; every handler takes one and answers through it, so
that a page opened by a command and the same page opened by a button are one function.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import CallbackQuery, Message
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.commands.room import Room
from bot.model import (
    Brief,
    BriefKind,
    Button,
    ChatId,
    Heading,
    Paragraph,
    Role,
    Subscriber,
    UserId,
)
from bot.storage import subscribers
from bot.texts import Texts
from bot.transports.telegram import pages
from bot.transports.telegram.keyboard import inline_keyboard

Rows = tuple[tuple[Button, ...], ...]


@dataclass(slots=True)
class Touch:
    """Who touched what, when, and the ways to answer."""

    room: Room
    bot: ExtBot[None]
    chat: ChatId
    person: UserId
    now: datetime
    name: str = ""  # the person's, as Telegram tells it
    args: tuple[str, ...] = ()  # the words behind a command, or the fields behind a verb
    message: Message | None = None  # what was written; None: a button was pressed
    query: CallbackQuery | None = None
    role: Role | None = field(default=None, init=False)  # at the desk, when this touch came in
    is_answered: bool = field(default=False, init=False)

    @property
    def texts(self) -> Texts:
        """Return the sentences."""
        return self.room.texts

    @property
    def is_editor(self) -> bool:
        """Say whether this person may work at the desk; asked wherever an act needs it."""
        return self.role is not None

    @property
    def is_owner(self) -> bool:
        """Say whether this person owns the newsroom."""
        return self.role is Role.OWNER

    @property
    def typed(self) -> str:
        """Return the text that was written; "" when there is none."""
        return self.message.text or "" if self.message is not None else ""

    async def reply(self, brief: Brief) -> int:
        """Answer with a new message and return its id."""
        await self.answer()
        return await pages.send(self.bot, self.chat, brief, self.room.username)

    async def show(self, brief: Brief) -> None:
        """Turn the page that a button stands on; answer a message with a new one."""
        await self.answer()
        if self.query is None or self.query.message is None:
            await pages.send(self.bot, self.chat, brief, self.room.username)
        else:
            await pages.turn(self.bot, self.query.message, brief, self.room.username)

    async def say(self, sentence: str, buttons: Rows = ()) -> None:
        """Answer with a sentence as a new message."""
        await self.reply(page(sentence, buttons=buttons))

    async def answer(self, sentence: str = "", *, is_alert: bool = False) -> None:
        """Answer the press of a button, once.

        It may have grown too old to be answered; the page is turned all the same.
        """
        if self.query is None or self.is_answered:
            return
        self.is_answered = True
        with contextlib.suppress(TelegramError):
            await self.bot.answer_callback_query(self.query.id, sentence or None, is_alert or None)

    async def refuse_old(self) -> None:
        """Say that the buttons are old and put a few under the message that always work."""
        await self.answer(self.texts.say("errors.old_buttons"))
        if self.query is None or self.query.message is None:
            return
        rows = ((
            Button(self.texts.say("words.latest"), call="go:latest"),
            Button(self.texts.say("words.settings"), call="go:settings"),
        ),)  # fmt: skip
        await pages.change_buttons(self.bot, self.query.message, inline_keyboard(rows))

    async def subscriber(self) -> Subscriber | None:
        """Return the subscriber of this chat, active or not."""
        return await subscribers.find(self.room.storage, self.room.bot, self.chat)

    async def zone(self) -> ZoneInfo:
        """Return the zone in which this person reads times."""
        found = await self.subscriber()
        return self.room.config.news.zone if found is None else ZoneInfo(found.zone)


Handler = Callable[[Touch], Awaitable[None]]


def page(*paragraphs: str, heading: str = "", buttons: Rows = ()) -> Brief:
    """Make a page of a heading, paragraphs with a blank line between, and buttons."""
    words = Paragraph("\n\n".join(filter(None, paragraphs)))
    return Brief(BriefKind.PAGE, (Heading(heading), words) if heading else (words,), buttons)
