"""What a link into the bot leads to in, the word behind ``?start=`` out, and back; pure.

``/start`` reads the words, lists and shared results write them. Telegram allows 64 letters of
``A-Z a-z 0-9 _ -`` (Bot API, "Deep linking"), so a search travels as URL-safe base64 of UTF-8.
What comes in was written by anybody: a word that says nothing of ours is None, never an error.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from bot.model import Section, StoryId

MOST = 64  # letters; Bot API, "Deep linking"
_SEARCH = "q_"
_MOST_BYTES = (MOST - len(_SEARCH)) * 3 // 4
_WORD = re.compile(
    rf"st_(?P<story>\d{{1,18}})|sec_(?P<section>{'|'.join(Section)})|q_(?P<search>[\w-]*)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Search:
    """A search to open; "" when the words cannot be read any more."""

    words: str


Link = StoryId | Section | Search


def to_story(story: StoryId) -> str:
    """Return the word that opens a story; as an inline query it finds exactly this story."""
    return f"st_{story}"


def to_search(typed: str) -> str:
    """Return the word that opens a search; of many words the first that fit, "" of none."""
    words = typed.split()
    while words and len(" ".join(words).encode()) > _MOST_BYTES:
        words.pop()
    if not words:
        return ""
    return _SEARCH + base64.urlsafe_b64encode(" ".join(words).encode()).decode().rstrip("=")


def opened(word: str) -> Link | None:
    """Return what a word opens."""
    match = _WORD.fullmatch(word)
    if match is None:
        return None
    if match["story"]:
        return StoryId(int(match["story"]))
    if match["section"]:
        return Section(match["section"])
    return Search(_read(match["search"]))


def _read(encoded: str) -> str:
    """Read the words of a search, "" when they are broken."""
    try:
        padded = encoded + "=" * (-len(encoded) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
