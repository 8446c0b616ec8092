"""A page that a job keeps up to date: a brief in, the id of the message that shows it out."""

from __future__ import annotations

import logging

from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.model import Brief, ChatId
from bot.transports.telegram import pages

log = logging.getLogger(__name__)


class Board:
    """Show pages through one bot, and never fail a job because of them."""

    def __init__(self, bot: Bot, username: str) -> None:
        self._bot = bot
        self._username = username

    async def show(self, chat: ChatId, message: int | None, brief: Brief) -> int | None:
        """Edit a message, or send one where there is none any more; return the id of what shows it.

        None: not now, try again. 0: never, nobody there wants to see it.
        """
        try:
            if message:
                await pages.edit(self._bot, chat, message, brief, self._username)
                return message
            return await pages.send(self._bot, chat, brief, self._username)
        except BadRequest as error:
            log.warning("board.refused", extra={"chat": chat, "cause": error.message})
            return await self.show(chat, None, brief) if message else 0
        except Forbidden:
            log.warning("board.unwanted", extra={"chat": chat})
            return 0
        except TelegramError as error:
            log.warning("board.failed", extra={"chat": chat, "cause": type(error).__name__})
            return None
