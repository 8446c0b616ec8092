"""The periods of the reader's calendar."""

from __future__ import annotations

from datetime import date

import pytest

from bot.articles.periods import span
from bot.model import Period

TUESDAY, MONDAY, SUNDAY = date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 29)


@pytest.mark.parametrize(
    ("period", "today", "expected"),
    [
        (Period.TODAY, TUESDAY, (TUESDAY, date(2026, 11, 25))),
        (Period.YESTERDAY, TUESDAY, (MONDAY, TUESDAY)),
        (Period.YESTERDAY, date(2027, 1, 1), (date(2026, 12, 31), date(2027, 1, 1))),
        (Period.WEEK, TUESDAY, (MONDAY, date(2026, 11, 25))),
        (Period.WEEK, MONDAY, (MONDAY, TUESDAY)),
        (Period.WEEK, SUNDAY, (MONDAY, date(2026, 11, 30))),
        (Period.WEEK, date(2027, 1, 1), (date(2026, 12, 28), date(2027, 1, 2))),
        (Period.MONTH, TUESDAY, (date(2026, 11, 1), date(2026, 11, 25))),
        (Period.MONTH, date(2026, 12, 31), (date(2026, 12, 1), date(2027, 1, 1))),
        (Period.EVER, TUESDAY, None),
    ],
)
def test_a_period_is_of_the_calendar(
    period: Period, today: date, expected: tuple[date, date] | None
) -> None:
    assert span(period, today) == expected
