"""What we remember: one small Protocol, and a module of functions for each noun beside it.

This page is one of the house's two Protocols: SQLite stands behind it today, PostgreSQL when one
machine is outgrown. A noun's SQL stands once, in portable SQL with ``:named`` parameters, in the
module of that noun; an engine supplies connections, transactions, migrations, full-text search
and the locking of a claim.

Laws:
* Times are whole milliseconds UTC (``model.to_ms``), booleans 0 and 1, structures JSON text.
* Writing exists only on a ``Transaction``; nobody awaits the network inside one.
* Every failure of an engine is raised as ``StorageError``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.model import ArticleId, Place, Query, Row, SearchText

Value = int | float | str | None
Values = Mapping[str, Value]


class Reader(Protocol):
    """Read committed rows, also while a transaction is writing."""

    async def fetch(self, sql: str, values: Values | None = None, /) -> Sequence[Row]:
        """Run one SELECT and return all its rows, each readable by column name."""
        ...


class Transaction(Reader, Protocol):
    """All of it or nothing: committed when the block ends well, rolled back when it raises.

    After a statement failed nothing but a rollback is possible, also when its error was caught.
    No transaction begins inside another.

    There is one writer at a time on SQLite, so a block must be short. Its own reads see its own
    writes. Cancelling the task rolls back; BEGIN, COMMIT and ROLLBACK cannot be torn.
    """

    async def execute(self, sql: str, values: Values | None = None, /) -> int:
        """Run one statement and return how many rows it changed."""
        ...

    async def execute_many(self, sql: str, rows: Iterable[Values], /) -> None:
        """Run one statement for each of the rows."""
        ...

    async def claim(self, sql: str, values: Values | None = None, /) -> Sequence[Row]:
        """Run one SELECT whose rows nobody else can claim before this transaction ends.

        SQLite has one writer, so this is ``fetch``; PostgreSQL adds FOR UPDATE SKIP LOCKED.
        """
        ...

    async def index(self, article: ArticleId, text: SearchText, /) -> None:
        """Make an article findable by its words and their stems."""
        ...

    async def unindex(self, article: ArticleId, text: SearchText, /) -> None:
        """Take an article out of the search index; the texts must be the very ones indexed."""
        ...

    async def clear_index(self) -> None:
        """Empty the search index, as before a rebuild."""
        ...


class Storage(Reader, Protocol):
    """One open database."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Begin to write; waits for the writer before it."""
        ...

    async def search(
        self,
        query: Query,
        /,
        *,
        limit: int,
        before: ArticleId | None = None,
        after: ArticleId | None = None,
    ) -> Sequence[ArticleId]:
        """Return the newest articles that match all terms, newest first, at most ``limit``.

        Any query is safe, whatever was typed. A query without terms matches nothing.
        ``before``: only articles with a smaller id; ``after``: only those with a larger one.
        """
        ...

    async def scrub(self, *, is_thorough: bool = False) -> bool:
        """Take off the disk what was deleted and committed before, so that no tool reads it there.

        Rows are overwritten when they are deleted; what is left of them is in the log, which this
        empties. ``is_thorough``: rows leave copies behind when pages are rearranged, and only
        writing the whole database anew takes those: seconds a gigabyte, in which writers wait.
        False: not now, a reader still needs the log; call again later. On PostgreSQL a VACUUM, and
        a thorough one a VACUUM FULL, of the tables that keep people's words.
        """
        ...

    async def places(
        self, query: Query, articles: Sequence[ArticleId], /
    ) -> Mapping[ArticleId, Sequence[Place]]:
        """Return where each of the articles that ``search`` found has each of the terms."""
        ...

    async def close(self) -> None:
        """Finish the transaction in hand and close; later calls raise StorageError."""
        ...
