"""FeedBurner's tracking address in, the newspaper's own out; a line of ``QUIRKS``.

FeedBurner replaces each entry's link by one of its proxy (feedproxy.google.com/~r/…) and keeps the
newspaper's beside it in <feedburner:origLink>. With the proxy's, two feeds of one newspaper never
agree on an article, and the link dies with the service.

Told: https://github.com/passiomatic/coldsweat/issues/7 (2013-06-24),
https://github.com/Ranchero-Software/NetNewsWire/issues/262.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.feeds.raw import Raw, several, text
from bot.feeds.sanitize import safe_url

_PROXIES = ("feedproxy.google.com", "feeds.feedburner.com", "feedproxy.feedburner.com")


def mend(raw: Raw) -> Raw:
    """Put the original address in the place of the proxy's."""
    original = safe_url(text(raw, "feedburner_origlink"))
    if not original or not _is_proxy(text(raw, "link")):
        return raw
    others = [link for link in several(raw, "links") if text(link, "rel") != "alternate"]
    return {**raw, "link": original, "links": [{"rel": "alternate", "href": original}, *others]}


def _is_proxy(link: str) -> bool:
    try:
        return urlsplit(link).hostname in _PROXIES
    except ValueError:
        return False
