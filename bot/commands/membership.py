"""What happens to the chat itself → what we know of it: here, blocked, added to a group, moved.

Nothing a reader has chosen is ever lost here: a chat that cannot be written to is marked, and
comes back by its own /start.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta

from telegram import ChatMember, ChatMemberUpdated, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.commands.room import Context, Room
from bot.commands.touch import Touch, page
from bot.errors import StorageError
from bot.model import ChatId
from bot.storage import desk, subscribers
from bot.transports.telegram import pages

SEEN_EVERY = timedelta(hours=1)  # a chat is noted as seen; "active in N days" needs no more
_GONE = (ChatMember.LEFT, ChatMember.BANNED)


async def note_seen(touch: Touch) -> None:
    """Note that a reader has done something; what cannot be noted now is noted the next time."""
    room = touch.room
    with contextlib.suppress(StorageError):
        since = touch.now - SEEN_EVERY
        reader = await subscribers.unseen(room.storage, room.bot, touch.chat, since)
        if reader is not None:
            async with room.storage.transaction() as tx:
                await subscribers.seen(tx, reader, touch.now)


async def changed(update: Update, context: Context) -> None:
    """Learn what the bot has become in a chat."""
    change, room = update.my_chat_member, context.bot_data
    if change is None:
        return
    if change.new_chat_member.status in _GONE:
        await _block(room, ChatId(change.chat.id))
    elif change.chat.type != ChatType.PRIVATE and change.old_chat_member.status in _GONE:
        await _greet(change, context)


async def _greet(change: ChatMemberUpdated, context: Context) -> None:
    """Say honestly to a group or channel, and to who has added us, that theirs come later; once.

    The note has no number of its own: its second is what it is known by when it comes twice.
    """
    room, chat, person = context.bot_data, change.chat, change.from_user
    async with room.storage.transaction() as tx:
        note = -int(change.date.timestamp())
        if not await desk.first_time(tx, ChatId(chat.id), note, room.now()):
            return
    name = room.config.news.name
    groups = page(room.texts.say("errors.groups", name=name))
    with contextlib.suppress(TelegramError):  # we may have been added without a voice
        await pages.send(context.bot, ChatId(chat.id), groups, room.username)
    if not person.is_bot:
        added = page(room.texts.say("groups.added", title=chat.title or "", name=name))
        with contextlib.suppress(TelegramError):  # nobody is written to who has not begun
            await pages.send(context.bot, ChatId(person.id), added, room.username)


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
