"""Small readers of a row's columns, so that every noun maps its rows in typed one-liners."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from bot.errors import StorageError
from bot.model import Row, from_ms


def number(row: Row, column: str) -> int:
    """Return a whole number that the schema never leaves NULL."""
    value = row[column]
    if not isinstance(value, int):
        raise StorageError(f"column {column} holds no whole number")
    return value


def number_or_none(row: Row, column: str) -> int | None:
    """Return a whole number or None."""
    return None if row[column] is None else number(row, column)


def text(row: Row, column: str) -> str:
    """Return a text; NULL is the empty text."""
    value = row[column]
    return "" if value is None else str(value)


def truth(row: Row, column: str) -> bool:
    """Return a boolean kept as 0 or 1."""
    return bool(row[column])


def moment(row: Row, column: str) -> datetime:
    """Return a moment that the schema never leaves NULL."""
    return from_ms(number(row, column))


def moment_or_none(row: Row, column: str) -> datetime | None:
    """Return a moment or None."""
    value = number_or_none(row, column)
    return None if value is None else from_ms(value)


def id_list(ids: Iterable[int]) -> str:
    """Write ids for ``IN (SELECT value FROM json_each(:ids))``: one parameter, however many."""
    return json.dumps(list(ids))
