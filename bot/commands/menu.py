"""The table of commands → what Telegram shows of us: the menus, and the words of an empty chat.

`app` calls ``set_up`` once at the start. An editor who begins later gets the longer menu then: it
can be given only to a chat that exists.
"""

from __future__ import annotations

import logging

from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    MenuButtonCommands,
    Update,
)
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot import commands  # its table names us too; it is complete when it is read
from bot.commands.room import Context, Room
from bot.model import Role
from bot.storage import team
from bot.texts import Texts

log = logging.getLogger(__name__)


async def set_up(bot: ExtBot[None], room: Room) -> None:
    """Set the menus of readers and of everybody at the desk, their button, and the descriptions.

    They stay as they were where Telegram refuses: it limits how often they may be set.
    """
    try:
        await _set_all(bot, room)
    except TelegramError as error:
        log.warning("menu.refused", extra={"cause": type(error).__name__})


async def _set_all(bot: ExtBot[None], room: Room) -> None:
    texts = room.texts
    name = room.config.news.name
    await bot.set_my_commands(_menu(None, texts), scope=BotCommandScopeAllPrivateChats())
    for person in await team.people(room.storage):
        await show_menu_of(bot, room, person)
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    await bot.set_my_description(texts.say("menu.description", name=name))
    await bot.set_my_short_description(texts.say("menu.short", name=name))


async def on_start(update: Update, context: Context) -> None:
    """Give an editor who begins the longer menu."""
    person, room = update.effective_user, context.bot_data
    if person is not None and await team.role_of(room.storage, person.id) is not None:
        await show_menu_of(context.bot, room, person.id)


async def show_menu_of(bot: ExtBot[None], room: Room, person: int) -> None:
    """Show a person the commands of their right at the desk, or those of all readers again."""
    role, scope = await team.role_of(room.storage, person), BotCommandScopeChat(person)
    try:
        if role is None:
            await bot.delete_my_commands(scope=scope)
        else:
            await bot.set_my_commands(_menu(role, room.texts), scope=scope)
    except (BadRequest, Forbidden):
        log.info("menu.no_chat", extra={"chat": person})


def _menu(role: Role | None, texts: Texts) -> list[BotCommand]:
    return [
        BotCommand(command.word, texts.say(command.name))
        for command in commands.COMMANDS
        if command.is_listed and command.is_open_to(role)
    ]
