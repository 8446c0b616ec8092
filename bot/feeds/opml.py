"""A list of feeds as OPML: bytes in, feeds out, and back; the editors' chat and the shell call it.

OPML is what readers of feeds exchange: outlines in outlines, folders round feeds. We read any, and
write what others read. Lists come from strangers: a document that declares a type of its own is
refused, and with it every entity that could grow or open a file; sizes have limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from bot.arabic.direction import strip_controls
from bot.errors import FetchCause, ParseError
from bot.feeds.charset import decode

SIZE_LIMIT: Final = 1024 * 1024  # bytes
FEEDS_LIMIT: Final = 2_000
DEPTH_LIMIT: Final = 50  # folders in folders
NAME_LIMIT: Final = 200  # characters of a title or a folder
URL_LIMIT: Final = 2_000  # characters, as in ``guard``
_LONE_AMPERSAND: Final = re.compile(r"&(?!(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed as a list names it; ``folder`` is the innermost folder round it, "" for none."""

    url: str
    title: str = ""
    folder: str = ""


def read(body: bytes) -> tuple[Listed, ...]:
    """Return the feeds of a list in its order, each address once; ParseError when it is none."""
    if len(body) > SIZE_LIMIT:
        raise ParseError(f"the list is larger than {SIZE_LIMIT // 1024} KiB", FetchCause.TOO_LARGE)
    reader = _Reader()
    parser = ET.XMLParser(target=reader)  # noqa: S314 - no doctype, so no entities
    page = _DECLARATION.sub("", decode(body, "").lstrip("\ufeff"), count=1)
    try:
        parser.feed(_LONE_AMPERSAND.sub("&amp;", page))  # in addresses written by hand
        parser.close()
    except ET.ParseError as error:
        line, _ = error.position
        raise ParseError(f"the list is no XML (line {line})") from error
    if not reader.is_opml:
        raise ParseError("the document is no OPML")
    return tuple(reader.found.values())


def write(feeds: Iterable[Listed], title: str) -> bytes:
    """Write feeds as OPML 2.0, those of one folder together."""
    page = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(page, "head"), "title").text = _plain(title)
    body = ET.SubElement(page, "body")
    folders: dict[str, ET.Element] = {"": body}
    for feed in feeds:
        name = _plain(feed.folder)
        if name not in folders:
            folders[name] = ET.SubElement(body, "outline", text=name, title=name)
        words = _plain(feed.title) or feed.url
        told = {"type": "rss", "text": words, "title": words, "xmlUrl": strip_controls(feed.url)}
        ET.SubElement(folders[name], "outline", told)
    ET.indent(page)
    written: bytes = ET.tostring(page, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


class _Reader:
    """What the XML parser tells its findings to; no tree is built."""

    def __init__(self) -> None:
        self.found: dict[str, Listed] = {}
        self.is_opml = False
        self._folders: list[str] = []  # one for each open outline; "" for a feed's own

    def doctype(self, *_: object) -> None:
        """Refuse a document that declares a type: OPML has none, entities have."""
        raise ParseError("the list declares a document type of its own")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an outline: a feed, or a folder of what stands in it."""
        name = _local(tag)
        self.is_opml = self.is_opml or name == "opml"
        if name != "outline":
            return
        given = {_local(key): value for key, value in attributes.items()}
        title = _plain(given.get("text", "")) or _plain(given.get("title", ""))
        url = given.get("xmlurl", "").strip()
        if url and len(url) <= URL_LIMIT and url not in self.found:
            self._keep(Listed(url, "" if title == url else title, self._folder()))
        if len(self._folders) >= DEPTH_LIMIT:
            raise ParseError("the list has folders in folders without end")
        self._folders.append("" if url else title)

    def end(self, tag: str) -> None:
        """Close an outline."""
        if _local(tag) == "outline":
            self._folders.pop()

    def close(self) -> None:
        """End: what was found stands in ``found``."""

    def _folder(self) -> str:
        return next((name for name in reversed(self._folders) if name), "")

    def _keep(self, feed: Listed) -> None:
        if len(self.found) >= FEEDS_LIMIT:
            raise ParseError(f"the list has more than {FEEDS_LIMIT} feeds", FetchCause.TOO_LARGE)
        self.found[feed.url] = feed


def _local(name: str) -> str:
    """Return a name without its namespace, in small letters: lists are written by many hands."""
    return name.rpartition("}")[2].lower()


def _plain(words: str) -> str:
    """Return words as one line that XML can carry."""
    return _SPACE.sub(" ", strip_controls(words)).strip()[:NAME_LIMIT].strip()
