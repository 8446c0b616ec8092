"""The composition root: configuration in, the running parts out; the command line calls it.

Parts are opened in the order in which they need each other and closed in reverse. What is begun
is finished: a message in hand is settled before the database closes.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from telegram import Bot
from telegram.ext import ExtBot

from bot import jobs
from bot.commands.ears import Ears
from bot.commands.errands import Errands
from bot.commands.room import Room
from bot.config import Config, require_token
from bot.feeds.discover import Discoverer
from bot.feeds.fetch import Fetcher
from bot.feeds.interval import FIRST_INTERVAL, Bounds
from bot.feeds.parser_process import ParserProcess
from bot.jobs.alerts import Alerts
from bot.jobs.announce import AnnounceJob
from bot.jobs.away import AwayJob
from bot.jobs.backup import BackupJob
from bot.jobs.calls import Calls, CallsWatch
from bot.jobs.deliver import Deliverer
from bot.jobs.digest import DigestJob, Paper
from bot.jobs.disk import DiskWatch
from bot.jobs.heart import Heart
from bot.jobs.hold import HoldJob
from bot.jobs.hush import HushJob
from bot.jobs.intake import Intake
from bot.jobs.manners import Manners
from bot.jobs.notice import Notices
from bot.jobs.pacer import Pacer
from bot.jobs.poll import Poller, Rhythm
from bot.jobs.progress import ProgressJob
from bot.jobs.prune import prune
from bot.jobs.reindex import reindex
from bot.jobs.scrub import scrub
from bot.jobs.together import TogetherJob
from bot.jobs.watch import Watch
from bot.model import BotId
from bot.outbox.pace import Pace
from bot.storage import Storage, absence, batches, desk, sources, stories, team
from bot.storage.engines.sqlite.backup import backup
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.storage.engines.sqlite.lock import hold
from bot.storage.engines.sqlite.place import place_of
from bot.storage.future import forget_future
from bot.storage.hold import arrive
from bot.stories.cluster import OPEN_FOR, Window
from bot.texts import Texts
from bot.transports.telegram.board import Board
from bot.transports.telegram.bots import make_bot, make_reply_bot, open_bot
from bot.transports.telegram.hearing import Hearing
from bot.transports.telegram.replies import RepliesFirst
from bot.transports.telegram.send import TelegramTransport
from bot.web.health import health_pages
from bot.web.metrics import Metrics
from bot.web.server import serving
from bot.web.webhook import webhook_page

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

DRAIN = 9.0  # seconds that the sends in hand may take when we are told to stop


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
        storage = await _open_storage(opened, config, now)
        pacer = _make_pacer(config)
        hearing = Hearing()
        pushes, replies = await _open_bots(opened, config, pacer, hearing)
        async with storage.transaction() as tx:
            await desk.belong_to(tx, BotId(pushes.id))
            await team.configure(tx, config.people.owners, config.people.editors, now())
        transport = TelegramTransport(
            pushes, pushes.username, is_paid=config.telegram.paid_broadcast
        )
        deliverer = Deliverer(
            storage, transport, pacer, bot=BotId(pushes.id), rate=config.push.rate, now=now
        )
        heart, metrics = Heart(), Metrics(storage, now)
        visitors = _open_visitors(opened, config, now)
        errands = Errands()
        room = Room(
            storage,
            Texts.load(),
            config,
            BotId(pushes.id),
            pushes.username,
            now=now,
            deliver_soon=deliverer.wake,
            digest_soon=lambda: heart.at_once("digest"),
            discoverer=Discoverer(
                visitors.fetcher,
                visitors.parser,
                zone=config.news.zone,
                now=now,
                allow_private=config.poll.allow_private,
            ),
            errands=errands,
            alarm=Alerts(Texts.load(), _manners(config, BotId(pushes.id))).alarm,
        )
        delivering = _begin_delivering(opened, deliverer)
        poller = await _make_poller(opened, room, visitors)
        board = Board(pushes, pushes.username)
        heart.start((*_beats(room, poller, board), *_casts(room, board, pacer)))
        opened.push_async_callback(heart.close)
        ears = await _open_ears(opened, room, replies, hearing)
        await _open_web(opened, room, ears, heart, metrics)
        await ears.open()
        for beat in _care(room, ears, Board(pushes, pushes.username)):
            heart.add(beat)

        async def fall_silent() -> None:
            await asyncio.gather(ears.close(), _drain(deliverer, delivering))

        opened.push_async_callback(fall_silent)
        opened.push_async_callback(errands.close)
        yield Mujaz(storage, poller, deliverer, room.bot, room.username, delivering, ears)


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
        await batches.release_all(tx)
        await arrive(tx, place_of(path), now())
        await sources.release_all(tx)
        await forget_future(tx, now())
        await absence.live(tx, now())
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
    opened: AsyncExitStack, config: Config, pacer: Pacer, hearing: Hearing
) -> tuple[Bot, ExtBot[None]]:
    """Open two bots of one token: pushes never queue before an answer to a person."""
    token, base = require_token(config).reveal(), config.telegram.api_base
    pushes = make_bot(token, api_base=base, connections=max(16, config.push.rate // 4))
    await open_bot(pushes)
    opened.push_async_callback(pushes.shutdown)
    replies = make_reply_bot(token, api_base=base, limiter=RepliesFirst(pacer), hearing=hearing)
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
    manners, wake = _manners(room.config, room.bot), room.deliver_soon
    away = AwayJob(room.storage, room.texts, manners, now=room.now, on_written=wake)
    together = TogetherJob(room.storage, room.texts, manners, now=room.now, on_written=wake)
    keep, zone = room.config.storage.keep_articles, room.config.news.zone
    watch = Watch(
        room.storage,
        Notices(room.texts, room.config.news.zone),
        bot=room.bot,
        now=room.now,
        out_since=lambda: poller.out_since,
        on_told=wake,
    )
    return (
        jobs.Beat("poll", jobs.POLL_EVERY, poller.poll_due),
        jobs.Beat("digest", jobs.DIGEST_EVERY, digests.write_due),
        jobs.Beat("progress", jobs.PROGRESS_EVERY, progress.show),
        jobs.Beat("alive", jobs.ALIVE_EVERY, away.live),
        jobs.Beat("away", jobs.AWAY_EVERY, away.tell),
        jobs.Beat("together", jobs.TOGETHER_EVERY, together.fold),
        jobs.Beat("watch", jobs.WATCH_EVERY, watch.look),
        jobs.Beat("scrub", jobs.SCRUB_EVERY, lambda: scrub(room.storage, room.now, zone)),
        jobs.Beat("prune", jobs.PRUNE_EVERY, lambda: prune(room.storage, room.now, keep)),
    )


def _casts(room: Room, board: Board, pacer: Pacer) -> Sequence[jobs.Beat]:
    """Return the beats that look after broadcasts, and after what keeps them from going out."""
    storage, texts, news = room.storage, room.texts, room.config.news
    casts = AnnounceJob(
        storage,
        board,
        texts,
        bot=room.bot,
        name=news.name,
        zone=news.zone,
        now=room.now,
        on_begun=room.deliver_soon,
    )
    holds = HoldJob(
        storage,
        texts,
        bot=room.bot,
        name=news.name,
        zone=news.zone,
        now=room.now,
        on_asked=room.deliver_soon,
    )
    hush = HushJob(storage, board, pacer, texts, bot=room.bot, zone=news.zone, now=room.now)
    return (
        jobs.Beat("announce", jobs.ANNOUNCE_EVERY, casts.begin_due),
        jobs.Beat("hold", jobs.HOLD_EVERY, holds.ask),
        jobs.Beat("hush", jobs.HUSH_EVERY, hush.look),
    )


def _manners(config: Config, bot: BotId) -> Manners:
    push = config.push
    return Manners(bot, config.news.zone, push.urgent_expires, push.instant_expires)


@dataclass(frozen=True, slots=True)
class _Visitors:
    """Who visits feeds and who reads them, for the polls and for editors who look for one."""

    fetcher: Fetcher
    parser: ParserProcess


def _open_visitors(opened: AsyncExitStack, config: Config, now: Clock) -> _Visitors:
    fetcher = Fetcher(
        user_agent=config.poll.user_agent,
        contact=config.poll.contact or "",
        hosts=config.poll.hosts,
        allow_private=config.poll.allow_private,
        clock=now,
    )
    opened.push_async_callback(fetcher.close)
    parser = ParserProcess()
    opened.push_async_callback(parser.close)
    return _Visitors(fetcher, parser)


async def _make_poller(opened: AsyncExitStack, room: Room, visitors: _Visitors) -> Poller:
    config = room.config
    window = Window()
    window.fill(await stories.window(room.storage, room.now() - OPEN_FOR))
    poller = Poller(
        room.storage,
        visitors.fetcher,
        visitors.parser,
        Intake(window, room.texts, _manners(room.config, room.bot)),
        rhythm=Rhythm(_bounds(config), config.poll.hosts, config.news.zone),
        now=room.now,
        on_calls=room.deliver_soon,
    )
    opened.push_async_callback(poller.close)
    return poller


def _care(room: Room, ears: Ears, board: Board) -> Sequence[jobs.Beat]:
    """Return the beats by which Mujaz looks after itself."""
    config, storage, texts = room.config, room.storage, room.texts
    disk = DiskWatch(storage, board, texts, zone=config.news.zone, now=room.now)

    async def ask() -> Calls | None:
        told = await ears.webhook()
        if told is None:
            return None
        return Calls(told.pending_update_count, told.last_error_date, told.last_error_message or "")

    calls = CallsWatch(storage, texts, ask, bot=room.bot, now=room.now, on_told=room.deliver_soon)
    backups = BackupJob(
        storage,
        texts,
        partial(backup, config.storage.path),
        config.storage.path.with_name("backups"),
        bot=room.bot,
        zone=config.news.zone,
        now=room.now,
        on_told=room.deliver_soon,
    )
    beats = [
        jobs.Beat("ears", jobs.EARS_EVERY, ears.look),
        jobs.Beat("disk", jobs.DISK_EVERY, disk.look),
        jobs.Beat("calls", jobs.CALLS_EVERY, calls.look),
    ]
    if config.storage.backup_daily:
        beats.append(jobs.Beat("backup", jobs.BACKUP_EVERY, backups.back_up))
    return beats


async def _open_ears(
    opened: AsyncExitStack, room: Room, replies: ExtBot[None], hearing: Hearing
) -> Ears:
    """Make the ears; they hear nothing before they are opened."""
    ears = Ears(room, replies, hearing)
    opened.push_async_callback(ears.shutdown)
    opened.push_async_callback(ears.close)
    return ears


async def _open_web(
    opened: AsyncExitStack, room: Room, ears: Ears, heart: Heart, metrics: Metrics
) -> None:
    """Open our own web server, when it is configured: before Telegram is told to call it."""
    web, telegram = room.config.web, room.config.telegram
    if web is None:
        return

    async def database() -> str:
        await room.storage.fetch("SELECT 1 AS one")
        return ""

    ready = {"database": database, "telegram": ears.trouble}
    pages = health_pages({"beats": heart.trouble}, ready)
    if web.metrics:
        pages += metrics.pages()
    if telegram.webhook_url is not None and telegram.mode == "webhook":
        path = urlsplit(telegram.webhook_url).path or "/"
        pages.append(webhook_page(path, ears.secret, ears.hear))
    await opened.enter_async_context(serving(web.listen.host, web.listen.port, pages))
