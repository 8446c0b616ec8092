"""What the deliverer does while the other side wants nothing: it waits, and loses nothing by it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import DeliveryState, Later, Priority, Tally, WaveId, WaveState
from bot.storage import Storage
from tests.crowd import join, say, state_of, wave_of, write
from tests.jobs.post_office import PostOffice

MINUTE = timedelta(minutes=1)
LONG = timedelta(seconds=2282)
GROUP = -300


@pytest.fixture
def office(storage: Storage) -> PostOffice:
    """Give a post office over this test's database."""
    return PostOffice(storage)


def flood(seconds: float) -> Later:
    return Later("Too Many Requests", retry_after=timedelta(seconds=seconds), is_flood=True)


async def is_over(office: PostOffice, wave: WaveId) -> bool:
    return (await wave_of(office.storage, wave)).state is WaveState.DONE


async def test_everybody_refused_for_ten_minutes_waits_and_nobody_has_failed(
    office: PostOffice,
) -> None:
    """T38; listmonk #1802, #2313."""
    await join(office.storage, range(1, 61))
    wave = await say(office.storage)
    office.phones.outage = Later("502 Bad Gateway")
    for _ in range(10):
        await office.deliver()
        office.clock.forward(MINUTE)
    during = await wave_of(office.storage, wave)
    states = {await state_of(office.storage, "خبر", chat) for chat in range(1, 61)}

    office.phones.outage = None
    for _ in range(12):
        await office.deliver()
        office.clock.forward(MINUTE)

    assert (during.state, during.tally, states) == (
        WaveState.OPEN, Tally(), {DeliveryState.WAITING}
    )  # fmt: skip
    assert sorted(office.phones.chats()) == list(range(1, 61))
    assert (await wave_of(office.storage, wave)).tally == Tally(sent=60)


async def test_a_flooded_group_waits_alone(office: PostOffice) -> None:
    """T45; td #715."""
    await join(office.storage, [GROUP, *range(1, 31)])
    wave = await say(office.storage, priority=Priority.URGENT)
    office.phones.answer(GROUP, flood(300))

    await office.deliver()
    others = sorted(office.phones.chats())
    office.clock.forward(5 * MINUTE)
    await office.deliver()

    assert others == list(range(1, 31))
    assert office.phones.chats()[-1] == GROUP
    assert await is_over(office, wave)


async def test_in_a_long_silence_urgent_news_expires_replies_go_on_and_the_rest_waits(
    office: PostOffice,
) -> None:
    """T45; tdlib/telegram-bot-api #184."""
    people = await join(office.storage, range(1, 41))
    urgent = await say(office.storage, priority=Priority.URGENT, lasts=30 * MINUTE)
    for chat in (1, 2):
        office.phones.answer(chat, flood(LONG.total_seconds()))

    async with office.open():
        await office.until(lambda: is_silent(office))
        await write(office.storage, people[-1], "موجز")
        began = office.clock()
        await office.pacer.reply(9001)
        replied_after = office.clock() - began
        office.clock.forward(31 * MINUTE)
        await office.until(lambda: is_over(office, urgent))
        before = len(office.phones.arrived)
        office.clock.forward(LONG)
        await office.until_arrived(before + 1)

    tally = (await wave_of(office.storage, urgent)).tally
    assert replied_after < timedelta(seconds=1)
    assert tally.settled == 40
    assert tally.sent + tally.skipped == 40
    assert tally.skipped >= 15, "who was beyond the cursor is left to the digest"
    assert await state_of(office.storage, "موجز", 40) is DeliveryState.SENT


async def is_silent(office: PostOffice) -> bool:
    return office.pacer.silence() > 0


async def test_a_flood_that_copies_met_holds_copies_and_no_news(office: PostOffice) -> None:
    """T46; telegram-bot-api #184, Telegram-Limits #289."""
    await join(office.storage, range(1, 101))
    broadcast = await say(office.storage, "إعلان")
    for chat in (1, 2):
        office.phones.answer(chat, flood(600))

    async with office.open():
        await office.until(lambda: are_copies_silent(office))
        news = await say(office.storage, "خبر عاجل", priority=Priority.URGENT)
        await office.until(lambda: is_over(office, news))
        early = await wave_of(office.storage, broadcast)
        office.clock.forward(11 * MINUTE)
        await office.until(lambda: is_over(office, broadcast))

    assert early.state is WaveState.OPEN
    assert early.tally.sent < 30, "what was in hand, no more"
    assert (await wave_of(office.storage, broadcast)).tally == Tally(sent=100)
    assert len(office.phones.arrived) == 200


async def are_copies_silent(office: PostOffice) -> bool:
    return office.pacer.silence(is_copy=True) > 0 and office.pacer.silence() == 0


async def test_what_is_put_off_by_a_silence_counts_no_try(office: PostOffice) -> None:
    await join(office.storage, range(1, 31))
    await say(office.storage)
    for chat in (1, 2):
        office.phones.answer(chat, flood(600))

    async with office.open():
        await office.until(lambda: are_copies_silent(office))

    rows = await office.storage.fetch(
        "SELECT attempts FROM deliveries WHERE state = 'waiting' AND reason LIKE '%not free yet'"
    )
    assert {row["attempts"] for row in rows} <= {0}
