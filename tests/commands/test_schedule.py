"""An hour for a broadcast: offered, typed, laid down, moved, called off; and one that passed."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.commands.editor.broadcast.moments import read_moment, usual
from bot.config import Config
from bot.storage import broadcasts, scheduled
from bot.storage.broadcasts import BroadcastState
from bot.texts import Texts
from tests.build import NOON
from tests.commands.announcing import audits, crowd, drafted, read, wave_of
from tests.commands.conftest import KARIM, YOUNES, Bureau, config, words_of

HOUR = timedelta(hours=1)
EVENING = NOON.replace(hour=18)  # of a Tuesday; the newsroom's clock shows UTC that day
CASABLANCA = ZoneInfo("Africa/Casablanca")
TEXTS = Texts.load()


@pytest.fixture
def newsroom() -> Config:
    return config(editors=(KARIM, YOUNES))


async def planned(bureau: Bureau) -> None:
    await drafted(bureau)
    await bureau.taps(KARIM, "جدولة")
    await bureau.taps(KARIM, "اليوم 18:00")
    await bureau.says(KARIM, "12")


async def test_usual_hours_are_offered_in_the_editors_zone(bureau: Bureau) -> None:
    await drafted(bureau)

    await bureau.taps(KARIM, "جدولة")

    assert "التوقيت: المغرب، الساعة الآن 12:00" in bureau.seen(KARIM)
    assert bureau.labels(KARIM) == [
        "اليوم 13:00", "اليوم 18:00", "اليوم 20:00", "غدا 08:00", "موعد آخر", "رجوع"
    ]  # fmt: skip


async def test_the_number_typed_lays_the_hour_down_and_sends_nothing(bureau: Bureau) -> None:
    await drafted(bureau)
    await bureau.taps(KARIM, "جدولة")
    await bureau.taps(KARIM, "اليوم 18:00")
    asked = bureau.seen(KARIM)

    await bureau.says(KARIM, "12")

    found = await read(bureau)
    assert "الموعد: اليوم 18:00." in asked
    assert "للتأكيد اكتب العدد: 12" in asked
    assert (found.state, found.due_at) == (BroadcastState.SCHEDULED, EVENING)
    assert await wave_of(bureau) is None
    assert bureau.woken == []
    assert "ينتظر اليوم 18:00" in bureau.seen(KARIM)
    assert bureau.labels(KARIM) == ["أرني الرسالة", "غير الموعد", "ألغ الموعد", "رجوع"]
    assert await audits(bureau) == ["broadcast.schedule"]


async def test_a_confirmation_of_an_hour_delivered_twice_acts_once(bureau: Bureau) -> None:
    await drafted(bureau)
    await bureau.taps(KARIM, "جدولة")
    await bureau.taps(KARIM, "اليوم 18:00")
    await bureau.sandbox.redeliver(1)

    await bureau.says(KARIM, "12")

    assert await audits(bureau) == ["broadcast.schedule"]


async def test_having_thought_of_an_hour_one_may_still_send_now(bureau: Bureau) -> None:
    await drafted(bureau)
    await bureau.taps(KARIM, "جدولة")
    await bureau.taps(KARIM, "اليوم 18:00")
    await bureau.taps(KARIM, "رجوع")

    await bureau.taps(KARIM, "أرسل الآن")
    await bureau.says(KARIM, "12")

    assert await wave_of(bureau) is not None
    assert (await read(bureau)).due_at is None


async def test_an_hour_is_typed_and_one_not_understood_is_explained(bureau: Bureau) -> None:
    await drafted(bureau)
    await bureau.taps(KARIM, "جدولة")
    await bureau.taps(KARIM, "موعد آخر")

    await bureau.says(KARIM, "بعد الظهر")
    explained = bureau.seen(KARIM)
    await bureau.says(KARIM, "غدا ٦:٣٠")
    await bureau.says(KARIM, "12")

    assert "لم نفهم الموعد" in explained
    due = NOON.replace(day=25, hour=6, minute=30)
    assert (await read(bureau)).due_at == due


async def test_an_hour_that_passed_while_the_number_was_awaited_is_not_laid_down(
    bureau: Bureau,
) -> None:
    await drafted(bureau)
    await bureau.taps(KARIM, "جدولة")
    await bureau.taps(KARIM, "اليوم 13:00")
    bureau.forward(2 * HOUR)

    await bureau.says(KARIM, "12")

    assert bureau.seen(KARIM) == bureau.texts.say("schedule.past")
    assert (await read(bureau)).state is BroadcastState.DRAFT


async def test_a_button_whose_hour_has_passed_offers_the_next_ones(bureau: Bureau) -> None:
    await drafted(bureau)
    await bureau.taps(KARIM, "جدولة")
    bureau.forward(2 * HOUR)

    toast = await bureau.taps(KARIM, "اليوم 13:00")

    assert toast == bureau.texts.say("schedule.past")
    assert bureau.labels(KARIM)[0] == "اليوم 18:00"


async def test_any_editor_sees_moves_and_calls_off_what_waits(bureau: Bureau) -> None:
    await planned(bureau)
    await bureau.says(YOUNES, "/broadcast")
    assert "1. ينتظر اليوم 18:00 · الجمهور: كل القراء (12)." in bureau.seen(YOUNES)
    await bureau.taps(YOUNES, "الإعلان 1")
    await bureau.taps(YOUNES, "أرني الرسالة")
    assert words_of(bureau.messages(YOUNES)[-1]) == "صيانة الليلة"

    await bureau.taps(YOUNES, "غير الموعد")
    await bureau.taps(YOUNES, "غدا 08:00")
    moved = (await read(bureau)).due_at
    await bureau.taps(YOUNES, "ألغ الموعد")

    assert moved == NOON.replace(day=25, hour=8)
    assert (await read(bureau)).state is BroadcastState.DROPPED
    assert await audits(bureau) == [
        "broadcast.schedule", "broadcast.move", "broadcast.call_off"
    ]  # fmt: skip


async def test_called_off_twice_it_is_an_old_button(bureau: Bureau) -> None:
    await planned(bureau)
    page, data = bureau.button(KARIM, "ألغ الموعد")
    await bureau.presses(KARIM, page, data)

    toast = await bureau.presses(KARIM, page, data)

    assert toast == bureau.texts.say("errors.old_buttons")
    assert (await audits(bureau)).count("broadcast.call_off") == 1


async def test_a_message_that_is_gone_is_said_to_be_gone(bureau: Bureau) -> None:
    await planned(bureau)
    await bureau.sandbox.fault(
        "error", method="copyMessage", description="Bad Request: message to copy not found"
    )

    toast = await bureau.taps(KARIM, "أرني الرسالة")

    assert toast == bureau.texts.say("schedule.no_message")


async def missed(bureau: Bureau) -> None:
    """Let the hour pass while nobody is there to keep it."""
    await planned(bureau)
    bureau.forward(8 * HOUR)
    async with bureau.storage.transaction() as tx:
        assert await scheduled.miss(tx, (await read(bureau)).id)


async def test_what_is_late_is_sent_by_a_number_typed_once_by_whoever_is_first(
    bureau: Bureau,
) -> None:
    """T40; listmonk #1801."""
    await missed(bureau)
    for editor in (KARIM, YOUNES):
        await bureau.says(editor, "/broadcast")
        await bureau.taps(editor, "الإعلان 1")
        await bureau.taps(editor, "أرسل الآن")

    for editor in (YOUNES, KARIM):
        await bureau.says(editor, "12")

    assert (await read(bureau)).state is BroadcastState.OPEN
    assert (await audits(bureau)).count("broadcast.confirm") == 1
    assert bureau.seen(KARIM) == bureau.texts.say("broadcast.gone")
    assert "الإعلان يرسل الآن" in bureau.seen(YOUNES)


