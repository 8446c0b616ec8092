"""A headline in, how we show it and whether it hides what happened out; called by layouts."""

from __future__ import annotations

import re

from bot.arabic.fold import fold, words
from bot.arabic.shorten import shorten
from bot.briefs.lists import begins, phrases
from bot.model import Article

MOST_TITLE = 240  # UTF-16 units; the longest honest headlines have some 150

_SPLIT = re.compile(r"[:?\N{ARABIC QUESTION MARK}]")
_OPEN_END = ("?", "!", "..", "\N{ARABIC QUESTION MARK}", "\N{HORIZONTAL ELLIPSIS}")
_ANSWER = 3  # words behind a colon or a question mark that tell what was hidden before it


def headline(article: Article, most: int = MOST_TITLE) -> str:
    """Return the title in at most ``most`` UTF-16 units: no list is one newspaper's alone."""
    return shorten(article.title, most)


def hides_fact(title: str) -> bool:
    """Say whether a headline asks or teases and leaves what happened to the text."""
    last = _SPLIT.split(title.rstrip())[-1]
    if last != title.rstrip() and len(words(fold(last))) >= _ANSWER:
        return False
    return title.rstrip().endswith(_OPEN_END) or begins(title, phrases("titles", "teasers"))
