"""What Mujaz writes of itself, on standard error: event names and ids, never a token or a text."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config import Log

TOKEN = re.compile(r"\d{5,}(?::|%3[Aa])[A-Za-z0-9_-]{5,}")  # plain, or within an address
MASK = "<token>"
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def mask(text: str) -> str:
    """Return the text with every token masked."""
    return TOKEN.sub(MASK, text)


class Masked(logging.Formatter):
    """Write a record with every token masked, also in tracebacks of other people's code."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return mask(self.line(record))

    def line(self, record: logging.LogRecord) -> str:
        """Return the line with what was given in ``extra`` as name=value."""
        more = "".join(f" {name}={value}" for name, value in extras(record).items())
        head, _, traceback = super().format(record).partition("\n")
        return f"{head}{more}" + (f"\n{traceback}" if traceback else "")


class MaskedJson(Masked):
    """Write a record as one JSON object a line."""

    def line(self, record: logging.LogRecord) -> str:
        """Return the JSON of a record."""
        fields: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "where": record.name,
            **extras(record),
        }
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False, default=str)


def extras(record: logging.LogRecord) -> Mapping[str, object]:
    """Return what a record was given in ``extra``."""
    return {name: value for name, value in vars(record).items() if name not in _PLAIN}


def set_up(log: Log) -> None:
    """Send every record to standard error; "auto" is text on a terminal and JSON elsewhere."""
    is_json = log.format == "json" or (log.format == "auto" and not sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        MaskedJson() if is_json else Masked("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(log.level.upper())
    for noisy in ("httpx", "aiosqlite", "telegram", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Its loop of calls logs a failure with all its traceback, and gives it to us as well.
    for loop in ("telegram.ext", "telegram.ext.Updater"):
        logging.getLogger(loop).addFilter(_without_traceback)
    # A beat that is still at work when the next is due is no news; its failures are logged by us.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def _without_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True
