"""A reader of Telegram HTML for the tests, written apart from ours: text, entities, or an error."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_ENTITIES = {"b": "bold", "a": "text_link", "blockquote": "expandable_blockquote"}


@dataclass
class Read:
    """What a message would show."""

    text: str = ""
    entities: list[tuple[str, str, str]] = field(default_factory=list)  # kind, text, address

    @property
    def units(self) -> int:
        return len(self.text.encode("utf-16-le", "surrogatepass")) // 2

    def links(self) -> list[tuple[str, str]]:
        return [(text, url) for kind, text, url in self.entities if kind == "text_link"]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read = Read()
        self.open: list[tuple[str, int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _ENTITIES, f"unknown tag {tag}"
        assert self.get_starttag_text() == self.get_starttag_text().lower() or tag == "a"
        given = dict(attrs)
        assert set(given) == {"a": {"href"}, "blockquote": {"expandable"}}.get(tag, set())
        assert not (tag == "blockquote" and self.open), "a quote stands in no other tag"
        self.open.append((tag, len(self.read.text), given.get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> without a beginning"
        opened, start, url = self.open.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"
        inside = self.read.text[start:]
        assert inside.strip(), f"<{tag}> holds nothing"
        self.read.entities.append((_ENTITIES[tag], inside, url))

    def handle_data(self, data: str) -> None:
        self.read.text += data


def read(html: str) -> Read:
    """Read a message's HTML; an AssertionError says what Telegram would refuse."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open, f"never closed: {reader.open}"
    return reader.read
