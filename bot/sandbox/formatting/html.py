"""A text in Telegram's HTML → the plain text and its entities; `entities` calls it.

The grammar is Telegram's own, not a browser's: what it does not know it refuses, and every
refusal names the byte offset in UTF-8. Entities come in the order in which tags were closed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.sandbox.formatting.links import checked_link
from bot.sandbox.nouns import Entity, utf16_length
from bot.sandbox.refusals import ApiError, bad_request

KINDS = {
    "a": "text_link",
    "b": "bold",
    "blockquote": "blockquote",
    "code": "code",
    "del": "strikethrough",
    "em": "italic",
    "i": "italic",
    "ins": "underline",
    "pre": "pre",
    "s": "strikethrough",
    "span": "spoiler",
    "strike": "strikethrough",
    "strong": "bold",
    "tg-emoji": "custom_emoji",
    "tg-spoiler": "spoiler",
    "tg-time": "date_time",
    "u": "underline",
}

_SPACE = " \t\r\n\v\0"
_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]*)|#(?P<dec>[0-9]*)|(?P<name>[A-Za-z]+));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_NAME = re.compile(rf"[^{_SPACE}>]*")
_ATTRIBUTE = re.compile(rf"[^{_SPACE}=>/\"']*")
_BLANK = re.compile(rf"[{_SPACE}]*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_LONGEST_REFERENCE = 9  # characters; td counts "&#" and the digits


@dataclass(frozen=True, slots=True)
class _Open:
    """Remember a tag that waits for its end."""

    name: str
    attributes: dict[str, str]
    offset: int  # UTF-16 units, where its text begins
    length: int  # characters of text before it, for a link that is its own address


def parse(source: str) -> tuple[str, list[Entity]]:
    """Read tags and references; raise a 400 that names what is wrong and where."""
    reader = _Reader(source)
    reader.run()
    text = "".join(reader.pieces)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise _broken(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        )
    return text, [_without_language(entity) for entity in reader.entities]


def unescape(text: str) -> str:
    """Decode the four named and the numeric references; leave every other one as it stands."""
    return _REFERENCE.sub(_decoded, text) if "&" in text else text


def _decoded(match: re.Match[str]) -> str:
    if match["name"]:
        return _NAMED.get(match["name"], match[0])
    digits, base = (match["dec"], 10) if match["hex"] is None else (match["hex"], 16)
    code = int(digits or "0", base)
    too_long = len(match[0].rstrip(";")) > _LONGEST_REFERENCE
    return match[0] if code == 0 or code >= 0x10FFFF or too_long else chr(code)


def _broken(why: str) -> ApiError:
    return bad_request(f"can't parse entities: {why}")


class _Reader:
    """Walk over one source from tag to tag."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.pieces: list[str] = []
        self.entities: list[Entity] = []
        self._offset = 0
        self._stack: list[_Open] = []

    def run(self) -> None:
        position = 0
        while (tag := self.source.find("<", position)) >= 0:
            self._write(self.source[position:tag])
            is_end = self.source.startswith("/", tag + 1)
            position = self._end(tag) if is_end else self._start(tag)
        self._write(self.source[position:])
        if self._stack:
            name = self._stack[-1].name
            raise _broken(f'Can\'t find end tag corresponding to start tag "{name}"')

    def _write(self, raw: str) -> None:
        piece = unescape(raw)
        self.pieces.append(piece)
        self._offset += utf16_length(piece)

    def _at(self, position: int) -> str:
        return f"at byte offset {len(self.source[:position].encode('utf-8', 'replace'))}"

    def _start(self, tag: int) -> int:
        name = self._take(_NAME, tag + 1).lower()
        position = tag + 1 + len(name)
        if position >= len(self.source):
            raise _broken(f"Unclosed start tag {self._at(tag)}")
        if name not in KINDS:
            raise _broken(f'Unsupported start tag "{name}" {self._at(tag)}')
        attributes: dict[str, str] = {}
        while (position := self._skip(position)) < len(self.source):
            if self.source[position] == ">":
                break
            position = self._attribute(position, tag, name, attributes)
        if position >= len(self.source):
            raise _broken(f"Unclosed start tag {self._at(tag)}")
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _broken(f'Tag "span" must have class "tg-spoiler" {self._at(tag)}')
        self._stack.append(_Open(name, attributes, self._offset, len(self.pieces)))
        return position + 1

    def _take(self, pattern: re.Pattern[str], position: int) -> str:
        match = pattern.match(self.source, position)
        return match[0] if match else ""

    def _skip(self, position: int) -> int:
        return position + len(self._take(_BLANK, position))

    def _attribute(self, position: int, tag: int, name: str, found: dict[str, str]) -> int:
        key = self._take(_ATTRIBUTE, position)
        if not key:
            raise _broken(f'Empty attribute name in the tag "{name}" {self._at(tag)}')
        position = self._skip(position + len(key))
        if self.source.startswith("=", position):
            position = self._skip(position + 1)
            if position < len(self.source):
                found[key], position = self._value(position, tag)
                return position
        elif position < len(self.source):
            found[key] = ""
            return position
        raise _broken(f'Unclosed start tag "{name}" {self._at(tag)}')

    def _value(self, position: int, tag: int) -> tuple[str, int]:
        quote = self.source[position]
        if quote in "'\"":
            end = self.source.find(quote, position + 1)
            if end < 0:
                raise _broken(f"Unclosed start tag {self._at(tag)}")
            return unescape(self.source[position + 1 : end]), end + 1
        end = position + len(self._take(_TOKEN, position))
        if end < len(self.source) and self.source[end] not in f"{_SPACE}>":
            raise _broken(f"Unexpected end of name token {self._at(position)}")
        return self.source[position:end].lower(), end

    def _end(self, tag: int) -> int:
        if not self._stack:
            raise _broken(f"Unexpected end tag {self._at(tag)}")
        name = self._take(_NAME, tag + 2).lower()
        position = self._skip(tag + 2 + len(name))
        if not self.source.startswith(">", position):
            raise _broken(f"Unclosed end tag {self._at(tag)}")
        opened = self._stack.pop()
        if name and name != opened.name:
            raise _broken(
                f'Unmatched end tag {self._at(tag)}, expected "</{opened.name}>", found "</{name}>"'
            )
        if self._offset > opened.offset:
            self._close(opened)
        return position + 1

    def _close(self, opened: _Open) -> None:
        """Add the entity of a tag; custom emoji stay text, since a bot without a bought name
        may not send them, and a link that is no address stays text too.
        """
        kind = KINDS[opened.name]
        extra: dict[str, str | int] = {}
        match opened.name:
            case "tg-emoji":
                return
            case "tg-time":
                if not (moment := opened.attributes.get("unix", "")).isdecimal():
                    return
                extra = {"unix_time": int(moment)}
                if "format" in opened.attributes:
                    extra["date_time_format"] = opened.attributes["format"]
            case "a":
                written = opened.attributes.get("href") or "".join(self.pieces[opened.length :])
                url = checked_link(written)
                if url is None:
                    return
                extra = {"url": url}
            case "blockquote" if "expandable" in opened.attributes:
                kind = "expandable_blockquote"
            case "pre" | "code" if self._joins(opened):
                return
            case "code" if language := _language(opened):
                extra = {"language": language}
        self.entities.append(Entity(kind, opened.offset, self._offset - opened.offset, extra))

    def _joins(self, opened: _Open) -> bool:
        """Make one block of code with a language out of `pre` and `code` round one text."""
        if not self.entities:
            return False
        inner = self.entities[-1]
        if (inner.offset, inner.length) != (opened.offset, self._offset - opened.offset):
            return False
        language = _language(opened) if opened.name == "code" else inner.extra.get("language")
        expected = "pre" if opened.name == "code" else "code"
        if inner.kind != expected or not language:
            return False
        self.entities[-1] = Entity("pre", inner.offset, inner.length, {"language": language})
        return True


def _without_language(entity: Entity) -> Entity:
    """Forget the language of code within a line: only a block has one."""
    is_bare = entity.kind != "code" or not entity.extra
    return entity if is_bare else Entity("code", entity.offset, entity.length)


def _language(opened: _Open) -> str:
    written = opened.attributes.get("class", "")
    return written.removeprefix("language-") if written.startswith("language-") else ""
