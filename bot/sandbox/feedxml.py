"""A source and its editions come in, a feed or an article page goes out; newspaper.py asks.

The sources differ on purpose, as real ones do: RSS with ``content:encoded`` and Media RSS, Atom
with enclosures, RSS a section whose description carries the whole text, and a channel of films.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from string import Template

RSS_TYPE = "application/rss+xml"
ATOM_TYPE = "application/atom+xml"

NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


@dataclass(frozen=True, slots=True)
class Source:
    """Name one fictitious publisher; ``sections`` maps a feed's file name to its section."""

    key: str
    name: str
    tagline: str
    kind: str  # "rss", "atom", "sections" or "video"
    sections: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Edition:
    """Hold an article as published; ``updated_at`` is the later one once it was corrected."""

    source: str
    slug: str
    title: str
    paragraphs: tuple[str, ...]
    section: str
    categories: tuple[str, ...]
    author: str | None
    picture: str | None
    video: str | None
    seconds: int | None  # how long the video is
    published_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Media:
    """Point at a picture or a clip the way enclosures must: address, type, bytes."""

    url: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class Place:
    """Know where the newspaper stands (``http://host:port``) and how large its pictures are."""

    origin: str
    sizes: Mapping[str, int]

    def article(self, edition: Edition) -> str:
        """Give the address a reader opens."""
        return f"{self.origin}/news/{edition.source}/{edition.slug}"

    def picture(self, edition: Edition) -> Media | None:
        """Give the drawn picture, when the article has one."""
        name = f"{edition.picture}.png"
        return self._media("pictures", name, "image/png") if edition.picture else None

    def video(self, edition: Edition) -> Media | None:
        """Give the clip, when the article has one."""
        name = f"{edition.video}.mp4"
        return self._media("videos", name, "video/mp4") if edition.video else None

    def _media(self, folder: str, name: str, mime: str) -> Media:
        return Media(f"{self.origin}/news/{folder}/{name}", mime, self.sizes[name])


def write_feed(
    source: Source, editions: Sequence[Edition], *, place: Place, section: str | None, path: str
) -> tuple[bytes, str]:
    """Write the feed of ``editions`` (newest first) and name its content type."""
    if source.kind == "atom":
        return _atom(source, editions, place, path), ATOM_TYPE
    return _rss(source, editions, place=place, section=section, path=path), RSS_TYPE


def changed_at(editions: Sequence[Edition], otherwise: datetime) -> datetime:
    """Tell when the newest change happened; an empty feed is as old as ``otherwise``."""
    return max((edition.updated_at for edition in editions), default=otherwise)


def write_page(template: str, source: Source, edition: Edition, place: Place) -> str:
    """Write the page behind an article's address: title, source, date, picture or clip, text."""
    picture, video = place.picture(edition), place.video(edition)
    shown = ""
    if video:
        poster = f' poster="{picture.url}"' if picture else ""
        shown = f'<video controls loop muted playsinline src="{video.url}"{poster}></video>'
    elif picture:
        shown = f'<img src="{picture.url}" width="800" height="450" alt="">'
    return Template(template).substitute(
        title=escape(edition.title),
        source=escape(source.name),
        tagline=escape(source.tagline),
        section=escape(edition.section),
        author=escape(edition.author or ""),
        moment=edition.updated_at.isoformat(timespec="minutes"),
        media=shown,
        body=_html(edition.paragraphs),
    )


def _rss(
    source: Source, editions: Sequence[Edition], *, place: Place, section: str | None, path: str
) -> bytes:
    title = f"{source.name} - {section}" if section else source.name
    self_link = {"href": place.origin + path, "rel": "self", "type": RSS_TYPE}
    item = _ITEMS[source.kind]
    head = [
        _tag("title", title),
        _tag("link", f"{place.origin}/"),
        _tag("description", source.tagline),
        _tag("language", "ar-ma"),
        _tag("atom:link", None, **self_link),
    ]
    if editions:
        built = changed_at(editions, editions[0].updated_at)
        head.append(_tag("lastBuildDate", format_datetime(built, usegmt=True)))
    channel = "\n".join([*head, *(item(edition, place) for edition in editions)])
    return _document("rss", f"<channel>\n{channel}\n</channel>", version="2.0", **NAMESPACES)


def _full_item(edition: Edition, place: Place) -> str:
    """Write an item as most papers do: a lead, the whole text apart, the picture as Media RSS."""
    link, picture, video = place.article(edition), place.picture(edition), place.video(edition)
    body = _html(edition.paragraphs)
    if picture:
        body = f'<p><img src="{picture.url}" alt=""></p>\n{body}'
    lines = [
        _tag("title", edition.title),
        _tag("link", link),
        _tag("guid", f"{edition.source}:{edition.slug}", isPermaLink="false"),
        *_dates(edition),
        *_credits(edition),
        _tag("description", edition.paragraphs[0]),
        _tag("content:encoded", body),
    ]
    if picture:
        lines.append(
            _tag("media:content", None, url=picture.url, type=picture.mime, medium="image")
        )
    if video:
        lines.append(_film(video, edition))
    return "<item>\n" + "\n".join(lines) + "\n</item>"


