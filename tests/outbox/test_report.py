"""How far a wave is, how fast, how long: a table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model import Tally
from bot.outbox.report import Progress, estimate, progress


@pytest.mark.parametrize(
    ("tally", "total", "since", "seconds", "expected"),
    [
        (Tally(), 100, Tally(), 0, Progress(0, 0.0, None)),
        (Tally(sent=60), 100, Tally(), 2, Progress(60, 30.0, timedelta(seconds=1))),
        (
            Tally(sent=70, unreachable=5),
            100,
            Tally(sent=45),
            1,
            Progress(75, 30.0, timedelta(seconds=1)),
        ),
        (Tally(sent=99), 100, Tally(sent=99), 2, Progress(99, 0.0, None)),
        (Tally(sent=999), 1000, Tally(), 0, Progress(99, 0.0, None)),
        (Tally(sent=3), 3, Tally(), 1, Progress(100, 3.0, timedelta(0))),
        (Tally(sent=5), 3, Tally(), 1, Progress(100, 5.0, timedelta(0))),
        (Tally(), 0, Tally(), 1, Progress(100, 0.0, None)),
    ],
    ids=["unbegun", "first", "between", "stalled", "nearly", "done", "joined", "nobody"],
)
def test_progress_is_measured_between_two_looks(
    tally: Tally, total: int, since: Tally, seconds: float, expected: Progress
) -> None:
    assert progress(tally, total, since=since, seconds=seconds) == expected


@pytest.mark.parametrize(("people", "seconds"), [(0, 0), (1, 1), (30, 1), (31, 2), (12480, 416)])
def test_an_audience_takes_its_share_of_the_rate(people: int, seconds: int) -> None:
    assert estimate(people, 30) == timedelta(seconds=seconds)
