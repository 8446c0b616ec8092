"""What nobody needs any more leaves the database; a beat once an hour starts it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.storage import Storage, desk

KEEP_VIEWS = timedelta(days=30)  # readers are told so in /mydata
KEEP_ACTS = timedelta(days=7)  # Telegram repeats an update for a day at most


async def prune(storage: Storage, now: Callable[[], datetime]) -> None:
    """Forget old pages, questions nobody answered, and acts that cannot come again."""
    moment = now()
    async with storage.transaction() as tx:
        await desk.forget(tx, views=moment - KEEP_VIEWS, acts=moment - KEEP_ACTS, prompts=moment)
