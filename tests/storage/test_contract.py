"""What every engine promises about one transaction and its statements."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from bot.errors import StorageError
from bot.storage import Reader, Storage, Transaction

PUT = "INSERT INTO settings (name, value) VALUES (:name, :value)"


async def put(transaction: Transaction, name: str, value: str = "1") -> None:
    await transaction.execute(PUT, {"name": name, "value": value})


async def names(reader: Reader) -> list[object]:
    rows = await reader.fetch("SELECT name FROM settings ORDER BY name")
    return [row["name"] for row in rows]


# ── one transaction ────────────────────────────────────────────────────────────────────────


async def test_a_block_that_ends_well_is_kept(storage: Storage) -> None:
    async with storage.transaction() as transaction:
        await put(transaction, "a")
        await put(transaction, "b")

    assert await names(storage) == ["a", "b"]


async def test_what_is_kept_is_there_after_a_restart(
    open_storage: Callable[[], Awaitable[Storage]],
) -> None:
    first = await open_storage()
    async with first.transaction() as transaction:
        await put(transaction, "a")
    await first.close()

    second = await open_storage()

    assert await names(second) == ["a"]
    await second.close()


async def test_a_block_that_raises_leaves_nothing(storage: Storage) -> None:
    async def write_and_fail() -> None:
        async with storage.transaction() as transaction:
            await put(transaction, "a")
            raise LookupError

    with pytest.raises(LookupError):
        await write_and_fail()

    assert await names(storage) == []


async def test_a_transaction_sees_its_own_writes_and_readers_do_not(storage: Storage) -> None:
    async with storage.transaction() as transaction:
        await put(transaction, "a")

        assert await names(transaction) == ["a"]
        assert await names(storage) == []


async def test_a_failed_statement_fails_its_block_even_when_the_error_was_caught(
    storage: Storage,
) -> None:
    async def write_twice() -> None:
        async with storage.transaction() as transaction:
            await put(transaction, "a")
            with suppress(StorageError):
                await put(transaction, "a")

    with pytest.raises(StorageError, match="roll back"):
        await write_twice()

    assert await names(storage) == []


async def test_nothing_can_be_written_after_a_failed_statement(storage: Storage) -> None:
    async def go_on() -> None:
        async with storage.transaction() as transaction:
            with suppress(StorageError):
                await transaction.execute("INSERT INTO absent VALUES (1)")
            await put(transaction, "a")

    with pytest.raises(StorageError, match="roll back"):
        await go_on()

    assert await names(storage) == []


async def test_a_transaction_is_over_with_its_block(storage: Storage) -> None:
    async with storage.transaction() as transaction:
        pass

    with pytest.raises(StorageError, match="over"):
        await put(transaction, "late")

    assert await names(storage) == []


async def test_a_transaction_inside_a_transaction_is_refused(storage: Storage) -> None:
    async with storage.transaction() as outer:
        with pytest.raises(StorageError, match="transaction open"):
            async with storage.transaction():
                pass
        await put(outer, "a")

    assert await names(storage) == ["a"]


# ── statements ─────────────────────────────────────────────────────────────────────────────


async def test_a_row_is_a_mapping_by_column_name(storage: Storage) -> None:
    (row,) = await storage.fetch(
        "SELECT :n AS count, :t AS title, :z AS ended_at", {"n": 7, "t": "نص", "z": None}
    )

    assert dict(row) == {"count": 7, "title": "نص", "ended_at": None}
    assert "title" in row
    assert row.get("absent") is None


async def test_execute_tells_how_many_rows_it_changed(storage: Storage) -> None:
    async with storage.transaction() as transaction:
        await transaction.execute_many(PUT, ({"name": name, "value": ""} for name in "abc"))

        assert await transaction.execute("UPDATE settings SET value = '2' WHERE name > 'a'") == 2
        assert await transaction.execute("DELETE FROM settings WHERE name = 'z'") == 0


async def test_fetch_in_a_transaction_gives_what_returning_returns(storage: Storage) -> None:
    async with storage.transaction() as transaction:
        rows = await transaction.fetch(f"{PUT} RETURNING name", {"name": "a", "value": "1"})

    assert [row["name"] for row in rows] == ["a"]
    assert await names(storage) == ["a"]


async def test_reading_outside_a_transaction_cannot_write(storage: Storage) -> None:
    with pytest.raises(StorageError, match="only on a transaction"):
        await storage.fetch(f"{PUT} RETURNING name", {"name": "a", "value": "1"})

    assert await names(storage) == []


@pytest.mark.parametrize(
    ("sql", "values"),
    [
        pytest.param("SELEC 1", {}, id="no SQL"),
        pytest.param("SELECT * FROM absent", {}, id="no such table"),
        pytest.param("SELECT 1; SELECT 2", {}, id="two statements"),
        pytest.param("SELECT :private", {}, id="a value missing"),
        pytest.param("SELECT :private", {"private": 2**80}, id="a number beyond 64 bits"),
        pytest.param("SELECT :private", {"private": "\ud800"}, id="half a character"),
    ],
)
async def test_a_statement_that_cannot_run_raises_storage_error(
    storage: Storage, sql: str, values: dict[str, int | str]
) -> None:
    with pytest.raises(StorageError):
        await storage.fetch(sql, values)
    with pytest.raises(StorageError):
        async with storage.transaction() as transaction:
            await transaction.execute(sql, values)

    assert await names(storage) == []


async def test_an_error_never_tells_what_a_person_wrote(storage: Storage) -> None:
    async def write_twice() -> None:
        async with storage.transaction() as transaction:
            await put(transaction, "a secret", "words")
            await put(transaction, "a secret", "words")

    with pytest.raises(StorageError) as caught:
        await write_twice()

    assert "secret" not in str(caught.value)
    assert "words" not in str(caught.value)


@pytest.mark.parametrize("is_thorough", [False, True], ids=["log", "whole"])
async def test_a_database_that_was_scrubbed_has_every_row(
    storage: Storage, *, is_thorough: bool
) -> None:
    async with storage.transaction() as transaction:
        await put(transaction, "kept", "1")

    is_done = await storage.scrub(is_thorough=is_thorough)

    assert is_done
    assert await names(storage) == ["kept"]


async def test_nobody_scrubs_within_a_transaction(storage: Storage) -> None:
    with pytest.raises(StorageError, match="has a transaction open"):
        async with storage.transaction():
            await storage.scrub()


async def test_a_closed_database_is_not_scrubbed(
    open_storage: Callable[[], Awaitable[Storage]],
) -> None:
    storage = await open_storage()
    await storage.close()

    with pytest.raises(StorageError, match="closed"):
        await storage.scrub()


async def test_a_row_that_refers_to_nothing_is_refused(storage: Storage) -> None:
    """T57; reader 3.16."""
    with pytest.raises(StorageError):
        async with storage.transaction() as transaction:
            await transaction.execute(
                "INSERT INTO saved (subscriber, story, saved_at) VALUES (1, 1, 0)"
            )

    assert await storage.fetch("SELECT * FROM saved") == []
