"""The composition root: configuration in, the running parts out; the command line calls it.

Parts are opened in the order in which they need each other and closed in reverse. What is begun
is finished: a message in hand is settled before the database closes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.app.beats import broadcast_beats, care_beats, news_beats
from bot.app.doors import fall_silent, make_ears, make_metrics, open_web
from bot.app.memory import belong, open_storage
from bot.app.visiting import discoverer_of, make_poller, manners_of, open_visitors
from bot.app.ways_out import begin_delivering, make_deliverer, make_pacer, open_bots
from bot.commands.ears import Ears
from bot.commands.errands import Errands
from bot.commands.room import Room
from bot.config import Config
from bot.jobs.alerts import Alerts
from bot.jobs.deliver import Deliverer
from bot.jobs.heart import Heart
from bot.jobs.poll import Poller
from bot.model import BotId
from bot.storage import Storage
from bot.texts import Texts
from bot.transports.telegram.board import Board
from bot.transports.telegram.hearing import Hearing

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the moment by the machine's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Mujaz:
    """A running Mujaz, as whoever started it sees it."""

    storage: Storage
    poller: Poller
    deliverer: Deliverer
    bot: BotId
    username: str
    delivering: asyncio.Task[None]
    ears: Ears

    async def until(self, stop: asyncio.Event) -> None:
        """Run until told to stop; a part that dies of a fault ends the whole with it."""
        told = asyncio.create_task(stop.wait())
        parts = (self.delivering, self.ears.lost)
        await asyncio.wait((told, *parts), return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        for part in parts:
            if part.done():
                part.result()


@asynccontextmanager
async def running(config: Config, *, now: Clock = utc_now) -> AsyncIterator[Mujaz]:
    """Open everything, run until the block ends, and close in reverse.

    1. The database, held for this process alone, and what a crash left in it.
    2. The bots, over one pace.
    3. The deliverer, then the jobs that make work for it, then the ears for people.

    Raises StartError, ConfigError or StorageError with one sentence when something is missing.
    """
    async with AsyncExitStack() as opened:
        storage = await open_storage(opened, config, now)
        pacer = make_pacer(config)
        hearing = Hearing()
        pushes, replies = await open_bots(opened, config, pacer, hearing)
        bot, texts = BotId(pushes.id), Texts.load()
        await belong(storage, bot, config, now)
        heart, metrics, errands = Heart(), make_metrics(config, storage, now), Errands()
        deliverer = make_deliverer(
            storage, pushes, pacer, config, now, metrics.settled if metrics else None
        )
        visitors = open_visitors(opened, config, now)
        room = Room(
            storage,
            texts,
            config,
            bot,
            pushes.username,
            now=now,
            deliver_soon=deliverer.wake,
            digest_soon=lambda: heart.at_once("digest"),
            discoverer=discoverer_of(visitors, config, now),
            errands=errands,
            alarm=Alerts(texts, manners_of(config, bot)).alarm,
        )
        delivering = begin_delivering(opened, deliverer)
        poller = await make_poller(opened, room, visitors, metrics.visited if metrics else None)
        board = Board(pushes, pushes.username)
        heart.start((*news_beats(room, poller, board), *broadcast_beats(room, board, pacer)))
        opened.push_async_callback(heart.close)
        ears = make_ears(opened, room, replies, hearing)
        await open_web(opened, room, ears, heart, metrics)
        await ears.open()
        for beat in care_beats(room, ears, board):
            heart.add(beat)
        opened.push_async_callback(fall_silent, ears, deliverer, delivering)
        opened.push_async_callback(errands.close)
        yield Mujaz(storage, poller, deliverer, bot, room.username, delivering, ears)
