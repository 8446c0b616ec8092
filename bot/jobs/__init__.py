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
ANNOUNCE_EVERY = 1.0
HOLD_EVERY = 2.0
HUSH_EVERY = 2.0
ALIVE_EVERY = 60.0
AWAY_EVERY = 2.0
TOGETHER_EVERY = 2.0
PRUNE_EVERY = 3600.0
SCRUB_EVERY = 3600.0
WATCH_EVERY = 3.0
EARS_EVERY = 15.0
DISK_EVERY = 60.0
WEBHOOK_EVERY = 60.0  # T50: who is to be told within five minutes
BACKUP_EVERY = 3600.0
