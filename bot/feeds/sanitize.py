"""A publisher's HTML and addresses in, plain text and safe addresses out; called by ``entries``.

The law: sanitize last. Nothing that leaves this file holds markup that was meant as markup, a
control character, or an address other than http and https. What looks like a tag to a reader of the
text is text, and stays to be escaped by whoever writes it into a message.
"""

from __future__ import annotations

import html
import re
from typing import Final
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import nh3

from bot.arabic.direction import strip_controls

HTML_LIMIT: Final = 500_000  # characters of one field; the longest newspaper pages hold a fifth
TAG_LIMIT: Final = 10_000  # tags of one field: an HTML parser's time can grow with their square
URL_LIMIT: Final = 2_000  # characters; what browsers and Telegram's buttons still take

_BLOCKS: Final = (
    "address|article|aside|blockquote|br|caption|dd|details|div|dl|dt|fieldset|figcaption|figure"
    "|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th"
    "|thead|tr|ul"
)
_BLOCK: Final = re.compile(rf"</?(?:{_BLOCKS})(?=[\s/>])", re.IGNORECASE)
_MARKUP: Final = re.compile(
    rf"</?(?:{_BLOCKS}|a|b|em|i|iframe|img|font|script|small|span|strong|style|sub|sup|u)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n")
_SPACE: Final = re.compile(r"\s+")
_SPACE_IN_LINE: Final = re.compile(r"[^\S\n]+")

_CLEANER: Final = nh3.Cleaner(
    tags=set(),
    attributes={},
    clean_content_tags={"script", "style", "noscript", "template", "svg", "math", "iframe"},
)
_DOUBLY: Final = 2  # rounds: a field escaped twice is common, three times is a curiosity


def to_text(markup: str) -> str:
    """Turn HTML into plain text whose paragraphs are divided by one line feed.

    Escaping done twice is undone twice; text without any block tag keeps its blank lines as
    paragraphs.
    """
    text = _strip("<".join(markup[:HTML_LIMIT].split("<", TAG_LIMIT)[:TAG_LIMIT]))
    for _ in range(_DOUBLY - 1):
        if not _ENTITY.search(text) and not _MARKUP.search(text):
            break
        text = _strip(text.replace("\n", "<br>"))
    return _tidy(text)


def to_line(markup: str) -> str:
    """Turn HTML into plain text of a single line: titles, names, categories."""
    return _SPACE.sub(" ", to_text(markup)).strip()


def safe_url(url: str, base: str = "") -> str:
    """Return the absolute http(s) address that ``url`` means beside ``base``, or ""."""
    wanted = strip_controls(url).strip()
    if not wanted or len(wanted) > URL_LIMIT:
        return ""
    try:
        parts = urlsplit(urljoin(base, _SPACE.sub("%20", wanted)))
        host, _ = parts.hostname, parts.port  # reading the port checks it
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    return _written(parts.scheme, parts.netloc, parts.path, parts.query, parts.fragment)


def cut(text: str, limit: int) -> str:
    """Shorten text to ``limit`` characters, at a space when one is near the end."""
    if len(text) <= limit:
        return text
    kept = text[:limit]
    space = max(kept.rfind(" "), kept.rfind("\n"))
    return kept[:space].rstrip() if space > limit * 0.8 else kept


def _strip(markup: str) -> str:
    source = "\n".join(markup.splitlines())
    if _BLOCK.search(source):
        source = _SPACE.sub(" ", source)  # to HTML a line end is a space
    else:
        source = _BLANK_LINE.sub("<br>", source)
        source = _SPACE.sub(" ", source)
    # Breaks before stripping, or paragraphs run together; and <br>, unlike a block, nests nothing.
    return html.unescape(_CLEANER.clean(_BLOCK.sub("\n<br", source)))


def _tidy(text: str) -> str:
    lines = _SPACE_IN_LINE.sub(" ", strip_controls(text)).split("\n")
    return "\n".join(line for line in map(str.strip, lines) if line)


def _written(scheme: str, netloc: str, path: str, query: str, fragment: str) -> str:
    """Write an address with its letters percent-encoded; what is encoded already stays so."""
    safe = "%/:=&?~+!$,;'@()*[]|"
    try:
        return urlunsplit(
            (scheme, netloc.lower(), quote(path, safe), quote(query, safe), quote(fragment, safe))
        )
    except UnicodeEncodeError:  # a lone surrogate
        return ""
