"""«Undo»: within ten minutes, once, by whoever may; the log keeps both."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands import UNDO
from bot.config import Config
from bot.model import Section, StoryId
from bot.storage import audit, stories
from bot.texts import Texts
from tests.build import draft
from tests.commands.conftest import KARIM, SALMA, Bureau, config

NADIA = 1003  # an owner in these tests
TITLE = "افتتاح ميناء جديد في الشمال"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def newsroom() -> Config:
    return config(owners=(NADIA,))


async def picked(bureau: Bureau) -> StoryId:
    """Print a story and let Karim pick it; its undoing stands on the desk."""
    story = await bureau.prints(draft())
    await bureau.says(KARIM, f"/start st_{story}")
    await bureau.taps(KARIM, "⭐ مختارات")
    await bureau.says(KARIM, "/desk")
    return story


async def is_pick(bureau: Bureau, story: StoryId) -> bool:
    telling = await stories.telling(bureau.storage, story)
    assert telling is not None
    return Section.PICKS in telling.lead.sections


async def test_an_act_is_taken_back_and_both_stand_in_the_log(bureau: Bureau) -> None:
    story = await picked(bureau)
    assert await is_pick(bureau, story)

    await bureau.taps(KARIM, "تراجع 1")

    assert bureau.seen(KARIM) == f"تم التراجع عن: إضافة إلى المختارات: {TITLE}."
    assert not await is_pick(bureau, story)
    undone, pick = await audit.newest(bureau.storage, limit=5)
    assert (undone.act, undone.person, pick.act) == ("undo", KARIM, "pick.on")
    assert pick.undone_at == bureau.clock[0]
    await bureau.taps(KARIM, "رجوع")
    assert TITLE in bureau.seen(KARIM)


async def test_after_ten_minutes_it_is_too_late(bureau: Bureau) -> None:
    story = await picked(bureau)
    bureau.forward(11 * MINUTE)

    toast = await bureau.taps(KARIM, "تراجع 1")

    assert toast == bureau.texts.say("undo.too_late")
    assert await is_pick(bureau, story)
    await bureau.says(KARIM, "/desk")
    assert "تراجع 1" not in bureau.labels(KARIM)


async def test_a_press_delivered_twice_undoes_once(bureau: Bureau) -> None:
    story = await picked(bureau)
    message, data = bureau.button(KARIM, "تراجع 1")
    await bureau.presses(KARIM, message, data)

    toast = await bureau.presses(KARIM, message, data)

    assert toast == bureau.texts.say("undo.already")
    assert not await is_pick(bureau, story)
    assert [entry.act for entry in await audit.newest(bureau.storage, limit=5)] == [
        "undo",
        "pick.on",
    ]


async def test_what_somebody_has_changed_since_is_left_alone(bureau: Bureau) -> None:
    story = await picked(bureau)
    message, data = bureau.button(KARIM, "تراجع 1")
    await bureau.says(NADIA, f"/start st_{story}")
    await bureau.taps(NADIA, "✓ ⭐ مختارات")

    toast = await bureau.presses(KARIM, message, data)

    assert toast == bureau.texts.say("undo.too_late")
    pick = (await audit.newest(bureau.storage, limit=5))[1]
    assert (pick.act, pick.undone_at) == ("pick.on", None)


async def test_a_reader_finds_no_such_button(bureau: Bureau) -> None:
    story = await picked(bureau)
    _, data = bureau.button(KARIM, "تراجع 1")
    await bureau.says(SALMA, "/latest")
    message = bureau.messages(SALMA)[-1]["message_id"]

    toast = await bureau.presses(SALMA, message, data)

    assert toast == bureau.texts.say("errors.old_buttons")
    assert await is_pick(bureau, story)


def test_every_act_that_can_be_undone_has_its_sentence() -> None:
    texts = Texts.load()

    assert [act for act in UNDO if f"acts.{act}" not in texts.sentences] == []


@pytest.mark.parametrize("data", ["1:un:999999", "1:un:0"])
async def test_a_forged_number_is_an_old_button(bureau: Bureau, data: str) -> None:
    await bureau.says(KARIM, "/desk")
    message = bureau.messages(KARIM)[-1]["message_id"]

    assert await bureau.presses(KARIM, message, data) == bureau.texts.say("errors.old_buttons")
