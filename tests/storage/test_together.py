"""What every engine promises when many work at once, and when it is closed under them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.errors import StorageError
from bot.storage import Reader, Storage, Transaction

PUT = "INSERT INTO settings (name, value) VALUES (:name, :value)"


async def put(transaction: Transaction, name: str, value: str = "1") -> None:
    await transaction.execute(PUT, {"name": name, "value": value})


async def names(reader: Reader) -> list[object]:
    rows = await reader.fetch("SELECT name FROM settings ORDER BY name")
    return [row["name"] for row in rows]


# ── many at once ───────────────────────────────────────────────────────────────────────────


async def test_fifty_transactions_at_once_lose_no_update(storage: Storage) -> None:
    async with storage.transaction() as transaction:
        await put(transaction, "count", "0")

    async def add_one() -> None:
        async with storage.transaction() as transaction:
            (row,) = await transaction.fetch("SELECT value FROM settings WHERE name = 'count'")
            value = str(int(str(row["value"])) + 1)
            await transaction.execute("UPDATE settings SET value = :value", {"value": value})

    await asyncio.gather(*(add_one() for _ in range(50)))

    (row,) = await storage.fetch("SELECT value FROM settings")
    assert row["value"] == "50"


async def test_what_one_claimed_nobody_else_claims(storage: Storage) -> None:
    async with storage.transaction() as transaction:
        await transaction.execute_many(PUT, ({"name": name, "value": ""} for name in "abcdef"))

    async def take_two() -> list[object]:
        async with storage.transaction() as transaction:
            rows = await transaction.claim(
                "SELECT name FROM settings WHERE value = '' ORDER BY name LIMIT :n", {"n": 2}
            )
            await transaction.execute_many(
                "UPDATE settings SET value = 'taken' WHERE name = :name",
                [{"name": str(row["name"])} for row in rows],
            )
            return [row["name"] for row in rows]

    taken = await asyncio.gather(take_two(), take_two(), take_two())

    assert sorted(str(name) for names in taken for name in names) == list("abcdef")


async def test_reading_does_not_wait_for_a_transaction(storage: Storage) -> None:
    async with storage.transaction() as transaction:
        await put(transaction, "a")

        seen = await asyncio.gather(*(names(storage) for _ in range(20)))

    assert seen == [[]] * 20


# ── the end ────────────────────────────────────────────────────────────────────────────────


async def test_a_closed_storage_refuses_everything(storage: Storage) -> None:
    await storage.close()

    with pytest.raises(StorageError, match="closed"):
        await storage.fetch("SELECT 1")
    with pytest.raises(StorageError, match="closed"):
        async with storage.transaction():
            pass


async def test_closing_twice_does_nothing_more(storage: Storage) -> None:
    await asyncio.gather(storage.close(), storage.close())
    await storage.close()

    with pytest.raises(StorageError, match="closed"):
        await storage.fetch("SELECT 1")


async def test_close_finishes_the_transaction_in_hand_and_refuses_those_that_wait(
    open_storage: Callable[[], Awaitable[Storage]],
) -> None:
    storage = await open_storage()
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def write(name: str) -> None:
        async with storage.transaction() as transaction:
            begun.set()
            await may_end.wait()
            await put(transaction, name)

    in_hand = asyncio.create_task(write("in hand"))
    await begun.wait()
    waiting = asyncio.create_task(write("waiting"))
    closing = asyncio.create_task(storage.close())
    await asyncio.sleep(0)  # lets both begin to wait
    may_end.set()

    await in_hand
    await closing
    with pytest.raises(StorageError, match="closed"):
        await waiting
    again = await open_storage()
    assert await names(again) == ["in hand"]
    await again.close()


async def test_closing_inside_a_transaction_is_refused(storage: Storage) -> None:
    async with storage.transaction() as transaction:
        with pytest.raises(StorageError, match="transaction open"):
            await storage.close()
        await put(transaction, "a")

    assert await names(storage) == ["a"]
