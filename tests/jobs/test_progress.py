"""What an editor sees of a broadcast: one message that is brought up to date, then its report."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.jobs.progress import PATIENCE, ProgressJob
from bot.model import (
    Brief,
    BroadcastId,
    ChatId,
    Heading,
    Paragraph,
    Unreachable,
    UserId,
    WaveId,
    WaveState,
)
from bot.storage import Storage, broadcasts
from bot.texts import Texts
from tests.crowd import ALL, BOT, answer, claim, join, say, tell_all, turn
from tests.fakes import FakeClock

KARIM = ChatId(1002)
TEXTS = Texts.load()


@dataclass
class Wall:
    """A board that remembers what it shows; while it is away, nothing can be shown."""

    shown: list[tuple[int | None, str]] = field(default_factory=list)
    is_away: bool = False

    async def show(self, chat: ChatId, message: int | None, brief: Brief) -> int | None:
        assert chat == KARIM
        if self.is_away:
            return None
        words = [one.text for one in brief.blocks if isinstance(one, (Heading, Paragraph))]
        plain = " ".join(words).replace("\N{NO-BREAK SPACE}", " ")
        self.shown.append((message, plain))
        return message or 500

    @property
    def last(self) -> str:
        return self.shown[-1][1]


@dataclass
class Desk:
    """A broadcast to fifty readers, confirmed a moment ago, and the job that shows it."""

    storage: Storage
    clock: FakeClock
    wall: Wall
    wave: WaveId
    number: BroadcastId
    job: ProgressJob

    async def message_sent(self, message: int = 7) -> None:
        async with self.storage.transaction() as tx:
            await broadcasts.show_in(tx, self.number, message)

    async def look(self, after: float = 2.0) -> None:
        self.clock.forward(timedelta(seconds=after))
        await self.job.show()

    async def is_open(self) -> bool:
        return bool(await broadcasts.unreported(self.storage, BOT))


@pytest.fixture
async def desk(storage: Storage) -> Desk:
    await join(storage, range(1, 51))
    clock, wall = FakeClock(), Wall()
    wave = await say(storage, occasion="broadcast:1")
    async with storage.transaction() as tx:
        number = await broadcasts.draft(tx, BOT, UserId(KARIM), KARIM, 3, clock())
        await broadcasts.choose(tx, number, ALL, 50)
        await broadcasts.confirm(tx, number, wave, clock())
    job = ProgressJob(storage, wall, TEXTS, bot=BOT, now=clock)
    return Desk(storage, clock, wall, wave, number, job)


async def test_the_message_is_edited_as_the_wave_goes_on(desk: Desk) -> None:
    await desk.message_sent()
    await desk.look()
    batch = await claim(desk.storage)
    assert batch is not None
    await answer(desk.storage, batch)
    await desk.look()

    assert [message for message, _ in desk.wall.shown] == [7, 7]
    assert "50 %" in desk.wall.last
    assert "12.5 في الثانية" in desk.wall.last


async def test_what_has_not_changed_is_not_edited(desk: Desk) -> None:
    await desk.message_sent()
    for _ in range(3):
        await desk.look()

    assert len(desk.wall.shown) == 1


async def test_a_wave_that_is_over_before_its_message_stands_is_reported_in_it(desk: Desk) -> None:
    await tell_all(desk.storage)
    await desk.look()
    assert desk.wall.shown == []

    await desk.message_sent()
    await desk.look(after=1)

    assert desk.wall.shown == [(7, "التقرير وصلت 50 · حظروا 0 · تعذر 0 · المجموع 50")]
    assert not await desk.is_open()


async def test_a_message_that_a_crash_swallowed_is_sent_anew(desk: Desk) -> None:
    await desk.look(after=PATIENCE.total_seconds())
    await desk.look()

    assert desk.wall.shown[0][0] is None
    [broadcast] = await broadcasts.unreported(desk.storage, BOT)
    assert broadcast.progress_message == 500


async def test_a_report_that_cannot_be_shown_now_is_shown_later(desk: Desk) -> None:
    await desk.message_sent()
    await tell_all(desk.storage, Unreachable("blocked"))
    desk.wall.is_away = True
    await desk.look()
    assert await desk.is_open()

    desk.wall.is_away = False
    await desk.look()

    assert "حظروا 50" in desk.wall.last
    assert not await desk.is_open()


async def test_a_cancelled_wave_is_reported_when_nothing_of_it_is_in_flight(desk: Desk) -> None:
    await desk.message_sent()
    batch = await claim(desk.storage)
    assert batch is not None
    await turn(desk.storage, desk.wave, WaveState.CANCELLED)
    await desk.look()
    assert await desk.is_open()

    await answer(desk.storage, batch)
    await desk.look()

    assert "وصلت 25" in desk.wall.last
    assert "لم ترسل إلى 25" in desk.wall.last
    assert not await desk.is_open()
