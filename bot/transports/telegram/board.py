"""A page that a job keeps up to date: a brief in, the id of the message that shows it out."""

from __future__ import annotations

import logging

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.model import Brief, ChatId
from bot.transports.telegram import pages

log = logging.getLogger(__name__)


class Board:
    """Show pages through one bot, and never fail a job because of them."""

    def __init__(self, bot: Bot, username: str) -> None:
        self._bot = bot
        self._username = username

    async def show(self, chat: ChatId, message: int | None, brief: Brief) -> int | None:
        """Edit a message, or send one; None when Telegram does neither now."""
        try:
            if message is None:
                return await pages.send(self._bot, chat, brief, self._username)
            await pages.edit(self._bot, chat, message, brief, self._username)
        except BadRequest as error:
            log.warning("board.refused", extra={"chat": chat, "cause": error.message})
        except TelegramError as error:
            log.warning("board.failed", extra={"chat": chat, "cause": type(error).__name__})
        else:
            return message
        return None
