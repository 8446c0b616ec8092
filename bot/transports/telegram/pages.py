"""A brief → a message of words in a chat, new or in the place of the page a button stands on.

Every answer to a person leaves through here, and the pages that a job keeps up to date. A page is
always text: a text can be turned in place, a picture with a caption cannot become one. So a page's
picture is the preview of a link, large and above the words, and a button under a pushed picture
is answered by a new message below it; from there on pages turn in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MaybeInaccessibleMessage,
    Message,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.arabic.direction import isolate_foreign, rtl
from bot.model import Brief, BriefKind, ChatId, Picture
from bot.transports.telegram.html import Words, render
from bot.transports.telegram.keyboard import inline_keyboard

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_UNCHANGED = "message is not modified"
# Telegram's words for a page that can no longer be turned: deleted, or not of words.
_UNTURNABLE = ("message to edit not found", "message can't be edited", "there is no text")


@dataclass(frozen=True, slots=True)
class _Written:
    """One message: HTML, what is shown above it and what stands under it."""

    html: str
    preview: LinkPreviewOptions = NO_PREVIEW
    keyboard: InlineKeyboardMarkup | None = None


async def send(bot: Bot, chat: ChatId, brief: Brief, username: str) -> int:
    """Send a page as a new message and return the id of the one with the buttons, the last."""
    sent = 0
    for written in _written(brief, username):
        sent = await _send_one(bot, chat, written)
    return sent


async def edit(bot: Bot, chat: ChatId, message: int, brief: Brief, username: str) -> None:
    """Put a brief in the place of a message; what does not change is left in silence.

    A brief of several parts, which no page of ours is meant to be, goes on below.
    """
    first, *others = _written(brief, username)
    try:
        await bot.edit_message_text(
            first.html,
            chat,
            message,
            parse_mode=ParseMode.HTML,
            link_preview_options=first.preview,
            reply_markup=first.keyboard,
        )
    except BadRequest as error:
        if _UNCHANGED not in error.message.lower():
            raise
    for written in others:
        await _send_one(bot, chat, written)


async def turn(bot: Bot, page: MaybeInaccessibleMessage, brief: Brief, username: str) -> None:
    """Put a brief in the place of a page; where that cannot be, send it as a new message."""
    chat = ChatId(page.chat.id)
    if isinstance(page, Message) and page.text is None:
        await send(bot, chat, brief, username)
        return
    try:
        await edit(bot, chat, page.message_id, brief, username)
    except BadRequest as error:
        if not any(words in error.message.lower() for words in _UNTURNABLE):
            raise
        await send(bot, chat, brief, username)


async def change_buttons(
    bot: Bot, page: MaybeInaccessibleMessage, keyboard: InlineKeyboardMarkup | None
) -> None:
    """Put other buttons under a message that stays as it is; one that is gone is left alone."""
    try:
        await bot.edit_message_reply_markup(page.chat.id, page.message_id, reply_markup=keyboard)
    except BadRequest as error:
        if not any(words in error.message.lower() for words in (_UNCHANGED, *_UNTURNABLE)):
            raise


async def send_file(bot: Bot, chat: ChatId, data: bytes, *, name: str, caption: str) -> None:
    """Send a file of ours with a sentence below it."""
    await bot.send_document(chat, data, filename=name, caption=rtl(isolate_foreign(caption)))


async def _send_one(bot: Bot, chat: ChatId, written: _Written) -> int:
    message = await bot.send_message(
        chat,
        written.html,
        parse_mode=ParseMode.HTML,
        link_preview_options=written.preview,
        reply_markup=written.keyboard,
    )
    return message.message_id


def _written(brief: Brief, username: str) -> Iterator[_Written]:
    """Yield the messages of a page: the picture above the first, the buttons under the last."""
    rendered = render(replace(brief, kind=BriefKind.PAGE), username)
    words = [part.html for part in rendered.parts if isinstance(part, Words)]
    pictures = [block.url for block in brief.blocks if isinstance(block, Picture)]
    last = len(words) - 1
    for place, html in enumerate(words):
        yield _Written(
            html,
            _preview(pictures[0]) if pictures and place == 0 else NO_PREVIEW,
            inline_keyboard(rendered.buttons) if place == last else None,
        )


def _preview(picture: str) -> LinkPreviewOptions:
    """Show a picture by its address; one that cannot be had is left away, and the words stand.

    Beside words a preview is optional to Telegram's servers (tdlib/td, InputMessageText.cpp).
    """
    return LinkPreviewOptions(url=picture, prefer_large_media=True, show_above_text=True)
