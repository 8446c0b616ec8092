"""What ``storage.waves`` promises when a wave is paused, cancelled, or too old to be told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import (
    Audience,
    AudienceKind,
    DeliveryState,
    Later,
    Mode,
    Priority,
    Section,
    Tally,
    WaveState,
)
from bot.storage import Storage, subscribers, waves
from tests.crowd import (
    OTHER_BOT,
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
SPORT = Section.SPORT


async def test_a_pause_stops_the_cursor_and_a_resumed_wave_goes_on_where_it_was(
    storage: Storage,
) -> None:
    """T36; listmonk #2070, #2278."""
    await join(storage, range(1, 8))
    wave = await say(storage)
    first = await claim(storage, size=3)
    assert first is not None

    assert await turn(storage, wave, WaveState.PAUSED)
    await answer(storage, first)
    assert await claim(storage) is None
    assert await turn(storage, wave, WaveState.OPEN)

    assert chats(first, *await tell_all(storage, size=2)) == [1, 2, 3, 4, 5, 6, 7]
    assert (await wave_of(storage, wave)).tally == Tally(sent=7)


async def test_a_paused_waves_dead_batch_rests_until_it_is_resumed(storage: Storage) -> None:
    await join(storage, range(1, 4))
    wave = await say(storage)
    await claim(storage)
    await turn(storage, wave, WaveState.PAUSED)
    await restart(storage)

    assert await claim(storage) is None
    await turn(storage, wave, WaveState.OPEN)

    assert chats(*await tell_all(storage)) == [1, 2, 3]


async def test_a_paused_waves_repeated_tries_rest_too_even_in_a_dead_batch(
    storage: Storage,
) -> None:
    await join(storage, [1, 2])
    wave = await say(storage)
    first = await claim(storage)
    assert first is not None
    await answer(storage, first, Later("network"))
    later = THURSDAY + HOUR
    retried = await claim(storage, later)
    assert retried is not None
    await turn(storage, wave, WaveState.PAUSED)
    await restart(storage)

    resting = [batch for _ in range(2) if (batch := await claim(storage, later)) is not None]
    assert chats(*resting) == []
    await turn(storage, wave, WaveState.OPEN)

    told = await tell_all(storage, now=later)
    assert chats(*told) == [1, 2]
    assert {parcel.doubts for parcel in told[0].parcels} == {1}
    assert (await wave_of(storage, wave)).tally == Tally(sent=2)


async def test_a_cancelled_wave_skips_what_waits_and_counts_it(storage: Storage) -> None:
    await join(storage, range(1, 8))
    wave = await say(storage)
    batches = [await claim(storage, size=2) for _ in range(2)]
    for batch, outcome in zip(batches, (Later("network"), None), strict=True):
        assert batch is not None
        await (answer(storage, batch, outcome) if outcome else answer(storage, batch))

    assert await turn(storage, wave, WaveState.CANCELLED)

    over = await wave_of(storage, wave)
    assert (over.state, over.tally) == (WaveState.CANCELLED, Tally(sent=2, skipped=2))
    assert await claim(storage, THURSDAY + HOUR) is None
    states = await storage.fetch("SELECT DISTINCT state FROM deliveries ORDER BY state")
    assert [row["state"] for row in states] == ["sent", "skipped"]


async def test_what_is_in_flight_when_a_wave_is_cancelled_is_counted_as_it_ends(
    storage: Storage,
) -> None:
    """T37: once, by its last state; a retry that arrived is sent, not sent and skipped."""
    await join(storage, [1, 2, 3])
    wave = await say(storage)
    batch = await claim(storage)
    assert batch is not None
    await answer(storage, batch, Later("network"))
    retried = await claim(storage, THURSDAY + HOUR)
    assert retried is not None
    await turn(storage, wave, WaveState.CANCELLED)

    await answer(storage, retried, now=THURSDAY + HOUR)

    assert (await wave_of(storage, wave)).tally == Tally(sent=3)


async def test_what_fails_in_flight_under_a_cancelled_wave_is_skipped(storage: Storage) -> None:
    await join(storage, [1, 2, 3])
    wave = await say(storage)
    batch = await claim(storage)
    assert batch is not None
    await turn(storage, wave, WaveState.CANCELLED)

    await answer(storage, batch, Later("network"))

    assert (await wave_of(storage, wave)).tally == Tally(skipped=3)
    assert await claim(storage, THURSDAY + HOUR) is None


