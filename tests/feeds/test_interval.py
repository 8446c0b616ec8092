"""The waits between two visits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.interval import (
    HOST_HOLD,
    Bounds,
    back_off,
    first_interval,
    host_hold,
    longer_wish,
    next_interval,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
BOUNDS = Bounds(2 * MINUTE, 6 * HOUR)

waits = st.timedeltas(timedelta(0), timedelta(days=800))
wishes = st.none() | waits
bounds = st.tuples(
    st.timedeltas(timedelta(seconds=1), timedelta(days=30)),
    st.timedeltas(timedelta(0), 30 * 24 * HOUR),
).map(lambda pair: Bounds(pair[0], pair[0] + pair[1]))


@pytest.mark.parametrize(
    ("floor", "ceiling", "expected"),
    [(2 * MINUTE, 6 * HOUR, 10 * MINUTE), (HOUR, 6 * HOUR, HOUR), (MINUTE, MINUTE, MINUTE)],
)
def test_the_first_wait_keeps_to_the_bounds(
    floor: timedelta, ceiling: timedelta, expected: timedelta
) -> None:
    assert first_interval(floor, ceiling) == expected


@pytest.mark.parametrize(
    ("current", "new", "wish", "expected"),
    [
        pytest.param(10 * MINUTE, 3, None, 5 * MINUTE, id="news: sooner"),
        pytest.param(10 * MINUTE, 0, None, 15 * MINUTE, id="silence: later"),
        pytest.param(3 * MINUTE, 1, None, 2 * MINUTE, id="never under the floor"),
        pytest.param(5 * HOUR, 0, None, 6 * HOUR, id="never over the ceiling"),
        pytest.param(10 * MINUTE, 3, 30 * MINUTE, 30 * MINUTE, id="the server's patience"),
        pytest.param(10 * MINUTE, 0, MINUTE, 15 * MINUTE, id="no hurry at its wish"),
        pytest.param(timedelta(0), 0, None, 2 * MINUTE, id="from nothing"),
    ],
)
def test_the_wait_follows_the_news(
    current: timedelta, new: int, wish: timedelta | None, expected: timedelta
) -> None:
    assert next_interval(current, new=new, wish=wish, bounds=BOUNDS) == expected


@pytest.mark.parametrize("wish", [720 * MINUTE, timedelta(days=365)], ids=["ttl 720", "a year"])
def test_an_exaggerated_wish_is_met_at_the_ceiling(wish: timedelta) -> None:
    """T29; rssbot #63; reader issue 384."""
    assert next_interval(10 * MINUTE, new=5, wish=wish, bounds=BOUNDS) == BOUNDS.ceiling


@pytest.mark.parametrize(
    ("failures", "retry_after", "expected"),
    [
        pytest.param(1, None, 4 * MINUTE, id="the first"),
        pytest.param(2, None, 8 * MINUTE, id="the second"),
        pytest.param(5, None, 64 * MINUTE, id="the fifth"),
        pytest.param(8, None, 6 * HOUR, id="the ceiling"),
        pytest.param(100_000, None, 6 * HOUR, id="after months still polled"),
        pytest.param(1, 1800.0, 30 * MINUTE, id="as the server says"),
        pytest.param(1, 1.0, 4 * MINUTE, id="not sooner than we would"),
        pytest.param(1, 1e12, 6 * HOUR, id="nor in thirty thousand years"),
    ],
)
def test_failures_space_the_visits_out(
    failures: int, retry_after: float | None, expected: timedelta
) -> None:
    assert back_off(failures, retry_after=retry_after, bounds=BOUNDS) == expected


@pytest.mark.parametrize(
    ("retry_after", "expected"),
    [(None, HOST_HOLD), (60.0, 2 * MINUTE), (3600.0, HOUR), (1e9, 6 * HOUR)],
)
def test_a_host_that_asks_for_silence_gets_it(
    retry_after: float | None, expected: timedelta
) -> None:
    assert host_hold(retry_after, bounds=BOUNDS) == expected


def test_the_longest_wish_counts() -> None:
    assert longer_wish(None, MINUTE, HOUR) == HOUR
    assert longer_wish(None, None) is None


@given(waits, st.integers(0, 500), wishes, bounds)
def test_every_wait_is_within_the_bounds(
    current: timedelta, new: int, wish: timedelta | None, limits: Bounds
) -> None:
    wait = next_interval(current, new=new, wish=wish, bounds=limits)

    assert limits.floor <= wait <= limits.ceiling


@given(waits, waits, st.integers(0, 500), wishes, bounds)
def test_longer_waits_and_wishes_never_shorten_the_next(
    one: timedelta, other: timedelta, new: int, wish: timedelta | None, limits: Bounds
) -> None:
    short, long = sorted((one, other))

    assert next_interval(short, new=new, wish=wish, bounds=limits) <= next_interval(
        long, new=new, wish=wish, bounds=limits
    )
    assert next_interval(one, new=new, wish=short, bounds=limits) <= next_interval(
        one, new=new, wish=long, bounds=limits
    )
    assert next_interval(one, new=1, wish=wish, bounds=limits) <= next_interval(
        one, new=0, wish=wish, bounds=limits
    )


@given(st.integers(0, 10_000), st.none() | st.floats(0, 1e15), bounds)
def test_back_off_grows_and_is_bounded(
    failures: int, retry_after: float | None, limits: Bounds
) -> None:
    now = back_off(failures, retry_after=retry_after, bounds=limits)
    later = back_off(failures + 1, retry_after=retry_after, bounds=limits)

    assert limits.floor <= now <= later <= limits.ceiling
