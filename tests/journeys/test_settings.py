"""A reader changes what Mujaz does: one page with everything on it, a few pages below it."""

from __future__ import annotations

import pytest

from tests.town import SALMA, Town


async def begun(town: Town) -> Town:
    """Let Salma begin and open her settings."""
    town.paper.prints("politics", "مجلس الحكومة يصادق على مشروع قانون المالية")
    await town.begin()
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")
    await town.says(SALMA, "الإعدادات")
    await town.sees(SALMA, "الإعدادات", "الساعات: 07:00", "الأيام: كل يوم", "التوقيت: المغرب")
    return town


@pytest.mark.shows("settings", "settings_hours", "settings_sections", "settings_quiet")
async def test_everything_is_on_one_page_and_each_choice_leads_back_to_it(town: Town) -> None:
    await begun(town)

    await town.taps(SALMA, "الساعات والأيام")
    await town.sees(SALMA, "الساعات والأيام", "موجزك القادم")
    await town.taps(SALMA, "19:00")
    await town.sees(SALMA, "الساعات: 07:00، 19:00")
    await town.taps(SALMA, "الأحد")
    await town.sees(SALMA, "الأيام: الاثنين، الثلاثاء، الأربعاء، الخميس، الجمعة، السبت")
    await town.taps(SALMA, "رجوع")
    await town.sees(SALMA, "الإعدادات", "الساعات: 07:00، 19:00")

    await town.taps(SALMA, "الأقسام")
    await town.sees(SALMA, "في الموجز: سياسة", "✓✓")
    await town.taps(SALMA, "رياضة")
    await town.sees(SALMA, "رياضة")
    await town.taps(SALMA, "رياضة")
    await town.sees(SALMA, "فور صدورها: رياضة")
    await town.taps(SALMA, "رجوع")
    await town.sees(SALMA, "الإعدادات", "فور صدورها: رياضة")

    await town.taps(SALMA, "ساعات الهدوء")
    await town.sees(SALMA, "ساعات الهدوء: من 22:30 إلى 06:30")
    await town.taps(SALMA, "00:00 إلى 07:00")
    await town.sees(SALMA, "ساعات الهدوء: من 00:00 إلى 07:00")
    await town.taps(SALMA, "رجوع")
    await town.sees(SALMA, "الإعدادات", "من 00:00 إلى 07:00")

    await town.taps(SALMA, "العاجل: بصمت")
    await town.sees(SALMA, "العاجل: نعم، بصمت")
    await town.taps(SALMA, "مفصل")
    await town.sees(SALMA, "الطول: مفصل")
    await town.taps(SALMA, "يوم هادئ")
    await town.sees(SALMA, "نخبرك أن اليوم هادئ")
    assert len(town.texts(SALMA)) == 2  # the welcome, and one page edited in place


@pytest.mark.shows("settings_zone", "settings_zone_typed")
async def test_a_reader_abroad_types_her_city(town: Town) -> None:
    """T22; elie222/inbox-zero PR #1375."""
    await begun(town)

    await town.taps(SALMA, "التوقيت")
    await town.sees(SALMA, "بأي توقيت")
    await town.taps(SALMA, "مدينة أخرى")
    await town.sees(SALMA, "اكتب اسم مدينتك")
    await town.says(SALMA, "نيويورك")

    await town.sees(SALMA, "الإعدادات", "التوقيت: نيويورك")


@pytest.mark.shows("settings_quiet_typed")
async def test_quiet_hours_of_ones_own_are_typed(town: Town) -> None:
    await begun(town)
    await town.taps(SALMA, "ساعات الهدوء")
    await town.sees(SALMA, "ساعات الهدوء: من 22:30")

    await town.taps(SALMA, "ساعات أخرى")
    await town.sees(SALMA, "اكتب بداية الهدوء ونهايته")
    await town.says(SALMA, "بعد العشاء")
    await town.sees(SALMA, "لم نفهم الساعتين")
    await town.says(SALMA, "من 21:15 إلى 5")

    await town.sees(SALMA, "من 21:15 إلى 05:00")


@pytest.mark.shows("settings_restore")
async def test_everything_goes_back_to_the_first_day_after_one_question(town: Town) -> None:
    await begun(town)
    await town.taps(SALMA, "العاجل: لا")
    await town.sees(SALMA, "العاجل: لا")
    await town.taps(SALMA, "سطر واحد")
    await town.sees(SALMA, "الطول: سطر واحد")

    await town.taps(SALMA, "استعد الإعدادات")
    await town.sees(SALMA, "كما كانت في أول يوم", "الساعات: 07:00", "محفوظاتك فتبقى")
    toast = await town.taps(SALMA, "نعم، استعدها")

    await town.sees(SALMA, "العاجل: نعم", "الطول: مختصر")
    assert toast == "عادت الإعدادات إلى أصلها."
