"""What chats follow and mute: sections, sources, stories, words; mutes end by themselves.

A follow and a mute of one subject stand side by side: when the mute ends, the follow speaks again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.articles.watch import rarest
from bot.model import (
    Mode,
    Row,
    Section,
    Subject,
    SubjectKind,
    SubscriberId,
    Taste,
    section_subject,
    to_ms,
)
from bot.storage import Reader, Transaction
from bot.storage.rows import moment_or_none, text


def _subject(row: Row) -> Subject:
    return Subject(SubjectKind(text(row, "kind")), text(row, "subject"))


def _key(subject: Subject) -> dict[str, str]:
    """Return the columns that name a subject; words are found by the rarest of their stems."""
    words = subject.key if subject.kind is SubjectKind.WORDS else ""
    return {"kind": subject.kind.value, "subject": subject.key, "rarest": rarest(words)}


async def taste(reader: Reader, subscriber: SubscriberId, now: datetime) -> Taste:
    """Return all that a subscriber follows, and the mutes that have not ended."""
    follows = await reader.fetch(
        "SELECT kind, subject, mode FROM subscriptions WHERE subscriber = :id"
        " ORDER BY created_at, kind, subject",
        {"id": subscriber},
    )
    mutes = await reader.fetch(
        "SELECT kind, subject, until FROM mutes WHERE subscriber = :id"
        " AND (until IS NULL OR until > :now) ORDER BY created_at, kind, subject",
        {"id": subscriber, "now": to_ms(now)},
    )
    return Taste(
        {_subject(row): Mode(text(row, "mode")) for row in follows},
        {_subject(row): moment_or_none(row, "until") for row in mutes},
    )


async def sections(reader: Reader, subscriber: SubscriberId) -> dict[Section, Mode]:
    """Return the sections that a subscriber follows, and how."""
    rows = await reader.fetch(
        "SELECT subject, mode FROM subscriptions WHERE subscriber = :id AND kind = 'section'",
        {"id": subscriber},
    )
    return {Section(text(row, "subject")): Mode(text(row, "mode")) for row in rows}


async def follow(
    tx: Transaction,
    subscriber: SubscriberId,
    subjects: Iterable[Subject],
    mode: Mode,
    now: datetime,
) -> None:
    """Follow subjects in a mode, whatever the mode was before; a mute of theirs ends."""
    for subject in subjects:
        await tx.execute(
            "INSERT INTO subscriptions (subscriber, kind, subject, mode, rarest, created_at)"
            " VALUES (:subscriber, :kind, :subject, :mode, :rarest, :now)"
            " ON CONFLICT (kind, subject, subscriber) DO UPDATE SET mode = excluded.mode",
            {
                **_key(subject),
                "subscriber": subscriber,
                "mode": mode.value,
                "now": to_ms(now),
            },
        )
        await unmute(tx, subscriber, subject)


async def unfollow(tx: Transaction, subscriber: SubscriberId, subjects: Iterable[Subject]) -> None:
    """Follow these subjects no more."""
    await tx.execute_many(
        "DELETE FROM subscriptions"
        " WHERE subscriber = :subscriber AND kind = :kind AND subject = :subject",
        [
            {"subscriber": subscriber, "kind": subject.kind.value, "subject": subject.key}
            for subject in subjects
        ],
    )


async def mute(
    tx: Transaction,
    subscriber: SubscriberId,
    subject: Subject,
    *,
    until: datetime | None,
    now: datetime,
) -> None:
    """Hear nothing of a subject until a moment; None: for good."""
    await tx.execute(
        "INSERT INTO mutes (subscriber, kind, subject, until, rarest, created_at)"
        " VALUES (:subscriber, :kind, :subject, :until, :rarest, :now)"
        " ON CONFLICT (subscriber, kind, subject) DO UPDATE SET until = excluded.until",
        {
            **_key(subject),
            "subscriber": subscriber,
            "until": to_ms(until) if until else None,
            "now": to_ms(now),
        },
    )


async def unmute(tx: Transaction, subscriber: SubscriberId, subject: Subject) -> None:
    """End a mute."""
    await tx.execute(
        "DELETE FROM mutes WHERE subscriber = :subscriber AND kind = :kind AND subject = :subject",
        {"subscriber": subscriber, "kind": subject.kind.value, "subject": subject.key},
    )


async def follow_sections(
    tx: Transaction, subscriber: SubscriberId, wanted: Iterable[Section], mode: Mode, now: datetime
) -> None:
    """Follow sections in a mode, whatever the mode was before."""
    await follow(tx, subscriber, map(section_subject, wanted), mode, now)


async def unfollow_sections(
    tx: Transaction, subscriber: SubscriberId, unwanted: Iterable[Section]
) -> None:
    """Follow these sections no more."""
    await unfollow(tx, subscriber, map(section_subject, unwanted))
