"""Known faults of feeds and their mends; ``entries`` passes every raw entry through the table.

A quirk is a file: what is wrong, where it was told and when, and ``mend``, which leaves alone what
is not that fault. They run in the table's order; one that works on text works on the feed's HTML.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.feeds.quirks import feedburner_link, yoast_footer
from bot.feeds.raw import Raw

QUIRKS: Final[tuple[Callable[[Raw], Raw], ...]] = (
    feedburner_link.mend,
    yoast_footer.mend,
)


def mended(raw: Raw) -> Raw:
    """Return the raw entry without the faults we know."""
    for mend in QUIRKS:
        raw = mend(raw)
    return raw
