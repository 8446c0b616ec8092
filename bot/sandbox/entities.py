"""What a bot wrote (text, parse mode, entities) → what Telegram shows, or its refusal.

`methods` calls `formatted` for texts and captions, `people` calls `typed` for what people say.
The steps are Telegram's and their order matters: parse, nest, clean, trim, measure, cap.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from bot.sandbox.formatting import html
from bot.sandbox.formatting.detect import detect
from bot.sandbox.formatting.links import checked_link
from bot.sandbox.formatting.nesting import arrange, in_order, overlaps
from bot.sandbox.nouns import Entity, Json, utf16_length
from bot.sandbox.refusals import bad_request

TEXT_LIMIT = 4096  # UTF-16 units; Bot API sendMessage
CAPTION_LIMIT = 1024  # UTF-16 units; Bot API sendPhoto
ENTITY_LIMIT = 100  # Telegram drops the rest in silence
SOURCE_LIMIT = 1 << 15  # bytes of UTF-8 before parsing; tdlib/telegram-bot-api Client.cpp

_GONE = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")  # td removes these
_BLANKED = re.compile("[\0-\x09\x0b\x0c\x0e-\x1f]")  # and makes spaces of these
_MARKS = re.compile("[\u200e\u200f]+(?=[\u200e\u200f])")  # a run of marks keeps its last one
_INVISIBLE = " \n\xa0\u200b\u200c\u200d\u200e\u200f\u2800\u3000\ufeff"
_FOUND_BY_TELEGRAM = {
    *("bank_card_number", "bot_command", "cashtag", "email"),
    *("hashtag", "mention", "phone_number", "url"),
}
_KINDS = {
    *("blockquote", "bold", "code", "custom_emoji", "date_time", "expandable_blockquote"),
    *("italic", "pre", "spoiler", "strikethrough", "text_link", "text_mention", "underline"),
}


def formatted(
    text: str,
    parse_mode: str = "",
    entities: Sequence[Json] = (),
    *,
    limit: int = TEXT_LIMIT,
) -> tuple[str, tuple[Entity, ...]]:
    """Give the text and its entities, or raise a 400; `limit` tells a text from a caption."""
    is_caption = limit == CAPTION_LIMIT
    if not text and not is_caption:
        raise bad_request("message text is empty")
    if len(text.encode("utf-8", "replace")) > SOURCE_LIMIT:
        raise bad_request("text is too long")
    plain, given = _read(text, parse_mode, entities)
    plain, given = _trimmed(*_cleaned(plain, arrange(given)))
    if not plain.strip(_INVISIBLE):
        if is_caption:
            return "", ()
        raise bad_request("text must be non-empty")
    if utf16_length(plain) > limit:
        raise bad_request(f"message {'caption ' if is_caption else ''}is too long")
    kept = given[:ENTITY_LIMIT]
    return plain, tuple(in_order([*kept, *_new(plain, kept)]))


def typed(text: str, entities: Sequence[Json] = ()) -> tuple[str, tuple[Entity, ...]]:
    """Give a person's text as their application would send it; `entities` is what they marked."""
    return formatted(text, entities=entities)


def _read(text: str, parse_mode: str, entities: Sequence[Json]) -> tuple[str, list[Entity]]:
    match parse_mode.lower():
        case "" | "none":
            return text, _explicit(text, entities)
        case "html":
            return html.parse(text)
        case "markdown" | "markdownv2":
            raise bad_request("the sandbox speaks HTML only: parse_mode Markdown is not read here")
        case _:
            raise bad_request("unsupported parse_mode")


def _explicit(text: str, entities: Sequence[Json]) -> list[Entity]:
    """Read an array of MessageEntity; those that Telegram finds by itself are ignored."""
    length = utf16_length(text)
    given: list[Entity] = []
    for item in entities:
        kind, offset, size = item["type"], item["offset"], item["length"]
        if kind in _FOUND_BY_TELEGRAM:
            continue
        if kind not in _KINDS:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        if offset < 0 or size < 0:
            which = f"offset {offset}" if offset < 0 else f"length {size}"
            raise bad_request(f"receive an entity with incorrect {which}")
        if offset + size > length:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
                f"at UTF-16 offset {offset + size}"
            )
        extra = {key: value for key, value in item.items() if key in ("url", "language", "user")}
        if kind == "text_link":
            url = checked_link(extra.get("url", ""))
            if url is None:
                continue
            extra = {"url": url}
        if kind != "custom_emoji":
            given.append(Entity(kind, offset, size, extra))
    return given


def _cleaned(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Remove what Telegram removes and move the entities along."""
    text = _BLANKED.sub(" ", text)
    removed = [utf16_length(text[: match.start()]) for match in _GONE.finditer(text)]
    if removed:
        text = _GONE.sub("", text)
        entities = arrange(
            _between(
                e, e.offset - bisect_left(removed, e.offset), e.end - bisect_left(removed, e.end)
            )
            for e in entities
        )
    return _MARKS.sub(lambda run: "\u200c" * len(run[0]), text), entities


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Cut blanks off both ends; a blank at the front that an entity covers stays."""
    text = text.rstrip(" \n")
    end = utf16_length(text)
    entities = in_order(_between(e, e.offset, min(e.end, end)) for e in entities if e.offset < end)
    blanks = len(text) - len(text.lstrip(" \n"))
    cut = min([blanks, *(entity.offset for entity in entities[:1])])
    return text[cut:], [_between(e, e.offset - cut, e.end - cut) for e in entities]


def _between(entity: Entity, begin: int, end: int) -> Entity:
    return Entity(entity.kind, begin, end - begin, entity.extra)


def _new(text: str, entities: Iterable[Entity]) -> list[Entity]:
    """Find commands, addresses, names and tags outside links and code."""
    shut = [e for e in entities if e.kind in ("code", "pre", "text_link", "text_mention")]
    return [entity for entity in detect(text) if not overlaps(entity, shut)]
