"""An editor announces something, and looks after the sources; a stranger finds no such door."""

from __future__ import annotations

from tests.town import KARIM, SALMA, YOUNES, Town

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


async def test_an_editor_switches_a_source_off_and_on(town: Town) -> None:
    town.paper.prints("sport", "الوداد يستعد لمواجهة الرجاء في مركب محمد الخامس")
    await town.begin()
    await town.says(KARIM, "المصادر")
    await town.sees(KARIM, "المصادر", "● صحيفة المدينة")

    await town.taps(KARIM, "أوقف 1")
    await town.sees(KARIM, "○ صحيفة المدينة", "متوقفة")
    await town.taps(KARIM, "شغل 1")
    await town.sees(KARIM, "صحيفة المدينة")

    assert "○" not in town.texts(KARIM)[-1]
