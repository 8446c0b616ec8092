"""An address in, the one form under which we know the page out; called by ``identity``."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

# Parameters that say where a reader came from, never which page it is.
TRACKING = re.compile(
    r"utm_.*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|mc_cid|mc_eid|igshid|_ga|_gl|yclid|ref_src",
    re.IGNORECASE,
)
_WWW = re.compile(r"^(?:www\.)+")
_UNSAFE = re.compile(r"[\s%?#\x00-\x1f\x7f]")
_BYTES = "surrogateescape"  # what is not UTF-8 (Arabic of 1256 in old addresses) stays as it is


def canonical(url: str) -> str:
    """Return an address without what does not tell pages apart; "" for what is no web address.

    The scheme, a leading ``www.``, the port that goes without saying, tracking parameters, the
    fragment and slashes at the end all fall. It is for comparing, never for visiting.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = _WWW.sub("", (parts.hostname or "").rstrip(".")), parts.port
        query = parse_qsl(parts.query, keep_blank_values=True, errors=_BYTES)
        kept = urlencode([pair for pair in query if not TRACKING.fullmatch(pair[0])], errors=_BYTES)
        path = _bare(parts.path).rstrip("/")
        path.encode()  # a lone surrogate, which no database keeps
    except ValueError:  # a bracket or a port that is none, a letter that is none
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    if ":" in host:
        host = f"[{host}]"
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    return f"{host}{path}?{kept}" if kept else host + path


def is_whole_site(canonical_url: str) -> bool:
    """Say whether an address is a site's front page: it tells no page from another."""
    return "/" not in canonical_url and "?" not in canonical_url


def _bare(path: str) -> str:
    """Return a path with its letters bare, but escaped what would cut or change an address."""
    try:
        letters = unquote(path, errors="strict")
    except UnicodeDecodeError:
        return path
    return _UNSAFE.sub(lambda found: quote(found[0], safe=""), letters)
