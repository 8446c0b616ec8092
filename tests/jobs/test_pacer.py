"""What the pacer promises: each leaves at its moment, and replies leave first."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.jobs.pacer import YIELD, Pacer
from bot.outbox.pace import Pace
from tests.fakes import THURSDAY, FakeClock

SALMA, KARIM = 1001, 1002


def make(rate: int = 30, chat_rate: int = 1) -> tuple[Pacer, FakeClock]:
    clock = FakeClock()
    pace = Pace(rate, chat_rate=chat_rate)
    return Pacer(pace, clock.seconds, sleep=clock.sleep), clock


async def test_the_first_leaves_at_once_and_the_second_to_a_chat_a_second_later() -> None:
    pacer, clock = make()

    await pacer.turn(SALMA)
    first = clock() - THURSDAY
    await pacer.turn(SALMA)

    assert first == timedelta(0)
    assert clock() - THURSDAY >= timedelta(seconds=0.9)


async def test_a_busy_chat_does_not_keep_another_waiting() -> None:
    pacer, _ = make(rate=1000)
    pacer.push(SALMA)

    assert pacer.wait_for(SALMA) > 0.9
    assert pacer.wait_for(KARIM) < 0.01


def waiting(rate: int) -> tuple[Pacer, asyncio.Task[object]]:
    """Let a reply to Salma wait behind a push to her; nothing sleeps to its end."""
    pacer = Pacer(Pace(rate, chat_rate=1), FakeClock().seconds, sleep=_for_ever)
    pacer.push(SALMA)
    return pacer, asyncio.create_task(pacer.reply(SALMA))


async def test_pushes_step_back_while_a_reply_waits_for_the_bots_budget() -> None:
    pacer, replying = waiting(rate=1)
    await asyncio.sleep(0)

    assert pacer.wait() > 0.9
    replying.cancel()


async def test_pushes_go_on_while_a_reply_waits_for_its_own_chat_only() -> None:
    pacer, replying = waiting(rate=1000)
    await asyncio.sleep(0)

    assert pacer.wait() < YIELD
    replying.cancel()


async def test_a_reply_is_debited_and_its_answer_frees_the_chat_a_second_later() -> None:
    pacer, clock = make(rate=1000)
    answered = await pacer.reply(SALMA)
    clock.forward(timedelta(seconds=0.2))
    answered()

    assert 0.7 < pacer.wait_for(SALMA) <= 1.01


async def test_a_reply_that_is_given_up_keeps_no_push_waiting() -> None:
    pacer, _ = make(rate=1000)
    hung = Pacer(Pace(1000, chat_rate=1), FakeClock().seconds, sleep=_for_ever)
    hung.push(SALMA)
    replying = asyncio.create_task(hung.reply(SALMA))
    await asyncio.sleep(0)

    replying.cancel()
    await asyncio.wait([replying])

    assert hung.wait() < YIELD
    assert pacer.wait() == 0.0


async def test_one_flooded_chat_is_held_alone_and_a_second_holds_all_pushes() -> None:
    """T45; td #715."""
    pacer, clock = make(rate=1000)

    pacer.flooded(SALMA, 30.0)
    alone = (pacer.wait_for(SALMA), pacer.wait_for(KARIM))
    pacer.flooded(KARIM, 30.0)
    everyone = pacer.wait()
    clock.forward(timedelta(seconds=31))

    assert alone[0] > 29
    assert alone[1] == 0.0
    assert everyone > 29
    assert pacer.wait() == 0.0


async def test_an_answer_frees_its_slot_a_second_later() -> None:
    pacer, clock = make(rate=2)
    slots = [pacer.push(chat) for chat in (1, 2)]
    for slot in slots:
        pacer.answered(slot)

    full = pacer.wait()
    clock.forward(timedelta(seconds=1.1))

    assert 0.5 < full <= 1.0
    assert pacer.wait() == 0.0


async def _for_ever(seconds: float) -> None:
    await asyncio.Event().wait()