async def test_what_is_late_may_have_another_hour(bureau: Bureau) -> None:
    await missed(bureau)
    await bureau.says(KARIM, "/broadcast")
    await bureau.taps(KARIM, "الإعلان 1")
    assert "فات موعده اليوم 18:00" in bureau.seen(KARIM)

    await bureau.taps(KARIM, "غير الموعد")
    await bureau.taps(KARIM, "غدا 13:00")

    assert (await read(bureau)).due_at == NOON.replace(day=25, hour=13)
    assert (await read(bureau)).state is BroadcastState.SCHEDULED


async def test_nobody_but_the_editor_gives_a_draft_its_hour(bureau: Bureau) -> None:
    await drafted(bureau)
    await bureau.says(YOUNES, "/start")

    for data in ("1:bc:when:1", "1:bc:at:1:99999999", "1:bc:type:1", "1:bc:now:1"):
        page = bureau.messages(YOUNES)[-1]["message_id"]
        assert await bureau.presses(YOUNES, page, data) == bureau.texts.say("errors.old_buttons")


async def test_a_typed_hour_for_a_draft_that_is_gone_is_said_to_be_late(bureau: Bureau) -> None:
    await drafted(bureau)
    await bureau.taps(KARIM, "جدولة")
    await bureau.taps(KARIM, "موعد آخر")
    async with bureau.storage.transaction() as tx:
        await broadcasts.drop(tx, (await read(bureau)).id)

    await bureau.says(KARIM, "18:30")

    assert bureau.seen(KARIM) == bureau.texts.say("broadcast.gone")


