"""A plain text → the entities Telegram finds by itself: commands, addresses, names, tags."""

from __future__ import annotations

import re

from bot.sandbox.formatting.links import checked_link
from bot.sandbox.nouns import Entity, utf16_length

_PATTERNS = {
    "url": re.compile(r"(?<![\w@])https?://[^\s<>\"«»]+[^\s<>\"«».,;:!?()]", re.IGNORECASE),
    "bot_command": re.compile(r"(?<![\w/<>@.])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?(?![\w/])"),
    "mention": re.compile(r"(?<![\w@/.])@[A-Za-z][A-Za-z0-9_]{3,31}(?![\w@])"),
    "hashtag": re.compile(r"(?<![\w#&])#(?!\d+\b)\w{1,256}"),
}


def detect(text: str) -> list[Entity]:
    """Find entities in order; none overlaps one found earlier in the table above."""
    if not any(sign in text for sign in "/@#"):
        return []
    taken: list[range] = []
    found: list[Entity] = []
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            span = range(*match.span())
            if any(span.start < other.stop and other.start < span.stop for other in taken):
                continue
            if kind == "url" and checked_link(match[0]) is None:
                continue
            taken.append(span)
            offset = utf16_length(text[: span.start])
            found.append(Entity(kind, offset, utf16_length(match[0])))
    return sorted(found, key=lambda entity: entity.offset)
