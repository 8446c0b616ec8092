"""A page of any kind in, its Document out: what its bytes show it to be decides, not its label.

Called by ``parser_child`` and nobody else: the kinds import heavy libraries that read what
strangers wrote. A new kind is a file beside these and a line in ``KINDS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.feeds.kinds import ical
from bot.feeds.parse import parse
from bot.feeds.wire import Request
from bot.model import Document

# How a kind is known by its first bytes, and who reads it; what is none of these is RSS or Atom.
KINDS: Final[Mapping[Callable[[bytes], bool], Callable[[Request], Document]]] = {
    ical.is_calendar: ical.parse,
}


def read(request: Request) -> Document:
    """Read a page; ParseError says in a sentence why it cannot be read."""
    for is_of_kind, parse_kind in KINDS.items():
        if is_of_kind(request.body):
            return parse_kind(request)
    return parse(
        request.body, request.content_type, request.url, zone=request.zone, now=request.now
    )
