"""What every handler may use: built by ``app``, carried by PTB as ``context.bot_data``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram.ext import Application, CallbackContext, ExtBot

from bot.commands.errands import Errands
from bot.config import Config
from bot.feeds.discover import Discoverer
from bot.model import BotId, Story, Telling, WaveId
from bot.storage import Storage, Transaction
from bot.texts import Texts

Alarm = Callable[[Transaction, Telling, Story, datetime], Awaitable[WaveId]]


@dataclass(frozen=True, slots=True)
class Room:
    """The parts a command works with.

    ``deliver_soon`` and ``digest_soon`` wake the job that finds what the command has made due; a
    command itself never composes or sends a push. ``alarm`` writes what tells of a story that has
    become urgent by hand (and what it was before), within the command's transaction. What takes
    longer than an answer may is an errand.
    """

    storage: Storage
    texts: Texts
    config: Config
    bot: BotId
    username: str
    now: Callable[[], datetime]
    deliver_soon: Callable[[], None]
    digest_soon: Callable[[], None]
    alarm: Alarm
    discoverer: Discoverer
    errands: Errands


Empty = dict[Any, Any]  # PTB's stores for chats and people: what is kept stands in the database


class Context(CallbackContext[ExtBot[None], Empty, Empty, Room]):
    """What PTB hands a handler; ``bot_data`` is the room."""


App = Application[ExtBot[None], Context, Empty, Empty, Room, None]
