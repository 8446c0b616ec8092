"""Mujaz stops and begins again in the middle of a conversation; nobody has to begin anew."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Section
from bot.storage import sources
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


async def test_a_button_pressed_while_we_were_away_turns_its_page_though_the_query_is_too_old(
    town: Town,
) -> None:
    """T52; Studio-Yandex-Practicum/you_can_bot PR #171."""
    for number in range(1, 8):
        town.paper.prints(
            "politics", f"المجلس رقم {number} يعقد دورة {number * 37} في مدينة {number}"
        )
    await town.begin()
    await town.says(SALMA, "المجلس")
    await town.sees(SALMA, "نتائج «المجلس»", "1.")

    await town.end()
    await town.presses(SALMA, "التالي")
    town.sandbox.desk.query_age = 0  # seconds: whoever answers now answers too late
    await town.begin()

    await town.sees(SALMA, "المجلس رقم 2", "المجلس رقم 1")
    [answer] = town.sandbox.desk.log.since(0, "answerCallbackQuery")
    assert "query is too old" in (answer.error or "")


async def test_a_new_source_with_thirty_items_of_today_wakes_nobody_even_after_a_restart(
    town: Town,
) -> None:
    """T27; mattermost-plugin-rssfeed #20; progval/Limnoria #489."""
    await town.begin()
    await town.says(SALMA, "/start")
    await town.sees(SALMA, "1 من 3")
    before = len(town.texts(SALMA))
    for number in range(30):
        at = town.clock() - number * timedelta(minutes=5)
        town.paper.prints("economy", f"سوق {number} يفتح أبوابه في بلدية {number * 7}", at=at)

    await adds_a_source(town, "economy")
    await town.quiet()
    await town.end()
    await town.begin()
    await town.quiet()

    await town.says(SALMA, "/economy")
    await town.sees(SALMA, "سوق 0 يفتح أبوابه")
    assert len(town.texts(SALMA)) == before + 1


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
    await town.sees(KARIM, "الجمهور")
    await town.taps(KARIM, "أرسل الآن")
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
    await town.sees(KARIM, "الجمهور")
    await town.taps(KARIM, "أرسل الآن")
    await town.sees(KARIM, "للتأكيد اكتب العدد: 2")

    await town.sandbox.redeliver(1)
    await town.says(KARIM, "2")

    await town.sees(KARIM, "التقرير", "وصلت 2")
    assert town.texts(SALMA).count("عددنا الخاص صدر") == 1


async def adds_a_source(town: Town, section: str) -> None:
    """Add a feed of the town's paper, due at once."""
    assert town.mujaz is not None
    now = town.clock()
    async with town.mujaz.storage.transaction() as tx:
        source = await sources.add_source(tx, "صحيفة السوق", now)
        await sources.add_feed(
            tx,
            source,
            f"{town.sandbox.address}/paper/{section}.xml",
            host="127.0.0.1",
            section=Section(section),
            interval=timedelta(minutes=1),
            now=now,
        )
    await town.reads()
