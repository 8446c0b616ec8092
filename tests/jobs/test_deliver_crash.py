"""What the deliverer promises when it dies at any step, and when its database stumbles."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from shutil import copyfile

import pytest

from bot.errors import StorageError
from bot.model import Paragraph, Tally, WaveId, WaveState
from bot.storage import Storage, briefs
from bot.storage.engines.sqlite.engine import open_sqlite
from tests.crowd import brief, join, restart, say, wave_of, write
from tests.jobs.breaking import (
    BreakingStorage,
    BreakingTransport,
    Fault,
    Fuse,
    Hiccup,
    PowerCut,
)
from tests.jobs.post_office import PATIENCE, PostOffice

HOUR = timedelta(hours=1)
CROWD = range(1, 31)  # a batch and a bit
LETTERS = len(CROWD) + 3  # three have a digest as well
WAVE = WaveId(1)
STEPS = range(0, 200, 3)  # a shift takes some 150, now and then a look more


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file in which a crowd waits to be told: a wave, and digests of their own."""
    path = tmp_path_factory.mktemp("crowd") / "mujaz.db"

    async def fill() -> None:
        storage = await open_sqlite(path)
        people = await join(storage, CROWD)
        for person in people[:3]:
            await write(storage, person, f"موجز {person.chat}")
        await say(storage)
        await storage.close()

    asyncio.run(fill())
    return path


@pytest.fixture
def database(template: Path, tmp_path: Path) -> Path:
    """Give a file of this test's own."""
    path = tmp_path / "crowd.db"
    copyfile(template, path)
    return path


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Storage]:
    storage = await open_sqlite(path)
    try:
        yield storage
    finally:
        await storage.close()


async def in_flight(storage: Storage) -> int:
    """Count whom a start-up would take up: the unsettled of all batches."""
    rows = await storage.fetch(
        "SELECT (SELECT count(*) FROM deliveries WHERE state = 'sending')"
        " + (SELECT count(*) FROM batches JOIN waves ON waves.id = batches.wave"
        "  JOIN subscribers ON subscribers.id > first AND subscribers.id <= last"
        "  WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.occasion = waves.occasion"
        "   AND deliveries.subscriber = subscribers.id)) AS people"
    )
    return int(str(rows[0]["people"]))


async def work(office: PostOffice, fault: Fault) -> None:
    """Let a deliverer work over things that break, until it is done or dies of a power cut."""
    deliverer = office.deliverer(
        BreakingStorage(office.storage, fault), BreakingTransport(office.phones, fault)
    )
    try:
        await office.deliver(deliverer)
    except* PowerCut:
        pass


@pytest.mark.parametrize("steps", STEPS)
async def test_killed_at_any_step_nothing_is_lost_and_only_what_was_in_flight_repeats(
    database: Path, steps: int
) -> None:
    """T36; listmonk #3022."""
    fuse = Fuse(steps)
    async with opened(database) as storage:
        office = PostOffice(storage)
        await work(office, fuse)
        arrived = office.phones.arrived

    async with opened(database) as storage:
        await restart(storage)
        repeats_allowed = await in_flight(storage)
        office = PostOffice(storage)
        await office.deliver()
        done = await wave_of(storage, WAVE)

    told = Counter((one.chat, one.brief) for one in [*arrived, *office.phones.arrived])
    assert len(told) == LETTERS
    assert max(told.values()) <= 2
    assert sum(told.values()) - LETTERS <= repeats_allowed <= LETTERS
    assert (done.state, done.tally) == (WaveState.DONE, Tally(sent=len(CROWD)))


async def test_a_shift_takes_no_more_steps_than_were_tried(database: Path) -> None:
    fuse = Fuse(STEPS.stop)
    async with opened(database) as storage:
        office = PostOffice(storage)
        await work(office, fuse)

    assert not fuse.is_burnt
    assert len(office.phones.arrived) == LETTERS


@pytest.mark.parametrize("at", range(0, 60, 2))
async def test_a_database_that_stumbles_once_loses_nothing_and_repeats_nothing(
    database: Path, at: int
) -> None:
    hiccup = Hiccup(at)
    async with opened(database) as storage:
        office = PostOffice(storage)
        await work(office, hiccup)
        office.clock.forward(HOUR)
        await office.deliver()
        done = await wave_of(storage, WAVE)

    told = Counter((one.chat, one.brief) for one in office.phones.arrived)
    assert hiccup.was_heard
    assert (len(told), max(told.values())) == (LETTERS, 1)
    assert (done.state, done.tally) == (WaveState.DONE, Tally(sent=len(CROWD)))


async def test_what_arrived_but_was_not_written_down_arrives_again_and_nothing_else(
    database: Path,
) -> None:
    async with opened(database) as storage:
        office = PostOffice(storage, gather=3600.0)  # answered, and not yet written
        running = asyncio.create_task(office.deliverer().run())
        async with asyncio.timeout(PATIENCE):
            await office.until_arrived(LETTERS)
        running.cancel()
        await asyncio.wait([running])
        arrived = office.phones.chats()

    async with opened(database) as storage:
        await restart(storage)
        office = PostOffice(storage)
        await office.deliver()

    assert Counter(office.phones.chats()) == Counter(arrived)


async def test_while_answers_cannot_be_written_nothing_more_is_sent(storage: Storage) -> None:
    """T60: a full disk must not make a thousand repeats; flowerss #47."""
    await join(storage, range(1, 401))
    wave = await say(storage)
    office = PostOffice(storage)
    is_full = True

    def full_disk(step: str) -> None:
        if is_full and step.startswith("INSERT INTO deliveries"):
            raise StorageError("the disk is full")

    failures = 0

    def counted(step: str) -> None:
        nonlocal failures
        try:
            full_disk(step)
        except StorageError:
            failures += 1
            raise

    async def has_failed_often() -> bool:
        return failures >= 20

    async with office.open(office.deliverer(BreakingStorage(storage, counted))):
        await office.until(has_failed_often)
        sent_in_vain = len(office.phones.arrived)
        is_full = False
        await office.until(office.is_idle)

    assert sent_in_vain <= 100  # of 400: what was in flight when the first answer came
    assert sorted(office.phones.chats()) == list(range(1, 401))
    assert (await wave_of(storage, wave)).tally == Tally(sent=400)


async def test_a_brief_that_cannot_be_read_waits_and_holds_up_nobody(storage: Storage) -> None:
    """T41; 0x111 #1: a row of a coming version, first in the queue."""
    await join(storage, [1, 2])
    bad = await say(storage, "رديء")
    good = await say(storage, "جيد")
    broken = {"id": (await wave_of(storage, bad)).brief, "content": '{"blocks": [{"is": "New"}]}'}
    async with storage.transaction() as tx:
        await tx.execute("UPDATE briefs SET content = :content WHERE id = :id", broken)
    office = PostOffice(storage)

    await office.deliver()
    first = list(office.phones.arrived)
    async with storage.transaction() as tx:
        mended = broken | {"content": briefs.write(brief("صالح"))}
        await tx.execute("UPDATE briefs SET content = :content WHERE id = :id", mended)
    office.clock.forward(HOUR)
    await office.deliver()

    assert [letter.brief.blocks[0] for letter in first] == [Paragraph("جيد")] * 2
    assert office.phones.texts(1) == [Paragraph("جيد"), Paragraph("صالح")]
    tallies = [(await wave_of(storage, wave)).tally for wave in (bad, good)]
    assert tallies == [Tally(sent=2)] * 2
