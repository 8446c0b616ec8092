"""What a copied or restored database keeps back until an owner agrees, and what becomes of it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import (
    EVERY_DAY,
    DeliveryState,
    Later,
    Priority,
    Sent,
    Tally,
    UserId,
    WaveId,
    WaveState,
)
from bot.storage import Storage, broadcasts, digests, hold, scheduled
from bot.storage.broadcasts import BroadcastState
from bot.storage.engines.sqlite.place import place_of
from tests.crowd import (
    BOT,
    answer,
    chats,
    claim,
    join,
    restart,
    say,
    state_of,
    tell_all,
    turn,
    wave_of,
    write,
)
from tests.fakes import THURSDAY

HOUR = timedelta(hours=1)


async def put_on_hold(storage: Storage, why: hold.Why = "restored") -> None:
    async with storage.transaction() as tx:
        await hold.hold_all(tx, why, THURSDAY)


async def release(storage: Storage) -> hold.Held:
    async with storage.transaction() as tx:
        return await hold.release(tx, THURSDAY)


async def drop(storage: Storage) -> hold.Held:
    async with storage.transaction() as tx:
        return await hold.drop(tx, THURSDAY)


async def arrive(storage: Storage, place: str) -> hold.Hold | None:
    async with storage.transaction() as tx:
        await hold.arrive(tx, place, THURSDAY)
    return await hold.open_hold(storage)


async def half_told(storage: Storage) -> WaveId:
    """Tell ten readers something: three have it, two are in flight, one is to be tried again."""
    await join(storage, range(1, 11))
    wave = await say(storage)
    for outcome in (Sent((1,)), Later("busy")):
        batch = await claim(storage, size=3 if isinstance(outcome, Sent) else 1)
        assert batch is not None
        await answer(storage, batch, outcome)
    assert await claim(storage, size=2) is not None
    return wave


async def test_nothing_leaves_a_database_on_hold(storage: Storage) -> None:
    """T39; listmonk #1801, rssbot #145."""
    wave = await half_told(storage)
    (salma, *_) = await join(storage, (1,))
    await write(storage, salma, "موجز")

    await put_on_hold(storage)
    await restart(storage)

    assert await claim(storage, THURSDAY + HOUR) is None
    assert (await wave_of(storage, wave)).state is WaveState.HELD
    assert await hold.waiting(storage, THURSDAY) == hold.Held(1, 8, THURSDAY)


async def test_released_it_goes_on_where_it_was_and_everybody_is_told(storage: Storage) -> None:
    wave = await half_told(storage)
    await put_on_hold(storage)

    found = await release(storage)
    told = chats(*await tell_all(storage, now=THURSDAY + HOUR))

    assert found.readers == 7
    assert sorted(told) == [4, 5, 6, 7, 8, 9, 10]
    assert (await wave_of(storage, wave)).tally == Tally(sent=10)
    assert await hold.open_hold(storage) is None


async def test_what_was_in_flight_is_tried_with_a_doubt(storage: Storage) -> None:
    await half_told(storage)
    await put_on_hold(storage)
    await release(storage)

    batch = await claim(storage, THURSDAY + HOUR)

    assert batch is not None
    doubts = {one.subscriber.chat: one.doubts for one in batch.parcels}
    assert doubts == {4: 0, 5: 1, 6: 1}


async def test_a_paused_wave_stays_paused_when_it_is_released(storage: Storage) -> None:
    await join(storage, (1, 2))
    wave = await say(storage)
    await turn(storage, wave, WaveState.PAUSED)
    await put_on_hold(storage)
    assert (await wave_of(storage, wave)).state is WaveState.HELD

    await release(storage)

    assert (await wave_of(storage, wave)).state is WaveState.PAUSED


async def test_no_editor_can_resume_what_is_on_hold_but_anybody_can_cancel_it(
    storage: Storage,
) -> None:
    await join(storage, (1, 2))
    wave = await say(storage)
    await put_on_hold(storage)

    turned = [
        await turn(storage, wave, state)
        for state in (WaveState.OPEN, WaveState.PAUSED, WaveState.CANCELLED)
    ]

    assert turned == [False, False, True]


