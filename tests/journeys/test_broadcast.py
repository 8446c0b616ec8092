"""An editor announces something, now or at an hour; and what may follow, also after a fall."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.town import KARIM, NADIA, SALMA, YOUNES, Town

CASABLANCA = ZoneInfo("Africa/Casablanca")
CROWD, FIRST = 40, 9000
WORDS = "موعدنا غدا مع عدد خاص."
CORRECTED = "موعدنا بعد غد مع عدد خاص."
BOLD = [{"type": "bold", "offset": 0, "length": 6}]


async def with_readers(town: Town, *people: int) -> int:
    """Let people begin; return how many they are."""
    for person in people:
        await town.says(person, "/start")
        await town.sees(person, "1 من 3")
    return len(people)


async def drafts(town: Town, editor: int, words: str) -> None:
    """Bring an announcement to the choice of whom it is for."""
    await town.says(editor, "/broadcast")
    await town.sees(editor, "أرسل الرسالة التي تريد إعلانها")
    await town.says(editor, words)
    await town.sees(editor, "معاينة كما سيراها القراء")


async def announces(town: Town, editor: int, words: str, number: int) -> None:
    """Announce something to everybody."""
    await drafts(town, editor, words)
    await town.taps(editor, "كل القراء")
    await town.sees(editor, "الجمهور: كل القراء")
    await town.taps(editor, "أرسل الآن")
    await town.sees(editor, f"للتأكيد اكتب العدد: {number}")
    await town.says(editor, str(number))
    await town.sees(editor, "الإعلان يرسل الآن")


async def opens(town: Town, editor: int) -> None:
    """Open the only broadcast that waits, from the list above the question."""
    await town.says(editor, "/broadcast")
    await town.sees(editor, "إعلانات في الطريق")
    await town.taps(editor, "الإعلان")
    await town.sees(editor, "الجمهور")


def newest(town: Town, person: int) -> dict[str, Any]:
    """Return the bot's newest message in a chat, as the page gets it."""
    world = town.sandbox.desk.world
    return world.json(world.messages(person)[-1], for_page=True)


def at(town: Town, hour: int) -> None:
    """Set the clock to an hour of tomorrow, in Casablanca."""
    tomorrow = town.clock().astimezone(CASABLANCA).date() + timedelta(days=1)
    town.clock.set(datetime(tomorrow.year, tomorrow.month, tomorrow.day, hour, tzinfo=CASABLANCA))


@pytest.mark.shows(
    "broadcast_preview", "broadcast_audience", "broadcast_confirm", "broadcast_report"
)
async def test_a_photo_is_announced_with_its_caption_and_formatting(town: Town) -> None:
    await town.begin()
    await with_readers(town, SALMA, KARIM)
    photo = await town.sends(KARIM, "photo", text=WORDS, entities=BOLD)

    await town.says(KARIM, "/broadcast", reply_to=photo)
    await town.sees(KARIM, "معاينة", "المدة التقديرية: 1 ث")
    await town.taps(KARIM, "كل القراء")
    await town.sees(KARIM, "الجمهور: كل القراء (2).")
    await town.taps(KARIM, "أرسل الآن")
    await town.sees(KARIM, "للتأكيد اكتب العدد: 2")
    await town.says(KARIM, "٢")

    await town.sees(KARIM, "التقرير", "وصلت 2", "المجموع 2")
    await town.sees(SALMA, WORDS)
    copy = newest(town, SALMA)
    assert copy["caption"] == WORDS
    assert copy["caption_entities"] == BOLD
    assert "photo" in copy
    assert "forward_origin" not in copy, "it is the newsroom's own word"


@pytest.mark.shows("broadcast_ask", "broadcast_sections")
async def test_the_active_the_desk_and_a_sections_followers_are_each_counted(town: Town) -> None:
    await town.begin()
    await with_readers(town, SALMA, YOUNES, KARIM)
    town.clock.forward(timedelta(days=10))
    await town.says(SALMA, "/latest")
    await town.sees(SALMA, "آخر الأخبار")
    await drafts(town, KARIM, WORDS)
    offered = town.buttons(KARIM)

    await town.taps(KARIM, "النشطون 30 يوما")
    await town.sees(KARIM, "القراء النشطون منذ 30 يوما (3)")
    await town.taps(KARIM, "7 أيام")
    await town.sees(KARIM, "القراء النشطون منذ 7 أيام")
    await town.taps(KARIM, "جمهور آخر")
    await town.sees(KARIM, "لمن ترسل؟")
    await town.taps(KARIM, "متابعو قسم")
    await town.sees(KARIM, "متابعو أي قسم؟")
    await town.taps(KARIM, "رجوع")
    await town.sees(KARIM, "لمن ترسل؟")
    await town.taps(KARIM, "المحررون فقط")
    await town.sees(KARIM, "الجمهور: المحررون (1).")
    await town.taps(KARIM, "أرسل الآن")
    await town.sees(KARIM, "اكتب العدد: 1")
    await town.says(KARIM, "1")

    await town.sees(KARIM, "التقرير", "وصلت 1")
    assert offered[0] == "كل القراء 3"
    assert WORDS not in town.texts(SALMA)


