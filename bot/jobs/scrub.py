"""After somebody was forgotten, the database is written anew in the night; a beat asks every hour.

What is deleted is overwritten, but a row leaves copies of itself where its page was split, and only
a new file has none. That takes seconds a gigabyte in which nobody else writes: hence the night.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from bot.storage import Storage, desk
from bot.storage.person import SCRUB_DUE

NIGHT = range(3, 5)  # hours of the newsroom's clock: nobody's digest, and hardly a reader


async def scrub(storage: Storage, now: Callable[[], datetime], zone: tzinfo) -> bool:
    """Write the database anew, if somebody was forgotten since and it is night; say whether."""
    due = await desk.setting(storage, SCRUB_DUE)
    if not due or now().astimezone(zone).hour not in NIGHT:
        return False
    if not await storage.scrub(is_thorough=True):
        return False
    async with storage.transaction() as tx:
        if await desk.setting(tx, SCRUB_DUE) == due:  # nobody was forgotten meanwhile
            await desk.keep_setting(tx, SCRUB_DUE, "")
    return True
