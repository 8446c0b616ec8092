"""What nobody needs any more leaves the database, and what a wrong clock planned; once an hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.storage import Storage, desk
from bot.storage.future import forget_future

KEEP_VIEWS = timedelta(days=30)
KEEP_ACTS = timedelta(days=7)  # Telegram repeats an update for a day at most


async def prune(storage: Storage, now: Callable[[], datetime]) -> None:
    """Forget old pages, open questions, acts that cannot come again, and plans beyond any plan."""
    moment = now()
    async with storage.transaction() as tx:
        await desk.forget(tx, views=moment - KEEP_VIEWS, acts=moment - KEEP_ACTS, prompts=moment)
        await forget_future(tx, moment)
