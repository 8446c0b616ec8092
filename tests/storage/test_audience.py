"""Who an audience is: its rule, those who follow it up, and what mutes take out of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.model import (
    Act,
    Audience,
    AudienceKind,
    Later,
    Matter,
    Mode,
    OccasionId,
    Priority,
    Rejected,
    Section,
    Sent,
    SourceId,
    StoryId,
    Subject,
    SubjectKind,
    Subscriber,
    SubscriberId,
    section_subject,
    source_subject,
    story_subject,
)
from bot.storage import Storage, audience, briefs, subscribers, subscriptions, team, waves
from tests.crowd import BOT, answer, brief, chats, claim, join, say, tell_all, wave_of
from tests.fakes import THURSDAY

DAY = timedelta(days=1)
SPORT = Audience(AudienceKind.SECTION, Section.SPORT)
EDITORS = Audience(AudienceKind.EDITORS)
STATES = ("sent", "unreachable", "rejected", "unsure", "skipped")
LATER = Later("busy")
MATTER = Matter(StoryId(9), Section.SPORT, SourceId(4))


async def count(storage: Storage, of: Audience, now: datetime = THURSDAY) -> int:
    return await audience.count(storage, BOT, of, now)


async def seen(storage: Storage, person: Subscriber, moment: datetime) -> None:
    async with storage.transaction() as tx:
        await subscribers.seen(tx, person.id, moment)


async def sent_again(
    storage: Storage, first: OccasionId, *, act: Act = Act.SEND, occasion: str = "مرة أخرى"
) -> list[int]:
    """Begin a wave that follows an occasion up, reach everybody, and return who that was."""
    kind = AudienceKind.ALL if act is Act.SEND else AudienceKind.REACHED
    async with storage.transaction() as tx:
        await waves.begin(
            tx,
            BOT,
            occasion,
            await briefs.keep(tx, brief(), THURSDAY),
            audience=Audience(kind, follows_up=first),
            priority=Priority.BROADCAST,
            now=THURSDAY,
            act=act,
        )
    return sorted(chats(*await tell_all(storage)))


async def told_in_part(storage: Storage) -> OccasionId:
    """Tell five readers: one is reached, one unreachable, one refused, one unsure, one skipped."""
    await join(storage, range(1, 6))
    wave = await wave_of(storage, await say(storage))
    batch = await claim(storage)
    assert batch is not None
    async with storage.transaction() as tx:
        for parcel, state in zip(batch.parcels, STATES, strict=True):
            await tx.execute(
                "INSERT INTO deliveries (occasion, subscriber, state, brief, wave, message_ids)"
                " VALUES (:occasion, :subscriber, :state, :brief, :wave, '[7]')",
                {
                    "occasion": wave.occasion,
                    "subscriber": parcel.subscriber.id,
                    "state": state,
                    "brief": wave.brief,
                    "wave": wave.id,
                },
            )
        await tx.execute("DELETE FROM batches")
        await waves.finish(tx, THURSDAY)
    return wave.occasion


async def test_the_active_are_those_seen_since_a_moment(storage: Storage) -> None:
    salma, karim, younes = await join(storage, (1, 2, 3))
    for person, days in ((salma, 1), (karim, 7), (younes, 40)):
        await seen(storage, person, THURSDAY - days * DAY)

    counts = [
        await count(storage, Audience(AudienceKind.ACTIVE, since=THURSDAY - days * DAY))
        for days in (1, 7, 30, 90)
    ]

    assert counts == [1, 2, 2, 3]


async def test_the_editors_are_who_works_at_the_desk_and_has_a_chat_with_us(
    storage: Storage,
) -> None:
    await join(storage, (1, 2, 3))
    async with storage.transaction() as tx:
        await team.configure(tx, owners=(2,), editors=(3, 99), now=THURSDAY)
    wave = await wave_of(storage, await say(storage, audience=EDITORS))

    addressed = await audience.addressed(
        storage, wave, after=SubscriberId(0), last=wave.last_subscriber, limit=9, now=THURSDAY
    )

    assert [person.chat for person in addressed] == [2, 3]
    assert await count(storage, EDITORS) == 2


async def test_nobody_who_stopped_or_blocked_us_is_in_any_audience_that_is_sent_to(
    storage: Storage,
) -> None:
    salma, karim, _ = await join(storage, (1, 2, 3))
    async with storage.transaction() as tx:
        await team.configure(tx, owners=(1, 2, 3), editors=(), now=THURSDAY)
        await subscribers.leave(tx, salma.id, THURSDAY)
        await subscribers.block(tx, karim.id, THURSDAY)

    active = Audience(AudienceKind.ACTIVE, since=THURSDAY - DAY)
    assert [await count(storage, of) for of in (EDITORS, active)] == [1, 1]


async def test_sent_again_it_goes_to_whom_it_missed_and_never_to_who_may_have_it(
    storage: Storage,
) -> None:
    first = await told_in_part(storage)

    again = await sent_again(storage, first)

    assert again == [2, 3, 5]


async def test_a_third_time_it_goes_to_nobody_whom_either_time_reached(storage: Storage) -> None:
    first = await told_in_part(storage)
    await sent_again(storage, first)

    assert await count(storage, Audience(AudienceKind.ALL, follows_up=first)) == 0
    assert await sent_again(storage, first, occasion="ثالثة") == []


async def test_a_correction_under_way_takes_nobody_out_of_those_it_missed(
    storage: Storage,
) -> None:
    first = await told_in_part(storage)

    corrected = await sent_again(storage, first, act=Act.EDIT)

    assert corrected == [1]
    assert await count(storage, Audience(AudienceKind.ALL, follows_up=first)) == 3


async def test_who_follows_the_section_and_was_missed_is_told_again(storage: Storage) -> None:
    await join(storage, (1, 2), sport=Mode.DIGEST)
    await join(storage, (3,))
    wave = await wave_of(storage, await say(storage, audience=SPORT))
    batch = await claim(storage)
    assert batch is not None
    await answer(storage, batch, Rejected("no"))

    again = Audience(AudienceKind.SECTION, Section.SPORT, follows_up=wave.occasion)
    assert await count(storage, again) == 2


async def test_the_reached_are_those_who_have_it_also_when_they_stopped_us_since(
    storage: Storage,
) -> None:
    salma, karim, younes = await join(storage, (1, 2, 3))
    wave = await wave_of(storage, await say(storage))
    await tell_all(storage, Sent((7,)))
    await join(storage, (4,))
    async with storage.transaction() as tx:
        await subscribers.leave(tx, karim.id, THURSDAY)
        await subscribers.block(tx, younes.id, THURSDAY)

    assert await sent_again(storage, wave.occasion, act=Act.DELETE) == [salma.chat, karim.chat]


async def test_whoever_takes_a_message_back_knows_its_numbers_also_when_it_is_tried_again(
    storage: Storage,
) -> None:
    await join(storage, (1,))
    wave = await wave_of(storage, await say(storage))
    await tell_all(storage, Sent((41, 42)))
    async with storage.transaction() as tx:
        await waves.begin(
            tx,
            BOT,
            "سحب",
            wave.brief,
            audience=Audience(AudienceKind.REACHED, follows_up=wave.occasion),
            priority=Priority.BROADCAST,
            now=THURSDAY,
            act=Act.DELETE,
        )
    first = await claim(storage)
    assert first is not None
    await answer(storage, first, LATER)

    second = await claim(storage, THURSDAY + timedelta(hours=1))

    assert second is not None
    tries = [(one.act, one.messages) for one in (*first.parcels, *second.parcels)]
    assert tries == [(Act.DELETE, (41, 42))] * 2


@pytest.mark.parametrize(
    ("muted", "is_told"),
    [
        (section_subject(Section.SPORT), False),
        (story_subject(StoryId(9)), False),
        (source_subject(SourceId(4)), False),
        (section_subject(Section.WORLD), True),
        (story_subject(StoryId(8)), True),
        (source_subject(SourceId(5)), True),
        (Subject(SubjectKind.WORDS, "9"), True),
    ],
    ids=lambda value: f"{value.kind}-{value.key}" if isinstance(value, Subject) else str(value),
)
async def test_a_mute_keeps_a_reader_from_what_it_is_about(
    storage: Storage, muted: Subject, is_told: bool
) -> None:
    (salma,) = await join(storage, (1,), sport=Mode.INSTANT)
    async with storage.transaction() as tx:
        await subscriptions.mute(tx, salma.id, muted, until=None, now=THURSDAY)

    assert await is_addressed(storage) is is_told


async def test_a_mute_that_has_ended_keeps_nobody_from_anything(storage: Storage) -> None:
    (salma,) = await join(storage, (1,), sport=Mode.INSTANT)
    async with storage.transaction() as tx:
        subject = section_subject(Section.SPORT)
        await subscriptions.mute(tx, salma.id, subject, until=THURSDAY, now=THURSDAY - DAY)

    assert await is_addressed(storage)


async def test_a_muted_section_does_not_stop_what_editors_announce_to_its_followers(
    storage: Storage,
) -> None:
    (salma,) = await join(storage, (1,), sport=Mode.DIGEST)
    async with storage.transaction() as tx:
        subject = section_subject(Section.SPORT)
        await subscriptions.mute(tx, salma.id, subject, until=None, now=THURSDAY)
    await say(storage, audience=SPORT)

    assert chats(*await tell_all(storage)) == [1]


async def is_addressed(storage: Storage) -> bool:
    """Say whether an instant about MATTER would go to anybody."""
    async with storage.transaction() as tx:
        await waves.begin(
            tx,
            BOT,
            "story:9",
            await briefs.keep(tx, brief(), THURSDAY),
            audience=Audience(AudienceKind.INSTANT, Section.SPORT),
            priority=Priority.INSTANT,
            now=THURSDAY,
            matter=MATTER,
        )
    batch = await claim(storage)
    return batch is not None and bool(batch.parcels)
