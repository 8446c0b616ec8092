"""A title in, whether it is urgent and the title without the word out; called by ``decide``.

Precision first: an alert at night for «an urgent operation» costs a reader for good. So the word
counts where editors put it as a mark, set off by punctuation, and nowhere inside a sentence.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from bot.arabic.fold import fold


def split_urgent(title: str) -> tuple[str, bool]:
    """Return the title without its mark of urgency, and whether it had one."""
    for pattern in _patterns():
        match = pattern.fullmatch(title.strip())
        if match and match["rest"].strip():
            return match["rest"].strip(), True
    return title, False


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    marks = tomllib.loads(files("bot.articles").joinpath("data/urgency.toml").read_text("utf-8"))
    spelt = {form for mark in marks["marks"] for form in (mark, fold(mark))}
    words = "|".join(re.escape(form) for form in sorted(spelt, key=len, reverse=True))
    wall = r"\s*(?:[:|/!.\u2026\u2022\u00b7]+|[-\u2013\u2014\u0640]+\s)\s*"
    return (
        re.compile(
            rf"[\[(\u00ab{{]\s*(?:{words})\s*[\])\u00bb}}]{wall[:-3]}?\s*(?P<rest>.+)", re.DOTALL
        ),
        re.compile(rf"(?:{words}){wall}(?P<rest>.+)", re.DOTALL),
        re.compile(rf"(?P<rest>.+?)\s*[|\-\u2013\u2014]\s*(?:{words})", re.DOTALL),
    )
