"""What may be forgotten, a small step at a time; the job ``prune`` takes the steps.

Laws:
* What a reader saved stays, with its articles; so does the newest story, for its id must not be
  given again.
* Sightings outlive their articles: an entry that comes back is no news (T10; RSStT #200).
* A story's deliveries stay while it may be told again: nobody hears of it twice.
* Waves stay, with their tallies.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.model import BriefId, StoryId, to_ms
from bot.storage import Reader, Transaction, articles, stories
from bot.storage.rows import id_list, number

OLD_STORIES = """
    SELECT id FROM stories WHERE last_at < :before AND id < (SELECT max(id) FROM stories)
    AND id NOT IN (SELECT story FROM saved) ORDER BY last_at LIMIT :limit
"""
# Occasions of which nothing is on its way any more, and nothing will be.
OVER = """
    created_at < :before
    AND id NOT IN (SELECT occasion FROM waves WHERE state IN ('open', 'paused', 'held'))
    AND id NOT IN (SELECT follows_up FROM waves WHERE state IN ('open', 'paused', 'held')
      AND follows_up IS NOT NULL)
    AND key NOT IN (SELECT 'story:' || id FROM stories WHERE last_at >= :before)
"""
# A cross join keeps to its order: from the few that are over, never through every delivery.
SETTLED = f"""
    SELECT occasion, subscriber FROM (SELECT id FROM occasions WHERE {OVER}) AS past
    CROSS JOIN deliveries ON occasion = past.id
    WHERE state NOT IN ('waiting', 'held', 'sending') LIMIT :limit
"""  # noqa: S608 - built of constants of this file
FORGET_SETTLED = f"DELETE FROM deliveries WHERE (occasion, subscriber) IN ({SETTLED})"  # noqa: S608 - likewise
EMPTY = f"""
    SELECT id FROM occasions WHERE {OVER}
    AND id NOT IN (SELECT occasion FROM waves)
    AND id NOT IN (SELECT follows_up FROM waves WHERE follows_up IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE occasion = occasions.id) LIMIT :limit
"""  # noqa: S608 - likewise
FORGET_EMPTY = f"DELETE FROM occasions WHERE id IN ({EMPTY})"  # noqa: S608 - likewise
UNUSED_BRIEFS = """
    SELECT id FROM briefs WHERE created_at < :before
    AND id NOT IN (SELECT brief FROM waves) AND id NOT IN (SELECT brief FROM deliveries)
    LIMIT :limit
"""


async def forget_stories(tx: Transaction, before: datetime, limit: int) -> int:
    """Forget the stories that nothing joined since a moment, with all that hangs on them.

    Return how many. What leaves the search index is the very text that the database holds.
    """
    rows = await tx.fetch(OLD_STORIES, {"before": to_ms(before), "limit": limit})
    old = [StoryId(number(row, "id")) for row in rows]
    for telling in await stories.tellings(tx, old):
        for article in telling.articles:
            await tx.unindex(article.id, articles.searchable(article))
    values = {"ids": id_list(old), "subjects": json.dumps([str(story) for story in old])}
    for sql in (
        "DELETE FROM articles WHERE story IN (SELECT value FROM json_each(:ids))",
        "DELETE FROM subscriptions WHERE kind = 'story'"
        " AND subject IN (SELECT value FROM json_each(:subjects))",
        "DELETE FROM mutes WHERE kind = 'story'"
        " AND subject IN (SELECT value FROM json_each(:subjects))",
        "DELETE FROM stories WHERE id IN (SELECT value FROM json_each(:ids))",
    ):
        await tx.execute(sql, values)
    return len(old)


async def forget_deliveries(tx: Transaction, before: datetime, limit: int) -> int:
    """Forget how readers fared with occasions that were over before a moment; return how many."""
    return await tx.execute(FORGET_SETTLED, {"before": to_ms(before), "limit": limit})


async def forget_occasions(tx: Transaction, before: datetime, limit: int) -> int:
    """Forget occasions that no wave and no delivery belongs to any more; return how many."""
    return await tx.execute(FORGET_EMPTY, {"before": to_ms(before), "limit": limit})


async def unused_briefs(reader: Reader, before: datetime, limit: int) -> Sequence[BriefId]:
    """Return briefs that were last kept before a moment and are in no wave and no delivery.

    It reads every delivery once, so it is asked outside of a transaction.
    """
    rows = await reader.fetch(UNUSED_BRIEFS, {"before": to_ms(before), "limit": limit})
    return [BriefId(number(row, "id")) for row in rows]


async def forget_briefs(tx: Transaction, unused: Collection[BriefId], before: datetime) -> int:
    """Forget briefs found unused; one that was kept again in between is kept. Return how many."""
    return await tx.execute(
        "DELETE FROM briefs WHERE id IN (SELECT value FROM json_each(:ids))"
        " AND created_at < :before AND id NOT IN (SELECT brief FROM waves)",
        {"ids": id_list(unused), "before": to_ms(before)},
    )