@pytest.mark.parametrize("is_retry", [False, True], ids=["first try", "second try"])
async def test_a_dead_batch_of_a_cancelled_wave_is_not_sent(
    storage: Storage, is_retry: bool
) -> None:
    await join(storage, [1, 2, 3])
    wave = await say(storage)
    batch = await claim(storage)
    assert batch is not None
    if is_retry:
        await answer(storage, batch, Later("network"))
        await claim(storage, THURSDAY + HOUR)
    await turn(storage, wave, WaveState.CANCELLED)
    await restart(storage)

    told = await tell_all(storage, now=THURSDAY + HOUR)

    assert chats(*told) == []
    assert (await wave_of(storage, wave)).tally == Tally(skipped=3 if is_retry else 0)
    assert await storage.fetch("SELECT 1 FROM batches") == []


async def test_what_is_over_is_not_turned(storage: Storage) -> None:
    await join(storage, [1])
    done, cancelled = await say(storage, "أول"), await say(storage, "ثان")
    await turn(storage, cancelled, WaveState.CANCELLED)
    await tell_all(storage)

    turned = [
        await turn(storage, wave, state)
        for wave in (done, cancelled)
        for state in (WaveState.OPEN, WaveState.PAUSED, WaveState.CANCELLED)
    ]

    assert turned == [False] * 6


async def test_an_open_wave_is_not_opened_and_a_paused_one_not_paused(storage: Storage) -> None:
    wave = await say(storage)

    assert not await turn(storage, wave, WaveState.OPEN)
    assert await turn(storage, wave, WaveState.PAUSED)
    assert not await turn(storage, wave, WaveState.PAUSED)


async def test_expired_news_is_skipped_and_everyone_is_counted(storage: Storage) -> None:
    await join(storage, range(1, 10))
    [left] = await join(storage, [10])
    wave = await say(storage, lasts=HOUR)
    first = await claim(storage, size=4)
    assert first is not None
    await answer(storage, first)
    async with storage.transaction() as tx:
        await subscribers.leave(tx, left.id, THURSDAY)

    await tell_all(storage, now=THURSDAY + HOUR, size=2)

    done = await wave_of(storage, wave)
    assert (done.state, done.tally) == (WaveState.DONE, Tally(sent=4, skipped=5))


async def test_an_expired_wave_passes_over_who_heard_of_it_by_another(storage: Storage) -> None:
    await join(storage, [1, 2])
    await join(storage, [3], sport=Mode.INSTANT)
    instant = Audience(AudienceKind.INSTANT, SPORT)
    await say(storage, "فوري", occasion="story:9", audience=instant)
    await tell_all(storage)
    wave = await say(storage, "عاجل", occasion="story:9", lasts=HOUR)

    async with storage.transaction() as tx:
        await waves.finish(tx, THURSDAY + HOUR)

    assert (await wave_of(storage, wave)).tally == Tally(skipped=2)


async def test_what_became_urgent_does_not_wait_for_the_morning(storage: Storage) -> None:
    """An instant sleeps in a reader's quiet hours when the same story becomes urgent."""
    night = THURSDAY.replace(hour=23)
    await join(storage, [1001], sport=Mode.INSTANT)
    instant, urgent = Audience(AudienceKind.INSTANT, SPORT), Audience(AudienceKind.URGENT, SPORT)
    first = await say(
        storage, "خبر", occasion="story:1", audience=instant, priority=Priority.INSTANT, now=night
    )
    assert [len(batch.parcels) for batch in await tell_all(storage, now=night)] == [1]
    assert await state_of(storage, "story:1", 1001) is DeliveryState.WAITING

    second = await say(
        storage, "عاجل", occasion="story:1", audience=urgent, priority=Priority.URGENT, now=night
    )
    await tell_all(storage, now=night)

    assert await state_of(storage, "story:1", 1001) is DeliveryState.SENT
    assert (await wave_of(storage, first)).tally == Tally(skipped=1)
    assert (await wave_of(storage, second)).tally == Tally(sent=1)
    assert {(await wave_of(storage, one)).state for one in (first, second)} == {WaveState.DONE}


async def test_who_had_the_instant_is_not_told_again_when_it_becomes_urgent(
    storage: Storage,
) -> None:
    await join(storage, [1001], sport=Mode.INSTANT)
    instant, urgent = Audience(AudienceKind.INSTANT, SPORT), Audience(AudienceKind.URGENT, SPORT)
    await say(storage, "خبر", occasion="story:1", audience=instant, priority=Priority.INSTANT)
    await tell_all(storage)

    await say(storage, "عاجل", occasion="story:1", audience=urgent, priority=Priority.URGENT)

    assert await tell_all(storage) == []


async def test_another_tokens_bot_writes_to_none_of_our_readers(storage: Storage) -> None:
    """T51; RSStT #698: readers belong to the bot they pressed start with."""
    people = await join(storage, [1001])
    await say(storage)
    await write(storage, people[0], "لقارئ واحد")

    assert await claim(storage, bot=OTHER_BOT) is None
    assert [len(batch.parcels) for batch in await tell_all(storage)] == [1, 1]
