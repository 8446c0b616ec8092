"""What every engine promises when a task is cancelled: whole or not at all, and life goes on."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from bot.storage import Storage

PUT = "INSERT INTO settings (name, value) VALUES (:name, '')"
POINTS = ["begin", "write", "write again", "commit"]
STEPS = [0, 1, 2, 3, 5, 8, 40, 300]  # turns of the loop between the point and the cancellation


async def names(storage: Storage) -> list[object]:
    rows = await storage.fetch("SELECT name FROM settings ORDER BY name")
    return [row["name"] for row in rows]


async def write_two(storage: Storage, point: str, reached: asyncio.Event) -> None:
    """Write two rows, and tell when the step named by the point comes next."""

    def next_comes(step: str) -> None:
        if step == point:
            reached.set()

    next_comes("begin")
    async with storage.transaction() as transaction:
        next_comes("write")
        await transaction.execute(PUT, {"name": "a"})
        next_comes("write again")
        await transaction.execute(PUT, {"name": "b"})
        next_comes("commit")


@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("times", [1, 3])
async def test_a_cancelled_block_is_kept_whole_or_not_at_all(
    storage: Storage, point: str, steps: int, times: int
) -> None:
    reached = asyncio.Event()
    task = asyncio.create_task(write_two(storage, point, reached))
    await reached.wait()
    for _ in range(steps):
        await asyncio.sleep(0)

    for _ in range(times):  # the second and third meet the roll-back
        task.cancel()
        await asyncio.sleep(0)
    with suppress(asyncio.CancelledError):
        await task

    kept = await names(storage)
    assert kept in ([], ["a", "b"])
    assert task.cancelled() or kept == ["a", "b"]
    async with storage.transaction() as transaction:
        await transaction.execute(PUT, {"name": "next"})
    assert await names(storage) == [*kept, "next"]  # nothing came or went after the task's end


@pytest.mark.parametrize("steps", [1, 2, 3])
async def test_a_task_cancelled_at_a_long_commit_is_over_when_the_commit_is(
    storage: Storage, steps: int
) -> None:
    reached = asyncio.Event()
    large = [{"name": f"{n:04} {'x' * 4000}"} for n in range(1500)]

    async def write_much() -> None:
        async with storage.transaction() as transaction:
            await transaction.execute_many(PUT, large)
            reached.set()

    task = asyncio.create_task(write_much())
    await reached.wait()
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])

    kept = len(await names(storage))
    async with storage.transaction():
        pass  # waits for what the writer may still be doing
    assert kept == len(await names(storage))
    assert kept in (0, len(large))


async def test_a_task_cancelled_in_the_middle_of_its_block_leaves_nothing(
    storage: Storage,
) -> None:
    written = asyncio.Event()

    async def write_and_wait() -> None:
        async with storage.transaction() as transaction:
            await transaction.execute(PUT, {"name": "a"})
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write_and_wait())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await names(storage) == []


async def test_who_is_cancelled_while_waiting_for_the_writer_holds_up_nobody(
    storage: Storage,
) -> None:
    async def write(name: str) -> None:
        async with storage.transaction() as transaction:
            await transaction.execute(PUT, {"name": name})

    async with storage.transaction() as transaction:
        tasks = [asyncio.create_task(write(name)) for name in "abc"]
        await asyncio.sleep(0)
        tasks[0].cancel()
        tasks[1].cancel()
        await transaction.execute(PUT, {"name": "first"})
    await asyncio.gather(*tasks, return_exceptions=True)

    assert await names(storage) == ["c", "first"]


async def test_a_cancelled_read_gives_its_place_back(storage: Storage) -> None:
    reads = [asyncio.create_task(storage.fetch("SELECT 1 AS one")) for _ in range(30)]
    await asyncio.sleep(0)
    for read in reads:
        read.cancel()
    await asyncio.gather(*reads, return_exceptions=True)

    rows = await storage.fetch("SELECT 1 AS one")

    assert [row["one"] for row in rows] == [1]
