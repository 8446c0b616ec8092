"""Mujaz stops and begins again in the middle of a conversation; nobody has to begin anew."""

from __future__ import annotations

from tests.town import KARIM, SALMA, Town


async def test_buttons_live_on_after_a_restart(town: Town) -> None:
    for number in range(1, 8):
        town.paper.prints(
            "politics", f"المجلس رقم {number} يعقد دورة {number * 37} في مدينة {number}"
        )
    await town.begin()
    await town.says(SALMA, "المجلس")
    await town.sees(SALMA, "نتائج «المجلس»", "1.")

    await town.end()
    await town.begin()
    await town.taps(SALMA, "التالي")

    await town.sees(SALMA, "المجلس رقم 2", "المجلس رقم 1")


async def test_a_half_typed_confirmation_survives_a_restart(town: Town) -> None:
    await town.begin()
    for person in (SALMA, KARIM):
        await town.says(person, "/start")
        await town.sees(person, "1 من 3")
    await town.says(KARIM, "/broadcast")
    await town.sees(KARIM, "أرسل الرسالة")
    await town.says(KARIM, "عددنا الخاص صدر")
    await town.sees(KARIM, "معاينة")
    await town.taps(KARIM, "كل القراء")
    await town.sees(KARIM, "للتأكيد اكتب العدد: 2")

    await town.end()
    await town.begin()
    await town.says(KARIM, "2")

    await town.sees(KARIM, "التقرير", "وصلت 2")
    await town.sees(SALMA, "عددنا الخاص صدر")


async def test_a_confirmation_that_telegram_delivers_twice_acts_once(town: Town) -> None:
    await town.begin()
    for person in (SALMA, KARIM):
        await town.says(person, "/start")
        await town.sees(person, "1 من 3")
    await town.says(KARIM, "/broadcast")
    await town.sees(KARIM, "أرسل الرسالة")
    await town.says(KARIM, "عددنا الخاص صدر")
    await town.sees(KARIM, "معاينة")
    await town.taps(KARIM, "كل القراء")
    await town.sees(KARIM, "للتأكيد اكتب العدد: 2")

    await town.sandbox.redeliver(1)
    await town.says(KARIM, "2")

    await town.sees(KARIM, "التقرير", "وصلت 2")
    assert town.texts(SALMA).count("عددنا الخاص صدر") == 1
