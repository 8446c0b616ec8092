"""A reader begins: subscribed at once, three taps that may be skipped, words that always work."""

from __future__ import annotations

import pytest

from tests.town import SALMA, Town


@pytest.mark.shows("welcome")
async def test_a_reader_begins_with_three_taps(town: Town) -> None:
    town.paper.prints("politics", "مجلس الحكومة يصادق على مشروع قانون المالية")
    await town.begin()

    await town.says(SALMA, "/start")
    await town.sees(SALMA, "أهلا بك في موجز", "أهم خبر الآن", "قانون المالية", "1 من 3")
    await town.taps(SALMA, "رياضة")
    await town.sees(SALMA, "1 من 3")
    assert "✓ رياضة" in town.buttons(SALMA)
    await town.taps(SALMA, "التالي")
    await town.sees(SALMA, "2 من 3")
    await town.taps(SALMA, "19:00")
    await town.sees(SALMA, "2 من 3")
    await town.taps(SALMA, "التالي")
    await town.sees(SALMA, "3 من 3")
    await town.taps(SALMA, "نعم، بصمت")

    await town.sees(SALMA, "تم.", "موجزك القادم", "/latest")
    assert len(town.texts(SALMA)) == 1  # one message, edited in place


async def test_who_only_presses_start_is_subscribed(town: Town) -> None:
    town.paper.prints("politics", "مجلس الحكومة يصادق على مشروع قانون المالية")
    await town.begin()
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")

    town.paper.prints("politics", "عاجل: رئيس الحكومة يعلن عن تدابير جديدة لفائدة الأسر")
    await town.reads()

    await town.sees(SALMA, "عاجل", "تدابير جديدة")


async def test_stop_and_start_again_keep_the_choices(town: Town) -> None:
    await town.begin()
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")
    await town.taps(SALMA, "رياضة")
    await town.sees(SALMA, "1 من 3")

    await town.says(SALMA, "إيقاف")
    await town.sees(SALMA, "توقفت الرسائل", "/start")
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "أهلا بعودتك")

    await town.says(SALMA, "الإعدادات")
    await town.sees(SALMA, "الإعدادات", "رياضة")
