"""The table of commands → what Telegram shows of us: the menus, and the words of an empty chat.

`app` calls ``set_up`` once at the start. An editor who begins later gets the longer menu then: it
can be given only to a chat that exists.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat, Update
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot import commands  # its table names us too; it is complete when it is read
from bot.commands.dispatch import Command
from bot.commands.room import Context, Room
from bot.texts import Texts

log = logging.getLogger(__name__)


async def set_up(bot: ExtBot[None], room: Room) -> None:
    """Set the menus of readers and of each editor, the description and the short one.

    They stay as they were where Telegram refuses: it limits how often they may be set.
    """
    try:
        await _set_all(bot, room)
    except TelegramError as error:
        log.warning("menu.refused", extra={"cause": type(error).__name__})


async def _set_all(bot: ExtBot[None], room: Room) -> None:
    texts, people = room.texts, room.config.people
    name = room.config.news.name
    readers = (command for command in commands.COMMANDS if not command.is_editors)
    await bot.set_my_commands(_menu(readers, texts), scope=BotCommandScopeAllPrivateChats())
    for person in people.desk:
        await _for_editor(bot, room, person)
    await bot.set_my_description(texts.say("menu.description", name=name))
    await bot.set_my_short_description(texts.say("menu.short", name=name))


async def on_start(update: Update, context: Context) -> None:
    """Give an editor who begins the longer menu."""
    person, room = update.effective_user, context.bot_data
    if person is not None and person.id in room.config.people.desk:
        await _for_editor(context.bot, room, person.id)


async def _for_editor(bot: ExtBot[None], room: Room, chat: int) -> None:
    try:
        scope = BotCommandScopeChat(chat)
        await bot.set_my_commands(_menu(commands.COMMANDS, room.texts), scope=scope)
    except (BadRequest, Forbidden):
        log.info("menu.no_chat", extra={"chat": chat})


def _menu(listed: Iterable[Command], texts: Texts) -> list[BotCommand]:
    return [
        BotCommand(command.word, texts.say(command.name)) for command in listed if command.is_listed
    ]
