"""How long a server asks us to stay away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.wish import LONGEST, retry_after, wish_of

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("headers", "wish"),
    [
        pytest.param({}, None, id="nothing said"),
        pytest.param({"Cache-Control": "max-age=600"}, 10 * MINUTE, id="max-age"),
        pytest.param({"Cache-Control": "public, MAX-AGE=60"}, MINUTE, id="among others"),
        pytest.param({"Cache-Control": "s-maxage=60"}, None, id="what is for proxies"),
        pytest.param({"Cache-Control": "max-age=0"}, None, id="zero"),
        pytest.param({"Cache-Control": "no-cache, max-age=600"}, None, id="no-cache"),
        pytest.param({"Cache-Control": "max-age=soon"}, None, id="no number"),
        pytest.param(
            {"Cache-Control": "max-age=999999999999"}, LONGEST, id="thirty thousand years"
        ),
        pytest.param({"Expires": "Tue, 24 Nov 2026 12:05:00 GMT"}, 5 * MINUTE, id="Expires"),
        pytest.param({"Expires": "0"}, None, id="expired"),
        pytest.param({"Expires": "Tue, 24 Nov 2020 12:05:00 GMT"}, None, id="long ago"),
        pytest.param(
            {
                "Date": "Tue, 24 Nov 2026 13:00:00 GMT",
                "Expires": "Tue, 24 Nov 2026 13:05:00 GMT",
            },
            5 * MINUTE,
            id="by a clock an hour fast",
        ),
        pytest.param(
            {"Cache-Control": "max-age=60", "Retry-After": "120"},
            2 * MINUTE,
            id="Retry-After first",
        ),
    ],
)
def test_the_wish_is_read_from_the_headers(headers: dict[str, str], wish: timedelta | None) -> None:
    assert wish_of(headers, NOW) == wish


@pytest.mark.parametrize(
    ("words", "wait"),
    [
        ("120", 2 * MINUTE),
        ("Tue, 24 Nov 2026 12:10:00 GMT", 10 * MINUTE),
        ("Tue, 24 Nov 2026 12:10:00 -0000", 10 * MINUTE),
        ("Tue, 24 Nov 2026 11:10:00 GMT", None),
        ("0", None),
        ("-5", None),
        ("1.5", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(words: str, wait: timedelta | None) -> None:
    assert retry_after({"Retry-After": words}, NOW) == wait


@given(st.sampled_from(["Cache-Control", "Expires", "Retry-After", "Date"]), st.text())
def test_any_header_is_a_wish_or_none(name: str, words: str) -> None:
    wish = wish_of({"Expires": "Tue, 24 Nov 2026 12:05:00 GMT"} | {name: words}, NOW)

    assert wish is None or timedelta(0) < wish <= LONGEST
