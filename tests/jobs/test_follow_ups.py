"""Waves that change or take back what readers have: under the outbox's laws like any other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import (
    Act,
    Audience,
    AudienceKind,
    DeliveryState,
    Later,
    Priority,
    Rejected,
    Tally,
    Unreachable,
    WaveId,
    WaveState,
)
from bot.storage import Storage, briefs, waves
from tests.crowd import BOT, brief, claim, join, restart, say, state_of, turn, wave_of
from tests.jobs.post_office import PostOffice

CROWD = range(1, 31)
PAUSE = timedelta(minutes=1)
RIGHT = brief("النص الصحيح")


@pytest.fixture
def office(storage: Storage) -> PostOffice:
    """Give a post office over this test's database."""
    return PostOffice(storage)


async def follows(office: PostOffice, act: Act) -> WaveId:
    """Tell a crowd something, then begin to do something about it."""
    await join(office.storage, CROWD)
    first = await wave_of(office.storage, await say(office.storage))
    await office.deliver()
    now = office.clock()
    async with office.storage.transaction() as tx:
        return await waves.begin(
            tx,
            BOT,
            "متابعة",
            await briefs.keep(tx, RIGHT, now),
            audience=Audience(AudienceKind.REACHED, follows_up=first.occasion),
            priority=Priority.BROADCAST,
            now=now,
            act=act,
        )


def changed(office: PostOffice, act: Act) -> list[tuple[int, int]]:
    """Return the chats and messages that were changed, in the order of the chats."""
    if act is Act.DELETE:
        return sorted(office.phones.recalled)
    return sorted((chat, message) for chat, message, said in office.phones.amended if said == RIGHT)


def messages(office: PostOffice) -> list[tuple[int, int]]:
    """Return the message that each reader has: the fake numbers them as they arrive."""
    return sorted((chat, number) for number, chat in enumerate(office.phones.chats(), start=1))


@pytest.mark.parametrize("act", [Act.EDIT, Act.DELETE])
async def test_every_message_is_changed_once_and_nothing_is_sent(
    office: PostOffice, act: Act
) -> None:
    wave = await follows(office, act)

    await office.deliver()

    done = await wave_of(office.storage, wave)
    assert changed(office, act) == messages(office)
    assert (done.state, done.tally) == (WaveState.DONE, Tally(sent=len(CROWD)))
    assert len(office.phones.arrived) == len(CROWD)


@pytest.mark.parametrize("act", [Act.EDIT, Act.DELETE])
async def test_answers_mean_what_they_mean_and_the_numbers_add_up(
    office: PostOffice, act: Act
) -> None:
    wave = await follows(office, act)
    office.phones.answer(3, Rejected("message can't be edited"))
    office.phones.answer(4, Unreachable("blocked"))
    office.phones.answer(5, Later("busy"))

    await office.deliver()
    waiting = await state_of(office.storage, "متابعة", 5)
    office.clock.forward(PAUSE)
    await office.deliver()

    assert waiting is DeliveryState.WAITING
    tally = Tally(sent=len(CROWD) - 2, rejected=1, unreachable=1)
    assert (await wave_of(office.storage, wave)).tally == tally
    assert (5, dict(messages(office))[5]) in changed(office, act)


@pytest.mark.parametrize("act", [Act.EDIT, Act.DELETE])
async def test_after_a_crash_it_goes_on_where_it_was(office: PostOffice, act: Act) -> None:
    wave = await follows(office, act)
    assert await claim(office.storage, office.clock(), size=7) is not None
    await restart(office.storage)

    await office.deliver()

    assert changed(office, act) == messages(office)
    assert (await wave_of(office.storage, wave)).tally == Tally(sent=len(CROWD))


async def test_cancelled_it_leaves_the_rest_as_it_is(office: PostOffice) -> None:
    wave = await follows(office, Act.DELETE)
    await turn(office.storage, wave, WaveState.CANCELLED)

    await office.deliver()

    assert changed(office, Act.DELETE) == []