@pytest.mark.shows("broadcast_schedule", "broadcast_scheduled", "broadcast_list")
async def test_an_announcement_keeps_its_hour_and_whoever_joined_meanwhile_hears_it(
    town: Town,
) -> None:
    at(town, 10)
    await town.begin()
    await with_readers(town, SALMA, KARIM)
    await drafts(town, KARIM, WORDS)
    await town.taps(KARIM, "كل القراء")
    await town.sees(KARIM, "الجمهور")
    await town.taps(KARIM, "جدولة")
    await town.sees(KARIM, "متى يرسل الإعلان؟", "الساعة الآن 10:0")
    await town.taps(KARIM, "اليوم 18:00")
    await town.sees(KARIM, "الموعد: اليوم 18:00.", "للتأكيد اكتب العدد: 2")
    await town.says(KARIM, "2")
    await town.sees(KARIM, "إعلان مجدول", "ينتظر اليوم 18:00")
    await with_readers(town, YOUNES)
    await opens(town, NADIA)
    await town.taps(NADIA, "غير الموعد")
    await town.sees(NADIA, "متى يرسل الإعلان؟")
    await town.taps(NADIA, "موعد آخر")
    await town.sees(NADIA, "اكتب الموعد")
    await town.says(NADIA, "18:30")
    await town.sees(NADIA, "ينتظر اليوم 18:30")
    assert WORDS not in town.texts(SALMA)

    town.clock.forward(timedelta(hours=8, minutes=31))

    await town.sees(YOUNES, WORDS)
    await town.sees(KARIM, "التقرير", "وصلت 3", "المجموع 3")


@pytest.mark.shows("broadcast_late")
async def test_an_hour_that_passed_while_nobody_was_there_is_asked_about_and_sent_once(
    town: Town,
) -> None:
    """T40; listmonk #1801. Two editors answer at once."""
    at(town, 7)
    await town.begin()
    await with_readers(town, SALMA, KARIM, NADIA)
    await drafts(town, KARIM, WORDS)
    await town.taps(KARIM, "كل القراء")
    await town.sees(KARIM, "الجمهور")
    await town.taps(KARIM, "جدولة")
    await town.sees(KARIM, "متى")
    await town.taps(KARIM, "اليوم 08:00")
    await town.sees(KARIM, "اكتب العدد: 3")
    await town.says(KARIM, "3")
    await town.sees(KARIM, "إعلان مجدول")
    await town.end()
    town.clock.forward(timedelta(hours=6))
    await town.begin()

    await town.sees(KARIM, "فات موعد إعلان", "كان موعده اليوم 08:00")
    await town.quiet()
    assert WORDS not in town.texts(SALMA)
    await opens(town, NADIA)
    for editor in (KARIM, NADIA):
        await town.taps(editor, "أرسل الآن")
        await town.sees(editor, "للتأكيد اكتب العدد: 3")
    await asyncio.gather(town.says(KARIM, "3"), town.says(NADIA, "3"))

    await town.sees(SALMA, WORDS)
    await town.quiet()
    assert town.texts(SALMA).count(WORDS) == 1


@pytest.mark.shows("broadcast_again")
async def test_those_it_missed_get_it_again_and_nobody_else_does(town: Town) -> None:
    await town.begin()
    await with_readers(town, SALMA, YOUNES, KARIM)
    await town.sandbox.fault(
        "error", chat=YOUNES, method="copyMessage", description="Bad Request: CHAT_TOO_FULL"
    )
    await announces(town, KARIM, WORDS, 3)
    await town.sees(KARIM, "التقرير", "وصلت 2", "تعذر 1", "المجموع 3")
    await town.sandbox.fault("none", chat=YOUNES)

    await town.taps(KARIM, "أعد الإرسال لمن لم تصلهم")
    await town.sees(KARIM, "قارئ واحد", "للتأكيد اكتب العدد: 1")
    await town.says(KARIM, "1")

    await town.sees(KARIM, "التقرير", "وصلت 1", "المجموع 1")
    assert town.texts(YOUNES).count(WORDS) == 1
    assert town.texts(SALMA).count(WORDS) == 1
    assert (
        await town.taps(KARIM, "أعد الإرسال لمن لم تصلهم")
        == "وصلت الرسالة إلى كل من يمكن أن تصله الآن."
    )


@pytest.mark.shows("broadcast_recall")
async def test_what_was_sent_by_mistake_is_taken_back(town: Town) -> None:
    await town.begin()
    await with_readers(town, SALMA, YOUNES, KARIM)
    await announces(town, KARIM, WORDS, 3)
    await town.sees(KARIM, "التقرير")
    await town.says(SALMA, "/stop")
    await town.sees(SALMA, "توقفت الرسائل")

    await town.taps(KARIM, "سحب الرسالة")
    await town.sees(KARIM, "تسحب الرسالة ممن وصلتهم", "للتأكيد اكتب العدد: 3")
    await town.says(KARIM, "3")

    await town.sees(KARIM, "تقرير السحب", "سحبت 3")
    for person in (SALMA, YOUNES):
        assert WORDS not in town.texts(person), "who stopped us has it no more either"


