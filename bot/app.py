"""The composition root: configuration in, the running parts out; the command line calls it.

Parts are opened in the order in which they need each other and closed in reverse. What is begun
is finished: a message in hand is settled before the database closes.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

from telegram import Bot, Update
from telegram.error import Conflict, TelegramError
from telegram.ext import Application, ContextTypes, ExtBot

from bot import commands, jobs
from bot.commands.menu import set_up
from bot.commands.processor import ByChat
from bot.commands.room import App, Context, Room
from bot.config import Config, require_token
from bot.feeds.fetch import Fetcher
from bot.feeds.interval import Bounds
from bot.feeds.parser_process import ParserProcess
from bot.jobs.deliver import Deliverer
from bot.jobs.digest import DigestJob, Paper
from bot.jobs.heart import Heart
from bot.jobs.intake import Intake, Manners
from bot.jobs.pacer import Pacer
from bot.jobs.poll import Poller, Rhythm
from bot.jobs.progress import ProgressJob
from bot.jobs.prune import prune
from bot.jobs.reindex import reindex
from bot.model import BotId
from bot.outbox.pace import Pace
from bot.storage import Storage, deliveries, desk, sources, stories
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.storage.engines.sqlite.lock import hold
from bot.storage.future import forget_future
from bot.stories.cluster import OPEN_FOR, Window
from bot.texts import Texts
from bot.transports.telegram.board import Board
from bot.transports.telegram.bots import as_start_errors, make_bot, make_reply_bot, open_bot
from bot.transports.telegram.replies import RepliesFirst
from bot.transports.telegram.send import TelegramTransport

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

FIRST_INTERVAL = timedelta(minutes=10)  # between visits of a feed that we know nothing of
# When we are told to stop, in seconds; the ears close while the sends in hand end.
DRAIN = 9.0  # that the sends in hand may take
LAST_CALL = 2.0  # that the call for updates may take to end
LAST_ANSWERS = 5.0  # that the answers in hand may take
UPDATES = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]


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

    async def until(self, stop: asyncio.Event) -> None:
        """Run until told to stop; a part that dies of a fault ends the whole with it."""
        told = asyncio.create_task(stop.wait())
        await asyncio.wait((told, self.delivering), return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        if self.delivering.done():
            self.delivering.result()


@asynccontextmanager
async def running(config: Config, *, now: Clock = utc_now) -> AsyncIterator[Mujaz]:
    """Open everything, run until the block ends, and close in reverse.

    1. The database, held for this process alone, and what a crash left in it.
    2. The bots, over one pace.
    3. The deliverer, then the jobs that make work for it, then the ears for people.

    Raises StartError, ConfigError or StorageError with one sentence when something is missing.
    """
    async with AsyncExitStack() as opened:
        storage = await _open_storage(opened, config, now)
        pacer = _make_pacer(config)
        pushes, replies = await _open_bots(opened, config, pacer)
        async with storage.transaction() as tx:
            await desk.belong_to(tx, BotId(pushes.id))
        transport = TelegramTransport(
            pushes, pushes.username, is_paid=config.telegram.paid_broadcast
        )
        deliverer = Deliverer(
            storage, transport, pacer, bot=BotId(pushes.id), rate=config.push.rate, now=now
        )
        heart = Heart()
        room = Room(
            storage,
            Texts.load(),
            config,
            BotId(pushes.id),
            pushes.username,
            now=now,
            deliver_soon=deliverer.wake,
            digest_soon=lambda: heart.at_once("digest"),
        )
        delivering = _begin_delivering(opened, deliverer)
        poller = await _make_poller(opened, room)
        heart.start(_beats(room, poller, Board(pushes, pushes.username)))
        opened.push_async_callback(heart.close)
        application = await _begin_listening(opened, room, replies)

        async def fall_silent() -> None:
            await asyncio.gather(_stop_listening(application), _drain(deliverer, delivering))

        opened.push_async_callback(fall_silent)
        yield Mujaz(storage, poller, deliverer, room.bot, room.username, delivering)


def _make_pacer(config: Config) -> Pacer:
    push = config.push
    pace = Pace(
        push.rate,
        chat_rate=push.chat_rate,
        group_rate_minute=push.group_rate_minute,
        began_at=time.monotonic(),
    )
    return Pacer(pace, time.monotonic)


async def _open_storage(opened: AsyncExitStack, config: Config, now: Clock) -> Storage:
    """Hold and open the database; whoever held leases in it is dead, for we hold the lock."""
    path = config.storage.path
    opened.enter_context(hold(path))
    storage = await open_sqlite(path)
    opened.push_async_callback(storage.close)
    await reindex(storage)
    async with storage.transaction() as tx:
        await deliveries.release_all(tx)
        await sources.release_all(tx)
        await forget_future(tx, now())
        for feed in config.news.feeds:
            if await sources.is_known(tx, feed.url):
                continue
            host = urlsplit(feed.url).hostname or feed.url
            source = await sources.add_source(tx, feed.source or host, now())
            await sources.add_feed(
                tx,
                source,
                feed.url,
                host=host,
                section=feed.section,
                interval=_bounds(config).clamp(FIRST_INTERVAL),
                now=now(),
            )
    return storage


def _bounds(config: Config) -> Bounds:
    return Bounds(config.poll.floor, config.poll.ceiling)


async def _open_bots(
    opened: AsyncExitStack, config: Config, pacer: Pacer
) -> tuple[Bot, ExtBot[None]]:
    """Open two bots of one token: pushes never queue before an answer to a person."""
    token, base = require_token(config).reveal(), config.telegram.api_base
    pushes = make_bot(token, api_base=base, connections=max(16, config.push.rate // 4))
    await open_bot(pushes)
    opened.push_async_callback(pushes.shutdown)
    replies = make_reply_bot(token, api_base=base, limiter=RepliesFirst(pacer))
    return pushes, replies


def _begin_delivering(opened: AsyncExitStack, deliverer: Deliverer) -> asyncio.Task[None]:
    delivering = asyncio.create_task(deliverer.run(), name="deliver")
    opened.push_async_callback(_drain, deliverer, delivering)
    return delivering


async def _drain(deliverer: Deliverer, delivering: asyncio.Task[None]) -> None:
    """Begin no further send and settle those in hand; a second time does nothing."""
    deliverer.stop()
    await asyncio.wait((delivering,), timeout=DRAIN)
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)


def _beats(room: Room, poller: Poller, board: Board) -> Sequence[jobs.Beat]:
    paper = Paper(room.config.digest.most, room.config.news.sections)
    digests = DigestJob(
        room.storage,
        room.texts,
        paper,
        bot=room.bot,
        now=room.now,
        on_written=room.deliver_soon,
    )
    progress = ProgressJob(room.storage, board, room.texts, bot=room.bot, now=room.now)
    return (
        jobs.Beat("poll", jobs.POLL_EVERY, poller.poll_due),
        jobs.Beat("digest", jobs.DIGEST_EVERY, digests.write_due),
        jobs.Beat("progress", jobs.PROGRESS_EVERY, progress.show),
        jobs.Beat("prune", jobs.PRUNE_EVERY, lambda: prune(room.storage, room.now)),
    )


async def _make_poller(opened: AsyncExitStack, room: Room) -> Poller:
    config = room.config
    fetcher = Fetcher(
        user_agent=config.poll.user_agent,
        contact=config.poll.contact or "",
        hosts=config.poll.hosts,
        allow_private=config.poll.allow_private,
        clock=room.now,
    )
    opened.push_async_callback(fetcher.close)
    parser = ParserProcess()
    opened.push_async_callback(parser.close)
    window = Window()
    window.fill(await stories.window(room.storage, room.now() - OPEN_FOR))
    manners = Manners(
        room.bot,
        config.news.zone,
        config.push.urgent_expires,
        config.push.instant_expires,
        editors=config.people.desk,
    )
    poller = Poller(
        room.storage,
        fetcher,
        parser,
        Intake(window, room.texts, manners),
        rhythm=Rhythm(_bounds(config), config.poll.hosts, config.news.zone),
        now=room.now,
        on_calls=room.deliver_soon,
    )
    opened.push_async_callback(poller.close)
    return poller


async def _begin_listening(opened: AsyncExitStack, room: Room, replies: ExtBot[None]) -> App:
    """Start to answer people; what they said while we were away is answered first."""
    # ``install`` puts the room there; to the type checker a factory of it is the room's own type.
    context_types = ContextTypes(context=Context, bot_data=cast("type[Room]", lambda: room))
    application: App = (
        Application.builder()
        .bot(replies)
        .context_types(context_types)
        .concurrent_updates(ByChat())
        .job_queue(None)
        .build()
    )
    commands.install(application, room)
    updater = application.updater
    if updater is None:
        raise RuntimeError("an application without an updater hears nobody")
    with as_start_errors():
        await application.initialize()
        opened.push_async_callback(application.shutdown)
        await application.start()
        opened.push_async_callback(_stop_listening, application)
        await set_up(application.bot, room)
        await updater.start_polling(allowed_updates=UPDATES, error_callback=_on_polling_error)
    return application


async def _stop_listening(application: App) -> None:
    """Hear nobody more and finish the answers in hand; a second time does nothing."""
    if application.updater is not None and application.updater.running:
        await _within(LAST_CALL, application.updater.stop())
    if application.running:
        await _within(LAST_ANSWERS, application.stop())


async def _within(seconds: float, step: Coroutine[object, object, None]) -> None:
    """Await a step of the library's shutdown, and cut it off where Telegram does not answer.

    The library sleeps out its pauses after a failure, and takes the first cancellation for the
    end of a pause.
    """
    task = asyncio.create_task(step)
    await asyncio.wait((task,), timeout=seconds)
    while not task.done():
        task.cancel()
        await asyncio.wait((task,), timeout=0.1)
    if not task.cancelled() and isinstance(task.exception(), TelegramError):
        _on_polling_error(cast("TelegramError", task.exception()))


def _on_polling_error(error: TelegramError) -> None:
    """Say why nobody is heard, with the remedy where there is one; the library tries on."""
    remedy = "stop the other program that listens with this token"
    extra = {"remedy": remedy} if isinstance(error, Conflict) else {}
    log.warning("listen.failed", extra={"cause": type(error).__name__, **extra})
