"""An address as a bot wrote it → the address Telegram keeps, or None; for links and buttons."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_OWN_SCHEME = re.compile(r"(?P<scheme>tg|ton|tonsite):(?://)?(?P<rest>[^\s]+)\Z", re.IGNORECASE)
_PARTS = re.compile(
    r"(?:[^@/?#\s]*@)?(?P<host>\[[0-9a-f:.]+\]|[^\s/?#:@<>\"'`\\|^{}\[\]]+)(?::(?P<port>\d+))?"
    r"(?P<rest>[/?#].*)?\Z",
    re.IGNORECASE | re.DOTALL,
)


def checked_link(url: str) -> str | None:
    """Complete an http, https or tg address; None for what Telegram will not link to.

    A bare host gains ``http://`` and a missing path its slash, as Telegram writes them.
    """
    own = _OWN_SCHEME.match(url)
    if own:
        return f"{own['scheme'].lower()}://{own['rest']}"
    scheme = "http"
    match = _SCHEME.match(url)
    if match is None and url.lower().startswith("mailto:"):
        return None
    if match is not None:
        scheme, url = match["scheme"].lower(), url[match.end() :]
        if scheme not in ("http", "https"):
            return None
    parts = _PARTS.match(url)
    if parts is None or not _is_host(parts["host"]) or int(parts["port"] or 1) not in range(65536):
        return None
    rest = parts["rest"] or "/"
    path = rest if rest.startswith("/") else f"/{rest}"
    start, end = parts.span("rest") if parts["rest"] else (len(url), len(url))
    return f"{scheme}://{url[:start]}{path}{url[end:]}".replace(" ", "%20")


def _is_host(host: str) -> bool:
    """Tell whether a host has a dot within it (``localhost`` has none and is refused)."""
    return host.startswith("[") or ("." in host and not host.startswith(".") and ".." not in host)
