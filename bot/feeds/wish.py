"""The headers of an answer in, how long to stay away out; called by ``fetch``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST: Final = timedelta(days=365)
_MAX_AGE: Final = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_SECONDS: Final = re.compile(r"\d{1,12}")


def wish_of(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Read how long an answer stays fresh: Retry-After, Cache-Control, then Expires.

    None when nothing is asked, or "do not cache at all".
    """
    wait = retry_after(headers, now)
    if wait is not None:
        return wait
    control = headers.get("Cache-Control", "")
    if "no-cache" in control.lower() or "no-store" in control.lower():
        return None
    age = _MAX_AGE.search(control)
    if age:
        return _bounded(timedelta(seconds=min(int(age.group(1)), LONGEST.total_seconds())))
    return _bounded(_until(headers, "Expires", now))


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Read Retry-After, seconds or a date; None when there is none that can be read."""
    words = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(words):
        return _bounded(timedelta(seconds=min(int(words), LONGEST.total_seconds())))
    return _bounded(_until(headers, "Retry-After", now))


def _until(headers: Mapping[str, str], name: str, now: datetime) -> timedelta | None:
    """Count from the server's own clock, when it shows it, to the date in a header."""
    moment = _date(headers.get(name, ""))
    if moment is None:
        return None
    return moment - (_date(headers.get("Date", "")) or now)


def _date(words: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(words)
    except (OverflowError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # "-0000": UTC, zone unknown


def _bounded(wait: timedelta | None) -> timedelta | None:
    return min(wait, LONGEST) if wait and wait > timedelta(0) else None
