"""Who is told of a story in person: readers who follow its source, its words, or the story itself.

The job ``alerts`` asks in the transaction that stores the news. However many readers have saved
words, those of one article are found by its stems in an index; nobody goes through them all.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.articles.watch import rarest, stems_of, tells_of
from bot.model import (
    Article,
    Audience,
    BotId,
    Matter,
    OccasionId,
    SourceId,
    StoryId,
    SubscriberId,
    to_ms,
)
from bot.storage import Reader, Transaction
from bot.storage.audience import ADDRESSED, NOTHING, UNMUTED, about, columns
from bot.storage.deliveries import TOGETHER
from bot.storage.rows import id_list, number, number_or_none, text

# Only words have a rarest stem. Its index leads to those that an article may tell of.
FOLLOWED_WORDS = (
    "SELECT DISTINCT subject FROM subscriptions WHERE rarest <> ''"
    " AND rarest IN (SELECT value FROM json_each(:stems))"
)
MUTED_WORDS = (
    "SELECT DISTINCT subject FROM mutes WHERE rarest <> ''"
    " AND rarest IN (SELECT value FROM json_each(:stems))"
)
# Most newsrooms have readers without words of their own: then no article is cut into stems.
ANY_FOLLOWED_WORDS = "SELECT 1 FROM subscriptions WHERE rarest <> '' LIMIT 1"
ANY_MUTED_WORDS = "SELECT 1 FROM mutes WHERE rarest <> '' LIMIT 1"
_MUTES_WORDS = """
    SELECT subscriber FROM mutes WHERE rarest <> ''
    AND rarest IN (SELECT value FROM json_each(:rarest))
    AND subject IN (SELECT value FROM json_each(:muted)) AND (until IS NULL OR until > :now)
"""
_REACHED = f"""
    bot = :bot AND left_at IS NULL AND blocked_at IS NULL AND {UNMUTED}
    AND id NOT IN ({_MUTES_WORDS})
"""
# A cross join keeps to its order: from the few who ask for it to their rows, never through all.
FOLLOWERS = f"""
    SELECT id FROM (
      SELECT subscriber FROM subscriptions WHERE kind = 'source' AND mode = 'instant'
      AND subject IN (SELECT value FROM json_each(:sources))
      UNION SELECT subscriber FROM subscriptions WHERE kind = 'words' AND mode = 'instant'
      AND subject IN (SELECT value FROM json_each(:words))
      UNION SELECT subscriber FROM subscriptions WHERE kind = 'story' AND mode = 'instant'
      AND subject = :story) AS wanted CROSS JOIN subscribers WHERE id = wanted.subscriber
    AND {_REACHED}
    AND NOT ({ADDRESSED})
    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE occasion = :occasion
      AND subscriber = subscribers.id)
    AND NOT EXISTS (SELECT 1 FROM json_each(:roundups) CROSS JOIN deliveries
      WHERE occasion = value AND subscriber = subscribers.id
      AND (state <> 'skipped' OR reason = '{TOGETHER}'))
    ORDER BY id
"""  # noqa: S608 - built of constants of this file
# Who waits to be told of the story itself, or is told of it among many at this moment, is not told
# that something has happened in it.
GROWTH_READERS = f"""
    SELECT id FROM (
      SELECT subscriber FROM subscriptions WHERE kind = 'story' AND mode = 'instant'
      AND subject = :story) AS wanted CROSS JOIN subscribers WHERE id = wanted.subscriber
    AND {_REACHED}
    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE occasion = :occasion
      AND subscriber = subscribers.id AND (state IN ('waiting', 'held')
        OR (state = 'skipped' AND reason = '{TOGETHER}' AND settled_at = :now)))
    ORDER BY id
"""  # noqa: S608 - built of constants of this file
MUTERS = f"""
    SELECT DISTINCT id FROM ({_MUTES_WORDS}) AS muting CROSS JOIN subscribers
    WHERE id = muting.subscriber AND {ADDRESSED} ORDER BY id
"""  # noqa: S608 - built of constants of this file


# An audience without anybody, as the fields of its SQL.
NOBODY: Final = {"audience": "", "section": None, "since": None, "follows_up": None}
_EVERYONE: Final = {"after": 0, "last": 2**63 - 1}


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell in person.

    ``sources`` and ``words`` are those whose followers hear of it; ``muted``: the words in it that
    somebody mutes; ``roundup``: who hears of it in a message with others.
    """

    matter: Matter
    sources: frozenset[SourceId] = frozenset()
    words: frozenset[str] = frozenset()
    muted: frozenset[str] = frozenset()
    is_for_followers: bool = False  # of the story itself
    roundup: Audience | None = None


