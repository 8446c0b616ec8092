"""What happens to the chat itself → what we know of it: blocked, added to a group, moved.

Nothing a reader has chosen is ever lost here: a chat that cannot be written to is marked, and
comes back by its own /start.
"""

from __future__ import annotations

import contextlib

from telegram import ChatMember, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.commands.room import Context, Room
from bot.model import ChatId
from bot.storage import subscribers

_GONE = (ChatMember.LEFT, ChatMember.BANNED)


async def changed(update: Update, context: Context) -> None:
    """Learn what the bot has become in a chat."""
    change, room = update.my_chat_member, context.bot_data
    if change is None:
        return
    chat, is_gone = change.chat, change.new_chat_member.status in _GONE
    if is_gone:
        await _block(room, ChatId(chat.id))
    elif chat.type in (ChatType.GROUP, ChatType.SUPERGROUP) and (
        change.old_chat_member.status in _GONE
    ):
        with contextlib.suppress(TelegramError):  # it may have been added without a voice
            await context.bot.send_message(
                chat.id, room.texts.say("errors.groups", name=room.config.news.name)
            )


async def migrated(update: Update, context: Context) -> None:
    """Follow a group to its new number; either of Telegram's two notes is enough."""
    message = update.message
    if message is None:
        return
    here = message.chat.id
    old = message.migrate_from_chat_id or here
    new = message.migrate_to_chat_id or here
    room = context.bot_data
    async with room.storage.transaction() as tx:
        reader = await subscribers.find(tx, room.bot, ChatId(old))
        if reader is not None and not await subscribers.move(tx, reader.id, ChatId(new)):
            await subscribers.block(tx, reader.id, room.now())


async def _block(room: Room, chat: ChatId) -> None:
    async with room.storage.transaction() as tx:
        reader = await subscribers.find(tx, room.bot, chat)
        if reader is not None:
            await subscribers.block(tx, reader.id, room.now())
