"""Numbers in, their readable form out; and Eastern digits in, Western out. Called where we show.

Mujaz writes 0-9, as the Moroccan press does.
"""

from __future__ import annotations

import re

_GROUP = "\N{NARROW NO-BREAK SPACE}"
_EASTERN = {
    first + value: str(value)
    for first in (
        ord("\N{ARABIC-INDIC DIGIT ZERO}"),
        ord("\N{EXTENDED ARABIC-INDIC DIGIT ZERO}"),
    )
    for value in range(10)
}
_DECIMAL = re.compile(r"(?<=[0-9])\N{ARABIC DECIMAL SEPARATOR}(?=[0-9])")
_THOUSANDS = re.compile(r"(?<=[0-9])\N{ARABIC THOUSANDS SEPARATOR}(?=[0-9])")


def grouped(number: int) -> str:
    """Write a whole number in groups of three that no line break can part."""
    return f"{number:,}".replace(",", _GROUP)


def western(text: str) -> str:
    """Return the text with Arabic-Indic and Persian digits, and the separators between, as ours."""
    return _THOUSANDS.sub(_GROUP, _DECIMAL.sub(".", text.translate(_EASTERN)))
