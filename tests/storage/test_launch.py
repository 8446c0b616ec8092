"""How a broadcast begins, whatever hurries it: once, for the audience of that moment."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.model import (
    Act,
    Audience,
    AudienceKind,
    Brief,
    BriefKind,
    BroadcastId,
    ChatId,
    Copied,
    Rejected,
    Sent,
    UserId,
    Verbatim,
    Wave,
)
from bot.storage import Storage, briefs, broadcasts, follow_ups, scheduled
from bot.storage.broadcasts import Broadcast, BroadcastState
from bot.storage.launch import launch
from tests.crowd import ALL, BOT, answer, claim, join, tell_all, wave_of
from tests.fakes import THURSDAY

KARIM, NADIA = UserId(1002), UserId(1004)
CHAT = ChatId(1002)
HOUR = timedelta(hours=1)
CORRECTED = Verbatim("النص الصحيح", '[{"type": "bold", "offset": 0, "length": 4}]')


async def drafted(storage: Storage) -> BroadcastId:
    async with storage.transaction() as tx:
        return await broadcasts.draft(tx, BOT, KARIM, CHAT, 7, THURSDAY)


async def planned(storage: Storage) -> BroadcastId:
    number = await drafted(storage)
    async with storage.transaction() as tx:
        await scheduled.schedule(tx, number, THURSDAY + HOUR, THURSDAY)
    return number


async def begin(storage: Storage, number: BroadcastId) -> Broadcast | None:
    async with storage.transaction() as tx:
        return await launch(tx, number, KARIM, THURSDAY)


async def read(storage: Storage, number: BroadcastId) -> Broadcast:
    found = await broadcasts.get(storage, number)
    assert found is not None
    return found


async def begun(storage: Storage, number: BroadcastId) -> Wave:
    broadcast = await begin(storage, number)
    assert broadcast is not None
    assert broadcast.wave is not None
    return await wave_of(storage, broadcast.wave)


async def followed(
    storage: Storage, number: BroadcastId, act: Act, words: Verbatim | None = None
) -> BroadcastId:
    of = await read(storage, number)
    said = briefs.write(Brief(BriefKind.ANNOUNCEMENT, (words,))) if words else ""
    async with storage.transaction() as tx:
        return await follow_ups.draft(
            tx, of, act, editor=NADIA, chat=ChatId(NADIA), now=THURSDAY, words=said
        )


async def sent(storage: Storage, readers: int = 3) -> BroadcastId:
    """Announce something to readers, of whom the last refuses it."""
    await join(storage, range(1, readers + 1))
    number = await drafted(storage)
    await begin(storage, number)
    batch = await claim(storage, size=readers - 1)
    assert batch is not None
    await answer(storage, batch, Sent((41,)))
    await tell_all(storage, Rejected("no"))
    return number


async def says(storage: Storage, wave: Wave) -> tuple[object, ...]:
    return (await briefs.get(storage, wave.brief)).blocks


async def test_however_many_begin_it_at_once_it_begins_once(storage: Storage) -> None:
    await join(storage, range(1, 4))
    number = await drafted(storage)

    begun = await asyncio.gather(*(begin(storage, number) for _ in range(5)))

    counts = await storage.fetch(
        "SELECT (SELECT count(*) FROM waves) AS waves, (SELECT count(*) FROM audit) AS acts"
    )
    assert [one is not None for one in begun].count(True) == 1
    assert dict(counts[0]) == {"waves": 1, "acts": 1}


async def test_a_dropped_one_never_begins(storage: Storage) -> None:
    number = await drafted(storage)
    async with storage.transaction() as tx:
        await broadcasts.drop(tx, number)

    assert await begin(storage, number) is None
    assert await begin(storage, BroadcastId(404)) is None


async def test_who_joined_since_the_hour_was_laid_down_is_in_the_audience(
    storage: Storage,
) -> None:
    await join(storage, (1, 2))
    number = await planned(storage)
    await join(storage, (3,))

    await begin(storage, number)
    await join(storage, (4,))

    assert (await read(storage, number)).total == 3
    assert sum(len(batch.parcels) for batch in await tell_all(storage)) == 3


async def test_the_active_are_counted_from_the_moment_it_begins(storage: Storage) -> None:
    number = await drafted(storage)
    async with storage.transaction() as tx:
        await broadcasts.choose(tx, number, Audience(AudienceKind.ACTIVE), 0, days=7)

    wave = await begun(storage, number)

    assert wave.audience == Audience(AudienceKind.ACTIVE, since=THURSDAY - timedelta(days=7))


async def test_the_editors_own_message_is_copied(storage: Storage) -> None:
    wave = await begun(storage, await drafted(storage))

    assert await says(storage, wave) == (Copied(CHAT, 7),)
    assert (wave.act, wave.audience) == (Act.SEND, ALL)


async def test_sent_again_it_is_the_same_message_for_those_it_missed(storage: Storage) -> None:
    first = await sent(storage)

    wave = await begun(storage, await followed(storage, first, Act.SEND))

    assert await says(storage, wave) == (Copied(CHAT, 7),)
    told = [parcel.subscriber.chat for batch in await tell_all(storage) for parcel in batch.parcels]
    assert told == [3]


async def test_sent_again_once_it_was_corrected_it_says_what_is_right(storage: Storage) -> None:
    first = await sent(storage)
    await begin(storage, await followed(storage, first, Act.EDIT, CORRECTED))

    wave = await begun(storage, await followed(storage, first, Act.SEND))

    assert await says(storage, wave) == (CORRECTED,)


async def test_sent_again_with_its_picture_it_has_the_caption_that_is_right(
    storage: Storage,
) -> None:
    caption = Verbatim("تعليق صحيح", is_caption=True)
    first = await sent(storage)
    await begin(storage, await followed(storage, first, Act.EDIT, caption))

    wave = await begun(storage, await followed(storage, first, Act.SEND))

    assert await says(storage, wave) == (Copied(CHAT, 7, caption),)


async def test_a_correction_goes_to_whom_it_reached_and_knows_their_messages(
    storage: Storage,
) -> None:
    first = await sent(storage)

    wave = await begun(storage, await followed(storage, first, Act.EDIT, CORRECTED))

    batch = await claim(storage)
    assert batch is not None
    assert wave.act is Act.EDIT
    assert await says(storage, wave) == (CORRECTED,)
    assert [(one.subscriber.chat, one.messages) for one in batch.parcels] == [
        (1, (41,)),
        (2, (41,)),
    ]


async def test_of_what_is_taken_back_the_numbers_are_known(storage: Storage) -> None:
    first = await read(storage, await sent(storage))

    counted = [
        await follow_ups.reached_before(storage, first, moment)
        for moment in (THURSDAY - HOUR, THURSDAY)
    ]

    assert counted == [0, 2]


async def test_what_is_followed_up_is_known_to_be_until_that_is_reported(storage: Storage) -> None:
    first = await sent(storage)
    known = [await follow_ups.is_followed_up(storage, first)]
    number = await followed(storage, first, Act.DELETE)
    known.append(await follow_ups.is_followed_up(storage, first))
    await begin(storage, number)
    known.append(await follow_ups.is_followed_up(storage, first))
    async with storage.transaction() as tx:
        await broadcasts.reported(tx, number)
    known.append(await follow_ups.is_followed_up(storage, first))

    assert known == [False, False, True, False]


async def test_an_hour_is_due_when_it_comes_and_can_be_moved_and_missed(storage: Storage) -> None:
    number = await planned(storage)
    early = await scheduled.due(storage, BOT, THURSDAY + HOUR - timedelta(seconds=1))
    [due] = await scheduled.due(storage, BOT, THURSDAY + HOUR)
    async with storage.transaction() as tx:
        missed = [await scheduled.miss(tx, number) for _ in range(2)]
        await broadcasts.show_in(tx, number, 500)
    asked = await scheduled.unasked(storage, BOT)

    async with storage.transaction() as tx:
        moved = await scheduled.schedule(tx, number, THURSDAY + 2 * HOUR, THURSDAY)

    assert (list(early), due.id, missed, list(asked), moved) == (
        [],
        number,
        [True, False],
        [],
        True,
    )
    assert (await read(storage, number)).state is BroadcastState.SCHEDULED
    assert [one.id for one in await scheduled.pending(storage, BOT)] == [number]


async def test_an_hour_is_laid_down_for_no_broadcast_that_has_begun(storage: Storage) -> None:
    number = await drafted(storage)
    await begin(storage, number)

    async with storage.transaction() as tx:
        moved = await scheduled.schedule(tx, number, THURSDAY + HOUR, THURSDAY)
        dropped = await broadcasts.drop(tx, number)

    assert (moved, dropped) == (False, False)
