"""A page that a job keeps up to date: a brief in, the id of the message that shows it out."""

from __future__ import annotations

import logging

from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.model import Brief, ChatId
from bot.transports.telegram.html import Words, render
from bot.transports.telegram.keyboard import inline_keyboard

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
UNCHANGED = "message is not modified"


class Board:
    """Show pages of one part through one bot."""

    def __init__(self, bot: Bot, username: str) -> None:
        self._bot = bot
        self._username = username

    async def show(self, chat: ChatId, message: int | None, brief: Brief) -> int | None:
        """Edit a message, or send one; None when Telegram does neither now."""
        try:
            return await self._show(chat, message, brief)
        except BadRequest as error:
            if UNCHANGED in error.message.lower():
                return message
            log.warning("board.refused", extra={"chat": chat, "cause": error.message})
        except TelegramError as error:
            log.warning("board.failed", extra={"chat": chat, "cause": type(error).__name__})
        return None

    async def _show(self, chat: ChatId, message: int | None, brief: Brief) -> int:
        rendered = render(brief, self._username)
        words = next(part.html for part in rendered.parts if isinstance(part, Words))
        keyboard = inline_keyboard(rendered.buttons)
        if message is None:
            sent = await self._bot.send_message(
                chat,
                words,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=keyboard,
            )
            return sent.message_id
        await self._bot.edit_message_text(
            words,
            chat,
            message,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=keyboard,
        )
        return message
