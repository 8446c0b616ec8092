"""We were away, or Telegram was, or the reader slept: one calm message, and nothing lost."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import ChatId, Mode, Section
from bot.storage import subscribers, subscriptions
from tests.town import PATIENCE, SALMA, YOUNES, Town

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
NIGHT = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
STREET = "سوق {number} يفتح أبوابه في بلدية {place}"


async def begins(town: Town, moment: datetime, *people: int) -> None:
    """Begin at a moment, with readers who follow politics at once."""
    town.clock.set(moment)
    town.paper.prints("sport", "الوداد يستعد لمواجهة الرجاء في مركب محمد الخامس")
    await town.begin()
    assert town.mujaz is not None
    for person in people:
        await town.says(person, "/start")
        await town.sees(person, "1 من 3")
        async with town.mujaz.storage.transaction() as tx:
            known = await subscribers.find(tx, town.mujaz.bot, ChatId(person))
            assert known is not None
            await subscriptions.follow_sections(
                tx, known.id, [Section.POLITICS], Mode.INSTANT, town.clock()
            )


def prints(town: Town, numbers: range) -> None:
    """Let the paper print a story for each number, each dated a minute before the next."""
    for number in numbers:
        title = STREET.format(number=number, place=number + 500)
        at = town.clock() - timedelta(minutes=numbers.stop - number)
        town.paper.prints("politics", title, at=at)


def pushed(town: Town, person: int) -> list[str]:
    """Return the messages of a chat that tell of the printed stories."""
    return [text for text in town.texts(person) if "يفتح أبوابه" in text]


@pytest.mark.shows("away")
async def test_forty_stories_of_an_outage_are_one_message(town: Town) -> None:
    await begins(town, MORNING, SALMA)
    await town.end()
    town.clock.forward(timedelta(hours=5))
    prints(town, range(1, 41))

    await town.begin()

    told = await town.sees(SALMA, "في غيابنا: 40 خبرا جديدا", "من اليوم 09:00 إلى اليوم 14:00")
    assert all(f"سوق {number} " in told for number in range(1, 41))
    await town.quiet()
    assert len(pushed(town, SALMA)) == 1


async def test_after_the_outage_news_comes_one_by_one_again(town: Town) -> None:
    await begins(town, MORNING, SALMA)
    await town.end()
    town.clock.forward(timedelta(hours=5))
    prints(town, range(1, 5))
    await town.begin()
    await town.sees(SALMA, "في غيابنا: 4 أخبار جديدة")

    prints(town, range(5, 6))
    await town.reads()

    await town.sees(SALMA, "سياسة", "سوق 5 يفتح أبوابه")
    assert len(pushed(town, SALMA)) == 2


async def test_an_alarm_does_not_wait_until_we_have_caught_up(town: Town) -> None:
    await begins(town, MORNING, SALMA)
    await town.end()
    town.clock.forward(timedelta(hours=5))
    now = town.clock()
    fresh, old = now - timedelta(minutes=5), now - timedelta(hours=2)
    town.paper.prints("world", "عاجل: هزة أرضية تضرب سواحل البلاد المجاورة", at=fresh)
    town.paper.prints("world", "عاجل: حريق كبير في مصفاة للنفط على الساحل الشرقي", at=old)

    await town.begin()

    await town.sees(SALMA, "🔴 عاجل · خارج الحدود", "هزة أرضية")
    report = await town.sees(SALMA, "في غيابنا", "حريق كبير")
    assert "هزة أرضية" not in report


async def test_a_restart_of_a_minute_is_no_outage(town: Town) -> None:
    await begins(town, MORNING, SALMA)
    await town.end()
    town.clock.forward(timedelta(minutes=1))
    prints(town, range(1, 2))

    await town.begin()

    await town.sees(SALMA, "سياسة", "سوق 1 يفتح أبوابه")
    assert not any("في غيابنا" in text for text in town.texts(SALMA))


@pytest.mark.shows("together")
async def test_six_instants_of_a_night_are_one_message_at_half_past_six(town: Town) -> None:
    await begins(town, NIGHT, SALMA)
    for number in range(1, 7):
        prints(town, range(number, number + 1))
        await town.reads()
    await waiting(town, alone=6, together=0)
    assert pushed(town, SALMA) == []

    town.clock.set(NIGHT.replace(hour=6, minute=20))
    await waiting(town, alone=0, together=1)
    asleep = pushed(town, SALMA)
    town.clock.set(NIGHT.replace(hour=6, minute=31))

    told = await town.sees(SALMA, "6 أخبار جديدة في رسالة واحدة")
    assert asleep == []
    assert all(f"سوق {number} " in told for number in range(1, 7))
    await town.quiet()
    assert len(pushed(town, SALMA)) == 1


async def test_an_hour_without_telegram_is_one_message_after_it(town: Town) -> None:
    """T38; listmonk #1802, #2313: what is due waits, and nothing has failed."""
    await begins(town, MORNING, SALMA)
    await town.sandbox.fault("hang_up_before", method="sendMessage")
    for number in range(1, 7):
        prints(town, range(number, number + 1))
        await town.reads()
    await waiting(town, alone=0, together=1)
    town.clock.forward(timedelta(hours=1))
    await town.sandbox.fault("none")
    town.clock.forward(timedelta(minutes=11))

    await town.sees(SALMA, "6 أخبار جديدة في رسالة واحدة")
    await town.quiet()
    assert len(pushed(town, SALMA)) == 1


async def test_digests_that_were_due_meanwhile_come_once(town: Town) -> None:
    await begins(town, MORNING)
    for person in (SALMA, YOUNES):
        await town.says(person, "/start")
        await town.sees(person, "1 من 3")
    prints(town, range(1, 3))
    await town.reads()
    await town.end()
    town.clock.forward(timedelta(days=2))

    await town.begin()

    for person in (SALMA, YOUNES):
        await town.sees(person, "موجز الأربعاء 4 مارس", "سوق 1 ", "سوق 2 ")
    await town.quiet()
    assert [sum("موجز ال" in text for text in town.texts(one)) for one in (SALMA, YOUNES)] == [1, 1]


async def waiting(town: Town, *, alone: int, together: int) -> None:
    """Wait until so many stories wait to be told one by one, and so many in one message."""
    assert town.mujaz is not None
    sql = (
        "SELECT sum(key LIKE 'story:%') AS alone, sum(key LIKE 'together:%') AS together"
        " FROM deliveries JOIN occasions ON occasions.id = occasion"
        " WHERE state IN ('waiting', 'sending')"
    )
    seen = (0, 0)
    async with asyncio.timeout(PATIENCE):
        while seen != (alone, together):
            await town.reads()
            [row] = await town.mujaz.storage.fetch(sql)
            seen = (int(str(row["alone"] or 0)), int(str(row["together"] or 0)))