async def test_given_up_nobody_else_hears_of_it_and_the_numbers_add_up(storage: Storage) -> None:
    wave = await half_told(storage)
    (salma, *_) = await join(storage, (1,))
    await write(storage, salma, "موجز")
    await put_on_hold(storage)

    found = await drop(storage)

    cancelled = await wave_of(storage, wave)
    assert found.readers == 8
    assert (cancelled.state, cancelled.tally) == (WaveState.CANCELLED, Tally(sent=3, skipped=3))
    assert await state_of(storage, "موجز", 1) is DeliveryState.SKIPPED
    assert await claim(storage, THURSDAY + HOUR) is None


async def test_what_is_new_is_not_on_hold(storage: Storage) -> None:
    await half_told(storage)
    await put_on_hold(storage)

    await say(storage, "خبر جديد", priority=Priority.URGENT)

    assert len(chats(*await tell_all(storage))) == 10


async def test_news_that_becomes_urgent_takes_the_place_of_what_is_held(storage: Storage) -> None:
    await half_told(storage)
    await put_on_hold(storage)

    await say(storage, occasion="خبر", priority=Priority.URGENT)

    assert chats(*await tell_all(storage)) == [4, 5, 6, 7, 8, 9, 10]


async def test_an_hour_is_on_hold_too_and_has_its_hour_again(storage: Storage) -> None:
    (salma,) = await join(storage, (1,))
    async with storage.transaction() as tx:
        number = await broadcasts.draft(tx, BOT, UserId(1), salma.chat, 7, THURSDAY)
        await broadcasts.recount(tx, number, 1)
        await scheduled.schedule(tx, number, THURSDAY, THURSDAY)
    await put_on_hold(storage)
    held = list(await scheduled.due(storage, BOT, THURSDAY + HOUR))
    waits = await hold.waiting(storage, THURSDAY)

    await release(storage)

    [due] = await scheduled.due(storage, BOT, THURSDAY + HOUR)
    assert held == []
    assert (waits.waves, waits.readers) == (1, 1)
    assert (due.id, due.state) == (number, BroadcastState.SCHEDULED)


async def test_a_digest_whose_hour_passed_is_left_to_the_next_which_covers_it(
    storage: Storage,
) -> None:
    (salma,) = await join(storage, (1,))
    before = THURSDAY - timedelta(days=1)
    async with storage.transaction() as tx:
        await digests.add(
            tx, salma.id, 7 * 60, covered_until=before, next_at=THURSDAY - HOUR, weekdays=EVERY_DAY
        )

    await put_on_hold(storage)

    [digest] = await digests.of(storage, salma.id)
    assert digest.next_at > THURSDAY
    assert digest.covered_until == before


async def test_where_nothing_waits_nothing_is_asked(storage: Storage) -> None:
    await join(storage, (1, 2))
    await say(storage)
    await tell_all(storage)

    await put_on_hold(storage)

    assert await hold.open_hold(storage) is None


async def test_a_database_that_knows_no_place_is_at_home_and_one_elsewhere_is_not(
    storage: Storage,
) -> None:
    await half_told(storage)

    questions = [await arrive(storage, place) for place in ("here", "here", "there", "there")]

    assert questions[:2] == [None, None]
    assert questions[2] is not None
    assert questions[2].why == "moved"
    assert questions[3] == questions[2]


async def test_restored_and_then_started_elsewhere_it_is_still_said_to_be_restored(
    storage: Storage,
) -> None:
    await half_told(storage)
    await arrive(storage, "here")
    await put_on_hold(storage, "restored")

    question = await arrive(storage, "there")

    assert question is not None
    assert (question.why, question.is_asked) == ("restored", False)


# ── places ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mujaz.db"
    path.write_bytes(b"one")
    return path


def test_a_file_that_was_renamed_or_written_to_is_where_it_was(file: Path) -> None:
    before = place_of(file)
    moved = file.rename(file.with_name("other.db"))
    moved.write_bytes(b"two")

    assert place_of(moved) == before


def test_a_copy_is_elsewhere(file: Path) -> None:
    copy = Path(shutil.copy2(file, file.with_name("copy.db")))

    assert place_of(copy) != place_of(file)


def test_another_machine_is_elsewhere(file: Path, tmp_path: Path) -> None:
    machines = [tmp_path / "a", tmp_path / "b"]
    for machine in machines:
        machine.write_text(f"{machine.name}\n")

    assert place_of(file, machine=machines[0]) != place_of(file, machine=machines[1])


def test_a_machine_without_a_name_has_places_too(file: Path, tmp_path: Path) -> None:
    assert place_of(file, machine=tmp_path / "none") == place_of(file, machine=tmp_path / "none")
