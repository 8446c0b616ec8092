"""An audience, which is a rule, in; its people slice by slice, or their number, out.

``deliveries`` asks for a wave's next slice, a preview for the count: both by the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.model import (
    Audience,
    BotId,
    Matter,
    Section,
    Subscriber,
    SubscriberId,
    Wave,
    to_ms,
)
from bot.storage import Reader
from bot.storage.rows import number, text
from bot.storage.subscribers import subscriber_from

NOTHING = Matter()
# Whom no mute keeps from what they are told of; mutes of words are asked by ``alerts``.
UNMUTED = """
    NOT EXISTS (
        SELECT 1 FROM mutes WHERE mutes.subscriber = subscribers.id
        AND (until IS NULL OR until > :now)
        AND ((kind = 'section' AND subject = :about_section)
          OR (kind = 'story' AND subject = :about_story)
          OR (kind = 'source' AND subject = :about_source)))
"""
# Who an audience is, in one place: the slice of a wave and the count of a preview both ask it.
# ``follows_up`` names an earlier occasion: its 'reached' are an audience, also those who stopped us
# since, for they have the message; any other is without those who have heard of it, or may have, by
# itself or by a wave that repeated it.
# The plus keeps to the order of ids: by an index of the bot a slice would read, and sort, all its
# readers.
ADDRESSED = f"""
    +bot = :bot AND id > :after AND id <= :last AND blocked_at IS NULL
    AND (left_at IS NULL OR :audience = 'reached')
    AND (:audience = 'all'
      OR (:audience = 'urgent' AND urgent <> 'no')
      OR (:audience IN ('urgent', 'instant') AND EXISTS (
        SELECT 1 FROM subscriptions WHERE kind = 'section' AND subject = :section
        AND subscriber = subscribers.id AND mode = 'instant'))
      OR (:audience = 'section' AND EXISTS (
        SELECT 1 FROM subscriptions WHERE kind = 'section' AND subject = :section
        AND subscriber = subscribers.id))
      OR (:audience = 'active' AND seen_at >= :since)
      OR (:audience = 'editors' AND chat IN (SELECT person FROM team))
      OR (:audience = 'reached' AND EXISTS (
        SELECT 1 FROM deliveries WHERE occasion = :follows_up
        AND subscriber = subscribers.id AND state = 'sent')))
    AND (:audience = 'reached' OR :follows_up IS NULL OR NOT EXISTS (
        SELECT 1 FROM deliveries WHERE subscriber = subscribers.id
        AND state IN ('sent', 'unsure', 'sending') AND occasion IN (
          SELECT :follows_up
          UNION SELECT occasion FROM waves WHERE follows_up = :follows_up AND act = 'send')))
    AND {UNMUTED}
"""  # noqa: S608 - built of constants of this file
# Who was skipped by another wave of the occasion has not heard of it: the news became urgent since.
# So it is when a reader was told of it among many. Else, who was skipped by no wave has muted words
# that are in it.
UNTOLD = f"""
    {ADDRESSED} AND NOT EXISTS (SELECT 1 FROM deliveries
      WHERE occasion = :occasion AND subscriber = subscribers.id
      AND NOT (state = 'skipped' AND ((wave IS NOT NULL AND wave <> :wave
        AND reason IS NOT 'muted words')
        OR (:audience = 'urgent' AND reason = 'told together'))))
"""  # noqa: S608 - likewise
SLICE = f"SELECT * FROM subscribers WHERE {UNTOLD} ORDER BY id LIMIT :limit"  # noqa: S608 - same
COUNT = f"SELECT count(*) AS people FROM subscribers WHERE {ADDRESSED}"  # noqa: S608 - likewise
COUNT_UNTOLD = f"SELECT count(*) AS people FROM subscribers WHERE {UNTOLD}"  # noqa: S608 - same


async def addressed(
    reader: Reader,
    wave: Wave,
    *,
    after: SubscriberId,
    last: SubscriberId,
    limit: int,
    now: datetime,
) -> Sequence[Subscriber]:
    """Return who of (after, last] a wave is for and has no delivery of its occasion yet."""
    rows = await reader.fetch(
        SLICE,
        {
            **columns(wave.bot, wave.audience),
            **about(wave.matter, now),
            "after": after,
            "last": last,
            "occasion": wave.occasion,
            "wave": wave.id,
            "limit": limit,
        },
    )
    return [subscriber_from(row) for row in rows]


async def count(reader: Reader, bot: BotId, audience: Audience, now: datetime) -> int:
    """Count an audience as it is now."""
    everyone = {"after": 0, "last": 2**63 - 1}
    values = {**columns(bot, audience), **about(NOTHING, now), **everyone}
    rows = await reader.fetch(COUNT, values)
    return number(rows[0], "people")


async def followers(reader: Reader, bot: BotId) -> Mapping[Section, int]:
    """Count who follows each section, in any mode; a section without followers is left out."""
    rows = await reader.fetch(
        "SELECT subject, count(*) AS people FROM subscriptions"
        " JOIN subscribers ON subscribers.id = subscriptions.subscriber"
        " WHERE subscriptions.kind = 'section' AND bot = :bot"
        " AND left_at IS NULL AND blocked_at IS NULL GROUP BY subject",
        {"bot": bot},
    )
    return {Section(text(row, "subject")): number(row, "people") for row in rows}


async def untold(reader: Reader, wave: Wave, now: datetime) -> int:
    """Count who is left beyond a wave's cursor and has not heard of its occasion."""
    values = {
        **columns(wave.bot, wave.audience),
        **about(wave.matter, now),
        "after": wave.cursor,
        "last": wave.last_subscriber,
        "occasion": wave.occasion,
        "wave": wave.id,
    }
    rows = await reader.fetch(COUNT_UNTOLD, values)
    return number(rows[0], "people")


def columns(bot: BotId, audience: Audience) -> dict[str, int | str | None]:
    """Return an audience as the columns of a wave, and as the fields of its SQL."""
    return {
        "bot": bot,
        "audience": audience.kind.value,
        "section": audience.section.value if audience.section else None,
        "since": to_ms(audience.since) if audience.since else None,
        "follows_up": audience.follows_up,
    }


def about(matter: Matter, now: datetime) -> dict[str, int | str | None]:
    """Return what mutes are compared with; their subjects are text."""
    return {
        "about_story": None if matter.story is None else str(matter.story),
        "about_section": matter.section.value if matter.section else None,
        "about_source": None if matter.source is None else str(matter.source),
        "now": to_ms(now),
    }
