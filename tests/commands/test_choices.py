"""/digest and /settings: hours, days, zone, sections, urgent, quiet; typed answers; "now"."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import Mode, QuietHours, Section, UrgentChoice
from bot.storage import digests, subscriptions
from tests.build import NOON, draft
from tests.commands.conftest import SALMA, Bureau, begin


async def minutes(bureau: Bureau) -> list[int]:
    reader = await bureau.subscriber(SALMA)
    return [one.minute for one in await digests.of(bureau.storage, reader.id)]


async def mode(bureau: Bureau, section: Section) -> Mode | None:
    reader = await bureau.subscriber(SALMA)
    return (await subscriptions.sections(bureau.storage, reader.id)).get(section)


async def test_who_has_not_begun_begins_with_the_settings(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/settings")

    assert "(1 من 3)" in bureau.seen(SALMA)


async def test_hours_are_switched_in_place(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/digest")

    await bureau.taps(SALMA, "13:00")
    await bureau.taps(SALMA, "✓ 07:00")

    assert await minutes(bureau) == [13 * 60]
    assert "الساعات: 13:00" in bureau.seen(SALMA)
    assert len(bureau.messages(SALMA)) == 2


async def test_a_press_delivered_twice_changes_once(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/digest")
    page, data = bureau.button(SALMA, "13:00")

    await bureau.presses(SALMA, page, data)
    await bureau.presses(SALMA, page, data)

    assert await minutes(bureau) == [7 * 60, 13 * 60]


async def test_another_hour_is_typed(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/digest")

    await bureau.taps(SALMA, "ساعة أخرى")
    await bureau.says(SALMA, "٦:١٥")

    assert await minutes(bureau) == [6 * 60 + 15, 7 * 60]
    assert "✓ 06:15" in bureau.labels(SALMA)


async def test_a_typed_hour_delivered_twice_is_no_search(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/digest")
    await bureau.taps(SALMA, "ساعة أخرى")

    await bureau.sandbox.redeliver()
    await bureau.says(SALMA, "20")

    assert await minutes(bureau) == [7 * 60, 20 * 60]
    assert bureau.seen(SALMA).startswith("موجزك اليومي")


async def test_many_hours_are_enough(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    for hour in range(8, 20):
        await bureau.says(SALMA, "/digest")
        await bureau.taps(SALMA, "ساعة أخرى")
        await bureau.says(SALMA, str(hour))

    assert bureau.seen(SALMA) == bureau.texts.say("digest_settings.too_many_hours")
    assert len(await minutes(bureau)) == 12


async def test_a_wrong_hour_is_explained_and_asked_again(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.taps(SALMA, "التالي")
    await bureau.taps(SALMA, "ساعة أخرى")

    await bureau.says(SALMA, "السابعة")
    assert bureau.seen(SALMA) == bureau.texts.say("digest_settings.no_such_hour")
    await bureau.says(SALMA, "20")

    assert await minutes(bureau) == [7 * 60, 20 * 60]
    assert "(2 من 3)" in bureau.seen(SALMA)


@pytest.mark.parametrize("words", ["/latest", "آخر الأخبار"])
async def test_a_command_gives_the_question_up(bureau: Bureau, words: str) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/digest")
    await bureau.taps(SALMA, "ساعة أخرى")

    await bureau.says(SALMA, words)
    await bureau.says(SALMA, "20")

    assert "لا نتائج" in bureau.seen(SALMA)
    assert await minutes(bureau) == [7 * 60]


async def test_a_question_survives_a_restart(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/digest")
    await bureau.taps(SALMA, "ساعة أخرى")

    again = await begin(bureau.sandbox, bureau.storage, bureau.room.config)
    await again.says(SALMA, "20")
    await again.app.shutdown()

    assert await minutes(bureau) == [7 * 60, 20 * 60]


async def test_weekdays_are_switched_and_the_last_one_stays(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/digest")
    for label in list(bureau.labels(SALMA)):
        if label.startswith("✓ ال"):
            toast = await bureau.taps(SALMA, label)

    reader = await bureau.subscriber(SALMA)
    (digest,) = await digests.of(bureau.storage, reader.id)
    assert toast == bureau.texts.say("digest_settings.last_day")
    assert digest.weekdays == 1 << 6
    assert digest.next_at.weekday() == 6


async def test_a_zone_moves_the_hours(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/digest")

    await bureau.taps(SALMA, "تغيير التوقيت")
    await bureau.taps(SALMA, "السعودية")

    reader = await bureau.subscriber(SALMA)
    (digest,) = await digests.of(bureau.storage, reader.id)
    assert reader.zone == "Asia/Riyadh"
    assert digest.next_at.hour == 4
    assert "التوقيت: السعودية، الساعة الآن 15:00" in bureau.seen(SALMA)


async def test_a_city_is_typed(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/settings")
    await bureau.taps(SALMA, "التوقيت")
    await bureau.taps(SALMA, "مدينة أخرى")

    await bureau.says(SALMA, "أطلانتس")
    assert bureau.seen(SALMA) == bureau.texts.say("digest_settings.no_such_zone")
    await bureau.says(SALMA, "نيويورك")

    assert (await bureau.subscriber(SALMA)).zone == "America/New_York"
    assert bureau.seen(SALMA).startswith("الإعدادات")


async def test_a_section_goes_from_digest_to_instant_to_off(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/settings")
    await bureau.taps(SALMA, "الأقسام")

    modes = []
    for label in ("رياضة", "✓ رياضة", "✓✓ رياضة"):
        await bureau.taps(SALMA, label)
        modes.append(await mode(bureau, Section.SPORT))

    assert modes == [Mode.DIGEST, Mode.INSTANT, None]
    assert len(bureau.messages(SALMA)) == 2


async def test_urgent_and_quiet_hours_are_set(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/settings")

    await bureau.taps(SALMA, "العاجل: لا")
    await bureau.taps(SALMA, "ساعات الهدوء")
    await bureau.taps(SALMA, "00:00 إلى 07:00")
    reader = await bureau.subscriber(SALMA)
    await bureau.taps(SALMA, "بلا ساعات هدوء")

    assert reader.urgent is UrgentChoice.NO
    assert reader.quiet == QuietHours(0, 7 * 60)
    assert (await bureau.subscriber(SALMA)).quiet is None


@pytest.mark.parametrize("data", ["1:qt:1440-2:s", "1:hr:1440:on:s", "1:zs:Mars/Base:s", "1:to:y"])
async def test_a_value_that_no_button_has_is_refused(bureau: Bureau, data: str) -> None:
    await bureau.says(SALMA, "/start")

    toast = await bureau.presses(SALMA, bureau.messages(SALMA)[-1]["message_id"], data)

    assert toast == bureau.texts.say("errors.old_buttons")
    assert await minutes(bureau) == [7 * 60]


async def test_now_makes_the_next_digest_due_and_wakes_the_job(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    bureau.forward(timedelta(hours=1))
    await bureau.prints(draft(first_seen_at=NOON + timedelta(minutes=30)))
    await bureau.says(SALMA, "/digest")

    toast = await bureau.taps(SALMA, "أرسل موجزي الآن")

    reader = await bureau.subscriber(SALMA)
    (digest,) = await digests.of(bureau.storage, reader.id)
    assert toast == bureau.texts.say("digest_settings.on_its_way")
    assert digest.next_at == NOON + timedelta(hours=1)
    assert bureau.woken == ["digest"]


async def test_now_with_nothing_new_says_so_and_wakes_nobody(bureau: Bureau) -> None:
    await bureau.prints(draft(first_seen_at=NOON - timedelta(hours=1)))
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/digest")

    await bureau.taps(SALMA, "أرسل موجزي الآن")

    assert bureau.seen(SALMA) == bureau.texts.say("digest_settings.nothing_new")
    assert bureau.woken == []


async def test_now_without_an_hour_says_so(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/digest")
    await bureau.taps(SALMA, "✓ 07:00")

    await bureau.taps(SALMA, "أرسل موجزي الآن")

    assert bureau.seen(SALMA) == bureau.texts.say("digest_settings.now_without")


async def test_stop_keeps_the_settings_and_says_how_to_come_back(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")

    await bureau.says(SALMA, "إيقاف")

    assert "/start" in bureau.seen(SALMA)
    assert await minutes(bureau) == [7 * 60]
    await bureau.says(SALMA, "/settings")
    assert bureau.texts.say("settings.stopped") in bureau.seen(SALMA)


async def test_help_tells_readers_nothing_of_the_desk(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/help")

    assert "/latest" in bureau.seen(SALMA)
    assert "/broadcast" not in bureau.seen(SALMA)
