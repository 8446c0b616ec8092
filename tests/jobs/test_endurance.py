"""Days go by: what is only in memory forgets as much as comes. `bench/endurance.py` weighs it."""

from __future__ import annotations

from tests.jobs.newsroom import HOUR, Clock, Newsroom, entry


async def test_after_three_days_the_window_forgets_as_much_as_comes(
    newsroom: Newsroom, clock: Clock
) -> None:
    """T61; kurtmckee/feedparser #287, PR #302: 24 hours, memory flat."""
    feed = await newsroom.feed()
    sizes = []

    for day in range(6):
        for number in range(6):
            clock.turn(4 * HOUR)
            await newsroom.take(feed, entry(6 * day + number))
        sizes.append(len(newsroom.window))

    assert sizes[:3] == [6, 12, 18]
    assert sizes[3] == sizes[4] == sizes[5] <= 19
