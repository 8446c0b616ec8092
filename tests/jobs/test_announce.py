"""What becomes of a broadcast that has an hour: begun when it comes, asked about when it passed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.announce import LATE, AnnounceJob
from bot.model import Brief, BroadcastId, ChatId, Heading, Paragraph, UserId
from bot.storage import Storage, broadcasts, scheduled, waves
from bot.storage.broadcasts import Broadcast, BroadcastState
from bot.texts import Texts
from tests.crowd import BOT, join
from tests.fakes import THURSDAY, FakeClock

KARIM = ChatId(1002)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@dataclass
class Wall:
    """A board that remembers what it shows; while it is away, nothing can be shown."""

    shown: list[Brief] = field(default_factory=list)
    is_away: bool = False

    async def show(self, chat: ChatId, message: int | None, brief: Brief) -> int | None:
        if self.is_away:
            return None
        assert (chat, message) == (KARIM, None)
        self.shown.append(brief)
        return 500

    def words(self) -> str:
        blocks = (block for brief in self.shown for block in brief.blocks)
        return " ".join(one.text for one in blocks if isinstance(one, Heading | Paragraph))


@dataclass
class Desk:
    """A broadcast laid down for an hour from now, and the job that looks at the clock."""

    storage: Storage
    clock: FakeClock
    wall: Wall
    number: BroadcastId
    job: AnnounceJob
    begun: list[str]

    async def look(self, after: timedelta = timedelta(0)) -> Broadcast:
        self.clock.forward(after)
        await self.job.begin_due()
        found = await broadcasts.get(self.storage, self.number)
        assert found is not None
        return found

    async def count(self) -> int:
        return len(await self.storage.fetch("SELECT id FROM waves"))


@pytest.fixture
async def desk(storage: Storage) -> Desk:
    await join(storage, (KARIM, 1, 2))
    clock, wall, begun = FakeClock(), Wall(), list[str]()
    async with storage.transaction() as tx:
        number = await broadcasts.draft(tx, BOT, UserId(KARIM), KARIM, 3, clock())
        await broadcasts.recount(tx, number, 3)
        await scheduled.schedule(tx, number, THURSDAY + HOUR, clock())
    job = AnnounceJob(
        storage,
        wall,
        Texts.load(),
        bot=BOT,
        name="موجز",
        zone=ZoneInfo("Asia/Dubai"),
        now=clock,
        on_begun=lambda: begun.append("begun"),
    )
    return Desk(storage, clock, wall, number, job, begun)


async def test_before_its_hour_nothing_happens(desk: Desk) -> None:
    found = await desk.look(HOUR - SECOND)

    assert (found.state, await desk.count(), desk.begun) == (BroadcastState.SCHEDULED, 0, [])


async def test_at_its_hour_it_begins_for_whoever_is_there_then(desk: Desk) -> None:
    await join(desk.storage, (3,))

    found = await desk.look(HOUR)

    assert found.state is BroadcastState.OPEN
    assert (found.total, found.confirmed_at) == (4, THURSDAY + HOUR)
    assert found.wave is not None
    wave = await waves.get(desk.storage, found.wave)
    assert wave is not None
    assert desk.begun == ["begun"]
    assert desk.wall.shown == [], "the progress says it"


async def test_however_often_the_beat_looks_it_begins_once(desk: Desk) -> None:
    desk.clock.forward(HOUR)

    await asyncio.gather(*(desk.job.begin_due() for _ in range(5)))
    await desk.look(HOUR)

    assert await desk.count() == 1


async def test_a_restart_of_some_minutes_is_made_up_for(desk: Desk) -> None:
    assert (await desk.look(HOUR + LATE)).state is BroadcastState.OPEN


async def test_an_hour_that_passed_long_ago_is_asked_about_once_and_nothing_is_sent(
    desk: Desk,
) -> None:
    """T40; listmonk #1801."""
    found = await desk.look(5 * HOUR)
    await desk.look(SECOND)

    assert (found.state, found.progress_message) == (BroadcastState.LATE, 500)
    assert await desk.count() == 0
    assert len(desk.wall.shown) == 1
    assert "فات موعد إعلان" in desk.wall.words()
    assert "اليوم 13:00" in desk.wall.words(), "by the editor's clock"
    calls = [button.call for row in desk.wall.shown[0].buttons for button in row]
    assert calls == [f"bc:{act}:{desk.number}" for act in ("now", "when", "off", "show")]


async def test_an_editor_who_cannot_be_asked_now_is_asked_later(desk: Desk) -> None:
    desk.wall.is_away = True
    await desk.look(5 * HOUR)
    desk.wall.is_away = False

    await desk.look(SECOND)

    assert len(desk.wall.shown) == 1


async def test_what_was_called_off_does_not_begin(desk: Desk) -> None:
    async with desk.storage.transaction() as tx:
        await broadcasts.drop(tx, desk.number)

    assert (await desk.look(HOUR)).state is BroadcastState.DROPPED
    assert await desk.count() == 0
