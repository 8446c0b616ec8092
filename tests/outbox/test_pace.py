"""The pace against a server that counts, over roads of every kind, in virtual time."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.outbox.pace import LEAST, Pace, batch_size
from bot.outbox.windows import LONGEST_TRIP, ROUNDING
from tests.outbox.server import Delay, Run

CHAT, OTHER, GROUP = 7, 8, -7
about = partial(pytest.approx, abs=2 * ROUNDING)


def even(least: float, most: float) -> Delay:
    return lambda chance: chance.uniform(least, most)


def seldom(share: float, rare: Delay, common: Delay) -> Delay:
    return lambda chance: rare(chance) if chance.random() < share else common(chance)


ROADS = {
    "none": even(0.0, 0.0),
    "40 ms": even(0.04, 0.04),
    "40 ms ± 1": even(0.039, 0.041),
    "40 ms ± 10": even(0.03, 0.05),
    "150 ms ± 10": even(0.14, 0.16),
    "0–200 ms": even(0.0, 0.2),
    "0–1 s": even(0.0, 1.0),
    "0–3 s": even(0.0, 3.0),
    "seldom far quicker": seldom(0.02, even(0.02, 0.02), even(0.09, 0.11)),
    "seldom far slower": seldom(0.02, even(0.5, 2.0), even(0.03, 0.05)),
    "exponential": lambda chance: 0.02 + chance.expovariate(1 / 0.03),
    "long tail": lambda chance: min(4.0, 0.03 * chance.lognormvariate(0, 1)),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS.keys())
def test_no_push_is_refused_whatever_the_road(road: Delay, seed: int) -> None:
    assert Run(seed, road).go().refused_pushes == []


@pytest.mark.parametrize("name", [name for name in ROADS if name != "seldom far slower"])
def test_no_reply_is_refused_on_a_road_without_seconds_of_surprise(name: str) -> None:
    """Nobody reports when a reply is answered: only the next one to the same person could tell."""
    assert Run(4, ROADS[name]).go().server.refused == []


@given(st.integers(0, 10**6), st.floats(0, 0.5), st.floats(0, 0.5), st.integers(5, 100))
@settings(max_examples=15, deadline=None)
def test_nothing_is_refused_at_any_rate_and_even_jitter(
    seed: int, least: float, jitter: float, rate: int
) -> None:
    run = Run(seed, even(least, least + jitter), seconds=30.0, rate=rate, replies=rate / 10)

    assert run.go().server.refused == []


@pytest.mark.parametrize("are_replies_answered", [True, False])
@pytest.mark.parametrize("name", ["none", "40 ms", "40 ms ± 1", "40 ms ± 10", "150 ms ± 10"])
def test_a_steady_road_gives_the_whole_rate(name: str, are_replies_answered: bool) -> None:
    run = Run(1, ROADS[name], seconds=600.0, replies=0.6, are_replies_answered=are_replies_answered)

    assert run.go().share >= 0.97
    assert run.server.refused == []


def test_replies_are_let_through_a_full_stream_of_pushes() -> None:
    run = Run(2, ROADS["40 ms ± 10"], replies=5.0, are_replies_answered=True).go()

    assert run.server.refused == []
    assert run.share >= 0.96
    assert run.longest_wait < 3.0  # two before it to the same chat: the chat's own limit


def test_a_road_that_has_become_longer_is_learnt() -> None:
    pace, now = Pace(30), 0.0
    for trip in [0.08] * 2000 + [0.3] * 2001:
        now = pace.any_push_at(now)
        pace.answered(pace.taken(int(now * 1e6), now, is_push=True), now + trip)

    begun = now
    for reader in range(300):
        now = pace.any_push_at(now)
        pace.answered(pace.taken(reader, now, is_push=True), now + 0.3)

    assert now - begun < 10.3


def test_pushes_are_spread_and_one_that_wakes_late_is_made_up_for() -> None:
    pace = Pace(10)
    pace.taken(1, 5.0, is_push=True)
    pace.taken(2, 5.0, is_push=True)

    assert pace.any_push_at(5.0) == about(5.1)
    pace.taken(3, 5.15, is_push=True)
    assert pace.any_push_at(5.15) == about(5.2)


def test_a_reply_needs_no_spacing() -> None:
    pace = Pace(10)
    pace.taken(1, 5.0, is_push=True)
    pace.taken(2, 5.0, is_push=True)

    assert pace.reply_at(3, 5.0) == 5.0


def test_a_chat_is_written_to_once_a_second() -> None:
    pace = Pace(30)
    pace.answered(pace.taken(CHAT, 5.0, is_push=True), 5.1)

    assert pace.push_at(CHAT, 5.2) == about(6.1)
    assert pace.reply_at(CHAT, 5.2) == about(6.1)
    assert pace.push_at(OTHER, 5.2) == 5.2


def test_a_group_is_written_to_once_a_second_and_twenty_times_a_minute() -> None:
    pace, now, sent = Pace(30), 0.0, []
    for _ in range(21):
        now = pace.push_at(GROUP, now)
        sent.append(now)
        pace.answered(pace.taken(GROUP, now, is_push=True), now)

    assert all(later - earlier >= 1.0 for earlier, later in pairwise(sent))
    assert sent[20] - sent[0] == about(60.0)


def test_the_limits_are_settable() -> None:
    pace = Pace(30, chat_rate=2, group_rate_minute=1)
    for _ in range(2):
        pace.answered(pace.taken(CHAT, 5.0, is_push=True), 5.0)
    pace.answered(pace.taken(GROUP, 5.0, is_push=True), 5.0)

    assert pace.push_at(CHAT, 5.5) == about(6.0)
    assert pace.push_at(GROUP, 5.5) == about(65.0)


def test_a_push_that_is_never_answered_holds_its_slot_for_a_while_only() -> None:
    pace = Pace(1)
    pace.taken(CHAT, 5.0, is_push=True)

    assert pace.any_push_at(6.0) == about(6.0 + LONGEST_TRIP)
    assert pace.any_push_at(6.1 + LONGEST_TRIP) == 6.1 + LONGEST_TRIP


def test_the_parts_of_a_letter_are_answered_with_the_first() -> None:
    pace = Pace(2)
    first = pace.taken(CHAT, 5.0, is_push=True)
    second_at = pace.push_at(CHAT, 5.0)
    pace.taken(CHAT, second_at, is_push=True)
    pace.answered(first, second_at + 0.1)

    assert second_at < 5.0 + LONGEST_TRIP
    assert pace.any_push_at(second_at + 0.2) == about(second_at + 1.0)


def test_an_answer_that_comes_after_its_slot_was_given_up_still_counts() -> None:
    pace = Pace(1)
    slot = pace.taken(CHAT, 5.0, is_push=True)
    pace.any_push_at(20.0)

    pace.answered(slot, 20.5)

    assert pace.any_push_at(20.6) == about(21.5)


# 429


def test_a_429_holds_its_chat_alone() -> None:
    """T45; td #715, telegram-bot-api #184."""
    pace = Pace(30)
    pace.flooded(GROUP, 5.0, 2282.0)

    assert pace.push_at(GROUP, 5.1) == about(2287.0)
    assert pace.push_at(OTHER, 5.1) == 5.1
    assert pace.any_push_at(5.1) == 5.1


