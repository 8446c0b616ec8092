"""Numbers as the product writes them, and as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arabic.digits import grouped, western


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"),
        (999, "999"),
        (7102, "7\u202f102"),
        (12480, "12\u202f480"),
        (1234567, "1\u202f234\u202f567"),
        (-4200, "-4\u202f200"),
    ],
)
def test_a_number_is_grouped_by_narrow_no_break_spaces(number: int, written: str) -> None:
    assert grouped(number) == written


@given(st.integers())
def test_grouping_keeps_the_number(number: int) -> None:
    assert int(grouped(number).replace("\u202f", "")) == number


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        pytest.param("٠٧:٣٠", "07:30", id="hour"),
        pytest.param("۱۴۰۴", "1404", id="Persian"),
        pytest.param("٤٫٢ في المائة", "4.2 في المائة", id="decimal"),
        pytest.param("١٢٬٤٨٠ قارئا", "12\u202f480 قارئا", id="thousands"),
        pytest.param("سنة 2026", "سنة 2026", id="already"),
        pytest.param("فاصلة ٫ وحدها", "فاصلة ٫ وحدها", id="a separator between no digits stays"),
    ],
)
def test_eastern_digits_become_western(text: str, ours: str) -> None:
    assert western(text) == ours
