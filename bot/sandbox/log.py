"""Every call, accepted or refused → a bounded list of lines; `desk` writes, scripts read.

A line: ``n`` (grows by one), ``time`` (seconds), ``method``, ``chat``, ``message_id``, ``error``
(null when fine), ``text`` (its first letters) and ``fault`` where one struck. No token is kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.nouns import Json

KEPT = 100_000  # lines
PREFIX = 80  # letters of a text


@dataclass(frozen=True, slots=True)
class Line:
    """One call."""

    n: int
    time: float
    method: str
    chat: int | None
    message_id: int | None
    error: str | None
    text: str
    fault: str | None

    def json(self) -> Json:
        """Write the line as `/_sandbox/log` gives it."""
        line: Json = {
            "n": self.n,
            "time": self.time,
            "method": self.method,
            "chat": self.chat,
            "message_id": self.message_id,
            "error": self.error,
            "text": self.text,
        }
        return line | ({"fault": self.fault} if self.fault else {})


class Log:
    """Keep the last calls in memory."""

    def __init__(self, kept: int = KEPT) -> None:
        self._lines: deque[Line] = deque(maxlen=kept)
        self._n = 0

    def write(
        self,
        time: float,
        method: str,
        *,
        chat: int | None = None,
        message_id: int | None = None,
        error: str | None = None,
        text: str = "",
        fault: str | None = None,
    ) -> None:
        """Add a call."""
        self._n += 1
        line = Line(self._n, time, method, chat, message_id, error, text[:PREFIX], fault)
        self._lines.append(line)

    def since(self, n: int = 0, method: str | None = None) -> Iterator[Line]:
        """Give the lines after number `n`, oldest first."""
        skipped = max(0, len(self._lines) - (self._n - n))
        for place, line in enumerate(tuple(self._lines)):
            if place >= skipped and method in (None, line.method):
                yield line
