"""A day that has no backup yet in, a verified copy beside the database out; a beat starts it.

By night, when little is written. The last ``KEPT`` stay. A copy that fails is tried again an hour
later, and the owners are told once a day: who learns it on the day he needs it learns it too late.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.briefs.layouts.notices import Notices
from bot.errors import StorageError
from bot.model import BotId
from bot.storage import Storage, notices, team

log = logging.getLogger(__name__)

FROM_HOUR = 3  # of the newsroom's night
KEPT = 7  # days
NAMES = "mujaz-????-??-??.db"  # of our copies; others in the folder are somebody's own
Copier = Callable[[Path], object]  # writes a verified copy; blocks; raises StorageError


class BackupJob:
    """Back the database up once a night into ``folder``."""

    def __init__(
        self,
        storage: Storage,
        words: Notices,
        copy: Copier,
        folder: Path,
        *,
        bot: BotId,
        now: Callable[[], datetime],
        on_told: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._words = words
        self._copy = copy
        self._folder = folder
        self._bot = bot
        self._now = now
        self._on_told = on_told

    async def back_up(self) -> None:
        """Make today's copy if it is time and there is none, and take the oldest away."""
        local = self._now().astimezone(self._words.zone)
        target = self._folder / f"mujaz-{local:%Y-%m-%d}.db"
        if local.hour < FROM_HOUR or target.exists():
            return
        try:
            await asyncio.to_thread(self._make, target)
        except (StorageError, OSError) as error:
            log.error("backup.failed", extra={"cause": str(error)})
            await self._tell(f"backup:{local:%Y-%m-%d}")
            return
        log.info("backup.made", extra={"file": target.name})

    def _make(self, target: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for remains in self._folder.glob(f"{NAMES}.unfinished"):  # of a night that was cut off
            remains.unlink(missing_ok=True)
        self._copy(target)
        copies = sorted(self._folder.glob(NAMES))
        for old in copies[:-KEPT]:
            old.unlink()

    async def _tell(self, key: str) -> None:
        brief, now = self._words.no_backup(), self._now()
        async with self._storage.transaction() as tx:
            people = await team.in_charge(tx)
            await notices.tell(tx, self._bot, people, brief, key, now)
        self._on_told()
