"""Copies of an editor's message have a pace of their own: floods slow it, news feels nothing."""

from __future__ import annotations

from functools import partial

import pytest

from bot.outbox.pace import Pace
from bot.outbox.windows import ROUNDING

CHAT, OTHER = 7, 8
about = partial(pytest.approx, abs=2 * ROUNDING)


def flooded_copies() -> Pace:
    """Make a pace whose copies met two floods within a second, at the moment 10."""
    pace = Pace(30)
    for chat in (CHAT, OTHER):
        pace.flooded(chat, 10.0, 60.0, is_copy=True)
    return pace


def test_copies_begin_at_the_full_rate() -> None:
    """T46; telegram-bot-api #184."""
    paces = [Pace(30), Pace(30)]
    for pace, is_copy in zip(paces, (False, True), strict=True):
        for chat in range(1000, 1020):
            at = pace.any_push_at(0.0, is_copy=is_copy)
            pace.taken(chat, at, is_push=True, is_copy=is_copy)

    assert paces[0].any_push_at(0.0) == paces[1].any_push_at(0.0, is_copy=True)


def test_a_flood_that_copies_met_holds_copies_alone() -> None:
    """T46; telegram-bot-api #184."""
    pace = flooded_copies()

    assert pace.any_push_at(11.0) == pace.push_at(CHAT, 11.0) == 11.0
    assert pace.any_push_at(11.0, is_copy=True) == 70.0
    assert (pace.held_until(), pace.held_until(is_copy=True)) == (0.0, 70.0)


def test_a_flood_that_news_met_holds_copies_too() -> None:
    pace = Pace(30)
    for chat in (CHAT, OTHER):
        pace.flooded(chat, 10.0, 60.0)

    assert pace.any_push_at(11.0, is_copy=True) == 70.0


def test_after_their_flood_copies_go_slower_and_news_as_fast_as_ever() -> None:
    pace = flooded_copies()
    slow, fast = spacing(pace, 100.0, is_copy=True), spacing(pace, 200.0)

    assert fast == about(1 / 30)
    assert slow == about(1 / 24)


def test_copies_recover_by_copies_that_are_answered_and_by_nothing_else() -> None:
    pace = flooded_copies()
    shares = []
    for is_copy in (False, True):
        for number in range(300):
            slot = pace.taken(2000 + number, 100.0 + number, is_push=True, is_copy=is_copy)
            pace.answered(slot, 100.1 + number)
        shares.append(spacing(pace, 900.0 + is_copy * 600, is_copy=True))

    assert shares == [about(1 / 24), about(1 / 24 / 1.22)]


def spacing(pace: Pace, now: float, *, is_copy: bool = False) -> float:
    """Return how long after a push the next one may leave."""
    for chat in (3000, 3001):
        pace.taken(chat, now, is_push=True, is_copy=is_copy)
    return pace.any_push_at(now, is_copy=is_copy) - now
