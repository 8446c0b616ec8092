"""A day in 144 seconds: on the demo's clock at ×600 digests keep their hour, nights stay quiet, and
what expired stays away. The clock runs, and is moved on by hand; beats and sends keep real time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.model import HOME_SECTIONS, ChatId, Mode
from bot.sandbox.clock import NewsClock
from bot.sandbox.server import Sandbox
from bot.storage import subscribers, subscriptions
from tests.paper import Paper
from tests.town import SALMA, YOUNES, Town, TownClock

ZONE = ZoneInfo("Africa/Casablanca")
SPEED = 600


class Hand:
    """Real seconds, and as many more as the test says."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self.ahead = 0.0

    def __call__(self) -> float:
        return self._steady() + self.ahead


class DemoClock(TownClock):
    """The town's clock is the demo's; `until` lets it run to an hour of the newsroom's day."""

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self._hand = Hand()
        self.news = NewsClock(start, steady=self._hand)
        self.news.run_at(SPEED)

    def __call__(self) -> datetime:
        return self.news()

    def until(self, hour: str, *, days: int = 0) -> None:
        here = self().astimezone(ZONE)
        hours, minutes = map(int, hour.split(":"))
        then = here.replace(hour=hours, minute=minutes) + timedelta(days=days)
        assert then > here
        self._hand.ahead += (then - here).total_seconds() / SPEED


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    clock = DemoClock(datetime(2026, 11, 25, 5, 30, tzinfo=UTC))
    paper = Paper()
    sandbox = Sandbox(
        clock=clock.news,
        rate=None,
        chat_rate=None,
        group_rate_minute=None,
        routes=paper.routes(),
    )
    await sandbox.start()
    town = Town(sandbox, paper, tmp_path / "town.db")
    town.clock = clock
    yield town
    await town.end()
    await sandbox.close()


def until(town: Town, hour: str, *, days: int = 0) -> None:
    assert isinstance(town.clock, DemoClock)
    town.clock.until(hour, days=days)


def came(town: Town, person: int, words: str, *, since: str, before: str) -> bool:
    """Say whether the newest message with these words is of between two local hours.

    Ten minutes go by in a second, and a beat comes once a second.
    """
    messages = [m for m in town.sandbox.desk.world.messages(person) if words in m.content.text]
    return since <= f"{datetime.fromtimestamp(messages[-1].date, ZONE):%H:%M}" < before


async def begins(town: Town, person: int, mode: Mode) -> None:
    """Let a person start, and choose for them how news of the home sections comes."""
    assert town.mujaz is not None
    await town.says(person, "/start")
    await town.sees(person, "1 من 3")
    async with town.mujaz.storage.transaction() as tx:
        reader = await subscribers.find(tx, town.mujaz.bot, ChatId(person))
        assert reader is not None
        await subscriptions.follow_sections(tx, reader.id, HOME_SECTIONS, mode, town.clock())


async def test_a_day_goes_by_in_minutes_and_keeps_its_hours(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    await town.begin()
    await begins(town, SALMA, Mode.DIGEST)
    await begins(town, YOUNES, Mode.INSTANT)

    until(town, "06:32")
    town.paper.prints("politics", "مجلس الحكومة يصادق على مشروع قانون المالية")
    await town.reads()
    await town.sees(YOUNES, "قانون المالية")
    until(town, "07:00")
    await town.sees(SALMA, "موجز الأربعاء 25 نونبر", "قانون المالية")
    assert came(town, SALMA, "قانون المالية", since="07:00", before="08:30")
    assert sum("قانون المالية" in text for text in town.texts(SALMA)) == 1

    until(town, "13:00")
    await town.sandbox.fault("500", method="sendMessage")
    town.paper.prints("world", "عاجل: هزة أرضية بقوة 6 درجات تضرب سواحل البلاد المجاورة")
    await town.reads()
    struck = town.sandbox.desk.log
    await town.sandbox.until(lambda: any(line.fault for line in struck.since(0, "sendMessage")))
    until(town, "19:00")
    await town.sandbox.fault("none")
    town.paper.prints("world", "عاجل: اتفاق على وقف إطلاق النار يدخل حيز التنفيذ الليلة")
    await town.reads()
    await town.sees(SALMA, "وقف إطلاق النار")
    assert came(town, SALMA, "وقف إطلاق النار", since="19:00", before="21:00")
    assert not any("هزة أرضية" in text for text in town.texts(SALMA))

    until(town, "02:00", days=1)
    town.paper.prints("politics", "المجلس الأعلى للحسابات ينشر تقريره السنوي عن تدبير الجماعات")
    await town.quiet()
    assert not any("تقريره السنوي" in text for text in town.texts(YOUNES))
    until(town, "06:30")
    await town.sees(YOUNES, "تقريره السنوي")
    assert came(town, YOUNES, "تقريره السنوي", since="06:30", before="08:00")

    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_change_of_speed_makes_no_leap() -> None:
    hand = Hand(lambda: 0)
    start = datetime(2026, 11, 25, tzinfo=UTC)
    clock = NewsClock(start, steady=hand)

    hand.ahead = 10
    clock.run_at(60)
    assert clock() == start + timedelta(seconds=10)
    hand.ahead = 11
    clock.run_at(1)
    hand.ahead = 21

    assert (clock(), clock.speed) == (start + timedelta(seconds=80), 1)
    with pytest.raises(ValueError, match="1, 60, 600"):
        clock.run_at(7)
