"""An editor announces something, and looks after the sources; a stranger finds no such door."""

from __future__ import annotations

import pytest

from tests.town import KARIM, NADIA, SALMA, YOUNES, Town

CROWD = 40
FIRST = 9000


async def with_readers(town: Town) -> int:
    """Let a crowd begin; return how many readers there are."""
    people = [SALMA, YOUNES, KARIM, *range(FIRST, FIRST + CROWD)]
    await town.sandbox.crowd(FIRST, CROWD)
    for person in people:
        await town.says(person, "/start")
    await town.sandbox.until(lambda: all(town.texts(person) for person in people), 30)
    return len(people)


async def test_a_broadcast_is_previewed_confirmed_paused_resumed_and_reported(town: Town) -> None:
    await town.begin(rate=20)
    readers = await with_readers(town)

    await town.says(KARIM, "/broadcast")
    await town.sees(KARIM, "أرسل الرسالة التي تريد إعلانها")
    await town.says(KARIM, "موعدنا غدا مع عدد خاص.")
    await town.sees(KARIM, "معاينة كما سيراها القراء")
    await town.taps(KARIM, "كل القراء")
    await town.sees(KARIM, "الجمهور")
    await town.taps(KARIM, "أرسل الآن")
    await town.sees(KARIM, f"للتأكيد اكتب العدد: {readers}")
    await town.says(KARIM, "12")
    await town.sees(KARIM, "لا يطابق")
    await town.says(KARIM, str(readers))
    await town.sees(KARIM, "الإعلان يرسل الآن")
    await town.taps(KARIM, "إيقاف مؤقت")
    await town.sees(KARIM, "متوقف مؤقتا")
    await town.taps(KARIM, "متابعة")

    await town.sees(KARIM, "التقرير", f"وصلت {readers}", f"المجموع {readers}")
    for person in (SALMA, YOUNES, FIRST, FIRST + CROWD - 1):
        assert town.texts(person).count("موعدنا غدا مع عدد خاص.") == 1


async def test_a_reply_is_announced_to_who_follows_a_section(town: Town) -> None:
    await town.begin()
    await with_readers(town)
    await town.taps(SALMA, "رياضة")
    await town.sees(SALMA, "1 من 3")

    message = await town.says(KARIM, "ملحق الرياضة صدر اليوم")
    await town.says(KARIM, "/broadcast", reply_to=message)
    await town.sees(KARIM, "معاينة")
    await town.taps(KARIM, "متابعو قسم")
    await town.sees(KARIM, "متابعو أي قسم؟")
    await town.taps(KARIM, "رياضة 1")
    await town.sees(KARIM, "الجمهور")
    await town.taps(KARIM, "أرسل الآن")
    await town.sees(KARIM, "للتأكيد اكتب العدد: 1")
    await town.says(KARIM, "١")

    await town.sees(KARIM, "التقرير", "وصلت 1")
    await town.sees(SALMA, "ملحق الرياضة صدر اليوم")
    assert "ملحق الرياضة صدر اليوم" not in town.texts(YOUNES)


async def test_a_strangers_broadcast_gets_what_unknown_text_gets(town: Town) -> None:
    await town.begin()
    await town.says(SALMA, "/nosuchcommand")
    unknown = await town.sees(SALMA)

    await town.says(SALMA, "/broadcast")

    assert await town.sees(SALMA) == unknown


async def test_a_reader_who_blocked_us_is_counted_and_left_alone(town: Town) -> None:
    """T35: the wave goes on; who comes back by /start is a reader again."""
    await town.begin()
    readers = await with_readers(town)
    await town.sandbox.fault("blocked", chat=YOUNES)

    await town.says(KARIM, "/broadcast")
    await town.sees(KARIM, "أرسل الرسالة")
    await town.says(KARIM, "تنبيه إلى القراء")
    await town.sees(KARIM, "معاينة")
    await town.taps(KARIM, "كل القراء")
    await town.sees(KARIM, "الجمهور")
    await town.taps(KARIM, "أرسل الآن")
    await town.sees(KARIM, "للتأكيد")
    await town.says(KARIM, str(readers))
    await town.sees(KARIM, "التقرير", f"وصلت {readers - 1}", "حظروا 1")

    await town.sandbox.fault("none", chat=YOUNES)
    town.paper.prints("world", "عاجل: هزة أرضية بقوة 6 درجات تضرب سواحل البلاد المجاورة")
    await town.reads()
    await town.sees(SALMA, "هزة أرضية")
    assert not any("هزة" in text for text in town.texts(YOUNES))
    await town.says(YOUNES, "/start")
    await town.sees(YOUNES, "أهلا بعودتك")


async def opens_its_story(town: Town, person: int, title: str) -> None:
    """Let a person open the page of the newest story."""
    await town.says(person, "/latest")
    await town.sees(person, title)
    await town.taps(person, "1")
    await town.sees(person, title)


