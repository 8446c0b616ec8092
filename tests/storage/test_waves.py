"""What ``storage.waves`` promises: an audience hears, all of it, once, and the tally is true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import StorageError
from bot.model import (
    Audience,
    AudienceKind,
    BotId,
    BriefId,
    ChatId,
    ChatKind,
    DeliveryState,
    Later,
    Mode,
    Priority,
    Rejected,
    Section,
    SubscriberId,
    Tally,
    Unreachable,
    UrgentChoice,
    WaveState,
)
from bot.storage import Storage, subscribers, subscriptions, waves
from bot.storage import audience as people_of
from tests.crowd import (
    ALL,
    BOT,
    OTHER_BOT,
    answer,
    chats,
    claim,
    delivery_of,
    join,
    restart,
    say,
    tell_all,
    turn,
    wave_of,
)
from tests.fakes import THURSDAY

HOUR = timedelta(hours=1)
SPORT = Section.SPORT
AUDIENCES = {  # of the eight chats of `town`
    "all": (ALL, [1, 2, 3, 4, 5, 6]),
    "section": (Audience(AudienceKind.SECTION, SPORT), [2, 3, 5]),
    "instant": (Audience(AudienceKind.INSTANT, SPORT), [3, 5]),
    "urgent": (Audience(AudienceKind.URGENT, SPORT), [1, 2, 3, 5, 6]),
    "urgent, nobody follows": (Audience(AudienceKind.URGENT, Section.ROYAL), [1, 2, 3, 6]),
    "nobody follows": (Audience(AudienceKind.SECTION, Section.ROYAL), []),
}  # fmt: skip


@pytest.fixture
async def town(storage: Storage) -> None:
    """Let eight chats join, who differ in what an audience asks for; and one of another bot."""
    await join(storage, [1])
    await join(storage, [2], sport=Mode.DIGEST)
    await join(storage, [3], sport=Mode.INSTANT)
    [wants_none] = await join(storage, [4], world=Mode.INSTANT)
    [wants_sport] = await join(storage, [5], sport=Mode.INSTANT)
    [silent] = await join(storage, [6], world=Mode.INSTANT)
    [left] = await join(storage, [7], sport=Mode.INSTANT)
    [blocked] = await join(storage, [8], sport=Mode.INSTANT)
    await join(storage, [1, 9], OTHER_BOT, sport=Mode.INSTANT)
    async with storage.transaction() as tx:
        for person in (wants_none, wants_sport):
            await subscribers.choose_urgent(tx, person.id, UrgentChoice.NO)
        await subscribers.choose_urgent(tx, silent.id, UrgentChoice.SILENT)
        await subscribers.leave(tx, left.id, THURSDAY)
        await subscribers.block(tx, blocked.id, THURSDAY)


# ── who is addressed ───────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(("audience", "expected"), AUDIENCES.values(), ids=AUDIENCES)
async def test_a_wave_addresses_its_audience_and_nobody_else(
    storage: Storage, audience: Audience, expected: Sequence[int]
) -> None:
    wave = await say(storage, audience=audience)

    told = await tell_all(storage)

    done = await wave_of(storage, wave)
    assert chats(*told) == expected
    assert await people_of.count(storage, BOT, audience, THURSDAY) == len(expected)
    assert (done.state, done.tally) == (WaveState.DONE, Tally(sent=len(expected)))


async def test_who_joins_after_a_wave_has_begun_is_not_addressed(storage: Storage) -> None:
    await join(storage, [1, 2])
    await say(storage)
    await join(storage, [3])

    assert chats(*await tell_all(storage)) == [1, 2]


async def test_who_leaves_before_their_slice_comes_is_not_addressed(storage: Storage) -> None:
    people = await join(storage, range(1, 7))
    wave = await say(storage)
    first = await claim(storage, size=3)
    assert first is not None

    async with storage.transaction() as tx:
        await subscribers.leave(tx, people[4].id, THURSDAY)
    await answer(storage, first)

    assert chats(*await tell_all(storage)) == [4, 6]
    assert (await wave_of(storage, wave)).tally == Tally(sent=5)


async def test_telling_a_million_costs_one_row(storage: Storage) -> None:
    await join(storage, range(1, 400))

    await say(storage)

    assert await storage.fetch("SELECT 1 FROM deliveries UNION SELECT 1 FROM batches") == []
    assert len(await storage.fetch("SELECT 1 FROM waves")) == 1


async def test_a_wave_comes_back_as_it_was_begun(storage: Storage) -> None:
    [person] = await join(storage, [1])
    audience = Audience(AudienceKind.URGENT, SPORT)

    number = await say(storage, audience=audience, priority=Priority.URGENT, lasts=HOUR)

    wave = await wave_of(storage, number)
    assert (wave.bot, wave.audience, wave.priority) == (BOT, audience, Priority.URGENT)
    assert (wave.not_before, wave.expires_at) == (THURSDAY, THURSDAY + HOUR)
    assert (wave.cursor, wave.last_subscriber, wave.tally) == (0, person.id, Tally())
    assert await waves.get(storage, waves.WaveId(404)) is None


async def test_a_wave_without_a_brief_is_refused(storage: Storage) -> None:
    """T57; reader 3.16."""

    async def begin() -> None:
        async with storage.transaction() as tx:
            await waves.begin(
                tx,
                BOT,
                "story:1",
                BriefId(404),
                audience=ALL,
                priority=Priority.INSTANT,
                now=THURSDAY,
            )

    with pytest.raises(StorageError):
        await begin()


# ── slices ─────────────────────────────────────────────────────────────────────────────────

CHOICES = st.sampled_from(["follows", "instant", "nothing", "left", "other bot"])


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    crowd=st.lists(CHOICES, max_size=40),
    size=st.integers(1, 12),
    span=st.integers(1, 15),
    kind=st.sampled_from(AudienceKind),
    dies=st.lists(st.booleans(), min_size=60, max_size=60),
)
async def test_slices_part_an_audience_whatever_their_size_and_whoever_dies(
    storage: Storage, crowd: list[str], size: int, span: int, kind: AudienceKind, dies: list[bool]
) -> None:
    """T36, T37; listmonk #2591, #3022: nobody twice, nobody skipped, the tally true."""
    rows = await storage.fetch("SELECT coalesce(max(bot), 100) + 2 AS bot FROM subscribers")
    bot = BotId(int(str(rows[0]["bot"])))  # each example is a town of its own
    audience = Audience(kind, None if kind is AudienceKind.ALL else SPORT)
    async with storage.transaction() as tx:
        for chat, choice in enumerate(crowd, start=1):
            mine = BotId(bot + 1) if choice == "other bot" else bot
            person, _ = await subscribers.join(
                tx, mine, ChatId(chat), kind=ChatKind.PRIVATE, zone="UTC", now=THURSDAY
            )
            if choice in {"follows", "instant"}:
                mode = Mode.INSTANT if choice == "instant" else Mode.DIGEST
                await subscriptions.follow_sections(tx, person.id, [SPORT], mode, THURSDAY)
            if choice == "left":
                await subscribers.leave(tx, person.id, THURSDAY)
    wave = await say(storage, occasion=f"broadcast:{bot}", audience=audience, bot=bot)
    expected = await people_of.count(storage, bot, audience, THURSDAY)

    settled: list[int] = []
    fates = iter(dies)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waves, "SPAN", span)
        while (batch := await claim(storage, size=size, bot=bot)) is not None:
            assert len(batch.parcels) <= size
            if next(fates, False) and batch.takes < 3:  # its holder dies half-way
                half = len(batch.parcels) // 2
                await answer(storage, batch, only=half)
                settled += chats(batch)[:half]
                await restart(storage)
            else:
                await answer(storage, batch)
                settled += chats(batch)

    done = await wave_of(storage, wave)
    assert settled == sorted(set(settled))
    assert (len(settled), done.tally) == (expected, Tally(sent=expected))
    assert done.state is WaveState.DONE


