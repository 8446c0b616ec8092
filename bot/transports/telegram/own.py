"""An editor's own words and messages, with their formatting as Telegram keeps it: read and put.

`send` copies, sends and corrects them for every reader, the commands for the editor's preview.
"""

from __future__ import annotations

import json
from dataclasses import replace

from telegram import Bot, Message, MessageEntity
from telegram.error import BadRequest

from bot.model import ChatId, Verbatim

_NO_TEXT = "there is no text in the message to edit"
_UNCHANGED = "message is not modified"


def verbatim(message: Message) -> Verbatim | None:
    """Read the words that somebody wrote, text or caption; None where there are none."""
    words = message.text or message.caption
    if not words:
        return None
    entities = message.entities or message.caption_entities
    marks = json.dumps([entity.to_dict() for entity in entities], ensure_ascii=False)
    return Verbatim(words, marks, is_caption=message.text is None)


def entities(words: Verbatim) -> tuple[MessageEntity, ...]:
    """Return the formatting of words, as the library takes it."""
    return MessageEntity.de_list(json.loads(words.marks), None)


async def put(bot: Bot, chat: ChatId, message: int, words: Verbatim) -> None:
    """Give a message of ours other words; the same words again change nothing.

    Raises TelegramError.
    """
    try:
        if words.is_caption:
            await bot.edit_message_caption(
                chat, message, caption=words.text, caption_entities=entities(words)
            )
        else:
            await bot.edit_message_text(words.text, chat, message, entities=entities(words))
    except BadRequest as error:
        if _UNCHANGED not in error.message.lower():
            raise


async def put_where_it_fits(bot: Bot, chat: ChatId, message: int, words: Verbatim) -> Verbatim:
    """Give a message other words, as its text or else its caption; return them as they fitted.

    Raises TelegramError, as when it has neither or the words are too long for it.
    """
    text = replace(words, is_caption=False)
    try:
        await put(bot, chat, message, text)
    except BadRequest as error:
        if _NO_TEXT not in error.message.lower():
            raise
    else:
        return text
    caption = replace(words, is_caption=True)
    await put(bot, chat, message, caption)
    return caption
