"""What Mujaz does for itself: nightly copies, a full disk noticed, a dead webhook noticed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.briefs.layouts.notices import Notices
from bot.errors import StorageError
from bot.jobs.backup import KEPT, BackupJob
from bot.jobs.disk import DiskWatch
from bot.jobs.webhook import WebhookWatch
from bot.model import BotId, Brief, ChatId, ChatKind, Paragraph
from bot.storage import Storage, subscribers, team
from bot.storage.engines.sqlite.backup import backup, verify
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.texts import Texts
from bot.transports.telegram.hearing import Calls
from tests.fakes import FakeClock

BOT = BotId(1)
OWNER = 7
NIGHT = datetime(2026, 11, 26, 3, 30, tzinfo=UTC)  # 03:30 in Casablanca
WORDS = Notices(Texts.load(), ZoneInfo("Africa/Casablanca"))


class FakeBoard:
    """Pages that were shown, by chat; so many of them fail before one is."""

    def __init__(self, fails: int = 0) -> None:
        self.shown: list[tuple[ChatId, str]] = []
        self.fails = fails

    async def show(self, chat: ChatId, message: int | None, brief: Brief) -> int | None:
        if self.fails:
            self.fails -= 1
            return None
        words = [block.text for block in brief.blocks if isinstance(block, Paragraph)]
        self.shown.append((chat, "\n".join(words)))
        return len(self.shown)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NIGHT)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_sqlite(tmp_path / "mujaz.db")
    async with opened.transaction() as tx:
        await team.configure(tx, [OWNER], [], NIGHT)
        await subscribers.join(tx, BOT, ChatId(OWNER), kind=ChatKind.PRIVATE, zone="UTC", now=NIGHT)
    yield opened
    await opened.close()


async def told(storage: Storage) -> list[str]:
    rows = await storage.fetch(
        "SELECT key FROM deliveries JOIN occasions ON occasions.id = occasion ORDER BY key"
    )
    return [str(row["key"]) for row in rows]


def backups(storage: Storage, clock: FakeClock, tmp_path: Path, copy: object = None) -> BackupJob:
    return BackupJob(
        storage, WORDS, copy or partial(backup, tmp_path / "mujaz.db"), tmp_path / "copies",
        bot=BOT, now=clock, on_told=lambda: None,
    )  # fmt: skip


async def test_a_night_has_one_copy_that_passes(
    storage: Storage, clock: FakeClock, tmp_path: Path
) -> None:
    job = backups(storage, clock, tmp_path)

    for _ in range(3):
        await job.back_up()
        clock.forward(timedelta(hours=1))

    copies = list((tmp_path / "copies").iterdir())
    assert [copy.name for copy in copies] == ["mujaz-2026-11-26.db"]
    assert verify(copies[0]).counts["subscribers"] == 1


async def test_no_copy_is_made_before_the_night(
    storage: Storage, clock: FakeClock, tmp_path: Path
) -> None:
    clock.moment = NIGHT - timedelta(hours=2)

    await backups(storage, clock, tmp_path).back_up()

    assert not (tmp_path / "copies").exists()


async def test_the_last_week_of_copies_stays_and_nothing_else_is_touched(
    storage: Storage, clock: FakeClock, tmp_path: Path
) -> None:
    job = backups(storage, clock, tmp_path)
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / "mine.db").touch()

    for _ in range(KEPT + 3):
        await job.back_up()
        clock.forward(timedelta(days=1))

    names = sorted(copy.name for copy in (tmp_path / "copies").iterdir())
    assert names[0] == "mine.db"
    assert len(names) == 1 + KEPT
    assert names[-1] == "mujaz-2026-12-05.db"


async def test_what_a_night_left_unfinished_is_taken_away_by_the_next(
    storage: Storage, clock: FakeClock, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "mujaz-2026-11-25.db.unfinished").touch()

    await backups(storage, clock, tmp_path).back_up()

    assert [copy.name for copy in folder.iterdir()] == ["mujaz-2026-11-26.db"]


async def test_a_copy_that_fails_is_told_once_a_day_and_tried_again(
    storage: Storage, clock: FakeClock, tmp_path: Path
) -> None:
    fails = [True]

    def copy(target: Path) -> None:
        if fails:
            raise StorageError("The disk is full.")
        target.touch()

    job = backups(storage, clock, tmp_path, copy)
    await job.back_up()
    clock.forward(timedelta(hours=1))
    await job.back_up()
    fails.clear()
    clock.forward(timedelta(hours=1))
    await job.back_up()

    assert await told(storage) == ["notice:backup:2026-11-26"]
    assert (tmp_path / "copies" / "mujaz-2026-11-26.db").exists()


async def test_a_full_disk_is_told_once_and_so_is_its_end(
    storage: Storage, clock: FakeClock
) -> None:
    """T60; flowerss #47: disk full → owners told once, resumes by itself."""
    board = FakeBoard()
    watch = DiskWatch(storage, board, WORDS, now=clock)
    await watch.look()
    assert not board.shown

    await fill_up(storage)
    for _ in range(3):
        clock.forward(timedelta(minutes=1))
        await watch.look()
    assert [chat for chat, _ in board.shown] == [OWNER]
    assert "03:31" in board.shown[0][1]

    await make_room(storage)
    clock.forward(timedelta(minutes=1))
    await watch.look()
    await watch.look()

    assert len(board.shown) == 2
    assert "03:31" in board.shown[1][1]