async def test_a_thin_audience_is_looked_for_a_span_at_a_time(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waves, "SPAN", 10)
    await join(storage, range(1, 35))
    await join(storage, [99], sport=Mode.DIGEST)
    wave = await say(storage, audience=Audience(AudienceKind.SECTION, SPORT))

    batches = [await claim(storage) for _ in range(4)]

    assert [chats(one) if one else None for one in batches] == [[], [], [], [99]]
    assert (await wave_of(storage, wave)).cursor == 35


# ── one occasion, two waves ────────────────────────────────────────────────────────────────


async def test_a_second_wave_of_an_occasion_waits_for_the_first_and_passes_over_who_was_told(
    storage: Storage,
) -> None:
    await join(storage, [1, 2], sport=Mode.INSTANT)
    await join(storage, [3])
    instant = Audience(AudienceKind.INSTANT, SPORT)
    await say(storage, "فوري", occasion="story:9", audience=instant)
    first = await claim(storage)
    urgent = await say(storage, "عاجل", occasion="story:9", priority=Priority.URGENT)

    assert first is not None
    assert chats(first) == [1, 2]
    assert await claim(storage) is None

    await answer(storage, first)

    assert chats(*await tell_all(storage)) == [3]
    assert (await wave_of(storage, urgent)).tally == Tally(sent=1)