async def test_an_audience_that_is_empty_by_now_gets_no_hour(bureau: Bureau) -> None:
    await crowd(bureau, 1)
    await bureau.says(KARIM, "/broadcast")
    await bureau.says(KARIM, "صيانة")
    await bureau.taps(KARIM, "كل القراء 1")
    await bureau.taps(KARIM, "جدولة")
    async with bureau.storage.transaction() as tx:
        await tx.execute("UPDATE subscribers SET left_at = 1 WHERE chat <> :me", {"me": KARIM})

    toast = await bureau.taps(KARIM, "اليوم 18:00")

    assert toast == bureau.texts.say("broadcast.nobody")


async def test_the_desk_sees_that_nothing_waits(bureau: Bureau) -> None:
    await bureau.says(KARIM, "/start")

    await bureau.presses(KARIM, bureau.messages(KARIM)[-1]["message_id"], "1:bc:list")

    assert "لا إعلان في الطريق الآن." in bureau.seen(KARIM)


@pytest.mark.parametrize(
    ("typed", "month", "day", "hour", "minute"),
    [
        ("18:30", 11, 24, 18, 30),
        ("8", 11, 25, 8, 0),
        ("٢٠", 11, 24, 20, 0),
        ("اليوم 18:30", 11, 24, 18, 30),
        ("غدا 8:00", 11, 25, 8, 0),
        ("غدًا على الساعة 8", 11, 25, 8, 0),
        ("بعد غد 8:00", 11, 26, 8, 0),
        ("الخميس 18:30", 11, 26, 18, 30),
        ("يوم الخميس في الساعة 18:30", 11, 26, 18, 30),
        ("الثلاثاء 18:30", 11, 24, 18, 30),
        ("الثلاثاء 8:00", 12, 1, 8, 0),
        ("28/11 18:30", 11, 28, 18, 30),
        ("28-11 18:30", 11, 28, 18, 30),
        ("3/1 9", 1, 3, 9, 0),
    ],
)
def test_an_hour_is_understood(typed: str, month: int, day: int, hour: int, minute: int) -> None:
    due = read_moment(typed, NOON, CASABLANCA, TEXTS)

    year = 2027 if month == 1 else 2026
    assert due == datetime(year, month, day, hour, minute, tzinfo=CASABLANCA)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "غدا",
        "قريبا 18:30",
        "25:00",
        "18:75",
        "31/2 8:00",
        "40/1 8:00",
        "اليوم 8:00",
        "1/3 8:00",
    ],
)
def test_an_hour_that_is_none_or_past_or_far_away_is_not_taken(typed: str) -> None:
    assert read_moment(typed, NOON, CASABLANCA, TEXTS) is None


def test_an_hour_too_near_is_not_offered() -> None:
    first = usual(NOON.replace(hour=12, minute=50), CASABLANCA)[0]

    assert first == NOON.replace(hour=18)
