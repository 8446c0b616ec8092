"""What a person passes on to us, a link, another's message, a picture with words → what we know.

A link leads to its story, wherever it stands. Other words are searched as far as they tell what it
is about: the beginning of a headline, and less of it while nothing is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from telegram import Message, MessageEntity

from bot.arabic.fold import fold, words
from bot.arabic.shorten import shorten
from bot.arabic.stopwords import is_stopword
from bot.articles.query import parse_query
from bot.articles.urls import canonical
from bot.briefs import links
from bot.commands.reader import search, story
from bot.commands.touch import Touch
from bot.model import Button, StoryId
from bot.storage import articles, desk

MOST_LINKS = 5  # of a message that are looked at
MOST_BUTTON = 40  # UTF-16 units of words on a button
# Words of a headline that are searched: few others have eight in common, and three may be enough.
TRIED: Final = (8, 5, 3)
LEAST: Final = 3  # words that tell something; a line with less is a label
_LINKS: Final[list[str | None]] = [MessageEntity.URL, MessageEntity.TEXT_LINK]
_SIGNS = re.compile(r'["\u00ab\u00bb\u201c\u201d]|(?<!\S)-+')  # what a query would read as its own
_ADDRESS = re.compile(r"\S+://\S+|\S+\.\S+/\S*")
_NAME = re.compile(r"[^\W\d_]{2,}")  # a word of an address, with no digit in it
_ENDING = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)


def has_links(touch: Touch) -> bool:
    """Say whether there is a link in what was written."""
    return touch.message is not None and bool(_addresses(touch.message))


async def look_up(touch: Touch) -> None:
    """Open the story of a typed link; of one that is not ours, offer to search its words.

    The message has acted: Telegram calls it edited when the preview of its link has come.
    """
    message = touch.message
    if message is None:
        return
    async with touch.room.storage.transaction() as tx:
        if not await desk.first_time(tx, touch.chat, message.message_id, touch.now):
            return
    addresses = _addresses(message)
    found = await _story_of(touch, addresses)
    if found is not None:
        await story.open_story(touch, found)
        return
    beside = await _searchable(touch, touch.typed)
    await _offer(touch, beside or await _searchable(touch, " ".join(_words_of(addresses))))


async def take(touch: Touch) -> None:
    """Search what another wrote, or what stands under a picture; say honestly what has no words.

    Of an album, all but the picture with words keep silent after the first.
    """
    is_rest = await _is_rest_of_album(touch)
    if await _search_in(touch) or is_rest:
        return
    texts = touch.texts
    ways = ((
        Button(texts.say("words.latest"), call="go:latest"),
        Button(texts.say("words.sections"), call="go:sections"),
    ),)  # fmt: skip
    await touch.say(texts.say("errors.not_words"), ways)


async def _search_in(touch: Touch) -> bool:
    """Search the words of a message; False when it has none."""
    message = touch.message
    text = (message.text or message.caption or "") if message is not None else ""
    if message is None or not parse_query(_ADDRESS.sub(" ", text)).terms:
        return False
    found = await _story_of(touch, _addresses(message))
    if found is not None:
        await story.open_story(touch, found)
    else:
        origin = "forward" if message.forward_origin is not None else "caption"
        await search.find(touch, await _searchable(touch, text), origin)
    return True


async def _is_rest_of_album(touch: Touch) -> bool:
    """Say whether a picture came in an album of which another was answered before."""
    album = touch.message.media_group_id if touch.message is not None else None
    if not album or not re.fullmatch(r"\d{1,18}", album, re.ASCII):
        return False
    async with touch.room.storage.transaction() as tx:
        return not await desk.first_time(tx, touch.chat, -int(album), touch.now)


def _addresses(message: Message) -> Sequence[str]:
    found = message.parse_entities(_LINKS) | message.parse_caption_entities(_LINKS)
    return [entity.url or text for entity, text in islice(found.items(), MOST_LINKS)]


async def _story_of(touch: Touch, addresses: Iterable[str]) -> StoryId | None:
    """Return the story that one of the addresses leads to: its article's, or our own link."""
    for address in addresses:
        whole = address if "://" in address else f"https://{address}"
        if (own := _own(whole, touch.room.username)) is not None:
            return own
        at = await articles.by_canonical_urls(touch.room.storage, [canonical(whole)])
        if at:
            return at[0].story
    return None


def _own(address: str, username: str) -> StoryId | None:
    """Return the story that a link into this very bot opens."""
    try:
        parts = urlsplit(address)
    except ValueError:  # a bracket that is none
        return None
    is_ours = parts.path.strip("/").casefold() == username.casefold()
    if parts.hostname != "t.me" or not is_ours:
        return None
    match links.opened("".join(parse_qs(parts.query).get("start", [])[:1])):
        case int() as story_id:
            return StoryId(story_id)
        case _:
            return None


async def _offer(touch: Touch, sought: str) -> None:
    """Say that a link is not ours, and offer to search for words when there are any."""
    texts = touch.texts
    if not parse_query(sought).terms:
        await touch.say(texts.say("search.no_such_link"))
        return
    view = await search.keep(touch, await search.asked(touch, sought, "link"))
    text = texts.say("search.instead_button", words=shorten(sought, MOST_BUTTON))
    said = f"{texts.say('search.no_such_link')} {texts.say('search.instead')}"
    await touch.say(said, ((Button(text, call=f"pg:{view.id}:1"),),))


async def _searchable(touch: Touch, text: str) -> str:
    """Return the most of a text's beginning that finds anything; its least when none does."""
    sought = ""
    for most in TRIED:
        sought = _telling(_ADDRESS.sub(" ", text), most)
        if await touch.room.storage.search(parse_query(sought), limit=1):
            break
    return sought


def _telling(text: str, most: int) -> str:
    """Return the beginning of a text's first telling line, with so many words that tell.

    A line of fewer than three such words is a label, unless there is no other.
    """
    lines = [line for line in _SIGNS.sub(" ", text).splitlines() if _weight(line)]
    line = next((one for one in lines if _weight(one) >= LEAST), " ".join(lines))
    taken: list[str] = []
    for token in line.split():
        if _weight(" ".join(taken)) >= most:
            break
        taken.append(token)
    return " ".join(taken)


def _weight(text: str) -> int:
    """Count the words that tell something."""
    return sum(not is_stopword(word) for word in words(fold(text)))


def _words_of(addresses: Iterable[str]) -> Iterator[str]:
    """Yield the telling words of the first address that has any in its path."""
    for address in addresses:
        try:
            path = unquote(urlsplit(address if "://" in address else f"//{address}").path)
        except ValueError:
            continue
        longest = max((_ENDING.sub("", part) for part in path.split("/")), key=len)
        found = [word for word in _NAME.findall(longest) if _weight(word)]
        if found:
            yield from found
            return
