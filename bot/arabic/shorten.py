"""Text and a limit in, text within the limit out; called by layouts, buttons and lists.

Lengths are UTF-16 code units, as the Bot API counts them.
"""

from __future__ import annotations

import re
from itertools import accumulate, takewhile

from bot.arabic.direction import PDI, open_isolates

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

_LAST_OF_ONE_UNIT = "\uffff"
_SPACE = re.compile(r"[ \t\n]+")  # no-break spaces hold a number and its groups together
# What may not stand before the ellipsis: commas and stops, marks that open, dashes. Isolates are no
# letters: an opening one left with nothing in it goes too.
_DANGLING = (
    " \t\n.,:;!?…-–—/|·•("
    "[{«“‘\"'"
    "\N{ARABIC COMMA}\N{ARABIC SEMICOLON}\N{ARABIC QUESTION MARK}"
    "\N{FIRST STRONG ISOLATE}\N{LEFT-TO-RIGHT ISOLATE}\N{RIGHT-TO-LEFT ISOLATE}"
)


def units(text: str) -> int:
    """Count UTF-16 code units."""
    return len(text) + sum(character > _LAST_OF_ONE_UNIT for character in text)


def shorten(text: str, most: int) -> str:
    """Cut text between two words to at most ``most`` units, with an ellipsis where it was cut.

    Isolates that the cut leaves open are closed before the ellipsis. When not even the first word
    fits, the ellipsis stands alone; nothing fits into less than one unit.
    """
    text = text if units(text) <= most else text.rstrip()
    if units(text) <= most:
        return text
    for end in reversed(_word_ends(text, _fitting(text, most))):
        kept = text[:end].rstrip(_DANGLING)
        short = f"{kept}{PDI * open_isolates(kept)}{ELLIPSIS}"
        if units(short) <= most:
            return short
    return ELLIPSIS if most >= units(ELLIPSIS) else ""


def _fitting(text: str, most: int) -> int:
    """Count the characters at the beginning that fill at most ``most`` units."""
    running = accumulate(units(character) for character in text)
    return sum(1 for _ in takewhile(lambda filled: filled <= most, running))


def _word_ends(text: str, last: int) -> list[int]:
    return [space.start() for space in _SPACE.finditer(text, 0, last + 1)]
