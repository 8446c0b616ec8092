"""A newsroom gone silent in, one word to its owners out; a beat of the scheduler starts it.

Two alarms, each once and with an all-clear. By day, when no article has come from anywhere for
three hours: how many feeds fail, and why. At any hour, when nobody at all could be reached for half
an hour: then the trouble is the server's own, and no feed is blamed. What the owners were told of
stands in ``settings``, so that a restart does not tell it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.briefs.layouts.notices import Notices
from bot.model import BotId, Brief, FeedKind, from_ms, to_ms
from bot.storage import Storage, desk, notices, sources, team

SILENCE = timedelta(hours=3)
OUTAGE = timedelta(minutes=30)
DAY_BEGINS, DAY_ENDS = 8, 22  # hours of the newsroom's day
# Settings: what the owners were told of; "" when all is well.
_SILENCE_TOLD = "silence"  # the moment of the newest article, 0 for none
_OUTAGE_TOLD = "outage"  # the moment it began


@dataclass(frozen=True, slots=True)
class _Notice:
    """What to tell, its name (nobody is told of one thing twice), and what we know of it then."""

    brief: Brief
    key: str
    setting: str
    told: str


class Watch:
    """Look at the whole newsroom.

    ``out_since`` asks the poller, ``on_told`` wakes the deliverer.
    """

    def __init__(
        self,
        storage: Storage,
        words: Notices,
        *,
        bot: BotId,
        now: Callable[[], datetime],
        out_since: Callable[[], datetime | None],
        on_told: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._words = words
        self._bot = bot
        self._now = now
        self._out_since = out_since
        self._on_told = on_told
        self._began_at = now()

    async def look(self) -> None:
        """Look once, and tell the owners what is new; without owners, all of the desk."""
        now, out_since = self._now(), self._out_since()
        notice = await self._outage(out_since, now)
        if notice is None and out_since is None:
            notice = await self._silence(now)
        if notice is None:
            return
        async with self._storage.transaction() as tx:
            await desk.keep_setting(tx, notice.setting, notice.told)
            people = await team.in_charge(tx)
            await notices.tell(tx, self._bot, people, notice.brief, notice.key, now)
        self._on_told()

    async def _outage(self, out_since: datetime | None, now: datetime) -> _Notice | None:
        told = await desk.setting(self._storage, _OUTAGE_TOLD)
        if told and out_since is None:
            said = self._words.reached_again(from_ms(int(told)), now)
            return _Notice(said, f"outage.over:{told}", _OUTAGE_TOLD, "")
        if told or out_since is None or now - out_since < OUTAGE:
            return None
        mark = str(to_ms(out_since))
        said = self._words.nobody_reached(out_since, now)
        return _Notice(said, f"outage:{mark}", _OUTAGE_TOLD, mark)

    async def _silence(self, now: datetime) -> _Notice | None:
        newest = await sources.newest_news(self._storage)
        mark = str(to_ms(newest)) if newest else "0"
        told = await desk.setting(self._storage, _SILENCE_TOLD)
        if told and newest and told != mark:
            said = self._words.news_again(newest, now)
            return _Notice(said, f"silence.over:{mark}", _SILENCE_TOLD, "")
        if told or not self._is_silent(newest, now):
            return None
        every = await sources.all_feeds(self._storage)
        feeds = [feed for feed in every if feed.is_on and feed.kind is FeedKind.NEWS]
        if not feeds:
            return None
        said = self._words.no_news(newest, feeds, now)
        return _Notice(said, f"silence:{mark}", _SILENCE_TOLD, mark)

    def _is_silent(self, newest: datetime | None, now: datetime) -> bool:
        """Say whether it was silent for too long; the night and the time before us are none."""
        local = now.astimezone(self._words.zone)
        if not DAY_BEGINS <= local.hour < DAY_ENDS:
            return False
        morning = local.replace(hour=DAY_BEGINS, minute=0, second=0, microsecond=0)
        since = max(morning, self._began_at, newest or self._began_at)
        return now - since >= SILENCE
