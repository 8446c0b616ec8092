"""What the deliverer makes of every answer: of one chat, nobody else hears anything."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import (
    ChatId,
    DeliveryState,
    Later,
    Mode,
    Moved,
    Priority,
    Rejected,
    Section,
    Tally,
    Unreachable,
    WaveState,
)
from bot.outbox.settle import MOST_DOUBTS
from bot.storage import Storage, subscribers, subscriptions
from tests.crowd import join, say, state_of, wave_of, write
from tests.jobs.post_office import PostOffice

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
NO_NETWORK = Later("connection refused")
HANG_UP = Later("the connection broke", is_certain=False)


@pytest.fixture
def office(storage: Storage) -> PostOffice:
    """Give a post office over this test's database."""
    return PostOffice(storage)


async def test_one_that_is_rejected_first_stops_none_of_the_others(office: PostOffice) -> None:
    """T41; skyhong2002/chumei #31."""
    people = await join(office.storage, range(1, 31))
    await write(office.storage, people[0], "رديء", priority=Priority.URGENT)
    wave = await say(office.storage)
    office.phones.answer(1, Rejected("can't parse entities"), Rejected("can't parse entities"))

    await office.deliver()

    assert sorted(office.phones.chats()) == list(range(2, 31))
    assert (await wave_of(office.storage, wave)).tally == Tally(sent=29, rejected=1)
    assert await state_of(office.storage, "رديء", 1) is DeliveryState.REJECTED


async def test_a_refused_connection_is_tried_again_and_heals(office: PostOffice) -> None:
    """T42; HKUDS/nanobot #1099, #3050."""
    await join(office.storage, range(1, 11))
    wave = await say(office.storage)
    office.phones.answer(4, *[NO_NETWORK] * 5)

    for _ in range(7):
        await office.deliver()
        office.clock.forward(HOUR)

    assert sorted(office.phones.chats()) == list(range(1, 11))
    assert (await wave_of(office.storage, wave)).tally == Tally(sent=10)


@pytest.mark.parametrize("outage", [NO_NETWORK, HANG_UP], ids=["refused", "broken"])
async def test_urgent_news_that_met_no_network_for_ten_seconds_is_sent_after(
    office: PostOffice, outage: Later
) -> None:
    """T49; louislam/uptime-kuma #6046: also when connections break with letters in them."""
    await join(office.storage, range(1, 11))
    wave = await say(office.storage, priority=Priority.URGENT, lasts=HOUR)
    office.phones.outage = outage
    for _ in range(10):
        await office.deliver()
        office.clock.forward(SECOND)

    office.phones.outage = None
    for _ in range(20):
        await office.deliver()
        office.clock.forward(SECOND)

    done = await wave_of(office.storage, wave)
    assert sorted(office.phones.chats()) == list(range(1, 11))
    assert (done.state, done.tally) == (WaveState.DONE, Tally(sent=10))


async def test_who_blocked_us_is_not_written_to_again(office: PostOffice) -> None:
    """T35; listmonk #1931."""
    await join(office.storage, range(1, 4))
    await say(office.storage, "أول")
    office.phones.answer(2, Unreachable("blocked by the user"))
    await office.deliver()

    second = await say(office.storage, "ثان")
    await office.deliver()

    assert [letter.chat for letter in office.phones.tried].count(ChatId(2)) == 1
    assert (await wave_of(office.storage, second)).tally == Tally(sent=2)


async def test_a_lost_right_to_write_leaves_all_settings_and_heals(office: PostOffice) -> None:
    """T47; RSStT FAQ; aikaterna/aikaterna-cogs #260; healthchecks #613."""
    [group] = await join(office.storage, [-7], sport=Mode.INSTANT)
    await say(office.storage)
    lost = Later("not enough rights", retry_after=HOUR)
    office.phones.answer(-7, lost)

    await office.deliver()
    as_before = await subscribers.by_id(office.storage, group.id)
    office.clock.forward(HOUR + SECOND)
    await office.deliver()

    assert as_before == group
    assert office.phones.chats() == [-7]


async def test_a_group_that_became_a_supergroup_is_served_under_its_new_number(
    office: PostOffice,
) -> None:
    """T48; healthchecks #132; TwiN/gatus #179."""
    [group] = await join(office.storage, [-5], sport=Mode.INSTANT)
    await say(office.storage)
    office.phones.answer(-5, Moved(ChatId(-1005)))

    await office.deliver()

    moved = await subscribers.by_id(office.storage, group.id)
    assert office.phones.chats() == [-1005]
    assert moved is not None
    assert (moved.chat, moved.is_active) == (-1005, True)
    assert await subscriptions.sections(office.storage, group.id) == {Section.SPORT: Mode.INSTANT}


@pytest.mark.parametrize(
    "second", [Moved(ChatId(-1005)), Unreachable("group chat was deleted")], ids=["moved", "403"]
)
async def test_a_group_that_moved_with_two_letters_in_hand_stays(
    office: PostOffice, second: Moved | Unreachable
) -> None:
    """T48; ehForwarderBot/efb-telegram-master PR #75."""
    [group] = await join(office.storage, [-5])
    for text in ("أول", "ثان"):
        await write(office.storage, group, text)
    office.phones.answer(-5, Moved(ChatId(-1005)), second)

    await office.deliver()

    moved = await subscribers.by_id(office.storage, group.id)
    assert moved is not None
    assert (moved.chat, moved.is_active) == (-1005, True)
    assert set(office.phones.chats()) == {-1005}


async def test_a_group_that_moved_to_where_we_are_already_hears_once(office: PostOffice) -> None:
    """T48: the new number pressed start before the old one told us."""
    old, new = await join(office.storage, [-5, -1005])
    wave = await say(office.storage)
    office.phones.answer(-5, Moved(ChatId(-1005)))

    await office.deliver()

    left = await subscribers.by_id(office.storage, old.id)
    assert office.phones.chats() == [new.chat]
    assert left is not None
    assert not left.is_active
    assert (await wave_of(office.storage, wave)).tally == Tally(sent=1, skipped=1)


async def test_a_fault_of_our_own_costs_its_reader_and_nobody_else(office: PostOffice) -> None:
    await join(office.storage, range(1, 41))
    wave = await say(office.storage)
    office.phones.answer(3, *[RuntimeError("a fault")] * MOST_DOUBTS)

    for _ in range(MOST_DOUBTS + 1):
        await office.deliver()
        office.clock.forward(HOUR)

    assert sorted(office.phones.chats()) == [chat for chat in range(1, 41) if chat != 3]
    assert (await wave_of(office.storage, wave)).tally == Tally(sent=39, unsure=1)
