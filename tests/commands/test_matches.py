"""/matches: days, matches, clubs; buttons that outlive what they stood for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.model import Fixture, FixtureState
from bot.storage import fixtures, sources, subscribers
from tests.build import NOON
from tests.commands.conftest import SALMA, Bureau

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EVENING = NOON + 6 * HOUR  # of Tuesday 24 November


async def calendar(bureau: Bureau, *told: Fixture, name: str = "league") -> None:
    async with bureau.storage.transaction() as tx:
        source = await sources.add_source(tx, "رابطة البطولة", NOON)
        url = f"https://{name}.example/ics"
        await sources.add_feed(
            tx, source, url, host=name, section=None, interval=HOUR, now=NOON
        )  # fmt: skip
        [feed] = [one for one in await sources.all_feeds(tx) if one.url == url]
        await fixtures.keep(tx, feed.id, told, NOON)


def fixture(uid: str = "1", at: datetime = EVENING, home: str = "اتحاد المرسى") -> Fixture:
    return Fixture(uid, home, "وفاق سبو", at, "البطولة")


async def test_a_match_stands_on_the_readers_day_at_the_readers_hour(bureau: Bureau) -> None:
    await calendar(bureau, fixture(at=datetime.fromisoformat("2026-11-24T23:30:00+00:00")))
    await bureau.says(SALMA, "/start")
    reader = await bureau.subscriber(SALMA)
    days = {}
    for zone in ("America/Toronto", "Asia/Riyadh"):
        async with bureau.storage.transaction() as tx:
            await subscribers.choose_zone(tx, reader.id, zone)
        await bureau.says(SALMA, "/matches")
        days[zone] = bureau.seen(SALMA)

    assert "1. 18:30 اتحاد المرسى – وفاق سبو" in days["America/Toronto"]
    assert "لا مباريات اليوم. أقرب المباريات: الأربعاء 25 نونبر." in days["Asia/Riyadh"]


async def test_the_day_of_a_long_list_turns_and_every_number_opens_its_match(
    bureau: Bureau,
) -> None:
    told = [
        fixture(str(number), EVENING + number * timedelta(minutes=1), f"فريق {number}")
        for number in range(1, 13)
    ]
    await calendar(bureau, *told)
    await bureau.says(SALMA, "مباريات")
    await bureau.taps(SALMA, "التالي")
    second = bureau.seen(SALMA)

    await bureau.taps(SALMA, "2")
    assert "فريق 12 – وفاق سبو" in bureau.seen(SALMA)
    await bureau.taps(SALMA, "رجوع")

    assert bureau.seen(SALMA) == second
    assert len(bureau.messages(SALMA)) == 1


async def test_a_match_that_its_calendar_took_back_is_an_old_button(bureau: Bureau) -> None:
    await calendar(bureau, fixture())
    await bureau.says(SALMA, "/matches")
    message, opens = bureau.button(SALMA, "1")
    await bureau.taps(SALMA, "1")
    _, club = bureau.button(SALMA, "اتحاد المرسى")
    async with bureau.storage.transaction() as tx:
        await fixtures.forget(tx, EVENING + DAY)

    old = bureau.texts.say("errors.old_buttons")
    assert await bureau.presses(SALMA, message, opens) == old
    assert await bureau.presses(SALMA, message, club) == old


@pytest.mark.parametrize("day", ["20269999", "00010101", "99991231", "20000101"])
async def test_a_day_that_no_calendar_of_ours_has_is_today(bureau: Bureau, day: str) -> None:
    await bureau.says(SALMA, "/matches")
    today = bureau.seen(SALMA)
    message, _ = bureau.button(SALMA, "غدا")

    await bureau.presses(SALMA, message, f"1:md:{day}")

    assert bureau.seen(SALMA) == today
    assert "لا مباريات اليوم. ولا مباريات قادمة" in today


@pytest.mark.parametrize(
    "data", ["1:md:someday", "1:mt:1", "1:mt:x:today:1", "1:mc:1:both:today:1", "1:md:today:-1"]
)
async def test_a_forged_button_is_an_old_one(bureau: Bureau, data: str) -> None:
    await bureau.says(SALMA, "/matches")
    message, _ = bureau.button(SALMA, "غدا")

    toast = await bureau.presses(SALMA, message, data)

    assert toast == bureau.texts.say("errors.old_buttons")


async def test_after_an_empty_yesterday_the_next_is_todays(bureau: Bureau) -> None:
    await calendar(bureau, fixture())
    await bureau.says(SALMA, "/matches")

    await bureau.taps(SALMA, "أمس")

    assert "لم تلعب مباريات أمس. أقرب المباريات: الثلاثاء 24 نونبر." in bureau.seen(SALMA)


async def test_a_club_whose_name_several_bear_shows_all_their_matches(bureau: Bureau) -> None:
    await calendar(
        bureau,
        fixture(),
        fixture("2", EVENING + DAY, "سيدات المرسى"),
        fixture("3", EVENING, "نجم تادلة"),
    )

    await bureau.says(SALMA, "/matches المرسى")

    page = bureau.seen(SALMA)
    assert page.startswith("⚽ المرسى")
    assert "اتحاد المرسى – وفاق سبو · اليوم" in page
    assert "سيدات المرسى – وفاق سبو · غدا" in page
    assert "تادلة" not in page


@pytest.mark.parametrize("typed", ["<b>%s</b> {0}", "؟؟؟", "x" * 3000])
async def test_any_club_may_be_asked_for(bureau: Bureau, typed: str) -> None:
    await calendar(bureau, fixture())

    await bureau.says(SALMA, f"/matches {typed}")

    assert "لا نجد فريقا باسم" in bureau.seen(SALMA)


async def test_two_calendars_of_one_match_show_it_once(bureau: Bureau) -> None:
    await calendar(bureau, fixture())
    over = Fixture(
        "x", "اتحاد المرسى", "وفاق سبو", EVENING, "البطولة", "", FixtureState.OVER, (1, 0)
    )
    await calendar(bureau, over, name="other")

    await bureau.says(SALMA, "/matches")

    assert bureau.seen(SALMA).count("اتحاد المرسى") == 1
    assert "اتحاد المرسى 1 – 0 وفاق سبو" in bureau.seen(SALMA)