def _described_item(edition: Edition, place: Place) -> str:
    """Write an item whose description is the whole text; RSS allows one enclosure: clip first."""
    media = place.video(edition) or place.picture(edition)
    lines = [
        _tag("title", edition.title),
        _tag("link", place.article(edition)),
        _tag("guid", place.article(edition), isPermaLink="true"),
        *_dates(edition),
        *_credits(edition),
        _tag("description", _html(edition.paragraphs)),
    ]
    if media:
        lines.append(
            _tag("enclosure", None, url=media.url, type=media.mime, length=str(media.size))
        )
    if edition.seconds is not None:
        minutes, seconds = divmod(edition.seconds, 60)
        lines.append(_tag("itunes:duration", f"{minutes}:{seconds:02}"))
    return "<item>\n" + "\n".join(lines) + "\n</item>"


def _film_item(edition: Edition, place: Place) -> str:
    """Write an item as channels of films do: film, thumbnail and title in one media group."""
    picture, video = place.picture(edition), place.video(edition)
    group = [_tag("media:title", edition.title)]
    if video:
        group.append(_film(video, edition))
    if picture:
        group.append(_tag("media:thumbnail", None, url=picture.url, width="800", height="450"))
    lines = [
        _tag("title", edition.title),
        _tag("link", place.article(edition)),
        _tag("guid", f"{edition.source}:{edition.slug}", isPermaLink="false"),
        *_dates(edition),
        *_credits(edition),
        _tag("description", _html(edition.paragraphs)),
        _wrap("media:group", "\n".join(group)),
    ]
    return "<item>\n" + "\n".join(lines) + "\n</item>"


_ITEMS = {"rss": _full_item, "sections": _described_item, "video": _film_item}


def _film(video: Media, edition: Edition) -> str:
    lasts = {} if edition.seconds is None else {"duration": str(edition.seconds)}
    size = str(video.size)
    return _tag(
        "media:content",
        None,
        url=video.url,
        type=video.mime,
        medium="video",
        fileSize=size,
        **lasts,
    )


def _dates(edition: Edition) -> list[str]:
    lines = [_tag("pubDate", format_datetime(edition.published_at, usegmt=True))]
    if edition.updated_at != edition.published_at:
        lines.append(_tag("atom:updated", edition.updated_at.isoformat(timespec="seconds")))
    return lines


def _credits(edition: Edition) -> list[str]:
    lines = [_tag("category", category) for category in edition.categories]
    if edition.author:
        lines.append(_tag("dc:creator", edition.author))
    return lines


def _atom(source: Source, editions: Sequence[Edition], place: Place, path: str) -> bytes:
    head = [
        _tag("id", f"tag:{source.key}.example,2026:feed"),
        _tag("title", source.name),
        _tag("subtitle", source.tagline),
        _tag("link", None, rel="self", href=place.origin + path, type=ATOM_TYPE),
        _wrap("author", _tag("name", source.name)),
    ]
    if editions:
        built = changed_at(editions, editions[0].updated_at)
        head.append(_tag("updated", built.isoformat(timespec="seconds")))
    entries = (_entry(edition, place) for edition in editions)
    attributes = {"xmlns": NAMESPACES["xmlns:atom"], "xml:lang": "ar"}
    return _document("feed", "\n".join([*head, *entries]), **attributes)


def _entry(edition: Edition, place: Place) -> str:
    enclosures = [place.picture(edition), place.video(edition)]
    lines = [
        _tag("id", f"tag:{edition.source}.example,2026:{edition.slug}"),
        _tag("title", edition.title),
        _tag("link", None, rel="alternate", type="text/html", href=place.article(edition)),
        _tag("published", edition.published_at.isoformat(timespec="seconds")),
        _tag("updated", edition.updated_at.isoformat(timespec="seconds")),
        *(_tag("category", None, term=category) for category in edition.categories),
        _tag("summary", edition.paragraphs[0]),
        _tag("content", _html(edition.paragraphs), type="html"),
        *(
            _tag("link", None, rel="enclosure", href=m.url, type=m.mime, length=str(m.size))
            for m in enclosures
            if m
        ),
    ]
    if edition.author:
        lines.append(_wrap("author", _tag("name", edition.author)))
    return "<entry>\n" + "\n".join(lines) + "\n</entry>"


def _html(paragraphs: Sequence[str]) -> str:
    return "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)


def _tag(name: str, text: str | None, /, **attributes: str) -> str:
    """Write one element; without text it closes itself."""
    if text is None:
        return f"<{_opening(name, attributes)}/>"
    return _wrap(name, escape(text, quote=False), **attributes)


def _wrap(name: str, markup: str, /, **attributes: str) -> str:
    """Write one element around markup that is ready."""
    return f"<{_opening(name, attributes)}>{markup}</{name}>"


def _opening(name: str, attributes: Mapping[str, str]) -> str:
    return name + "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())


def _document(root: str, inner: str, **attributes: str) -> bytes:
    text = _wrap(root, f"\n{inner}\n", **attributes)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
