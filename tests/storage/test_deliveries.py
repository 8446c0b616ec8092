"""What ``storage.deliveries`` promises: what goes first, and what a dead holder leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import (
    BatchId,
    DeliveryState,
    Later,
    Moved,
    Parcel,
    Priority,
    Settlement,
    Tally,
    Unreachable,
    WaveState,
)
from bot.outbox.settle import MOST_DOUBTS
from bot.storage import Storage, batches, briefs, deliveries, subscribers, waves
from bot.storage.parcels import DUE, IN_FLIGHT
from tests.crowd import (
    BOT,
    LEASE,
    answer,
    brief,
    chats,
    claim,
    delivery_of,
    join,
    restart,
    say,
    tell_all,
    wave_of,
    write,
)
from tests.fakes import THURSDAY

HOUR = timedelta(hours=1)
UNKNOWN = Later("hung up", is_certain=False)


async def claimed(
    storage: Storage, *, size: int = 25, after: timedelta = timedelta(0)
) -> list[int]:
    """Claim a batch and return its chats; [] when nothing is due."""
    batch = await claim(storage, THURSDAY + after, size=size)
    return chats(batch) if batch else []


async def parcels(storage: Storage, after: timedelta = timedelta(0)) -> tuple[Parcel, ...]:
    batch = await claim(storage, THURSDAY + after)
    return batch.parcels if batch else ()


async def give_back(storage: Storage, batch: int) -> None:
    async with storage.transaction() as tx:
        await batches.give_back(tx, BatchId(batch))


# ── personal deliveries ────────────────────────────────────────────────────────────────────


async def test_a_reader_hears_of_an_occasion_once(storage: Storage) -> None:
    [salma] = await join(storage, [1])

    written = [await write(storage, salma, "digest:1:2026-11-26") for _ in range(2)]
    await tell_all(storage)

    assert written == [1, 0]
    assert not await write(storage, salma, "digest:1:2026-11-26")
    assert await claim(storage) is None


async def test_many_hear_of_an_occasion_but_for_those_whom_it_passes_by(storage: Storage) -> None:
    people = [person.id for person in await join(storage, [1, 2, 3])]
    async with storage.transaction() as tx:
        said = await briefs.keep(tx, brief(), THURSDAY)
        occasion = await waves.occasion(tx, "story:1", THURSDAY)
        await deliveries.skip(
            tx, occasion, people[:1], said, reason=deliveries.HUSHED, now=THURSDAY
        )

        written = await deliveries.write(
            tx, occasion, people, said, priority=Priority.INSTANT, now=THURSDAY
        )

    assert written == 2
    assert await claimed(storage) == [2, 3]
    [row] = await storage.fetch("SELECT * FROM deliveries WHERE state = 'skipped'")
    assert (row["reason"], row["wave"], row["attempts"]) == (deliveries.HUSHED, None, None)
    assert row["settled_at"] is not None


async def test_a_personal_delivery_carries_all_it_needs(storage: Storage) -> None:
    [salma] = await join(storage, [1])
    await write(storage, salma, "أ", priority=Priority.INSTANT, lasts=HOUR)

    [parcel] = await parcels(storage)

    assert parcel.subscriber == salma
    assert (parcel.priority, parcel.expires_at) == (Priority.INSTANT, THURSDAY + HOUR)
    assert (parcel.wave, parcel.is_written) == (None, True)
    assert (parcel.attempts, parcel.doubts) == (0, 0)


async def test_what_failed_is_due_again_when_its_back_off_is_over(storage: Storage) -> None:
    [salma] = await join(storage, [1])
    await write(storage, salma, "أ")
    batch = await claim(storage)
    assert batch is not None

    await answer(storage, batch, Later("network", retry_after=HOUR))

    assert await claimed(storage, after=HOUR - timedelta(milliseconds=1)) == []
    [again] = await parcels(storage, HOUR)
    assert (again.attempts, again.doubts) == (1, 0)


async def test_attempts_and_doubts_add_up_until_nobody_knows(storage: Storage) -> None:
    [salma] = await join(storage, [1])
    await write(storage, salma, "أ")
    tries: list[tuple[int, int]] = []

    for hours in range(9):
        batch = await claim(storage, THURSDAY + hours * HOUR)
        if batch is None:
            break
        tries += [(parcel.attempts, parcel.doubts) for parcel in batch.parcels]
        await answer(storage, batch, UNKNOWN, THURSDAY + hours * HOUR)

    assert tries == [(0, 0), (1, 1), (2, 2)]
    assert await delivery_of(storage, "أ", salma.id) == (DeliveryState.UNSURE, ())


async def test_a_retry_goes_to_the_chats_new_number(storage: Storage) -> None:
    """T48; healthchecks #132."""
    [group] = await join(storage, [-5])
    await say(storage)
    batch = await claim(storage)
    assert batch is not None
    await answer(storage, batch, Moved(subscribers.ChatId(-1005)))

    async with storage.transaction() as tx:
        await subscribers.move(tx, group.id, subscribers.ChatId(-1005))

    assert await claimed(storage) == [-1005]


