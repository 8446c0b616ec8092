"""A title in, whether it is urgent and the title without the word out; called by ``decide``.

Precision first: an alert at night for «an urgent operation» costs a reader for good. So the word
counts where editors put it as a mark, set off by punctuation, and nowhere inside a sentence.
"""

from __future__ import annotations

import re
from functools import cache

from bot.arabic.fold import fold
from bot.arabic.lists import word_lists


def split_urgent(title: str) -> tuple[str, bool]:
    """Return the title without its mark of urgency, and whether it had one.

    Nothing is left of a title that is only the mark.
    """
    line = " ".join(title.split())
    for pattern in _patterns():
        if match := pattern.fullmatch(line):
            return match["rest"], True
    return title, False


def is_mark(text: str) -> bool:
    """Say whether a text is nothing but a mark of urgency."""
    return split_urgent(text) == ("", True)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return how a mark stands in a title: in brackets, before a wall, as a hashtag, at the end."""
    marks = word_lists(__package__, "urgency")["marks"]
    spelt = {form for mark in marks for form in (mark, fold(mark))}
    word = "|".join(_spelling(form) for form in sorted(spelt, key=len, reverse=True))
    sign = r"(?:[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?\s?)*"  # a red dot, a siren, a flash
    wall = r"\s?(?:[:|/!.\u2026\u2022\u00b7]+|[-\u2013\u2014\u0640]+(?=\s))\s?"
    rest = r"(?P<rest>\S.*|)"
    return (
        re.compile(rf"{sign}[\[({{]\s?(?:{word})\s?[\])}}](?:{wall}|\s)?{rest}"),
        re.compile(rf"{sign}[\u00ab\"\u201c]\s?(?:{word})\s?[\u00bb\"\u201d]{wall}{rest}"),
        re.compile(rf"{sign}(?:{word})(?:{wall}|$){rest}"),
        re.compile(rf"{sign}#(?:{word})(?:{wall}|\s|$){rest}"),
        re.compile(rf"(?P<rest>\S.*?)\s?(?:\||\s[-\u2013\u2014])\s?(?:{word})"),
    )


def _spelling(mark: str) -> str:
    """Return a pattern for a word however it is stretched and vowelled."""
    stretch = "[\u0640\u064b-\u0652]*"  # tatweel; fathatan to sukun
    return "".join(rf"{re.escape(letter)}{stretch}" for letter in mark)
