"""Updates → touches → the handlers of the tables; PTB calls the methods, `install` mounts them.

The manners stand here, once: a press is always answered, rights are asked on every touch, a
failure is told to the person in one sentence and logged once, without words or token. A word or
button that a person has no right to is answered as one that does not exist.
"""

from __future__ import annotations

import contextlib
import logging
import re
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass

from telegram import Update
from telegram.error import Forbidden, TelegramError

from bot.arabic.fold import fold
from bot.commands import access, membership
from bot.commands.access import Guarded
from bot.commands.calls import Call, read
from bot.commands.editor.sources import exchange
from bot.commands.reader import passed_on, search
from bot.commands.room import Context
from bot.commands.touch import Handler, Touch
from bot.errors import MujazError
from bot.model import ChatId, UserId
from bot.storage import desk

log = logging.getLogger(__name__)

_SEARCH = re.compile(r"/search(?:@\w+)?\s+", re.ASCII | re.IGNORECASE)

PtbCallback = Callable[[Update, Context], Coroutine[object, object, None]]


@dataclass(frozen=True, slots=True)
class Command(Guarded):
    """A word that does something; ``name`` is the key of its Arabic word in the texts.

    ``also`` are the keys of other words that do the same when typed.
    """

    word: str
    name: str
    handler: Handler
    is_listed: bool = True  # in the menu
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question(Guarded):
    """How a kind of prompt is answered; ``takes_all``: even a command's word, or a picture."""

    answer: Callable[[Touch, desk.Prompt], Awaitable[None]]
    takes_all: bool = False


class Dispatch:
    """The tables, and PTB's callbacks over them."""

    def __init__(
        self,
        commands: Mapping[str, Command],
        calls: Mapping[str, Call],
        questions: Mapping[str, Question],
        names: Mapping[str, str],
    ) -> None:
        """Take the tables; ``names`` are the Arabic words by their keys in the texts."""
        self._calls = calls
        self._questions = questions
        self._by_name = {
            _key(names[name]): one for one in commands.values() for name in (one.name, *one.also)
        }

    def on_command(self, command: Command) -> PtbCallback:
        """Return what PTB calls for a command; it ends a question that is still open."""

        async def answer(update: Update, context: Context) -> None:
            touch = _touch(update, context, tuple(context.args or ()))
            if touch is None:
                return
            has_key = command.word == "start" and access.may_knock(touch)
            await _guarded(touch, lambda one: self._do(command, one), has_key=has_key)

        return answer

    async def _do(self, command: Command, touch: Touch) -> None:
        room = touch.room
        if await desk.asked(room.storage, touch.chat, touch.person, touch.now) is not None:
            async with room.storage.transaction() as tx:
                await desk.unask(tx, touch.chat, touch.person)
        if command.is_open_to(touch.role):
            await command.handler(touch)
        else:
            await say_unknown(touch)

    async def on_unknown(self, update: Update, context: Context) -> None:
        """Answer a command that we do not know."""
        if (touch := _touch(update, context)) is not None:
            await _guarded(touch, say_unknown)

    async def on_text(self, update: Update, context: Context) -> None:
        """Answer words: a question's answer, a command's Arabic name, a link, or a search."""
        if (touch := _touch(update, context)) is not None:
            await _guarded(touch, self._hear)

    async def _hear(self, touch: Touch) -> None:
        if await _has_acted(touch):
            return
        command = self._by_name.get(_key(touch.typed))
        if command is not None and not command.is_open_to(touch.role):
            command = None
        if await self._is_answer(touch, is_command=command is not None):
            return
        if command is not None:
            await self._do(command, touch)
        elif passed_on.has_links(touch):
            await passed_on.look_up(touch)
        else:
            await search.find(touch, touch.typed)

    async def on_edited(self, update: Update, context: Context) -> None:
        """Answer words that were changed after they were sent: a search is made anew.

        Nothing else is done by an edit. What has acted is passed over in silence, and so is a
        search that stays the same: Telegram calls a message edited for reasons nobody sees.
        """
        if (touch := _touch(update, context)) is not None:
            await _guarded(touch, self._hear_again)

    async def _hear_again(self, touch: Touch) -> None:
        if await _has_acted(touch):
            return
        command = _SEARCH.match(touch.typed)
        words = touch.typed[command.end() :] if command else touch.typed
        if words.startswith("/") or _key(words) in self._by_name:
            await touch.say(touch.texts.say("errors.edited"))
        elif passed_on.has_links(touch):
            await passed_on.look_up(touch)
        elif not await search.is_same(touch, words):
            await search.find(touch, words)

    async def on_other(self, update: Update, context: Context) -> None:
        """Answer what is no text of the person's own: its words are searched, if it has any."""
        if (touch := _touch(update, context)) is not None:
            await _guarded(touch, self._look)

    async def _look(self, touch: Touch) -> None:
        if await _has_acted(touch):
            return
        if await self._is_answer(touch, is_command=True):
            return
        if touch.is_editor and exchange.is_list(touch.message):
            await exchange.take(touch)
        else:
            await passed_on.take(touch)

    async def _is_answer(self, touch: Touch, *, is_command: bool) -> bool:
        """Take a message as the answer to an open question, if it is one."""
        prompt = await desk.asked(touch.room.storage, touch.chat, touch.person, touch.now)
        question = None if prompt is None else self._questions.get(prompt.kind)
        if prompt is None or question is None or (is_command and not question.takes_all):
            return False
        if not question.is_open_to(touch.role):
            return False
        await question.answer(touch, prompt)
        return True

    async def on_press(self, update: Update, context: Context) -> None:
        """Answer a pressed button, whatever it holds."""
        touch = _touch(update, context)
        if touch is None or touch.query is None:
            return
        if touch.chat < 0:
            await touch.answer(touch.texts.say("errors.groups", name=touch.room.config.news.name))
            return
        await _guarded(touch, self._press)

    async def _press(self, touch: Touch) -> None:
        data = touch.query.data if touch.query is not None else None
        found = read(data or "", self._calls)
        if found is None or not found[0].is_open_to(touch.role):
            await touch.refuse_old()
            return
        call, touch.args = found
        await call.handler(touch)