async def test_a_reader_with_text_that_is_no_text_stops_nobody(storage: Storage) -> None:
    """T41: an answer may carry anything; half a letter of it must not keep a batch open."""
    people = await join(storage, [1, 2])
    await say(storage)
    batch = await claim(storage)
    assert batch is not None

    await answer(storage, batch, Unreachable("gone \ud83d"))

    states = [await delivery_of(storage, "خبر", person.id) for person in people]
    assert states == [(DeliveryState.UNREACHABLE, ())] * 2


# ── what goes first ────────────────────────────────────────────────────────────────────────


async def test_an_urgent_wave_overtakes_a_broadcast_between_batches(storage: Storage) -> None:
    await join(storage, range(1, 5))
    await say(storage, "إعلان")
    first = await claimed(storage, size=3)
    await say(storage, "عاجل", priority=Priority.URGENT)

    batches = [await claim(storage, size=3) for _ in range(3)]

    told = [
        (parcel.priority, parcel.subscriber.chat)
        for one in batches
        if one
        for parcel in one.parcels
    ]
    assert first == [1, 2, 3]
    assert told == [
        *((Priority.URGENT, chat) for chat in range(1, 5)),
        (Priority.BROADCAST, 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("personal", "wave", "goes_first"),
    [
        (Priority.DIGEST, Priority.INSTANT, "personal"),
        (Priority.DIGEST, Priority.DIGEST, "personal"),
        (Priority.DIGEST, Priority.URGENT, "wave"),
        (Priority.BROADCAST, Priority.INSTANT, "wave"),
    ],
)
async def test_the_more_urgent_goes_first_and_what_stands_before_what_does_not(
    storage: Storage, personal: Priority, wave: Priority, goes_first: str
) -> None:
    first, _ = await join(storage, [1, 2])
    await write(storage, first, "شخصي", priority=personal)
    await say(storage, "موجة", priority=wave)

    batch = await claim(storage, size=5)

    assert batch is not None
    kinds = {"personal" if one.wave is None else "wave" for one in batch.parcels}
    assert kinds == {goes_first}


async def test_of_what_stands_the_longest_due_goes_first(storage: Storage) -> None:
    people = await join(storage, range(1, 4))
    for person, minutes in zip(people, (2, 0, 1), strict=True):
        await write(storage, person, "أ", now=THURSDAY + timedelta(minutes=minutes))

    assert await claimed(storage, after=HOUR, size=2) == [2, 3]
    assert await claimed(storage, after=HOUR, size=2) == [1]


async def test_a_due_digest_does_not_wait_behind_instants_that_sleep_till_morning(
    storage: Storage,
) -> None:
    await join(storage, range(1, 30))
    await say(storage, priority=Priority.INSTANT)
    batch = await claim(storage, size=50)
    assert batch is not None
    await answer(storage, batch, Later("night", retry_after=9 * HOUR))
    [salma] = await join(storage, [99])
    await write(storage, salma, "موجز")

    assert await claimed(storage) == [99]
    assert await claimed(storage) == []


async def test_the_index_leads_to_what_is_due(storage: Storage) -> None:
    """A claim every second must not read a million deliveries that wait for the morning."""
    values = {"priority": 1, "now": 5, "bot": BOT, "size": 25}
    plan = await storage.fetch(f"EXPLAIN QUERY PLAN {DUE}", values)

    steps = " ".join(str(row["detail"]) for row in plan)
    assert "deliveries_due (priority=? AND next_attempt_at<?)" in steps
    assert "SCAN" not in steps.replace("SCAN batches", "")  # the few in flight


@pytest.mark.parametrize("sql", [waves.ALL_SETTLED, waves.DROPPED, IN_FLIGHT])
async def test_no_settling_reads_every_delivery_there_ever_was(storage: Storage, sql: str) -> None:
    values = {"now": 5, "id": 1, "batch": 1}
    plan = await storage.fetch(f"EXPLAIN QUERY PLAN {sql}", values)

    assert not [row["detail"] for row in plan if row["detail"] == "SCAN deliveries"]


# ── leases ─────────────────────────────────────────────────────────────────────────────────


async def test_what_is_in_flight_is_not_claimed_again_while_its_lease_runs(
    storage: Storage,
) -> None:
    people = await join(storage, [1, 2])
    await write(storage, people[0], "أ")
    await say(storage)

    assert await claimed(storage) == [1]
    assert await claimed(storage) == [1, 2]
    assert await claimed(storage, after=LEASE - timedelta(seconds=1)) == []


async def test_a_batch_whose_lease_ran_out_goes_first(storage: Storage) -> None:
    await join(storage, range(1, 4))
    await say(storage, "إعلان")
    await claim(storage, size=2)
    await say(storage, "عاجل", priority=Priority.URGENT)

    [first, *_] = await tell_all(storage, now=THURSDAY + LEASE, size=2)

    assert (chats(first), first.takes) == ([1, 2], 2)


async def test_a_batch_that_the_caller_holds_is_not_taken_up_after_a_sleep(
    storage: Storage,
) -> None:
    await join(storage, [1, 2])
    await say(storage)
    batch = await claim(storage)
    assert batch is not None

    late = THURSDAY + 3 * HOUR
    assert await claim(storage, late, mine=[batch.id]) is None
    assert await claim(storage, late) is not None


async def test_after_a_crash_a_slice_is_taken_up_for_exactly_those_who_are_not_settled(
    storage: Storage,
) -> None:
    """T36; PERFORMANCE: what was settled singly before the crash is not sent again."""
    await join(storage, range(1, 9))
    wave = await say(storage)
    batch = await claim(storage, size=6)
    assert batch is not None
    await answer(storage, batch, only=2)
    await restart(storage)

    [again, rest] = await tell_all(storage, size=6)

    assert (again.id, chats(again), chats(rest)) == (batch.id, [3, 4, 5, 6], [7, 8])
    assert [parcel.doubts for parcel in again.parcels] == [1] * 4
    assert (await wave_of(storage, wave)).tally == Tally(sent=8)


async def test_after_a_crash_deliveries_that_stood_are_taken_up_as_well(
    storage: Storage,
) -> None:
    people = await join(storage, range(1, 5))
    for person in people:
        await write(storage, person, "أ")
    batch = await claim(storage)
    assert batch is not None
    await answer(storage, batch, only=1)
    await restart(storage)

    again = await claim(storage)

    assert again is not None
    assert chats(again) == [2, 3, 4]
    assert {parcel.doubts for parcel in again.parcels} == {1}


async def test_a_waiting_reader_of_a_dead_batch_is_not_in_it_any_more(storage: Storage) -> None:
    await join(storage, [1, 2])
    await say(storage)
    batch = await claim(storage)
    assert batch is not None
    await answer(storage, batch, Later("network", retry_after=HOUR), only=1)
    await restart(storage)

    assert await claimed(storage) == [2]
    assert await claimed(storage, after=HOUR) == [2]  # its second holder died as well
    assert await claimed(storage, after=HOUR) == [1]


async def test_who_left_while_their_batch_was_dead_is_not_written_to(storage: Storage) -> None:
    first, _ = await join(storage, [1, 2])
    wave = await say(storage)
    await claim(storage)
    await restart(storage)
    async with storage.transaction() as tx:
        await subscribers.leave(tx, first.id, THURSDAY)

    assert chats(*await tell_all(storage)) == [2]
    assert (await wave_of(storage, wave)).state is WaveState.DONE


async def test_a_dead_batch_without_anyone_left_ends_quietly(storage: Storage) -> None:
    await join(storage, [1])
    wave = await say(storage)
    batch = await claim(storage)
    assert batch is not None
    await answer(storage, batch, only=1)
    await restart(storage)

    assert chats(*await tell_all(storage)) == []
    assert await storage.fetch("SELECT 1 FROM batches") == []
    assert (await wave_of(storage, wave)).state is WaveState.DONE


async def test_a_batch_taken_up_too_often_leaves_its_readers_unsure(storage: Storage) -> None:
    await join(storage, [1, 2])
    wave = await say(storage)
    doubts = []
    for _ in range(MOST_DOUBTS):
        batch = await claim(storage)
        assert batch is not None
        doubts.append({parcel.doubts for parcel in batch.parcels})
        await restart(storage)

    await tell_all(storage)

    done = await wave_of(storage, wave)
    assert doubts == [{0}, {1}, {2}]
    assert (done.state, done.tally) == (WaveState.DONE, Tally(unsure=2))


@pytest.mark.parametrize("stands", [False, True], ids=["of a wave", "standing"])
async def test_a_batch_given_back_is_due_at_once_first_and_without_a_doubt(
    storage: Storage, stands: bool
) -> None:
    people = await join(storage, range(1, 5))
    if stands:
        for person in people:
            await write(storage, person, "أ")
    else:
        await say(storage)
    batch = await claim(storage)
    assert batch is not None
    await answer(storage, batch, only=1)
    await say(storage, "عاجل", priority=Priority.URGENT)

    await give_back(storage, batch.id)

    again = await claim(storage)
    assert again is not None
    assert (again.id, chats(again), again.takes) == (batch.id, [2, 3, 4], 1)
    assert {parcel.doubts for parcel in again.parcels} == {0}


# ── settling ───────────────────────────────────────────────────────────────────────────────


async def test_a_settled_row_keeps_message_ids_and_little_else(storage: Storage) -> None:
    [salma] = await join(storage, [1])
    await say(storage, lasts=HOUR)
    [parcel] = await parcels(storage)

    async with storage.transaction() as tx:
        sent = Settlement(DeliveryState.SENT, message_ids=(41, 42))
        await deliveries.settle(tx, [(parcel, sent)], THURSDAY)

    [row] = await storage.fetch("SELECT * FROM deliveries")
    kept = {name for name, value in row.items() if value is not None}
    assert await delivery_of(storage, "خبر", salma.id) == (DeliveryState.SENT, (41, 42))
    assert kept == {"occasion", "subscriber", "state", "brief", "wave", "message_ids", "settled_at"}


async def test_each_end_is_counted_in_its_own_wave(storage: Storage) -> None:
    await join(storage, [1, 2])
    first, second = await say(storage, "أول"), await say(storage, "ثان")
    batches = [await claim(storage) for _ in range(2)]
    pairs = [parcel for one in batches if one for parcel in one.parcels]
    states = (
        DeliveryState.SENT,
        DeliveryState.REJECTED,
        DeliveryState.UNSURE,
        DeliveryState.SKIPPED,
    )

    async with storage.transaction() as tx:
        ends = [(one, Settlement(state)) for one, state in zip(pairs, states, strict=True)]
        await deliveries.settle(tx, ends, THURSDAY)

    assert (await wave_of(storage, first)).tally == Tally(sent=1, rejected=1)
    assert (await wave_of(storage, second)).tally == Tally(unsure=1, skipped=1)