async def test_a_wave_of_another_occasion_does_not_wait(storage: Storage) -> None:
    await join(storage, [1])
    await say(storage, "أول")
    await claim(storage)
    await say(storage, "ثان")

    second = await claim(storage)

    assert second is not None
    assert chats(second) == [1]


# ── the end ────────────────────────────────────────────────────────────────────────────────


async def test_a_wave_is_done_only_when_every_reader_is_settled(storage: Storage) -> None:
    """T37; listmonk #2591: 1,255 of 2,194 "finished"."""
    await join(storage, range(1, 6))
    wave = await say(storage)
    ends = (Later("network"), Unreachable("blocked"), Rejected("too long"), None)
    for outcome in ends:
        batch = await claim(storage, size=1)
        assert batch is not None
        await (answer(storage, batch, outcome) if outcome else answer(storage, batch))
    last = await claim(storage, size=1)
    assert last is not None
    in_flight = await wave_of(storage, wave)
    await answer(storage, last)
    waiting = await wave_of(storage, wave)
    await tell_all(storage, now=THURSDAY + HOUR)

    done = await wave_of(storage, wave)
    assert [one.state for one in (in_flight, waiting, done)] == [
        WaveState.OPEN,
        WaveState.OPEN,
        WaveState.DONE,
    ]
    assert [one.tally.settled for one in (in_flight, waiting, done)] == [3, 4, 5]
    assert done.tally == Tally(sent=3, unreachable=1, rejected=1)


async def test_a_wave_that_was_paused_at_its_very_end_is_done_once_resumed(
    storage: Storage,
) -> None:
    await join(storage, [1])
    wave = await say(storage)
    batch = await claim(storage)
    assert batch is not None
    await turn(storage, wave, WaveState.PAUSED)
    await answer(storage, batch)
    paused = await wave_of(storage, wave)
    await turn(storage, wave, WaveState.OPEN)

    async with storage.transaction() as tx:
        await waves.finish(tx, THURSDAY)

    assert paused.state is WaveState.PAUSED
    assert (await wave_of(storage, wave)).state is WaveState.DONE


async def test_a_wave_is_in_flight_while_a_batch_of_it_is(storage: Storage) -> None:
    await join(storage, [1])
    wave, other = await say(storage, "أول"), await say(storage, "ثان")
    batch = await claim(storage)
    assert batch is not None

    during = [await waves.is_in_flight(storage, one) for one in (wave, other)]
    await answer(storage, batch)

    assert during == [True, False]
    assert not await waves.is_in_flight(storage, wave)


async def test_a_wave_to_nobody_at_all_is_done(storage: Storage) -> None:
    wave = await say(storage)

    async with storage.transaction() as tx:
        ended = await waves.finish(tx, THURSDAY)

    assert (ended, (await wave_of(storage, wave)).state) == (1, WaveState.DONE)


async def test_a_thousand_closed_doors_in_a_row_stop_nobody(storage: Storage) -> None:
    """T35; listmonk #1931, #2860."""
    people = await join(storage, range(1, 1101))
    wave = await say(storage)

    while (batch := await claim(storage, size=100)) is not None:
        last = batch.parcels[-1].subscriber.chat
        await (
            answer(storage, batch, Unreachable("blocked"))
            if last <= 1000
            else answer(storage, batch)
        )

    done = await wave_of(storage, wave)
    assert done.tally == Tally(sent=100, unreachable=1000)
    assert done.tally.settled == len(people)
    assert done.state is WaveState.DONE


async def test_how_one_reader_fared_is_known_by_the_occasion(storage: Storage) -> None:
    first, second = await join(storage, [1, 2])
    await say(storage, occasion="broadcast:4")
    batch = await claim(storage, size=1)
    assert batch is not None
    await answer(storage, batch)

    assert await delivery_of(storage, "broadcast:4", first.id) == (
        DeliveryState.SENT,
        (1,),
    )
    assert await delivery_of(storage, "broadcast:4", second.id) is None
    assert await delivery_of(storage, "broadcast:5", SubscriberId(1)) is None
