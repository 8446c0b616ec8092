"""An address in, the one form under which we know the page out; called by ``identity``."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

# Parameters that say where a reader came from, never which page it is.
TRACKING = re.compile(r"utm_.*|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|_ga|yclid|ref_src")


def canonical(url: str) -> str:
    """Return an address without what does not tell pages apart; "" for what is no web address.

    The scheme, a leading ``www.``, the port that goes without saying, tracking parameters, the
    fragment and slashes at the end all fall. It is for comparing, never for visiting.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:  # a bracket or a port that is none
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not TRACKING.fullmatch(name)
    ]
    query = f"?{urlencode(kept)}" if kept else ""
    return host + unquote(parts.path).rstrip("/") + query