def test_replies_are_served_through_a_long_429() -> None:
    """T45; td #715, telegram-bot-api #184."""
    pace = Pace(30)
    pace.flooded(CHAT, 5.0, 2282.0)
    pace.flooded(OTHER, 5.1, 2282.0)

    assert pace.reply_at(CHAT, 5.2) == 5.2


@pytest.mark.parametrize(
    ("second", "later", "holds_all"),
    [
        pytest.param(OTHER, 0.4, True, id="another chat within a second"),
        pytest.param(OTHER, 1.0, True, id="another chat to the second"),
        pytest.param(OTHER, 1.1, False, id="another chat later"),
        pytest.param(CHAT, 0.4, False, id="the same chat again"),
    ],
)
def test_two_chats_within_a_second_hold_all(second: int, later: float, holds_all: bool) -> None:
    """T45; a 429 does not say whose limit it was."""
    pace = Pace(30)
    pace.flooded(CHAT, 5.0, 30.0)
    pace.flooded(second, 5.0 + later, 30.0)

    assert (pace.any_push_at(7.0) == about(35.0 + later)) is holds_all


def test_a_hold_does_not_shrink_by_a_shorter_one() -> None:
    pace = Pace(30)
    for chat, seconds in ((CHAT, 60.0), (OTHER, 60.0), (CHAT, 1.0), (OTHER, 1.0)):
        pace.flooded(chat, 5.0, seconds)

    assert pace.any_push_at(6.0) == pace.push_at(CHAT, 6.0) == about(65.0)


def test_holds_that_are_over_are_forgotten() -> None:
    pace = Pace(30)
    for chat in range(100):
        pace.flooded(chat, 10.0 * chat, 1.0)

    assert len(pace._pushes.held_chats) == 1


def spacing(pace: Pace, now: float) -> float:
    pace.taken(1, now, is_push=True)
    return pace.any_push_at(now) - now


def test_a_flood_lowers_the_pace_once_however_many_were_in_flight_and_it_recovers() -> None:
    pace = Pace(100)
    for chat in range(30):
        pace.flooded(chat, 5.0, 1.0)
    spacing(pace, 7.0)
    slowed = spacing(pace, 7.0)

    for reader in range(100, 1400):
        pace.answered(pace.taken(reader, 10.0, is_push=False), 10.0)
    spacing(pace, 20.0)

    assert slowed == about(2 / 100 / 0.8 - 0.0125)
    assert spacing(pace, 20.0) == about(1 / 100)


def test_no_number_of_floods_stops_pushes_for_good() -> None:
    pace = Pace(10)
    for flood in range(100):
        for chat in (CHAT, OTHER):
            pace.flooded(chat, 10.0 * flood, 1.0)
    spacing(pace, 2000.0)

    assert spacing(pace, 2000.0) == about(0.1 / LEAST)


def test_a_million_readers_cost_no_memory_and_active_groups_are_kept() -> None:
    pace, now = Pace(1000), 0.0
    pace.answered(pace.taken(GROUP, 0.0, is_push=True), 0.0)
    for reader in range(30_000):
        now += 0.001
        pace.answered(pace.taken(reader, now, is_push=False), now + 0.05)

    assert len(pace._chats) <= 2 * 5000
    assert GROUP in pace._chats


@pytest.mark.parametrize(("rate", "size"), [(1, 25), (30, 25), (300, 30), (1000, 100), (5000, 100)])
def test_a_batch_is_a_second_at_thirty_and_a_tenth_at_a_thousand(rate: int, size: int) -> None:
    assert batch_size(rate) == size


def test_pushes_begin_a_second_after_a_start_for_who_was_killed_may_have_spent_it() -> None:
    pace = Pace(30, began_at=100.0)

    assert pace.any_push_at(100.2) >= 101.0
    assert pace.reply_at(7, 100.2) == 100.2
    assert pace.any_push_at(101.5) == 101.5
