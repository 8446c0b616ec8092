"""Sections without news, or without news for long, say so (T56)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.town import SALMA, Town

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.shows("section_empty", "section_quiet")
async def test_an_empty_section_says_so_and_when_it_last_had_news(town: Town) -> None:
    """T56; kite #561, #402."""
    town.clock.set(NOON)
    town.paper.prints("sport", "الوداد يستعد لمواجهة الرجاء في مركب محمد الخامس")
    await town.begin()
    await town.says(SALMA, "طقس وبيئة")
    await town.sees(SALMA, "لا أخبار في قسم «طقس وبيئة» بعد.")
    await town.taps(SALMA, "الأقسام")
    await town.sees(SALMA, "اختر قسما")

    town.clock.forward(timedelta(days=3))
    await town.says(SALMA, "/sport")
    await town.sees(SALMA, "لا جديد في قسم «رياضة» منذ الاثنين 2 مارس.", "1. الوداد يستعد")
