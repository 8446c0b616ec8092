"""The flood limits as arithmetic: moments go in, whole seconds to wait come out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.flood import Flood, Rates


def take(
    flood: Flood, chat: int, now: float, *, group: bool = False, paid: bool = False
) -> int | None:
    return flood.take(chat, now, is_group=group, is_paid=paid)


def test_the_31st_send_in_a_second_waits() -> None:
    flood = Flood(Rates())

    assert [take(flood, chat, chat / 100) for chat in range(30)] == [None] * 30
    assert take(flood, 99, 0.5) == 1
    assert take(flood, 99, 0.999) == 1
    assert take(flood, 99, 1.0) is None


def test_the_window_slides() -> None:
    flood = Flood(Rates())
    for chat in range(30):
        take(flood, chat, 0.9)

    assert take(flood, 50, 1.2) == 1
    assert take(flood, 50, 1.9) is None


def test_the_second_send_to_one_chat_in_a_second_waits_and_others_do_not() -> None:
    flood = Flood(Rates())

    assert take(flood, 1, 5.0) is None
    assert take(flood, 1, 5.5) == 1
    assert take(flood, 2, 5.5) is None
    assert take(flood, 1, 6.0) is None


def test_the_21st_send_to_one_group_in_a_minute_waits_to_the_end_of_its_minute() -> None:
    flood = Flood(Rates(chat=None))
    for second in range(20):
        assert take(flood, -1, second, group=True) is None

    assert take(flood, -1, 20, group=True) == 40
    assert take(flood, -2, 20, group=True) is None
    assert take(flood, -1, 60, group=True) is None


def test_paid_sends_have_a_limit_of_their_own() -> None:
    flood = Flood(Rates(paid=40))

    paid = [take(flood, chat, 0, paid=True) for chat in range(41)]

    assert paid == [None] * 40 + [1]
    assert take(flood, 100, 0) is None


def test_a_refused_send_does_not_count() -> None:
    flood = Flood(Rates())
    take(flood, 1, 0)

    assert [take(flood, 1, 0.5), take(flood, 1, 0.9)] == [1, 1]
    assert take(flood, 1, 1) is None


def test_what_is_given_back_does_not_count() -> None:
    flood = Flood(Rates())
    take(flood, 1, 0)

    flood.give_back(1, 0, is_group=False, is_paid=False)

    assert take(flood, 1, 0.1) is None


def test_a_limit_of_none_lets_everything_through() -> None:
    flood = Flood(Rates(bot=None, chat=None, group_minute=None))

    assert {take(flood, -1, 0, group=True) for _ in range(200)} == {None}


def test_rates_can_change_while_it_runs() -> None:
    flood = Flood(Rates())
    take(flood, 1, 0)

    flood.rates = Rates(chat=2)

    assert take(flood, 1, 0.1) is None
    assert take(flood, 1, 0.2) == 1


def test_silent_chats_are_forgotten() -> None:
    flood = Flood(Rates(bot=None))

    for chat in range(25_000):
        take(flood, chat, chat / 1000)

    assert len(flood._chats) <= 11_001


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 3000), max_size=120), st.integers(1, 5))
def test_no_second_ever_holds_more_than_the_limit(moments: list[int], limit: int) -> None:
    flood = Flood(Rates(bot=limit, chat=None))

    accepted = [m for m in sorted(moments) if take(flood, m, m / 1000) is None]

    for begin in accepted:
        assert sum(begin <= other < begin + 1000 for other in accepted) <= limit


@pytest.mark.parametrize("wait_from", [0.0, 0.25, 0.75])
def test_after_the_wait_it_fits(wait_from: float) -> None:
    flood = Flood(Rates())
    take(flood, 1, 0)
    wait = take(flood, 1, wait_from)

    assert wait is not None
    assert take(flood, 1, wait_from + wait) is None
