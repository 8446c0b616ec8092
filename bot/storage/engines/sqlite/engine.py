"""SQLite as a Storage: a path comes in, an open database goes out; ``app`` calls ``open_sqlite``.

One writer connection stands behind a lock that is held for the whole transaction; readers are
connections of their own and see what is committed. Laws:

* BEGIN, COMMIT and ROLLBACK are awaited to their end even when the task is cancelled meanwhile:
  when a task is over it is decided what it wrote, and no transaction is left open. A block that
  is cancelled during its COMMIT is committed, and its task cancelled.
* After a statement failed, a transaction can only roll back, also when its error was caught: so
  it is on PostgreSQL, and SQLite itself rolls back on a full disk and would go on in autocommit.
* A transaction within a transaction would wait for itself and is refused. Transactions do not
  overlap: tasks that a block starts may use its transaction, not begin their own and be awaited.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import TypeVar

from bot.errors import StorageError
from bot.model import ArticleId, Place, Query, Row, SearchText
from bot.storage import Transaction, Values
from bot.storage.engines.sqlite import search
from bot.storage.engines.sqlite.connection import Connection, connect
from bot.storage.engines.sqlite.failures import as_storage_errors
from bot.storage.engines.sqlite.migrate import prepare

READERS = 3  # enough for two cores; a search takes well under a millisecond

Result = TypeVar("Result")


async def open_sqlite(path: Path) -> SqliteStorage:
    """Open the file, made or migrated as needed; raise StorageError when it is not usable."""
    await asyncio.to_thread(prepare, path)
    async with AsyncExitStack() as opened:
        connections = []
        for is_reader in (False, *[True] * READERS):
            connection = await Connection.open(path, is_reader=is_reader)
            opened.push_async_callback(connection.close)
            connections.append(connection)
        opened.pop_all()
    return SqliteStorage(path, connections[0], connections[1:])


class SqliteStorage:
    """One open SQLite file."""

    def __init__(self, path: Path, writer: Connection, readers: Sequence[Connection]) -> None:
        self._path = path
        self._writer = writer
        self._readers = readers
        self._idle: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()  # the warmest cache first
        for reader in readers:
            self._idle.put_nowait(reader)
        self._writing = asyncio.Lock()  # first come, first served
        self._owner: asyncio.Task[object] | None = None  # whose block holds the lock
        self._is_closing = False  # no new transactions

    async def fetch(self, sql: str, values: Values | None = None, /) -> list[Row]:
        """Run one SELECT on an idle reader."""
        reader = await self._idle.get()
        try:
            return await reader.fetch(sql, values)
        finally:
            self._idle.put_nowait(reader)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Begin to write, and commit or roll back at the end of the block."""
        self._refuse_nesting()
        async with self._writing:
            if self._is_closing:
                raise StorageError(f"{self._path} is closed.")
            self._owner = asyncio.current_task()
            transaction = SqliteTransaction(self._writer)
            try:
                await unbroken(self._writer.execute("BEGIN IMMEDIATE"))
                yield transaction
                transaction.end()
                await unbroken(self._writer.execute("COMMIT"))
            except BaseException:
                transaction.abandon()
                await unbroken(self._writer.rollback())
                raise
            finally:
                self._owner = None

    async def search(
        self,
        query: Query,
        /,
        *,
        limit: int,
        before: ArticleId | None = None,
        after: ArticleId | None = None,
    ) -> list[ArticleId]:
        """Return the newest articles that match all terms, newest first."""
        return await search.find(self, query, limit=limit, before=before, after=after)

    async def places(
        self, query: Query, articles: Sequence[ArticleId], /
    ) -> dict[ArticleId, list[Place]]:
        """Return where each of the articles has each of the terms."""
        return await search.places(self, query, articles)

    async def scrub(self, *, is_thorough: bool = False) -> bool:
        """Empty the write-ahead log into the file; thoroughly: rewrite the file before that.

        False: somebody has been reading from the log for longer than a writer waits.
        """
        self._refuse_nesting()
        async with self._writing:
            if self._is_closing:
                raise StorageError(f"{self._path} is closed.")
            if is_thorough:
                await unbroken(asyncio.to_thread(_rewrite, self._path))
            (told,) = await unbroken(self._writer.fetch("PRAGMA wal_checkpoint(TRUNCATE)"))
        return told["busy"] == 0

    async def close(self) -> None:
        """Finish the transaction in hand and close; a second time does nothing."""
        self._refuse_nesting()
        self._is_closing = True
        async with self._writing:
            await unbroken(self._close_all())

    async def _close_all(self) -> None:
        for reader in self._readers:
            await reader.close()
        await self._writer.close()  # the last to close moves the WAL into the file

    def _refuse_nesting(self) -> None:
        if self._owner is not None and self._owner is asyncio.current_task():
            raise StorageError("This task has a transaction open: use that one, and end it first.")