async def _has_acted(touch: Touch) -> bool:
    """Say whether a message answered a question before: delivered again, it is no search."""
    message = touch.message
    return message is not None and await desk.is_done(
        touch.room.storage, touch.chat, message.message_id
    )


async def say_unknown(touch: Touch) -> None:
    """Say that this is no command of ours."""
    await touch.say(touch.texts.say("errors.unknown"))


async def on_group_command(update: Update, context: Context) -> None:
    """Say in a group that groups come later; a command for another bot is not ours."""
    message, room = update.effective_message, context.bot_data
    if message is None or message.text is None:
        return
    _, _, whose = message.text.split()[0].partition("@")
    if not whose or whose.casefold() == room.username.casefold():
        await context.bot.send_message(
            message.chat.id, room.texts.say("errors.groups", name=room.config.news.name)
        )


async def on_error(update: object, context: Context) -> None:
    """Log a failure once: what it is and where, never what was said or a token.

    Our own errors tell the remedy, and hold no person's words; others' may quote them.
    """
    error = context.error
    if isinstance(error, Forbidden):  # blocked between the question and the answer
        log.info("command.unreachable")
        return
    where = "".join(traceback.format_tb(error.__traceback__)) if error else ""
    told = {"error": type(error).__name__, "trace": where}
    if isinstance(error, MujazError):
        told["cause"] = str(error)
    log.error("command.failed", extra=told)


async def _guarded(touch: Touch, handler: Handler, *, has_key: bool = False) -> None:
    """Learn the person's right and run a handler if the newsroom is open to them.

    Whatever comes of it, a press is answered and a failure is told. ``has_key``: the handler is a
    door that looks at the key itself.
    """
    try:
        touch.role = await access.role_of(touch.room, touch.person, touch.name)
        if has_key or await access.may_read(touch.room, touch.person, touch.role):
            await handler(touch)
        else:
            await access.refuse(touch)
    except Exception:
        with contextlib.suppress(TelegramError):
            await _apologize(touch)
        raise
    await touch.answer()
    await membership.note_seen(touch)  # last: nobody waits for it


async def _apologize(touch: Touch) -> None:
    sentence = touch.texts.say("errors.failed")
    if touch.query is not None and not touch.is_answered:
        await touch.answer(sentence, is_alert=True)
    else:
        await touch.say(sentence)


def _touch(update: Update, context: Context, args: tuple[str, ...] = ()) -> Touch | None:
    """Make a touch of an update; None for what has no person or no chat."""
    chat, person = update.effective_chat, update.effective_user
    if chat is None or person is None:
        return None
    room = context.bot_data
    return Touch(
        room=room,
        bot=context.bot,
        chat=ChatId(chat.id),
        person=UserId(person.id),
        name=person.full_name,
        now=room.now(),
        args=args,
        message=update.message or update.edited_message,
        query=update.callback_query,
    )


def _key(words: str) -> str:
    return " ".join(fold(words).split())