@pytest.mark.shows("broadcast_correct")
async def test_a_mistake_in_what_was_sent_is_corrected_where_it_stands(town: Town) -> None:
    await town.begin()
    await with_readers(town, SALMA, YOUNES, KARIM)
    await announces(town, KARIM, WORDS, 3)
    await town.sees(KARIM, "التقرير")
    before = len(town.texts(SALMA))

    await town.taps(KARIM, "تصحيح النص")
    await town.sees(KARIM, "أرسل النص المصحح بتنسيقه")
    await town.says(KARIM, CORRECTED, entities=BOLD)
    await town.sees(KARIM, "هكذا تصير الرسالة", "للتأكيد اكتب العدد: 3")
    await town.says(KARIM, "3")

    await town.sees(KARIM, "تقرير التصحيح", "صححت 3")
    corrected = newest(town, YOUNES)
    assert corrected["text"] == CORRECTED
    assert corrected["entities"] == BOLD
    assert len(town.texts(SALMA)) == before, "no new message"


@pytest.mark.shows("broadcast_progress")
async def test_after_a_power_cut_in_the_middle_everybody_has_it_and_the_report_adds_up(
    town: Town,
) -> None:
    """T36; listmonk #3022, #2070."""
    await town.begin(rate=20)
    people = (SALMA, YOUNES, KARIM, *range(FIRST, FIRST + CROWD))
    await town.sandbox.crowd(FIRST, CROWD)
    for person in people:
        await town.says(person, "/start")
    await town.sandbox.until(lambda: all(town.texts(person) for person in people), 30)
    await announces(town, KARIM, WORDS, len(people))
    await town.sandbox.until(lambda: WORDS in town.texts(FIRST + 5), 30)

    await town.crash()
    await town.begin(rate=1000)

    await town.sandbox.until(lambda: any("التقرير" in text for text in town.texts(KARIM)), 30)
    [report] = [text for text in town.texts(KARIM) if "التقرير" in text]
    times = [town.texts(person).count(WORDS) for person in people]
    assert f"المجموع {len(people)}" in report
    assert min(times) >= 1
    assert sum(times) - len(people) <= 25, "repeats are at most the batch in flight"


@pytest.mark.shows("hold")
async def test_a_copied_database_sends_nothing_of_what_waited_until_an_owner_agrees(
    town: Town,
) -> None:
    """T39; listmonk #1801, rssbot #145."""
    at(town, 12)
    await town.begin()
    await with_readers(town, SALMA, YOUNES, KARIM, NADIA)
    await town.sandbox.fault("500", chat=YOUNES)
    await announces(town, KARIM, WORDS, 4)
    await town.sees(KARIM, "3 من 4")
    await town.end()
    await town.sandbox.fault("none", chat=YOUNES)
    town.database = shutil.copyfile(town.database, town.database.with_name("copy.db"))
    town.clock.forward(timedelta(minutes=20))

    await town.begin()
    await town.sees(NADIA, "الإرسال معلق حتى توافق", "استيقظ موجز في مكان جديد", "رسالة واحدة")
    await town.quiet()
    await town.sees(KARIM, "الإعلان معلق حتى يوافق مالك")
    assert WORDS not in town.texts(YOUNES)
    await town.end()
    await town.begin()
    await town.quiet()
    assert len([text for text in town.texts(NADIA) if "الإرسال معلق" in text]) == 1

    await town.taps(NADIA, "تابع الإرسال")
    await town.sees(NADIA, "يتابع الإرسال الآن")
    await town.sees(YOUNES, WORDS)
    await town.sees(KARIM, "التقرير", "وصلت 4")
    assert town.texts(SALMA).count(WORDS) == 1


@pytest.mark.shows("hold_sure")
async def test_an_owner_may_give_up_what_a_copied_database_had_in_hand(town: Town) -> None:
    at(town, 12)
    await town.begin()
    await with_readers(town, SALMA, KARIM, NADIA)
    await drafts(town, KARIM, WORDS)
    await town.taps(KARIM, "كل القراء")
    await town.sees(KARIM, "الجمهور")
    await town.taps(KARIM, "جدولة")
    await town.sees(KARIM, "متى")
    await town.taps(KARIM, "اليوم 13:00")
    await town.sees(KARIM, "اكتب العدد: 3")
    await town.says(KARIM, "3")
    await town.sees(KARIM, "إعلان مجدول")
    await town.end()
    town.database = shutil.copyfile(town.database, town.database.with_name("copy.db"))

    await town.begin()
    await town.sees(NADIA, "الإرسال معلق حتى توافق", "3 رسائل")
    await town.taps(NADIA, "ألغ ما لم يرسل")
    await town.sees(NADIA, "هل تلغي ما لم يرسل؟")
    await town.taps(NADIA, "نعم، ألغه")
    await town.sees(NADIA, "ألغي ما لم يرسل: 3 رسائل.")
    town.clock.forward(timedelta(hours=1, minutes=1))
    await town.quiet()

    assert WORDS not in town.texts(SALMA)
