"""What the deliverer promises while nothing breaks but chats, wires and clocks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.jobs.pacer import Pacer
from bot.model import (
    Audience,
    AudienceKind,
    ChatId,
    DeliveryState,
    Later,
    Mode,
    Paragraph,
    Priority,
    Section,
    Tally,
    WaveState,
)
from bot.outbox.pace import Pace
from bot.storage import Storage, waves
from tests.crowd import delivery_of, join, say, state_of, wave_of, write
from tests.fakes import THURSDAY
from tests.jobs.post_office import PostOffice

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
NIGHT = datetime(2026, 11, 26, 23, 0, tzinfo=UTC)  # midnight or 23:00 in Casablanca
CROWD = range(1, 101)


@pytest.fixture
def office(storage: Storage) -> PostOffice:
    """Give a post office over this test's database."""
    return PostOffice(storage)


# ── everybody, once ────────────────────────────────────────────────────────────────────────


async def test_everybody_is_served_once_and_in_order(office: PostOffice) -> None:
    await join(office.storage, range(1, 61))
    wave = await say(office.storage)

    await office.deliver()

    done = await wave_of(office.storage, wave)
    assert sorted(office.phones.chats()) == list(range(1, 61))
    assert office.phones.texts(7) == [Paragraph("خبر")]
    assert (done.state, done.tally) == (WaveState.DONE, Tally(sent=60))


async def test_each_reader_gets_their_own_words(office: PostOffice) -> None:
    people = await join(office.storage, range(1, 4))
    for person in people:
        await write(office.storage, person, f"موجز {person.chat}")
    await say(office.storage)

    await office.deliver()

    told = [office.phones.texts(chat) for chat in (1, 2, 3)]
    assert told == [[Paragraph(f"موجز {chat}"), Paragraph("خبر")] for chat in (1, 2, 3)]


async def test_urgent_news_overtakes_a_broadcast_on_its_way(office: PostOffice) -> None:
    await join(office.storage, range(1, 101))
    await say(office.storage, "إعلان")
    office.phones.hang(1)

    async with office.open():
        await office.until_arrived(16)
        urgent = await say(office.storage, "عاجل", priority=Priority.URGENT)
        office.phones.release()
        await office.until(office.is_idle)

    texts = [letter.brief.blocks[0] for letter in office.phones.arrived]
    last_urgent = max(place for place, text in enumerate(texts) if text == Paragraph("عاجل"))
    assert (await wave_of(office.storage, urgent)).tally == Tally(sent=100)
    assert texts[last_urgent:].count(Paragraph("إعلان")) >= 25


async def test_what_becomes_due_is_noticed_when_somebody_says_so(storage: Storage) -> None:
    office = PostOffice(storage, idle=3600.0)
    await join(storage, [1])

    async with office.open() as deliverer:
        await say(storage)
        deliverer.wake()
        await office.until_arrived(1)

    assert [letter.chat for letter in office.phones.arrived] == [1]


async def test_a_wave_to_nobody_and_one_paused_at_its_end_are_done(office: PostOffice) -> None:
    empty = await say(office.storage, "لا أحد")
    await join(office.storage, [1])
    paused = await say(office.storage, "أول")
    office.phones.hang(1)
    async with office.open():
        await office.until_arrived(1)
        async with office.storage.transaction() as tx:
            await waves.turn(tx, paused, WaveState.PAUSED, THURSDAY)
        office.phones.release()

    async with office.storage.transaction() as tx:
        await waves.turn(tx, paused, WaveState.OPEN, THURSDAY)

    async def are_done() -> bool:
        found = [await wave_of(office.storage, wave) for wave in (empty, paused)]
        return all(wave.state is WaveState.DONE for wave in found)

    async with office.open():
        await office.until(are_done)
    assert office.phones.chats() == [1]


# ── slow and flooded chats ─────────────────────────────────────────────────────────────────


