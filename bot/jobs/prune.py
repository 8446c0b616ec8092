"""What nobody needs any more leaves the database, and what a wrong clock planned; once an hour.

Each step is a transaction of its own and a short one: whoever waits to write goes in between.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.storage import Storage, Transaction, desk, fixtures, invites, retention, stats
from bot.storage.future import forget_future

KEEP_VIEWS = timedelta(days=30)
KEEP_ACTS = timedelta(days=7)  # Telegram repeats an update for a day at most
KEEP_DELIVERIES = timedelta(days=14)  # corrections, recalls and «what did I miss» look back so far
KEEP_ARTICLES = timedelta(days=400)
KEEP_MATCHES = timedelta(days=400)  # a season and the summer after it
KEEP_COUNTS = timedelta(days=400)  # of pushes, a few rows an hour
ROWS = 500  # a transaction
STORIES = 20  # a transaction: every article's text is folded once more to leave the index
BRIEFS = 10_000  # looked for at once

Step = Callable[[Transaction, datetime, int], Awaitable[int]]


async def prune(
    storage: Storage, now: Callable[[], datetime], keep_articles: timedelta = KEEP_ARTICLES
) -> None:
    """Forget old pages, questions and acts; old stories; how old messages fared; unused briefs.

    1. What people touched, links that are over, old matches and counts, and plans beyond any plan.
    2. Stories that nothing joined for ``keep_articles``, unless somebody saved them.
    3. Deliveries of what is over, then the occasions that were theirs alone, then the words.
    """
    moment = now()
    async with storage.transaction() as tx:
        await desk.forget(tx, views=moment - KEEP_VIEWS, acts=moment - KEEP_ACTS, prompts=moment)
        await invites.forget(tx, moment)
        await fixtures.forget(tx, moment - KEEP_MATCHES)
        await stats.forget(tx, moment - KEEP_COUNTS)
        await forget_future(tx, moment)
    await _in_steps(storage, retention.forget_stories, moment - keep_articles, STORIES)
    over = moment - KEEP_DELIVERIES
    await _in_steps(storage, retention.forget_deliveries, over, ROWS)
    await _in_steps(storage, retention.forget_occasions, over, ROWS)
    await _forget_briefs(storage, over)


async def _in_steps(storage: Storage, step: Step, before: datetime, limit: int) -> None:
    """Take a step again and again until it finds nothing more."""
    while True:
        async with storage.transaction() as tx:
            if not await step(tx, before, limit):
                return


async def _forget_briefs(storage: Storage, before: datetime) -> None:
    unused = await retention.unused_briefs(storage, before, BRIEFS)
    for first in range(0, len(unused), ROWS):
        async with storage.transaction() as tx:
            await retention.forget_briefs(tx, unused[first : first + ROWS], before)
