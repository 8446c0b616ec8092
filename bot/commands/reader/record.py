"""Rows of the database in, a document for the person whose rows they are out: JSON in Arabic.

Every column of every row is in it, under a name that a reader understands: moments by the reader's
clock, minutes as hours, what a code stands for in words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from bot.arabic import dates
from bot.commands.reader import keys
from bot.model import Row, Subject, SubjectKind, from_ms
from bot.texts import Texts

FILE_NAME = "mujaz-data.json"
_MOMENTS = ("until", "at", "covered_until")  # and all that end in "_at"
_MINUTES = ("minute", "quiet_start", "quiet_end")
_FLAGS = ("wants_quiet_day", "is_configured")
_JSON = ("args", "details", "message_ids")
_CODES = ("kind", "mode", "urgent", "length", "state", "role", "audience", "section")


def document(
    kept: Mapping[str, Sequence[Row]],
    names: Mapping[Subject, str],
    texts: Texts,
    *,
    zone: tzinfo,
    now: datetime,
) -> bytes:
    """Write all that is kept of a person; ``names`` are those of what is followed and muted."""
    tables, columns = texts.table("mydata.tables"), texts.table("mydata.columns")
    codes = texts.table("mydata.codes") | texts.table("sections")
    written: dict[str, object] = {texts.say("mydata.written_at"): _iso(now, zone)}
    for table, rows in kept.items():
        written[tables[table]] = [
            {
                **{columns.get(name, name): _value(name, row[name], codes, zone) for name in row},
                **_name(row, names, texts),
            }
            for row in rows
        ]
    return json.dumps(written, ensure_ascii=False, indent=2).encode()


def _name(row: Row, names: Mapping[Subject, str], texts: Texts) -> dict[str, str]:
    """Name the subject of a row that has one."""
    if "subject" not in row:
        return {}
    named = names.get(Subject(SubjectKind(str(row["kind"])), str(row["subject"])))
    return {texts.say("mydata.subject_name"): named} if named else {}


def _value(column: str, value: object, codes: Mapping[str, str], zone: tzinfo) -> object:
    """Write one value; what is of no known kind stays as it is."""
    if isinstance(value, int):
        return _of_number(column, value, zone)
    if isinstance(value, str):
        if column in _JSON:
            return json.loads(value)
        return codes.get(value, value) if column in _CODES else value
    return value


def _of_number(column: str, value: int, zone: tzinfo) -> object:
    if column.endswith("_at") or column in _MOMENTS:
        return _iso(from_ms(value), zone)
    if column in _MINUTES:
        return keys.clock(value)
    if column == "weekdays":
        return [dates.weekday(day) for day in range(7) if value >> day & 1]
    return bool(value) if column in _FLAGS else value


def _iso(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")
