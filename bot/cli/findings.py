"""A configuration in, what holds and what does not out, each with its remedy; `check` prints it.

Each look stands alone: one that fails is a finding and hides no other. Nothing is changed.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import aiohttp
from telegram import Bot

from bot.cli.newsroom import opened
from bot.config import Config, require_token
from bot.errors import MujazError
from bot.model import BotId, ChatId, Feed, from_ms
from bot.storage import Storage, hold, sources, subscribers
from bot.storage.rows import number_or_none
from bot.transports.telegram.bots import as_start_errors, make_bot, open_bot

MIB = 1 << 20
LEAST_FREE = 256 * MIB  # bytes; a busy newsroom writes that in a month
SLOW = timedelta(seconds=30)  # that the clock may be off; feeds and digests go by it
OLD = timedelta(hours=50)  # of the newest backup, when there is one each night
PATIENCE = aiohttp.ClientTimeout(total=15)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what was found, and what mends it; no remedy: all is well."""

    what: str
    told: str
    remedy: str = ""

    @property
    def mark(self) -> str:
        """Return the sign before it."""
        return "✗" if self.remedy else "✓"

    def json(self) -> dict[str, object]:
        """Return it for a script."""
        return {
            "what": self.what, "ok": not self.remedy, "found": self.told, "remedy": self.remedy,
        }  # fmt: skip


async def findings(config: Config) -> list[Finding]:
    """Look at everything."""
    found = [Finding("configuration", "read")]
    for what, (look, remedy) in LOOKS.items():
        try:
            found += await look(config)
        except (MujazError, OSError) as error:
            found.append(Finding(what, str(error) or type(error).__name__, remedy))
    return found


async def _database(config: Config) -> list[Finding]:
    path = config.storage.path
    if not path.exists():
        folder = path.resolve().parent
        if not folder.is_dir():
            return [Finding("database", f"{folder} does not exist", "Create that folder.")]
        return [Finding("database", f"{path} will be made at the first start")]
    async with opened(config) as storage:
        size = f"{path}, {path.stat().st_size / MIB:,.1f} MiB"
        return [
            await _whole(storage, size),
            *await _held(storage),
            *await _backups(config, storage),
        ]


async def _whole(storage: Storage, size: str) -> Finding:
    (told,) = await storage.fetch("PRAGMA quick_check(1)")
    if told["quick_check"] != "ok":
        remedy = "Stop it, move the file away, and: mujaz restore FILE"
        return Finding("database", f"{size}, damaged: {told['quick_check']}", remedy)
    return Finding("database", size)


async def _held(storage: Storage) -> list[Finding]:
    if await hold.open_hold(storage) is None:
        return []
    held = await hold.waiting(storage, datetime.now(UTC))
    told = f"{held.readers:,} messages are on hold: the database was restored, or woke elsewhere"
    return [Finding("outbox", told, "An owner decides by the buttons that mujaz run sends them.")]


async def _backups(config: Config, storage: Storage) -> list[Finding]:
    """Look how old the newest backup is; a database younger than a night has none."""
    if not config.storage.backup_daily:
        return []
    copies = config.storage.path.with_name("backups").glob("*.db")
    newest = max(copies, key=lambda copy: copy.stat().st_mtime, default=None)
    now, remedy = datetime.now(UTC), "Is mujaz running? Its log says why: backup.failed"
    if newest is None:
        (row,) = await storage.fetch("SELECT min(first_seen_at) AS oldest FROM articles")
        oldest = number_or_none(row, "oldest")
        is_late = oldest is not None and now - from_ms(oldest) > OLD
        return [Finding("backup", "none yet; one is made each night", remedy if is_late else "")]
    age = now - datetime.fromtimestamp(newest.stat().st_mtime, UTC)
    told = f"{newest.name}, {age // timedelta(hours=1)} h old"
    return [Finding("backup", told, remedy if age > OLD else "")]


async def _disk(config: Config) -> list[Finding]:
    folder = config.storage.path.resolve().parent
    free = shutil.disk_usage(folder).free
    told = f"{free / MIB:,.0f} MiB free in {folder}"
    return [Finding("disk", told, "Free some space." if free < LEAST_FREE else "")]


