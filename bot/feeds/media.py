"""A raw entry and its HTML in, its picture, its film and the film's length out; for ``entries``."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from bot.feeds.raw import Raw, first, number, plain, several, text, whole
from bot.feeds.sanitize import safe_url

_HTML_SEARCHED: Final = 100_000  # characters; a picture that comes later is not the article's
_SMALLEST: Final = 50  # pixels a side: below are counters, avatars, buttons
_IMG: Final = re.compile(r"<img\s[^>]{1,4000}>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""([\w-]{2,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_LAZY: Final = ("data-lazy-src", "data-src", "data-original", "src")  # the real one first
_PICTURE_ENDS: Final = (".jpg", ".jpeg", ".png", ".webp", ".gif")
_FILM_ENDS: Final = (".mp4", ".m4v", ".webm", ".mov")
_LONGEST_FILM: Final = 24 * 3600  # seconds; a longer one is a broadcast, or a fault
_CLOCK: Final = re.compile(r"(?:(\d{1,2}):)?(\d{1,4}):(\d{1,2})(?:\.\d+)?")  # 3:25, 1:02:10
_PERIOD: Final = re.compile(
    r"PT(?:(\d{1,2})H)?(?:(\d{1,4})M)?(?:(\d{1,5})(?:\.\d+)?S)?"
)  # ISO 8601
_NO_PICTURE: Final = re.compile(r"/(?:pixel|spacer|blank|1x1)\b|emoji|gravatar\.com", re.IGNORECASE)


def image_of(raw: Raw, markup: str, base: str) -> str:
    """Choose the entry's picture: its media, its thumbnail, an enclosure, then its first <img>."""
    candidates = (*_widest_first(raw), *_thumbnails(raw), *_enclosed(raw, "image", _PICTURE_ENDS))
    return first(safe_url(url, base) for url in (*candidates, *_pictures_in(markup)))


def video_of(raw: Raw, base: str) -> str:
    """Choose the entry's film: a YouTube page, its media, an enclosure, or the page it plays on."""
    youtube = text(raw, "yt_videoid")
    if re.fullmatch(r"[\w-]{6,20}", youtube):
        return f"https://www.youtube.com/watch?v={youtube}"
    media = [text(one, "url", "href") for one in _films(raw)]
    player = text(plain(raw.get("media_player")), "url")
    candidates = (*media, *_enclosed(raw, "video", _FILM_ENDS), player)
    return first(safe_url(url, base) for url in candidates)


def seconds_of(raw: Raw) -> int | None:
    """Return the length of the entry's film in seconds; None when nobody tells.

    Media RSS tells it, YouTube's own elements, or iTunes'.
    """
    told = (
        *(text(one, "duration") for one in _films(raw)),
        text(plain(raw.get("yt_duration")), "seconds"),
        text(raw, "itunes_duration"),
    )
    return next((length for words in told if (length := _seconds(words))), None)


def _films(raw: Raw) -> list[Raw]:
    return [one for one in several(raw, "media_content") if _is(one, "video", _FILM_ENDS)]


def _seconds(words: str) -> int | None:
    """Read a length as feeds write it: seconds, a clock or a period; None when it says none."""
    found = _CLOCK.fullmatch(words) or _PERIOD.fullmatch(words)
    if found:
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        length = (hours * 60 + minutes) * 60 + seconds
    else:
        length = whole(words.partition(".")[0])
    return length if 0 < length <= _LONGEST_FILM else None


def _widest_first(raw: Raw) -> list[str]:
    pictures = [one for one in several(raw, "media_content") if _is(one, "image", _PICTURE_ENDS)]
    pictures.sort(key=lambda one: number(one, "width"), reverse=True)  # stable: the feed's order
    return [text(one, "url", "href") for one in pictures]


def _thumbnails(raw: Raw) -> list[str]:
    return [text(one, "url", "href") for one in several(raw, "media_thumbnail")]


def _enclosed(raw: Raw, kind: str, ends: tuple[str, ...]) -> list[str]:
    links = (link for link in several(raw, "links") if text(link, "rel") == "enclosure")
    return [text(link, "href", "url") for link in links if _is(link, kind, ends)]


def _is(one: Raw, kind: str, ends: tuple[str, ...]) -> bool:
    """Tell a medium's kind by what it says of itself, else by its name's ending."""
    said = text(one, "type").lower() or text(one, "medium").lower()
    if said:
        return said.partition("/")[0] == kind
    try:
        return urlsplit(text(one, "url", "href")).path.lower().endswith(ends)
    except ValueError:
        return False


def _pictures_in(markup: str) -> Iterator[str]:
    for found in _IMG.finditer(markup[:_HTML_SEARCHED]):
        attributes = {
            name.lower(): html.unescape(quoted or single or bare)
            for name, quoted, single, bare in _ATTRIBUTE.findall(found.group())
        }
        sides = (whole(attributes.get(side, "")) for side in ("width", "height"))
        url = first(attributes.get(name, "") for name in _LAZY)
        if any(0 < side < _SMALLEST for side in sides) or _NO_PICTURE.search(url):
            continue
        yield url
