"""How far a wave is and how long it will still take, as numbers; commands and jobs tell them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.model import Tally

NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class Progress:
    """What a progress message shows besides the tally."""

    percent: int  # of the audience, rounded down: 100 is said only when all are settled
    per_second: float  # readers settled a second lately; 0 when nothing is known yet
    left: timedelta | None  # until the last one at this speed; None: nobody can say


def progress(tally: Tally, total: int, *, since: Tally = NOTHING, seconds: float = 0.0) -> Progress:
    """Measure a wave by what was settled since an earlier look, ``seconds`` ago.

    Measured between two looks, a pause in between does not slow the numbers for ever.
    """
    settled = min(tally.settled, total)
    speed = max(0, tally.settled - since.settled) / seconds if seconds > 0 else 0.0
    left = timedelta(seconds=round((total - settled) / speed)) if speed else None
    return Progress(settled * 100 // total if total else 100, speed, left)


def estimate(people: int, rate: int) -> timedelta:
    """Return how long an audience takes at a rate of messages a second; whole seconds, upwards."""
    return timedelta(seconds=-(-people // rate))