async def followed_words(reader: Reader, articles: Iterable[Article]) -> frozenset[str]:
    """Return the words somebody follows that one of these articles tells of."""
    if not await reader.fetch(ANY_FOLLOWED_WORDS):
        return frozenset()
    return await _told_words(reader, FOLLOWED_WORDS, articles)


async def muted_words(reader: Reader, articles: Iterable[Article]) -> frozenset[str]:
    """Return the words somebody mutes, or did, that one of these articles tells of."""
    if not await reader.fetch(ANY_MUTED_WORDS):
        return frozenset()
    return await _told_words(reader, MUTED_WORDS, articles)


async def _told_words(reader: Reader, sql: str, articles: Iterable[Article]) -> frozenset[str]:
    told: set[str] = set()
    for article in articles:
        stems = stems_of(article)
        rows = await reader.fetch(sql, {"stems": _texts(stems)})
        told.update(kept for row in rows if tells_of(stems, kept := text(row, "subject")))
    return frozenset(told)


async def followers(
    reader: Reader, bot: BotId, news: News, told: OccasionId | None, now: datetime
) -> Sequence[SubscriberId]:
    """Return who is told of a story in person and has not heard of it; ``told``: its occasion."""
    values = {
        "sources": _texts(map(str, news.sources)),
        "words": _texts(news.words),
        "story": str(news.matter.story) if news.is_for_followers else None,
        "roundups": await _roundups(reader, news.matter.story) if news.matter.story else "[]",
        **(columns(bot, news.roundup) if news.roundup else NOBODY),
    }
    return await _readers(reader, FOLLOWERS, {**_asked(bot, news, told, now), **values})


async def growth_readers(
    reader: Reader, bot: BotId, news: News, told: OccasionId | None, now: datetime
) -> Sequence[SubscriberId]:
    """Return who follows a story instantly and is to hear that something has happened in it."""
    values = {"story": str(news.matter.story)}
    return await _readers(reader, GROWTH_READERS, {**_asked(bot, news, told, now), **values})


async def muters(
    reader: Reader, bot: BotId, audience: Audience, words: Collection[str], now: datetime
) -> Sequence[SubscriberId]:
    """Return who of an audience mutes any of these words."""
    if not words:
        return []
    values = {**columns(bot, audience), **about(NOTHING, now), **_EVERYONE, **_muted(words)}
    return await _readers(reader, MUTERS, values)


async def occasion_of(reader: Reader, key: str) -> OccasionId | None:
    """Return an occasion that is there."""
    rows = await reader.fetch("SELECT id FROM occasions WHERE key = :key", {"key": key})
    found = number_or_none(rows[0], "id") if rows else None
    return None if found is None else OccasionId(found)


async def note_roundup(
    tx: Transaction, roundup: OccasionId, told: Iterable[StoryId], now: datetime
) -> None:
    """Note which stories a roundup tells: who has had it is told none of them alone."""
    await tx.execute_many(
        "INSERT INTO occasions (key, created_at) VALUES (:key, :now) ON CONFLICT (key) DO NOTHING",
        [{"key": f"within:{story}:{roundup}", "now": to_ms(now)} for story in told],
    )


async def _roundups(reader: Reader, story: StoryId) -> str:
    """Return the occasions of the roundups that told a story, as JSON."""
    rows = await reader.fetch(
        "SELECT key FROM occasions WHERE key >= :first AND key < :end",
        {"first": f"within:{story}:", "end": f"within:{story};"},
    )
    return id_list(int(text(row, "key").rpartition(":")[2]) for row in rows)


async def was_told_of_growth(reader: Reader, story: StoryId, since: datetime) -> bool:
    """Say whether the followers of a story heard of it after a moment."""
    rows = await reader.fetch(
        "SELECT 1 FROM occasions WHERE key >= :first AND key < :end AND created_at > :since"
        " LIMIT 1",
        {"first": f"growth:{story}:", "end": f"growth:{story};", "since": to_ms(since)},
    )
    return bool(rows)


def _asked(
    bot: BotId, news: News, told: OccasionId | None, now: datetime
) -> dict[str, int | str | None]:
    asked = {"bot": bot, "occasion": told, **_EVERYONE}
    return {**asked, **about(news.matter, now), **_muted(news.muted)}


def _muted(words: Collection[str]) -> dict[str, str]:
    from_stems = {stem for kept in words if (stem := rarest(kept))}
    return {"muted": _texts(words), "rarest": _texts(from_stems)}


async def _readers(
    reader: Reader, sql: str, values: dict[str, int | str | None]
) -> Sequence[SubscriberId]:
    return [SubscriberId(number(row, "id")) for row in await reader.fetch(sql, values)]


def _texts(words: Iterable[str]) -> str:
    return json.dumps(sorted(words), ensure_ascii=False)