async def test_owners_who_could_not_be_told_of_a_full_disk_are_told_later(
    storage: Storage, clock: FakeClock
) -> None:
    board = FakeBoard(fails=1)
    watch = DiskWatch(storage, board, WORDS, now=clock)
    await watch.look()
    await fill_up(storage)

    for _ in range(3):
        await watch.look()
        clock.forward(timedelta(minutes=1))

    assert len(board.shown) == 1
    assert "03:30" in board.shown[0][1]  # since when, not when they were told


async def test_a_disk_that_was_full_for_a_moment_nobody_was_told_of_is_no_news(
    storage: Storage, clock: FakeClock
) -> None:
    board = FakeBoard(fails=9)
    watch = DiskWatch(storage, board, WORDS, now=clock)

    await watch.look()
    await fill_up(storage)
    await watch.look()
    await make_room(storage)
    board.fails = 0
    await watch.look()

    assert board.shown == []


async def fill_up(storage: Storage) -> None:
    """Let the database take no page more, and no byte into the ones it has."""
    async with storage.transaction() as tx:
        await tx.execute("CREATE TABLE ballast (bytes)")
        (pages,) = await tx.fetch("PRAGMA page_count")
        await tx.fetch(f"PRAGMA max_page_count = {pages['page_count']}")
    async with storage.transaction() as tx:
        await tx.execute("CREATE TRIGGER full BEFORE UPDATE ON settings BEGIN"
                         " INSERT INTO ballast VALUES (zeroblob(1000000)); END")  # fmt: skip


async def make_room(storage: Storage) -> None:
    async with storage.transaction() as tx:
        await tx.fetch("PRAGMA max_page_count = 1073741823")


async def test_a_dead_webhook_is_told_to_the_owners_once_and_so_is_its_end(
    storage: Storage, clock: FakeClock
) -> None:
    """T50; vellum-assistant PR #39309; filipnet/checkmk-telegram-notify #1."""
    state = Calls(waiting=3, failed_at=clock() - timedelta(minutes=2), why="Connection refused")

    async def ask() -> Calls:
        return state

    def watch() -> WebhookWatch:
        return WebhookWatch(storage, WORDS, ask, bot=BOT, now=clock, on_told=lambda: None)

    for look in range(3):
        await watch().look()  # another each time, as after a restart
        clock.forward(timedelta(hours=look))
        state = replace(state, failed_at=clock())
    dead = await told(storage)
    state = Calls(waiting=0, failed_at=clock())
    await watch().look()
    await watch().look()

    assert [key.rpartition(":")[0] for key in dead] == ["notice:webhook"]
    assert {key.rpartition(":")[0] for key in await told(storage)} == {
        "notice:webhook", "notice:webhook.well",
    }  # fmt: skip
    assert len(await told(storage)) == 2


@pytest.mark.parametrize(
    "calls",
    [
        None,
        Calls(waiting=0, failed_at=NIGHT, why="Connection refused"),
        Calls(waiting=9, failed_at=NIGHT - timedelta(hours=1), why="Connection refused"),
        Calls(waiting=9, failed_at=None, why=""),
    ],
    ids=["nothing known", "all arrived since", "long ago", "never"],
)
async def test_a_webhook_that_does_well_enough_is_no_news(
    storage: Storage, clock: FakeClock, calls: Calls | None
) -> None:
    async def ask() -> Calls | None:
        return calls

    await WebhookWatch(storage, WORDS, ask, bot=BOT, now=clock, on_told=lambda: None).look()

    assert await told(storage) == []
