"""A token and an address → python-telegram-bot's Bot over our own HTTP; `app` calls it.

Pushes and replies have a bot each over pools of their own: pushes never queue before a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot.errors import StartError
from bot.transports.telegram.hearing import Hearing
from bot.transports.telegram.replies import RepliesFirst
from bot.transports.telegram.request import AiohttpRequest, ListeningRequest

_REPLY_CONNECTIONS = 16  # people who press a button in the same round trip


def make_bot(token: str, *, api_base: str, connections: int) -> Bot:
    """Make the bot that pushes; ``connections`` = messages a second × round trip × 2.

    ``api_base`` is the Bot API's root without "/bot".
    """
    request = AiohttpRequest(connections=connections)
    root = api_base.rstrip("/")
    return Bot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=request,
        get_updates_request=request,
    )


def make_reply_bot(
    token: str,
    *,
    api_base: str,
    limiter: RepliesFirst,
    hearing: Hearing | None = None,
    connections: int = _REPLY_CONNECTIONS,
) -> ExtBot[None]:
    """Make the bot that answers people and listens for updates on a connection of its own.

    ``hearing`` is told what became of each call for updates.
    """
    root = api_base.rstrip("/")
    return ExtBot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=AiohttpRequest(connections=connections),
        get_updates_request=ListeningRequest(hearing or Hearing(), connections=1),
        rate_limiter=limiter,
    )


async def open_bot(bot: Bot) -> str:
    """Open the bot's connections, ask Telegram who it is, and return its user name.

    Raises StartError.
    """
    try:
        with as_start_errors():
            await bot.initialize()
    except StartError:
        await bot.shutdown()
        raise
    return bot.username


@contextmanager
def as_start_errors() -> Iterator[None]:
    """Raise what Telegram refuses while we start as StartError, in words that hold no token.

    The library's own words quote it, hence "from None".
    """
    try:
        yield
    except InvalidToken:
        raise StartError(
            "Telegram does not know this token; @BotFather tells the right one."
        ) from None
    except TelegramError as error:
        raise StartError(
            f"Telegram cannot be reached: {error.message.rstrip('.')}; look at the network and at"
            " telegram.api_base."
        ) from None
