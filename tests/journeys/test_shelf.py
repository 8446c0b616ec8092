"""What a reader does with a story: keeps it, follows it, mutes it, shares it, says it is wrong."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.briefs import links
from tests.town import KARIM, SALMA, YOUNES, Town

GROUP = -2001
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
TRAIN = "يبدأ تشغيل قطار الميناء مطلع الشهر المقبل"
ALERT = "عاجل: هزة أرضية بقوة 6 درجات تضرب سواحل البلاد المجاورة"
BODY = (
    "أعلنت إدارة الميناء تشغيل القطار الجديد مطلع الشهر المقبل. ويربط الخط المدينة بالمحطة البحرية "
    "في عشرين دقيقة. وستعمل ثماني عربات يوميا. ويبلغ ثمن التذكرة ستة دراهم للركاب الدائمين."
)


async def at_noon(town: Town, *people: int) -> None:
    """Begin at noon, so that no reader sleeps, and let people begin."""
    town.clock.set(NOON)
    town.paper.prints("politics", "مجلس المدينة يفتح باب الترشيح للجنة النقل")
    await town.begin()
    for person in people or (SALMA,):
        await town.says(person, "/start")
        await town.sees(person, "(1 من 3)")


async def train(town: Town, *, section: str = "politics") -> None:
    """Print a story that is worth keeping, and open the list it stands in."""
    town.paper.prints(section, TRAIN, BODY, at=NOON)
    await town.reads()
    await town.says(SALMA, "/latest")
    await town.sees(SALMA, f"1. {TRAIN}")


async def alert(town: Town) -> None:
    """Let an urgent brief reach everybody."""
    town.paper.prints("world", ALERT)
    await town.reads()
    await town.sees(SALMA, "هزة أرضية")


@pytest.mark.shows("story")
async def test_a_story_opens_from_a_list_with_all_that_can_be_done(town: Town) -> None:
    await at_noon(town)
    await train(town)

    await town.taps(SALMA, "1")
    page = await town.sees(SALMA, TRAIN, "ثماني عربات")
    assert "ستة دراهم" in page  # more than a brief tells
    await town.taps(SALMA, "رجوع")

    await town.sees(SALMA, "آخر الأخبار", f"1. {TRAIN}")


async def test_a_brief_is_saved_and_followed_where_it_stands(town: Town) -> None:
    await at_noon(town)
    await alert(town)
    said = town.texts(SALMA)[-1]

    for button, toast in (
        ("احفظ", "حفظناه لك؛ تجده في «المحفوظات»."),
        ("تابع", "تتابع هذا الخبر؛ يصلك جديده فورا."),
    ):
        assert await town.taps(SALMA, button) == toast
        await town.sees(SALMA, said)
    assert town.buttons(SALMA) == ["اقرأ ↗", "✓ محفوظ", "✓ تتابعه", "المزيد"]

    for button, toast in (
        ("محفوظ", "أزيل من «المحفوظات»."),
        ("تتابعه", "لم تعد تتابع هذا الخبر."),
    ):
        assert await town.taps(SALMA, button) == toast
        await town.sees(SALMA, said)
    assert town.buttons(SALMA) == ["اقرأ ↗", "احفظ", "تابع", "المزيد"]
    assert town.texts(SALMA)[-1] == said


async def test_saved_after_a_restart_from_a_button_of_before(town: Town) -> None:
    await at_noon(town)
    await alert(town)
    await town.end()
    await town.begin()

    await town.taps(SALMA, "احفظ")
    await town.says(SALMA, "المحفوظات")

    await town.sees(SALMA, "المحفوظات", "هزة أرضية")


@pytest.mark.shows("saved", "saved_empty")
async def test_the_shelf_fills_and_turns_and_empties(town: Town) -> None:
    await at_noon(town)
    await town.says(SALMA, "المحفوظات")
    await town.sees(SALMA, "اضغط «احفظ» تحت أي خبر")
    for number in range(6):
        town.paper.prints("sport", f"الجولة رقم {number} من بطولة المدارس تنطلق غدا")
        await town.reads()
        await town.says(SALMA, "/latest")
        await town.sees(SALMA, f"1. الجولة رقم {number}")
        await town.taps(SALMA, "1")
        await town.sees(SALMA, f"الجولة رقم {number}")
        await town.taps(SALMA, "احفظ")

    await town.says(SALMA, "/saved")
    await town.sees(SALMA, "المحفوظات", "1. الجولة رقم 5", "5. الجولة رقم 1")
    await town.taps(SALMA, "التالي")
    await town.sees(SALMA, "1. الجولة رقم 0")
    await town.taps(SALMA, "1")
    await town.sees(SALMA, "الجولة رقم 0")
    await town.taps(SALMA, "محفوظ")
    await town.sees(SALMA, "الجولة رقم 0")
    await town.taps(SALMA, "رجوع")

    shelf = await town.sees(SALMA, "المحفوظات", "1. الجولة رقم 5")
    assert "الجولة رقم 0" not in shelf


@pytest.mark.shows("mute", "follow", "follow_one", "follow_words")
async def test_a_reader_follows_words_and_mutes_a_source_for_a_week(town: Town) -> None:
    await at_noon(town)
    await town.says(SALMA, "ما أتابعه")
    await town.sees(SALMA, "ما أتابعه", "سياسة · في الموجز")
    await town.taps(SALMA, "تابع كلمات")
    await town.sees(SALMA, "اكتب الكلمات التي تتابعها")
    await town.says(SALMA, "قطار الميناء")
    await town.sees(SALMA, "أخبار فيها «قطار الميناء»", "تصلك في الموجز.")
    await town.taps(SALMA, "فورا")
    await town.sees(SALMA, "تصلك فورا.")

    await train(town)
    await town.taps(SALMA, "1")
    await town.sees(SALMA, "ثماني عربات")
    await town.taps(SALMA, "تابع")
    await town.taps(SALMA, "كتم ومتابعة")
    await town.sees(SALMA, "كتم ومتابعة", "هذا الخبر · فورا")
    await town.taps(SALMA, "صحيفة المدينة")
    await town.sees(SALMA, "أخبار «صحيفة المدينة»", "لا تتابعها.")
    await town.taps(SALMA, "أبدا")
    await town.sees(SALMA, "مكتومة دائما.")
    await town.taps(SALMA, "أسبوع")
    await town.sees(SALMA, "مكتومة حتى الخميس 3 دجنبر 12:0")
    await town.taps(SALMA, "رجوع")
    await town.sees(SALMA, "كتم ومتابعة", "صحيفة المدينة · كتم حتى")
    await town.taps(SALMA, "رجوع")
    await town.sees(SALMA, "ثماني عربات")

    await town.says(SALMA, "/follow")
    await town.sees(SALMA, "صحيفة المدينة · كتم حتى الخميس 3 دجنبر", "قطار الميناء · فورا", TRAIN)


async def test_a_mute_ends_by_itself(town: Town) -> None:
    await at_noon(town)
    await town.says(SALMA, "/follow")
    await town.sees(SALMA, "1. اقتصاد · في الموجز")
    await town.taps(SALMA, "1")
    await town.sees(SALMA, "أخبار قسم «اقتصاد»")
    await town.taps(SALMA, "أبدا")
    await town.sees(SALMA, "مكتومة دائما.")
    await town.taps(SALMA, "يوم")
    await town.sees(SALMA, "مكتومة حتى غدا 12:0", "بعدها تصلك في الموجز كما كانت.")

    town.clock.forward(timedelta(days=1, minutes=1))
    await town.taps(SALMA, "رجوع")

    page = await town.sees(SALMA, "ما أتابعه", "اقتصاد · في الموجز")
    assert "كتم حتى" not in page


@pytest.mark.shows("mistake", "mistake_typed", "mistake_thanks")
async def test_a_mistake_is_reported_in_words_and_only_once(town: Town) -> None:
    await at_noon(town)
    await train(town)
    await town.taps(SALMA, "1")
    await town.sees(SALMA, TRAIN)
    await town.taps(SALMA, "أبلغ عن خطأ")
    await town.sees(SALMA, "ما الخطأ في هذا الخبر؟")
    await town.taps(SALMA, "خطأ آخر")
    await town.sees(SALMA, "اكتب ما الخطأ")

    await town.says(SALMA, "ثمن التذكرة خمسة دراهم")
    await town.sees(SALMA, "شكرا لك.")
    await town.taps(SALMA, "رجوع")
    await town.sees(SALMA, TRAIN)

    assert await town.taps(SALMA, "أبلغ عن خطأ") == "أبلغت عن هذا الخبر من قبل. شكرا لك."
    await town.says(KARIM, "/start")
    await town.says(KARIM, "/desk")
    await town.sees(KARIM, "المكتب")


@pytest.mark.shows("inline")
async def test_a_story_is_shared_into_a_group_and_opens_from_there(town: Town) -> None:
    await at_noon(town)
    await train(town)
    (shared,) = await town.asks(SALMA, "قطار الميناء", chat=GROUP)

    said = await town.picks(SALMA, shared, chat=GROUP)

    assert TRAIN in said
    assert "ستة دراهم" not in said  # a brief, not the page
    await town.says(YOUNES, "/start st_2")
    await town.sees(YOUNES, TRAIN, "ستة دراهم")
    assert "رجوع" not in town.buttons(YOUNES)


async def test_nothing_typed_behind_our_name_offers_the_latest(town: Town) -> None:
    await at_noon(town)
    await train(town)

    offered = await town.asks(YOUNES, "")

    assert offered == [TRAIN, "مجلس المدينة يفتح باب الترشيح للجنة النقل"]
    assert await town.asks(YOUNES, "st_1") == offered[1:]
    assert await town.asks(YOUNES, "كلمة لم ترد في أي خبر") == []


async def test_a_link_opens_a_search_and_a_broken_one_says_how(town: Town) -> None:
    await at_noon(town)
    await train(town)

    await town.says(SALMA, f"/start {links.to_search('قطار الميناء')}")
    await town.sees(SALMA, "نتائج «قطار الميناء»", TRAIN)
    await town.says(SALMA, "/start q_2Q")

    await town.sees(SALMA, "اكتب ما تبحث عنه بعد الأمر")


async def test_twenty_taps_a_second_are_all_answered(town: Town) -> None:
    await at_noon(town)
    await alert(town)

    toasts = await asyncio.gather(*(town.taps(SALMA, "احفظ") for _ in range(20)))

    assert set(toasts) - {""} == {"حفظناه لك؛ تجده في «المحفوظات»."}  # "": a tap again
    await town.sees(SALMA, "هزة أرضية")
    assert town.buttons(SALMA) == ["اقرأ ↗", "✓ محفوظ", "تابع", "المزيد"]
    await town.says(SALMA, "/saved")
    assert (await town.sees(SALMA, "المحفوظات")).count("هزة أرضية") == 1
