"""What the clock starts: each beat finds what is due, asks the pure rooms, writes what they said.

How often stands here; ``app`` binds beats to their jobs. The deliverer is no beat but a task.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beat:
    """A job that the scheduler starts again and again, never twice at once."""

    name: str
    seconds: float
    run: Callable[[], Awaitable[object]]


# How often each job looks for what is due, in seconds. Looking costs a few index lookups.
POLL_EVERY = 1.0
DIGEST_EVERY = 1.0
PROGRESS_EVERY = 2.0  # editors watch it; Telegram dislikes more edits of one message
PRUNE_EVERY = 3600.0