@pytest.mark.shows("desk", "desk_log", "stats")
async def test_an_editor_reads_the_day_in_figures_and_who_did_what(town: Town) -> None:
    town.paper.prints("politics", "مجلس الحكومة يصادق على مشروع قانون المالية")
    await town.begin()
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")
    await town.says(KARIM, "/desk")
    await town.sees(KARIM, "المكتب", "دخل اليوم خبر واحد عن حدث واحد", "انضموا اليوم: 1")

    await opens_its_story(town, KARIM, "قانون المالية")
    await town.taps(KARIM, "⭐ مختارات")
    await town.sees(KARIM, "قانون المالية")
    await town.says(KARIM, "المكتب")
    await town.sees(KARIM, "آخر ما جرى", "إضافة إلى المختارات: مجلس الحكومة")
    await town.taps(KARIM, "سجل التحرير")
    await town.sees(KARIM, "سجل التحرير", "كريم", "إضافة إلى المختارات")
    await town.taps(KARIM, "رجوع")
    await town.sees(KARIM, "المكتب")
    await town.taps(KARIM, "الإحصاءات")
    await town.sees(KARIM, "أرقام 7 أيام", "القراء الآن: 1", "المصادر بعدد أخبارها")
    await town.taps(KARIM, "30 يوما")
    await town.sees(KARIM, "أرقام 30 يوما")


@pytest.mark.shows("undone")
async def test_a_pick_stands_among_the_picks_until_it_is_taken_back(town: Town) -> None:
    town.paper.prints("sport", "الوداد يستعد لمواجهة الرجاء في مركب محمد الخامس")
    await town.begin()
    await opens_its_story(town, KARIM, "الوداد")
    assert await town.taps(KARIM, "⭐ مختارات") == "أضيف الخبر إلى المختارات."
    await town.sees(KARIM, "الوداد")
    assert "✓ ⭐ مختارات" in town.buttons(KARIM)
    await town.says(SALMA, "/picks")
    await town.sees(SALMA, "مختارات", "الوداد")

    await town.says(KARIM, "/desk")
    await town.sees(KARIM, "آخر ما جرى")
    await town.taps(KARIM, "تراجع 1")
    await town.sees(KARIM, "تم التراجع عن: إضافة إلى المختارات")

    await town.says(SALMA, "/picks")
    await town.sees(SALMA, "مختارات")
    assert "الوداد" not in town.texts(SALMA)[-1]


@pytest.mark.shows("judge_urgent", "judge_done")
async def test_an_editor_makes_a_story_urgent_and_every_reader_hears_of_it(town: Town) -> None:
    town.paper.prints("world", "سفينة مساعدات تصل إلى ميناء محاصر بعد رحلة طويلة")
    await town.begin()
    for person in (SALMA, YOUNES, KARIM):
        await town.says(person, "/start")
        await town.sees(person, "1 من 3")
    await opens_its_story(town, KARIM, "سفينة مساعدات")

    await town.taps(KARIM, "🔴 عاجل")
    await town.sees(KARIM, "سيصل فورا إلى 3 قراء")
    await town.taps(KARIM, "أرسل")

    for person in (SALMA, YOUNES, KARIM):
        await town.sees(person, "🔴 عاجل", "سفينة مساعدات")
    await opens_its_story(town, NADIA, "سفينة مساعدات")
    assert "من قبل" in await town.taps(NADIA, "🔴 عاجل")
    assert sum("🔴 عاجل" in text for text in town.texts(SALMA)) == 1


async def test_an_alarm_is_called_off_before_it_reaches_everybody(town: Town) -> None:
    """Who has it keeps it; the others are told nothing."""
    town.paper.prints("world", "سفينة مساعدات تصل إلى ميناء محاصر بعد رحلة طويلة")
    await town.begin(rate=5)
    await with_readers(town)
    await opens_its_story(town, KARIM, "سفينة مساعدات")
    await town.taps(KARIM, "🔴 عاجل")
    await town.sees(KARIM, "سيصل فورا إلى 43 قارئا")
    await town.taps(KARIM, "أرسل")
    await town.sees(KARIM, "صار الخبر عاجلا")

    await town.taps(KARIM, "تراجع")

    await town.sees(KARIM, "تم التراجع عن: تنبيه عاجل", "توقف الإرسال")
    await town.taps(KARIM, "رجوع")
    await town.sees(KARIM, "سفينة مساعدات")
    assert "🔴 عاجل" in town.buttons(KARIM)
    await town.quiet()
    crowd = range(FIRST, FIRST + CROWD)
    told = [one for one in crowd if any("🔴 عاجل" in text for text in town.texts(one))]
    assert len(told) < CROWD


@pytest.mark.shows("desk_mistakes")
async def test_what_readers_report_waits_at_the_desk_until_it_is_dealt_with(town: Town) -> None:
    town.paper.prints("politics", "مجلس الحكومة يصادق على مشروع قانون المالية")
    await town.begin()
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")
    await opens_its_story(town, SALMA, "قانون المالية")
    await town.taps(SALMA, "أبلغ عن خطأ")
    await town.sees(SALMA)
    await town.taps(SALMA, town.buttons(SALMA)[0])

    await town.says(KARIM, "/desk")
    await town.sees(KARIM, "المكتب")
    await town.taps(KARIM, "أخطاء أبلغ عنها القراء")
    await town.sees(KARIM, "أخطاء أبلغ عنها القراء", "قانون المالية")
    await town.taps(KARIM, "الخبر 1")
    await town.sees(KARIM, "قانون المالية")
    await town.taps(KARIM, "رجوع")
    await town.sees(KARIM, "أخطاء أبلغ عنها القراء")
    await town.taps(KARIM, "عولج 1")
    await town.sees(KARIM, "لا خطأ ينتظر")
    await town.taps(KARIM, "رجوع")
    await town.sees(KARIM, "معالجة خطأ أبلغ عنه قارئ")
