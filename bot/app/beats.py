"""The parts of a running bot in, its beats out: what the scheduler starts, each at its rhythm."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot import jobs
from bot.app.visiting import manners_of
from bot.briefs.layouts.notices import Notices
from bot.commands.ears import Ears
from bot.commands.room import Room
from bot.jobs.announce import AnnounceJob
from bot.jobs.away import AwayJob
from bot.jobs.backup import BackupJob
from bot.jobs.digest import DigestJob, Paper
from bot.jobs.disk import DiskWatch
from bot.jobs.hold import HoldJob
from bot.jobs.hush import HushJob
from bot.jobs.pacer import Pacer
from bot.jobs.poll import Poller
from bot.jobs.progress import ProgressJob
from bot.jobs.prune import prune
from bot.jobs.scrub import scrub
from bot.jobs.together import TogetherJob
from bot.jobs.watch import Watch
from bot.jobs.webhook import WebhookWatch
from bot.storage.engines.sqlite.backup import backup
from bot.transports.telegram.board import Board


def news_beats(room: Room, poller: Poller, board: Board) -> Sequence[jobs.Beat]:
    """Return the beats of the river: news in, digests and what was missed out."""
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
    manners, wake = manners_of(room.config, room.bot), room.deliver_soon
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
        jobs.Beat("together", jobs.TOGETHER_EVERY, together.bundle),
        jobs.Beat("watch", jobs.WATCH_EVERY, watch.look),
        jobs.Beat("scrub", jobs.SCRUB_EVERY, lambda: scrub(room.storage, room.now, zone)),
        jobs.Beat("prune", jobs.PRUNE_EVERY, lambda: prune(room.storage, room.now, keep)),
    )


def broadcast_beats(room: Room, board: Board, pacer: Pacer) -> Sequence[jobs.Beat]:
    """Return the beats that look after broadcasts, and after what keeps them from going out."""
    storage, texts, news = room.storage, room.texts, room.config.news
    broadcasts = AnnounceJob(
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
        jobs.Beat("announce", jobs.ANNOUNCE_EVERY, broadcasts.begin_due),
        jobs.Beat("hold", jobs.HOLD_EVERY, holds.ask),
        jobs.Beat("hush", jobs.HUSH_EVERY, hush.look),
    )


def care_beats(room: Room, ears: Ears, board: Board) -> Sequence[jobs.Beat]:
    """Return the beats by which Mujaz looks after itself."""
    config, storage = room.config, room.storage
    words = Notices(room.texts, config.news.zone)
    disk = DiskWatch(storage, board, words, now=room.now)
    webhook = WebhookWatch(
        storage, words, ears.calls, bot=room.bot, now=room.now, on_told=room.deliver_soon
    )
    backups = BackupJob(
        storage,
        words,
        partial(backup, config.storage.path),
        config.storage.path.with_name("backups"),
        bot=room.bot,
        now=room.now,
        on_told=room.deliver_soon,
    )
    beats = [
        jobs.Beat("ears", jobs.EARS_EVERY, ears.look),
        jobs.Beat("disk", jobs.DISK_EVERY, disk.look),
        jobs.Beat("webhook", jobs.WEBHOOK_EVERY, webhook.look),
    ]
    if config.storage.backup_daily:
        beats.append(jobs.Beat("backup", jobs.BACKUP_EVERY, backups.back_up))
    return beats