async def _telegram(config: Config) -> list[Finding]:
    """Ask Telegram who we are, what we may, and what it thinks of the webhook."""
    token = require_token(config).reveal()
    bot = make_bot(token, api_base=config.telegram.api_base, connections=2)
    name = await open_bot(bot)
    try:
        return [
            Finding("token", f"@{name}"),
            *_rights(bot),
            *await _webhook(bot, config),
            *await _owners(config, BotId(bot.id)),
        ]
    finally:
        await bot.shutdown()


def _rights(bot: Bot) -> list[Finding]:
    if bot.supports_inline_queries:
        return [Finding("rights", "inline mode is on")]
    told = "inline mode is off: readers cannot share a story into another chat"
    return [Finding("rights", told, "Send /setinline to @BotFather.")]


async def _webhook(bot: Bot, config: Config) -> list[Finding]:
    with as_start_errors():
        told = await bot.get_webhook_info()
    if config.telegram.mode == "polling":
        if not told.url:
            return []
        words = f"another program has Telegram call {urlsplit(told.url).hostname}"
        return [Finding("webhook", words, "End that program: mujaz run takes the bot from it.")]
    if told.last_error_message and told.pending_update_count:
        words = f"{told.pending_update_count} updates wait: {told.last_error_message}"
        return [Finding("webhook", words, "Look at webhook_url, its certificate and [web].")]
    return [Finding("webhook", "no update waits")]


async def _owners(config: Config, bot: BotId) -> list[Finding]:
    """See whether alarms and questions reach somebody."""
    if not config.people.owners:
        told = "nobody owns the bot: nobody would hear an alarm"
        return [Finding("owners", told, "Set people.owners to your Telegram number.")]
    silent = set(config.people.owners)
    if config.storage.path.exists():
        async with opened(config) as storage:
            for owner in config.people.owners:
                if await subscribers.find(storage, bot, ChatId(owner)) is not None:
                    silent.remove(owner)
    if silent:
        told = f"{', '.join(map(str, sorted(silent)))} never wrote to the bot: it cannot begin"
        return [Finding("owners", told, "Let them send /start to it, once mujaz runs.")]
    return [Finding("owners", f"{len(config.people.owners)} can be reached")]


async def _feeds(config: Config) -> list[Finding]:
    if not config.storage.path.exists():
        told = f"{len(config.news.feeds)} in the configuration, none visited yet"
        remedy = "" if config.news.feeds else "Add one: mujaz feeds add URL"
        return [Finding("feeds", told, remedy)]
    async with opened(config) as storage:
        feeds = [feed for feed in await sources.all_feeds(storage) if feed.is_on]
        troubled = await sources.in_trouble(storage, datetime.now(UTC))
    if not feeds:
        return [Finding("feeds", "none is on", "Add one: mujaz feeds add URL, or /sources.")]
    failing = sum(feed.failures > 0 for feed in feeds)
    told = f"{len(feeds)} on, {failing} failed at the last visit"
    if troubled:
        told = f"{told}, {len(troubled)} for long: {_causes(troubled)}"
    return [Finding("feeds", told, "See mujaz feeds list, or /sources." if troubled else "")]


def _causes(failing: Sequence[Feed]) -> str:
    causes = Counter(feed.last_cause or "unknown" for feed in failing)
    return ", ".join(f"{count} × {cause}" for cause, count in causes.most_common())


async def _clock(config: Config) -> list[Finding]:
    """Compare our clock with the one in Telegram's answers, when it gives any."""
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.get(config.telegram.api_base, allow_redirects=False) as answer,
        ):
            theirs = parsedate_to_datetime(answer.headers["Date"])
    except (aiohttp.ClientError, OSError, KeyError, ValueError):
        return []  # that Telegram is out of reach was told already
    off = datetime.now(UTC) - theirs
    told = f"{off / timedelta(seconds=1):+.0f} s from Telegram's"
    remedy = "Set the clock, and keep it with NTP." if abs(off) > SLOW else ""
    return [Finding("clock", told, remedy)]


Look = Callable[[Config], Awaitable[Sequence[Finding]]]
# What is looked at, and what to do where the look itself fails with a sentence.
LOOKS: dict[str, tuple[Look, str]] = {
    "database": (_database, "As the sentence says."),
    "disk": (_disk, "Name a folder that is there: storage.url"),
    "token": (_telegram, "Look at the token, the network, and telegram.api_base."),
    "feeds": (_feeds, "See the database above."),
    "clock": (_clock, "Set the clock, and keep it with NTP."),
}
