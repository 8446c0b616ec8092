"""News reaches readers: an instant, an urgent, a digest at each one's own hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.town import SALMA, YOUNES, Town

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # in Casablanca 13:00 before, 12:00 in Ramadan


async def at_noon(town: Town) -> None:
    """Begin at noon, so that no reader sleeps."""
    town.clock.set(NOON)
    town.paper.prints("sport", "الوداد يستعد لمواجهة الرجاء في مركب محمد الخامس")
    await town.begin()


async def test_an_instant_reaches_who_follows_the_section_at_once(town: Town) -> None:
    await at_noon(town)
    for person in (SALMA, YOUNES):
        await town.says(person, "/start")
        await town.sees(person, "1 من 3")
    await town.says(SALMA, "/settings")
    await town.sees(SALMA, "الإعدادات")
    await town.taps(SALMA, "الأقسام")
    await town.sees(SALMA, "في الموجز", "✓✓")
    await town.taps(SALMA, "رياضة")  # in the digest
    await town.sees(SALMA, "في الموجز", "رياضة")
    await town.taps(SALMA, "رياضة")  # at once
    await town.sees(SALMA, "فور صدورها: رياضة")

    town.paper.prints("sport", "المنتخب المغربي يفوز على منتخب الكاميرون بهدفين لصفر")
    await town.reads()

    await town.sees(SALMA, "رياضة", "المنتخب المغربي يفوز", "صحيفة المدينة")
    assert town.buttons(SALMA) == ["اقرأ ↗", "احفظ", "تابع", "المزيد"]
    assert not any("المنتخب" in text for text in town.texts(YOUNES))


async def test_the_story_page_opens_in_place_and_leads_back(town: Town) -> None:
    await at_noon(town)
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")
    town.paper.prints("world", "عاجل: هزة أرضية بقوة 6 درجات تضرب سواحل البلاد المجاورة")
    await town.reads()
    await town.sees(SALMA, "عاجل", "هزة أرضية")

    await town.taps(SALMA, "المزيد")
    await town.sees(SALMA, "هزة أرضية", "صحيفة المدينة")
    assert town.buttons(SALMA)[-1] == "رجوع"
    await town.taps(SALMA, "رجوع")

    await town.sees(SALMA, "عاجل", "هزة أرضية")
    assert town.buttons(SALMA) == ["اقرأ ↗", "احفظ", "تابع", "المزيد"]


async def test_an_urgent_wakes_nobody_who_wants_none(town: Town) -> None:
    await at_noon(town)
    for person in (SALMA, YOUNES):
        await town.says(person, "/start")
        await town.sees(person, "1 من 3")
    await town.says(YOUNES, "عاجل")
    await town.sees(YOUNES, "هل ننبهك")
    await town.taps(YOUNES, "لا")
    await town.sees(YOUNES, "هل ننبهك")

    town.paper.prints("world", "عاجل: هزة أرضية بقوة 6 درجات تضرب سواحل البلاد المجاورة")
    await town.reads()

    await town.sees(SALMA, "عاجل", "هزة أرضية")
    assert not any("هزة" in text for text in town.texts(YOUNES))


async def test_a_digest_comes_at_the_hour_that_was_chosen(town: Town) -> None:
    await at_noon(town)
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")
    await town.says(SALMA, "الموجز")
    await town.sees(SALMA, "موجزك اليومي")
    await town.taps(SALMA, "19:00")
    await town.sees(SALMA, "07:00، 19:00")
    town.paper.prints("politics", "البرلمان يناقش مشروع قانون التغطية الصحية")
    town.paper.prints("politics", "وزير التعليم يعلن عن موعد الامتحانات الموحدة")
    await town.reads()

    town.clock.forward(timedelta(hours=7, minutes=1))

    digest = await town.sees(SALMA, "موجز الاثنين 2 مارس", "التغطية الصحية", "الامتحانات")
    assert digest.count("التغطية الصحية") == 1
    await town.taps(SALMA, "إعدادات الموجز")
    await town.sees(SALMA, "موجزك اليومي")


async def test_a_digest_at_once_and_nothing_twice(town: Town) -> None:
    await at_noon(town)
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")
    town.paper.prints("politics", "البرلمان يناقش مشروع قانون التغطية الصحية")
    await town.reads()
    await town.says(SALMA, "/digest")
    await town.sees(SALMA, "موجزك اليومي")
    await town.taps(SALMA, "أرسل موجزي الآن")
    await town.sees(SALMA, "التغطية الصحية")

    await town.says(SALMA, "/digest")
    await town.sees(SALMA, "موجزك اليومي")
    await town.taps(SALMA, "أرسل موجزي الآن")

    await town.sees(SALMA, "لا جديد منذ موجزك الأخير")