async def test_a_hanging_chat_holds_up_itself_and_nobody_else(office: PostOffice) -> None:
    await join(office.storage, range(1, 101))
    wave = await say(office.storage)
    office.phones.hang(1)

    async def others_are_settled() -> bool:
        return (await wave_of(office.storage, wave)).tally == Tally(sent=99)

    async with office.open():
        await office.until(others_are_settled)
        held = await wave_of(office.storage, wave)
        office.phones.release()
        await office.until(office.is_idle)

    assert held.state is WaveState.OPEN
    assert (await wave_of(office.storage, wave)).tally == Tally(sent=100)
    assert sorted(office.phones.chats()) == list(range(1, 101))


async def test_a_flooded_chat_is_put_off_alone_and_no_try_is_counted(office: PostOffice) -> None:
    """T45: the 429 of one group lets the others go on; td #715."""
    await join(office.storage, [-1, 2, 3])
    await say(office.storage, "أول")
    office.phones.answer(-1, Later("429", retry_after=30 * SECOND, is_flood=True))
    await office.deliver()
    await say(office.storage, "ثان")
    await office.deliver()
    tried = [letter.chat for letter in office.phones.tried].count(ChatId(-1))
    counted = await office.storage.fetch(
        "SELECT attempts, doubts FROM deliveries WHERE state = 'waiting' ORDER BY occasion"
    )

    office.clock.forward(31 * SECOND)
    await office.deliver()

    assert tried == 1
    assert [(row["attempts"], row["doubts"]) for row in counted] == [(1, 0), (0, 0)]
    assert sorted(office.phones.chats()) == [-1, -1, 2, 2, 3, 3]


async def test_many_letters_to_one_chat_leave_at_its_pace(storage: Storage) -> None:
    office = PostOffice(storage, chat_rate=1)
    [salma] = await join(storage, [1])
    for number in range(5):
        await write(storage, salma, f"خبر {number}")

    for _ in range(10):
        await office.deliver()
        office.clock.forward(2 * SECOND)

    assert len(office.phones.texts(1)) == len(set(office.phones.texts(1))) == 5
    assert len(office.phones.tried) == 5


async def test_a_letter_of_two_parts_waits_its_turn_between_them(storage: Storage) -> None:
    office = PostOffice(storage, parts=2, chat_rate=1)
    [salma] = await join(storage, [1])
    await say(storage)

    await office.deliver()

    found = await delivery_of(storage, "خبر", salma.id)
    assert found == (DeliveryState.SENT, (1, 2))
    assert office.clock() - THURSDAY >= SECOND


# ── late and at night ──────────────────────────────────────────────────────────────────────


async def test_news_that_expired_while_we_were_away_is_not_sent(office: PostOffice) -> None:
    people = await join(office.storage, range(1, 61))
    wave = await say(office.storage, lasts=HOUR)
    await write(office.storage, people[0], "موجز", lasts=HOUR)
    office.clock.forward(HOUR)

    await office.deliver()

    done = await wave_of(office.storage, wave)
    assert office.phones.tried == []
    assert (done.state, done.tally) == (WaveState.DONE, Tally(skipped=60))
    assert await state_of(office.storage, "موجز", 1) is DeliveryState.SKIPPED


async def test_news_that_cannot_be_sent_in_time_is_not_tried_for_ever(
    office: PostOffice,
) -> None:
    await join(office.storage, [1, 2])
    wave = await say(office.storage, lasts=HOUR)
    office.phones.answer(1, Later("429", retry_after=2 * HOUR))

    await office.deliver()

    done = await wave_of(office.storage, wave)
    assert (done.state, done.tally) == (WaveState.DONE, Tally(sent=1, skipped=1))


@pytest.mark.parametrize(
    ("priority", "is_heard_now"),
    [(Priority.INSTANT, False), (Priority.URGENT, True), (Priority.DIGEST, True)],
)
async def test_at_night_instants_wait_and_the_rest_comes_without_a_sound(
    office: PostOffice, priority: Priority, is_heard_now: bool
) -> None:
    await join(office.storage, [1], sport=Mode.INSTANT)
    office.clock.moment = NIGHT
    audience = Audience(AudienceKind.INSTANT, Section.SPORT)
    await say(office.storage, audience=audience, priority=priority, now=NIGHT)

    await office.deliver()
    at_night = [letter.is_silent for letter in office.phones.arrived]
    office.clock.forward(9 * HOUR)
    await office.deliver()

    assert at_night == ([True] if is_heard_now else [])
    assert [letter.is_silent for letter in office.phones.arrived] == [is_heard_now]