def _rewrite(path: Path) -> None:
    """Copy every row into fresh pages: the old ones kept, between rows, copies of rows they had.

    ``secure_delete`` overwrites a row that is deleted, not the place it had before its page was
    split. The copy is made in a temporary file: in memory, it would be as large as the database.
    """
    with as_storage_errors(path), closing(connect(path)) as connection:
        connection.execute("PRAGMA temp_store = FILE")
        connection.execute("VACUUM")


class SqliteTransaction:
    """What may be done between BEGIN and COMMIT; over with its block, or with a failure."""

    def __init__(self, writer: Connection) -> None:
        self._writer = writer
        self._refusal = ""  # why nothing more can be done

    async def fetch(self, sql: str, values: Values | None = None, /) -> list[Row]:
        """Run one SELECT, or a statement with RETURNING, and see the writes before it."""
        return await self._run(lambda: self._writer.fetch(sql, values))

    async def execute(self, sql: str, values: Values | None = None, /) -> int:
        """Run one statement and return how many rows it changed."""
        return await self._run(lambda: self._writer.execute(sql, values))

    async def execute_many(self, sql: str, rows: Iterable[Values], /) -> None:
        """Run one statement for each of the rows, in one hop to the writer's thread."""
        await self._run(lambda: self._writer.execute_many(sql, rows))

    async def claim(self, sql: str, values: Values | None = None, /) -> list[Row]:
        """Run one SELECT; whoever has BEGIN IMMEDIATE is alone, so its rows are claimed."""
        return await self.fetch(sql, values)

    async def index(self, article: ArticleId, text: SearchText, /) -> None:
        """Make an article findable; not twice without ``unindex`` between."""
        await search.index(self, article, text)

    async def unindex(self, article: ArticleId, text: SearchText, /) -> None:
        """Take an article out of the index; the texts must be the very ones indexed."""
        await search.unindex(self, article, text)

    async def clear_index(self) -> None:
        """Empty the index."""
        await search.clear_index(self)

    def end(self) -> None:
        """Allow COMMIT and nothing after; raise StorageError when a statement failed before."""
        if self._refusal:
            raise StorageError(self._refusal)
        self.abandon()

    def abandon(self) -> None:
        """Refuse all further statements, also those of tasks that outlived the block."""
        self._refusal = self._refusal or "This transaction is over."

    async def _run(self, statement: Callable[[], Awaitable[Result]]) -> Result:
        if self._refusal:
            raise StorageError(self._refusal)
        try:
            return await statement()
        except StorageError:
            self._refusal = "A statement of this transaction failed: it can only roll back."
            raise


async def unbroken(step: Coroutine[object, object, Result]) -> Result:
    """Await a step to its end, even when cancelled meanwhile; only then be cancelled."""
    task = asyncio.ensure_future(step)
    interruption: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            interruption = error
    if interruption is None:
        return task.result()
    cause = None if task.cancelled() else task.exception()
    raise interruption from cause
