"""The newsroom's clock: the page hurries it, messages are dated by it, patience is not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.sandbox.clock import NewsClock
from bot.sandbox.refusals import ApiError
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import SALMA, YOUNES, Caller, button

START = datetime(2026, 11, 26, 7, tzinfo=UTC)


class Seconds:
    def __init__(self) -> None:
        self.gone = 0.0

    def __call__(self) -> float:
        return self.gone


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
async def demo(seconds: Seconds) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(clock=NewsClock(START, steady=seconds))
    await sandbox.start()
    yield sandbox
    await sandbox.close()


@pytest.fixture
async def on_page(demo: Sandbox) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(session, demo.address)


async def newsroom(call: Caller) -> dict[str, Any]:
    read: dict[str, Any] = await (await call.get("/_sandbox/newsroom")).json()
    return read


async def test_the_page_learns_the_hour_the_speeds_and_what_goes_wrong(
    on_page: Caller, demo: Sandbox
) -> None:
    await demo.fault("429", retry_after=3)
    await demo.fault("bad_picture", chat=SALMA)
    await demo.block(YOUNES)

    assert await newsroom(on_page) == {
        "now": START.timestamp(),
        "speed": 1,
        "speeds": [1, 60, 600],
        "faults": [{"kind": "429", "chat": None}, {"kind": "bad_picture", "chat": SALMA}],
        "blocked": [YOUNES],
    }


async def test_a_hurried_clock_dates_messages(demo: Sandbox, seconds: Seconds) -> None:
    await demo.speed(600)
    seconds.gone = 6

    message = await demo.say(SALMA, "/start")

    assert message["date"] == START.timestamp() + 3600


async def test_a_hurried_clock_makes_nobody_impatient(
    on_page: Caller, demo: Sandbox, seconds: Seconds
) -> None:
    await demo.say(SALMA, "/start")
    sent = await on_page.result("sendMessage", chat_id=SALMA, text="خبر", reply_markup=button())
    await demo.speed(600)
    tapped = await demo.tap(SALMA, sent["message_id"], "1:a", wait=0)
    seconds.gone = 10

    answered = await on_page("answerCallbackQuery", callback_query_id=tapped["query_id"])

    assert answered["ok"] is True


async def test_watchers_hear_of_the_speed_and_of_faults(demo: Sandbox) -> None:
    stream = demo.desk.events.open()

    await demo.speed(60)
    await demo.fault("500")
    await demo.fault("500", off=True)

    told = [stream.get_nowait() for _ in range(3)]
    assert [event and event["kind"] for event in told] == ["newsroom"] * 3
    assert [event and event["newsroom"]["speed"] for event in told] == [60, 60, 60]
    assert [len(event["newsroom"]["faults"]) for event in told if event] == [0, 1, 0]


async def test_only_a_known_speed_and_only_the_newsrooms_own_clock_is_taken(
    demo: Sandbox, sandbox: Sandbox
) -> None:
    with pytest.raises(ValueError, match="1, 60, 600"):
        await demo.speed(7)
    with pytest.raises(ApiError, match="cannot be hurried"):
        await sandbox.speed(60)
    assert sandbox.desk.newsroom()["speeds"] == []


async def test_one_fault_is_cleared_and_the_others_stay(sandbox: Sandbox) -> None:
    await sandbox.fault("500")
    await sandbox.fault("bad_picture")
    await sandbox.fault("bad_picture", chat=SALMA)

    await sandbox.fault("bad_picture", off=True)

    left = [(fault.kind, fault.chat) for fault in sandbox.desk.faults.in_force]
    assert left == [("500", None), ("bad_picture", SALMA)]
