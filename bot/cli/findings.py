"""A configuration in, what holds and what does not out, each with its remedy; `check` prints it.

Each look stands alone: one that fails is a finding and hides no other. Nothing is written.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from bot.config import Config, require_token
from bot.errors import MujazError
from bot.model import BotId, ChatId, Feed
from bot.storage import Storage, hold, sources, subscribers
from bot.storage.engines.sqlite import backup
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.transports.telegram.bots import make_bot, open_bot

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


Look = Callable[[Config], Awaitable[Sequence[Finding]]]


async def findings(config: Config) -> list[Finding]:
    """Look at everything."""
    found = [Finding("configuration", "read")]
    for name, look in LOOKS.items():
        try:
            found += await look(config)
        except (MujazError, OSError, aiohttp.ClientError) as error:
            found.append(Finding(name, str(error), "See what was found."))
    return found


async def _database(config: Config) -> list[Finding]:
    path = config.storage.path
    if not path.exists():
        folder = path.resolve().parent
        if not folder.is_dir():
            return [Finding("database", f"{folder} does not exist", "Create that folder.")]
        return [Finding("database", f"{path} will be made at the first start")]
    storage = await open_sqlite(path)
    try:
        size = f"{path}, {path.stat().st_size / MIB:,.1f} MiB"
        found = [await _whole(storage, size), *await _held(storage)]
    finally:
        await storage.close()
    return [*found, *_backups(config)]


async def _whole(storage: Storage, size: str) -> Finding:
    (told,) = await storage.fetch("PRAGMA quick_check(1)")
    if told["quick_check"] != "ok":
        return Finding("database", f"{size}: {told['quick_check']}", "Restore the latest backup.")
    return Finding("database", size)


async def _held(storage: Storage) -> list[Finding]:
    if await hold.open_hold(storage) is None:
        return []
    held = await hold.waiting(storage, datetime.now(UTC))
    told = f"{held.waves} waves are on hold: the database was restored, or woke elsewhere"
    remedy = "An owner decides by the buttons that the bot sent, after mujaz run."
    return [Finding("outbox", told, remedy)]


def _backups(config: Config) -> list[Finding]:
    """Look at the newest backup; a database younger than one has none yet."""
    if not config.storage.backup_daily:
        return []
    copies = sorted(config.storage.path.with_name("backups").glob("*.db"))
    if not copies:
        return [Finding("backup", "none yet; one is made each night")]
    age = datetime.now(UTC) - datetime.fromtimestamp(copies[-1].stat().st_mtime, UTC)
    told = f"{copies[-1].name}, {age // timedelta(hours=1)} h old"
    if age > OLD:
        return [Finding("backup", told, "Look into the log for backup.failed; is mujaz running?")]
    try:
        backup.verify(copies[-1])
    except MujazError as error:
        return [Finding("backup", str(error), "Take another one: mujaz backup")]
    return [Finding("backup", f"{told}, verified")]


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
        found = [Finding("token", f"@{name}")]
        if not bot.supports_inline_queries:
            told = "the bot takes no inline queries: sharing a story does nothing"
            found.append(Finding("rights", told, "Send /setinline to @BotFather."))
        webhook = await bot.get_webhook_info()
        if config.telegram.mode == "webhook" and webhook.last_error_message:
            told = f"Telegram could not call us: {webhook.last_error_message}"
            found.append(
                Finding("webhook", told, "Look at webhook_url, its certificate and [web].")
            )
        return [*found, *await _desk(config, BotId(bot.id))]
    finally:
        await bot.shutdown()


async def _desk(config: Config, bot: BotId) -> list[Finding]:
    """See whether alarms and questions reach somebody."""
    if not config.people.owners:
        told = "nobody owns the bot: nobody would hear an alarm"
        return [Finding("owners", told, "Set people.owners to your Telegram number.")]
    if not config.storage.path.exists():
        return []
    storage = await open_sqlite(config.storage.path)
    try:
        silent = [
            str(owner)
            for owner in config.people.owners
            if await subscribers.find(storage, bot, ChatId(owner)) is None
        ]
    finally:
        await storage.close()
    if silent:
        told = f"{', '.join(silent)} never wrote to the bot, which may not write first"
        return [Finding("owners", told, "Let them send /start.")]
    return [Finding("owners", f"{len(config.people.owners)} can be reached")]


async def _feeds(config: Config) -> list[Finding]:
    if not config.storage.path.exists():
        told = f"{len(config.news.feeds)} in the configuration, none visited yet"
        remedy = "" if config.news.feeds else "Add one: mujaz feeds add, or [[news.feeds]]."
        return [Finding("feeds", told, remedy)]
    storage = await open_sqlite(config.storage.path)
    try:
        feeds = [feed for feed in await sources.all_feeds(storage) if feed.is_on]
    finally:
        await storage.close()
    if not feeds:
        return [Finding("feeds", "none is on", "Add one: mujaz feeds add, or /sources.")]
    failing = [feed for feed in feeds if feed.failures]
    if not failing:
        return [Finding("feeds", f"{len(feeds)}, all well")]
    return [Finding("feeds", f"{len(failing)} of {len(feeds)} fail", _causes(failing))]


def _causes(failing: Sequence[Feed]) -> str:
    causes = Counter(feed.last_cause or "unknown" for feed in failing)
    told = ", ".join(f"{count} × {cause}" for cause, count in causes.most_common())
    return f"{told}: mujaz feeds list tells each; /sources mends them."


async def _clock(config: Config) -> list[Finding]:
    """Compare our clock with the one in Telegram's answers."""
    async with (
        aiohttp.ClientSession(timeout=PATIENCE) as session,
        session.get(config.telegram.api_base, allow_redirects=False) as answer,
    ):
        theirs = parsedate_to_datetime(answer.headers["Date"])
    off = datetime.now(UTC) - theirs
    told = f"{off / timedelta(seconds=1):+.0f} s from Telegram's"
    remedy = "Set the clock, and keep it with NTP." if abs(off) > SLOW else ""
    return [Finding("clock", told, remedy)]


LOOKS: dict[str, Look] = {
    "database": _database,
    "disk": _disk,
    "token": _telegram,
    "feeds": _feeds,
    "clock": _clock,
}
