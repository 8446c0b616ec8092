"""What chats follow and mute: sections, sources, stories, words; mutes end by themselves.

A follow and a mute of one subject stand side by side: when the mute ends, the follow speaks again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
from bot.storage import Reader, Transaction, Values
from bot.storage.rows import id_list, moment_or_none, number, text


def _subject(row: Row) -> Subject:
    return Subject(SubjectKind(text(row, "kind")), text(row, "subject"))


def _key(subject: Subject) -> dict[str, str]:
    """Return the columns that name a subject; words are found by the rarest of their stems."""
    words = subject.key if subject.kind is SubjectKind.WORDS else ""
    return {"kind": subject.kind.value, "subject": subject.key, "rarest": rarest(words)}


async def taste(reader: Reader, subscriber: SubscriberId, now: datetime) -> Taste:
    """Return all that a subscriber follows, and the mutes that have not ended."""
    return (await tastes(reader, [subscriber], now))[subscriber]


async def tastes(
    reader: Reader, subscribers: Collection[SubscriberId], now: datetime
) -> Mapping[SubscriberId, Taste]:
    """Return the taste of each of these subscribers, in two questions however many they are."""
    values: Values = {"ids": id_list(subscribers), "now": to_ms(now)}
    follows: dict[SubscriberId, dict[Subject, Mode]] = {one: {} for one in subscribers}
    mutes: dict[SubscriberId, dict[Subject, datetime | None]] = {one: {} for one in subscribers}
    for row in await reader.fetch(
        "SELECT subscriber, kind, subject, mode FROM subscriptions"
        " WHERE subscriber IN (SELECT value FROM json_each(:ids))"
        " ORDER BY created_at, kind, subject",
        values,
    ):
        found = follows[SubscriberId(number(row, "subscriber"))]
        found[_subject(row)] = Mode(text(row, "mode"))
    for row in await reader.fetch(
        "SELECT subscriber, kind, subject, until FROM mutes"
        " WHERE subscriber IN (SELECT value FROM json_each(:ids))"
        " AND (until IS NULL OR until > :now) ORDER BY created_at, kind, subject",
        values,
    ):
        muted = mutes[SubscriberId(number(row, "subscriber"))]
        muted[_subject(row)] = moment_or_none(row, "until")
    return {one: Taste(follows[one], mutes[one]) for one in subscribers}


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
