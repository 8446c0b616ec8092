"""/desk, /stats and the log: figures that are right, words that agree, ways on and back."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from bot.model import Priority, UserId
from bot.storage import audit, feedback, stats, subscribers, team
from bot.storage.audit import Args
from tests.build import draft
from tests.commands.conftest import KARIM, SALMA, YOUNES, Bureau

DAY = timedelta(days=1)


async def test_the_desk_is_for_editors_alone(bureau: Bureau) -> None:
    for words in ("/desk", "/stats", "/invite"):
        await bureau.says(SALMA, words)
        assert bureau.seen(SALMA) == bureau.texts.say("errors.unknown")


async def test_a_stranger_who_types_the_desks_name_searches_for_it(bureau: Bureau) -> None:
    await bureau.says(SALMA, "المكتب")

    assert "لا نتائج عن «المكتب»" in bureau.seen(SALMA)


async def test_an_empty_day_says_so(bureau: Bureau) -> None:
    await bureau.says(KARIM, "/desk")

    assert "لم يدخل اليوم خبر بعد." in bureau.seen(KARIM)
    assert "لا شيء ينتظر حكمك." in bureau.seen(KARIM)
    assert bureau.labels(KARIM) == ["سجل التحرير", "الإحصاءات"]


async def test_today_begins_at_the_newsrooms_midnight(bureau: Bureau) -> None:
    zone = bureau.room.config.news.zone
    midnight = datetime.combine(bureau.clock[0].astimezone(zone).date(), time(), zone)
    for hours in (-1, 1):
        at = midnight + timedelta(hours=hours)
        await bureau.prints(draft(title=f"خبر {hours}", first_seen_at=at))

    await bureau.says(KARIM, "/desk")

    assert "دخل اليوم خبر واحد عن حدث واحد." in bureau.seen(KARIM)


async def test_the_readership_of_the_day_is_counted(bureau: Bureau) -> None:
    for person in (SALMA, YOUNES):
        await bureau.says(person, "/start")
    gone = await bureau.subscriber(YOUNES)
    async with bureau.storage.transaction() as tx:
        await subscribers.block(tx, gone.id, bureau.clock[0])

    await bureau.says(KARIM, "/desk")

    assert "القراء: 1 · انضموا اليوم: 2" in bureau.seen(KARIM)
    assert "أوقفوا الرسائل اليوم: 0 · حظروا: 1" in bureau.seen(KARIM)


async def test_a_feed_in_trouble_leads_to_its_own_page(bureau: Bureau) -> None:
    await bureau.prints(draft())
    async with bureau.storage.transaction() as tx:
        await tx.execute("UPDATE feeds SET failures = 9, last_cause = 'gone'")

    await bureau.says(KARIM, "/desk")
    await bureau.taps(KARIM, "مصادر مضطربة 1")
    assert "1. ○ صحيفة الغد" in bureau.seen(KARIM)
    await bureau.taps(KARIM, "1")

    assert "https://feeds.example/1" in bureau.seen(KARIM)


async def test_when_every_feed_works_again_the_page_says_so(bureau: Bureau) -> None:
    await bureau.says(KARIM, "/desk")
    message = bureau.messages(KARIM)[-1]["message_id"]

    await bureau.presses(KARIM, message, "1:dk:feeds")
    assert bureau.texts.say("desk.every_feed_works") in bureau.seen(KARIM)
    await bureau.taps(KARIM, "رجوع")
    assert "المكتب" in bureau.seen(KARIM)


async def report(bureau: Bureau, words: str) -> None:
    story = await bureau.prints(draft(title=f"خبر عن {words}"))
    reader = await bureau.subscriber(SALMA)
    async with bureau.storage.transaction() as tx:
        await feedback.report(tx, reader.id, story, words, bureau.clock[0])


async def test_mistakes_are_dealt_with_page_by_page_and_put_back(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    for number in range(6):
        await report(bureau, f"الخطأ {number}")
    await bureau.says(KARIM, "/desk")
    await bureau.taps(KARIM, "أخطاء أبلغ عنها القراء 6")
    assert "1. خبر عن الخطأ 0" in bureau.seen(KARIM)

    await bureau.taps(KARIM, "التالي")
    await bureau.taps(KARIM, "الخبر 6")
    assert "خبر عن الخطأ 5" in bureau.seen(KARIM)
    await bureau.taps(KARIM, "رجوع")
    assert "«الخطأ 5»" in bureau.seen(KARIM)
    await bureau.taps(KARIM, "عولج 6")
    assert "«الخطأ 5»" not in bureau.seen(KARIM)

    await bureau.says(KARIM, "/desk")
    await bureau.taps(KARIM, "تراجع 1")
    assert await feedback.count(bureau.storage) == 6


async def test_the_log_says_who_did_what_and_when(bureau: Bureau) -> None:
    acts: list[tuple[int | None, str, Args]] = [
        (KARIM, "source.off", {"feed": 1, "source": "الغد"}),
        (KARIM, "source.section", {"source": "الغد", "section": "sport"}),
        (None, "notice", {"key": "moved"}),
        (77, "broadcast.confirm", {"total": 12480}),
        (KARIM, "act.of.another.version", {}),
    ]
    async with bureau.storage.transaction() as tx:
        for person, act, details in acts:
            await audit.note(tx, person, act, details, bureau.clock[0])  # type: ignore[arg-type]
    await bureau.says(KARIM, "/start")

    await bureau.says(KARIM, "/desk")
    await bureau.taps(KARIM, "سجل التحرير")

    heading, *lines = bureau.seen(KARIM).split("\n")
    assert heading == "سجل التحرير"
    assert lines == [
        "1. كريم · act.of.another.version · اليوم 12:00",
        "2. 77 · إرسال إعلان إلى 12\u202f480 · اليوم 12:00",
        "3. موجز · تنبيه إلى فريق التحرير · اليوم 12:00",
        "4. كريم · نقل «الغد» إلى قسم «رياضة» · اليوم 12:00",
        "5. كريم · إيقاف «الغد» · اليوم 12:00",
    ]


async def test_the_log_is_turned_twenty_a_page(bureau: Bureau) -> None:
    async with bureau.storage.transaction() as tx:
        for number in range(21):
            await audit.note(tx, None, f"act{number}", {}, bureau.clock[0])
    await bureau.says(KARIM, "/desk")
    await bureau.taps(KARIM, "سجل التحرير")
    assert "act20" in bureau.seen(KARIM)
    assert "act0 " not in bureau.seen(KARIM)

    await bureau.taps(KARIM, "التالي")

    assert bureau.seen(KARIM).split("\n")[1].startswith("1. موجز · act0")


async def test_the_figures_of_a_span(bureau: Bureau) -> None:
    now = bureau.clock[0]
    for days in (0, 5, 20):
        title = f"خبر قبل {days} أيام"
        await bureau.prints(draft(title=title, first_seen_at=now - days * DAY))
    async with bureau.storage.transaction() as tx:
        for priority, state, pushes in (
            (Priority.URGENT, "sent", 1200),
            (Priority.URGENT, "rejected", 3),
            (Priority.DIGEST, "sent", 800),
        ):
            quarter = int(now.timestamp() * 1000) // stats.QUARTER
            await tx.execute(
                "INSERT INTO pushes VALUES (:quarter, :priority, :state, :pushes)",
                {"quarter": quarter, "priority": priority, "state": state, "pushes": pushes},
            )

    await bureau.says(KARIM, "/stats")
    week = bureau.seen(KARIM)
    assert "أرقام 7 أيام" in week
    assert "الأخبار: خبران · حدثان" in week
    assert "العاجلة: وصلت 1\u202f200 · تعذرت 3" in week
    assert "الموجز: وصلت 800 · تعذرت 0" in week
    assert "1. صحيفة الغد · خبران" in week
    await bureau.taps(KARIM, "30 يوما")
    assert "الأخبار: 3 أخبار · 3 أحداث" in bureau.seen(KARIM)
    await bureau.taps(KARIM, "اليوم")
    assert "الأخبار: خبر واحد · حدث واحد" in bureau.seen(KARIM)
    assert "✓ اليوم" in bureau.labels(KARIM)


@pytest.mark.parametrize("data", ["1:sx:8", "1:dk:log:0x", "1:dk:fixed:1", "1:jp:1:maybe:0:0"])
async def test_a_forged_button_of_the_desk_is_an_old_one(bureau: Bureau, data: str) -> None:
    await bureau.says(KARIM, "/desk")
    message = bureau.messages(KARIM)[-1]["message_id"]

    assert await bureau.presses(KARIM, message, data) == bureau.texts.say("errors.old_buttons")


async def test_twenty_long_lines_of_the_log_stay_one_message(bureau: Bureau) -> None:
    """A page of several parts could not be turned in place."""
    await bureau.says(KARIM, "/start")
    title = "خبر طويل العنوان " * 14
    async with bureau.storage.transaction() as tx:
        await team.rename(tx, KARIM, "اسم طويل " * 14)
        for _ in range(20):
            await audit.note(tx, UserId(KARIM), "pick.on", {"title": title}, bureau.clock[0])
    before = len(bureau.messages(KARIM))
    await bureau.says(KARIM, "/desk")

    await bureau.taps(KARIM, "سجل التحرير")

    assert len(bureau.messages(KARIM)) == before + 1
    assert "20. " in bureau.seen(KARIM)
