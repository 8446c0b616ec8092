"""What owners hear when Telegram wants a long silence: once, with its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.hush import HushJob
from bot.jobs.pacer import Pacer
from bot.model import Brief, ChatId, Paragraph
from bot.outbox.pace import Pace
from bot.storage import Storage, team
from bot.texts import Texts
from tests.crowd import BOT, join
from tests.fakes import FakeClock

NADIA, OTHER = ChatId(1004), ChatId(1005)
SECONDS = 2282.0


@dataclass
class Wall:
    """A board that remembers what it shows; who is away is shown nothing."""

    shown: list[tuple[ChatId, str]] = field(default_factory=list)
    away: set[ChatId] = field(default_factory=set)

    async def show(self, chat: ChatId, message: int | None, brief: Brief) -> int | None:
        if chat in self.away:
            return None
        words = [block.text for block in brief.blocks if isinstance(block, Paragraph)]
        self.shown.append((chat, " ".join(words)))
        return 500


@dataclass
class House:
    """Two owners, a pace, and the job that looks at it."""

    clock: FakeClock
    pacer: Pacer
    wall: Wall
    job: HushJob

    def flood(self, seconds: float, *, is_copy: bool = False) -> None:
        for chat in (1, 2):
            self.pacer.flooded(chat, seconds, is_copy=is_copy)

    async def looks(self, times: int = 1, after: float = 2.0) -> None:
        for _ in range(times):
            await self.job.look()
            self.clock.forward(timedelta(seconds=after))


@pytest.fixture
async def house(storage: Storage) -> House:
    clock, wall = FakeClock(), Wall()
    await join(storage, (NADIA,))
    async with storage.transaction() as tx:
        await team.configure(tx, owners=(NADIA, OTHER), editors=(9,), now=clock())
    pacer = Pacer(Pace(30), clock.seconds, sleep=clock.sleep)
    job = HushJob(
        storage, wall, pacer, Texts.load(), bot=BOT, zone=ZoneInfo("Asia/Dubai"), now=clock
    )  # fmt: skip
    return House(clock, pacer, wall, job)


async def test_a_long_silence_is_told_to_each_owner_once_with_its_end(house: House) -> None:
    """T45; tdlib/telegram-bot-api #184."""
    house.flood(SECONDS)

    await house.looks(times=5, after=61.0)

    assert [chat for chat, _ in house.wall.shown] == [NADIA, OTHER]
    assert "حتى اليوم 12:38" in house.wall.shown[0][1], "by the owner's clock"
    assert "حتى اليوم 16:38" in house.wall.shown[1][1], "by the newsroom's"


async def test_a_short_silence_is_not_told(house: House) -> None:
    house.flood(60.0)

    await house.looks(times=3)

    assert house.wall.shown == []


async def test_one_flooded_chat_is_no_silence(house: House) -> None:
    house.pacer.flooded(1, SECONDS)

    await house.looks()

    assert house.wall.shown == []


async def test_a_silence_of_copies_says_that_news_goes_on(house: House) -> None:
    house.flood(SECONDS, is_copy=True)

    await house.looks(times=2)

    assert [chat for chat, _ in house.wall.shown] == [NADIA, OTHER]
    assert "الأخبار والرد على القراء مستمران" in house.wall.shown[0][1]


async def test_an_owner_who_is_not_reached_is_tried_again_after_a_while(house: House) -> None:
    house.wall.away = {NADIA}
    house.flood(SECONDS)
    await house.looks(times=3)
    house.wall.away = set()

    await house.looks(times=3, after=40.0)

    assert [chat for chat, _ in house.wall.shown] == [OTHER, NADIA]


async def test_the_next_silence_is_told_anew(house: House) -> None:
    house.flood(400.0)
    await house.looks()
    house.clock.forward(timedelta(seconds=500))
    await house.looks()
    house.flood(400.0)

    await house.looks()

    assert len(house.wall.shown) == 4
