"""What every handler may use: built by ``app``, carried by PTB as ``context.bot_data``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram.ext import Application, CallbackContext, ExtBot

from bot.config import Config
from bot.model import BotId
from bot.storage import Storage
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class Room:
    """The parts a command works with.

    ``deliver_soon`` and ``digest_soon`` wake the job that finds what the command has made due; a
    command itself never composes or sends a push.
    """

    storage: Storage
    texts: Texts
    config: Config
    bot: BotId
    username: str
    now: Callable[[], datetime]
    deliver_soon: Callable[[], None]
    digest_soon: Callable[[], None]


Empty = dict[Any, Any]  # PTB's stores for chats and people: what is kept stands in the database


class Context(CallbackContext[ExtBot[None], Empty, Empty, Room]):
    """What PTB hands a handler; ``bot_data`` is the room."""


App = Application[ExtBot[None], Context, Empty, Empty, Room, None]