async def test_an_instant_that_is_old_by_morning_is_left_to_the_digest(
    office: PostOffice,
) -> None:
    await join(office.storage, [1])
    office.clock.moment = NIGHT
    wave = await say(office.storage, priority=Priority.INSTANT, now=NIGHT, lasts=3 * HOUR)

    await office.deliver()

    done = await wave_of(office.storage, wave)
    assert office.phones.tried == []
    assert (done.state, done.tally) == (WaveState.DONE, Tally(skipped=1))


# ── the end of a shift ─────────────────────────────────────────────────────────────────────


async def test_told_to_stop_it_finishes_what_is_in_hand_and_gives_the_rest_back(
    office: PostOffice,
) -> None:
    await join(office.storage, CROWD)
    wave = await say(office.storage)
    office.phones.hang(*CROWD)

    async with office.open() as deliverer:
        await office.until_arrived(16)
        deliverer.stop()
        office.phones.release()
    in_hand = list(office.phones.chats())
    [batch] = await office.storage.fetch("SELECT takes, lease_until FROM batches")
    await say(office.storage, "عاجل", priority=Priority.URGENT)
    await office.deliver()

    rest = [
        letter for letter in office.phones.arrived if letter.brief.blocks[0] != Paragraph("عاجل")
    ]
    assert in_hand == list(range(1, 17))
    assert (batch["takes"], batch["lease_until"]) == (0, 0)
    assert office.phones.chats()[16:25] == list(range(17, 26))
    assert sorted(letter.chat for letter in rest) == list(CROWD)
    assert (await wave_of(office.storage, wave)).tally == Tally(sent=100)


async def test_a_batch_is_not_given_back_while_one_of_its_letters_is_in_hand(
    office: PostOffice,
) -> None:
    await join(office.storage, range(1, 26))
    await say(office.storage)
    flooded = Later("429", retry_after=HOUR, is_flood=True)
    office.phones.answer(3, flooded)
    office.phones.answer(4, flooded)  # a second chat: nobody may be written to for an hour
    office.phones.hang(1)

    async with office.open() as deliverer:
        await office.until_arrived(14)
        deliverer.stop()
        leases = [await office.storage.fetch("SELECT lease_until FROM batches") for _ in CROWD]
        office.phones.release()

    [given_back] = await office.storage.fetch("SELECT lease_until FROM batches")
    assert all(row["lease_until"] != 0 for [row] in leases)
    assert given_back["lease_until"] == 0
    assert len(office.phones.tried) == 16


async def test_told_to_stop_while_the_pace_waits_it_ends_at_once(office: PostOffice) -> None:
    await join(office.storage, range(1, 51))
    await say(office.storage)
    office.pacer = Pacer(Pace(1), office.clock.seconds, sleep=office.clock.sleep)

    async with office.open():
        await office.until_arrived(1)

    assert len(office.phones.tried) == 1
    assert await office.storage.fetch("SELECT 1 FROM batches WHERE lease_until > 0") == []


async def test_told_to_stop_before_it_began_it_sends_nothing(office: PostOffice) -> None:
    await join(office.storage, [1])
    await say(office.storage)
    deliverer = office.deliverer()
    deliverer.stop()

    await deliverer.run()

    assert office.phones.tried == []


async def test_cut_off_it_leaves_no_send_behind(office: PostOffice) -> None:
    await join(office.storage, range(1, 31))
    await say(office.storage)
    office.phones.hang(*range(1, 31))
    before = asyncio.all_tasks()
    running = asyncio.create_task(office.deliverer().run())
    await office.until_arrived(16)

    running.cancel()
    await asyncio.wait([running])

    assert running.cancelled()
    assert asyncio.all_tasks() == before
