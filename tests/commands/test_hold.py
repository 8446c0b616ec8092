"""The owners' word on what is on hold: given once, by owners alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.config import Config
from bot.model import WaveState
from bot.storage import hold
from tests.build import NOON
from tests.commands.announcing import audits, confirmed, wave_of
from tests.commands.conftest import KARIM, YOUNES, Bureau, config

NADIA = YOUNES  # the owner, in these tests


@pytest.fixture
def newsroom() -> Config:
    return config(owners=(NADIA,), editors=(KARIM,))


async def held(bureau: Bureau) -> int:
    """Put a broadcast on hold; return the question's number."""
    await confirmed(bureau, 12)
    await bureau.says(NADIA, "/start")
    async with bureau.storage.transaction() as tx:
        await hold.hold_all(tx, "moved", bureau.room.now())
    question = await hold.open_hold(bureau.storage)
    assert question is not None
    bureau.woken.clear()
    return question.id


async def press(bureau: Bureau, act: str, number: int, person: int = NADIA) -> str:
    page = bureau.messages(person)[-1]["message_id"]
    return await bureau.presses(person, page, f"1:hd:{act}:{number}")


async def state(bureau: Bureau) -> WaveState:
    wave = await wave_of(bureau)
    assert wave is not None
    return wave.state


async def test_an_owner_lets_it_go_on(bureau: Bureau) -> None:
    number = await held(bureau)

    await press(bureau, "go", number)

    assert await state(bureau) is WaveState.OPEN
    assert bureau.woken == ["deliver"]
    assert "يتابع الإرسال الآن: 12 رسالة." in bureau.seen(NADIA)
    assert (await audits(bureau))[-2:] == ["hold.begin", "hold.go"]


async def test_an_owner_gives_it_up_once_asked_again(bureau: Bureau) -> None:
    number = await held(bureau)

    await press(bureau, "ask", number)
    during, labels = await state(bureau), bureau.labels(NADIA)
    await bureau.taps(NADIA, "نعم، ألغه")

    assert (during, labels) == (WaveState.HELD, ["نعم، ألغه", "تابع الإرسال"])
    assert await state(bureau) is WaveState.CANCELLED
    assert "ألغي ما لم يرسل: 12 رسالة." in bureau.seen(NADIA)
    assert (await audits(bureau))[-1] == "hold.drop"


@pytest.mark.parametrize("act", ["go", "ask", "drop"])
async def test_an_editor_finds_no_such_button(bureau: Bureau, act: str) -> None:
    number = await held(bureau)

    assert await press(bureau, act, number, KARIM) == bureau.texts.say("errors.old_buttons")
    assert await state(bureau) is WaveState.HELD


@pytest.mark.parametrize("act", ["go", "ask", "drop"])
async def test_what_was_decided_is_not_decided_again(bureau: Bureau, act: str) -> None:
    number = await held(bureau)
    await press(bureau, "go", number)

    await press(bureau, act, number)

    assert bureau.seen(NADIA) == bureau.texts.say("hold.decided")
    assert await state(bureau) is WaveState.OPEN
    assert (await audits(bureau)).count("hold.go") == 1


async def test_the_buttons_of_an_earlier_hold_decide_nothing(bureau: Bureau) -> None:
    first = await held(bureau)
    await press(bureau, "go", first)
    bureau.forward(timedelta(hours=1))
    async with bureau.storage.transaction() as tx:
        await hold.hold_all(tx, "moved", bureau.room.now())

    await press(bureau, "go", first)

    assert bureau.room.now() > NOON
    assert await state(bureau) is WaveState.HELD


async def test_no_editor_resumes_what_is_on_hold(bureau: Bureau) -> None:
    await held(bureau)

    page = bureau.messages(KARIM)[-1]["message_id"]
    await bureau.presses(KARIM, page, "1:bc:resume:1")

    assert await state(bureau) is WaveState.HELD
    assert "الإعلان معلق حتى يوافق مالك" in bureau.seen(KARIM)
    assert bureau.labels(KARIM) == ["إلغاء"]
