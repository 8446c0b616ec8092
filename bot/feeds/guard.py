"""Addresses that strangers gave us in, permission or FetchError out; called by ``fetch`` each hop.

Two gates. ``check`` reads the URL: http or https, port 80 or 443, no user and password in it, no
IP address that is private or written in disguise. ``GuardedResolver`` stands in the connector: it
drops private addresses from what DNS answered, and the connection is made to what is left, so a
name that answers differently a second later (DNS rebinding) leads nowhere new. An operator who
polls his own network sets ``allow_private``, which lifts all but http and https.
"""

from __future__ import annotations

import re
import socket
from typing import Final

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.errors import FetchCause, FetchError
from bot.feeds.addresses import is_public, is_spelt_oddly

PORTS: Final = (80, 443)
URL_LIMIT: Final = 2_000  # characters, as in ``sanitize``
_SECRET: Final = re.compile(r"key|token|secret|pass|pwd|auth|sig|session", re.IGNORECASE)


def check(address: str | URL, *, allow_private: bool = False) -> URL:
    """Return the address as a URL we may visit; FetchError says why we may not."""
    try:
        url = URL(address)
        host = (
            url.raw_host
        )  # as it will be asked for: the letters of an IDN are decoded in ``host``
    except (TypeError, ValueError) as error:
        raise _refuse("this is not an address of the web") from error
    if url.scheme not in ("http", "https") or not host or len(str(url)) > URL_LIMIT:
        raise _refuse("only http and https addresses can be polled")
    if allow_private:
        return url
    if url.user is not None or url.password is not None:
        raise _refuse(f"{host}: an address with a user and a password in it is not visited")
    if url.port not in PORTS:
        raise _refuse(f"{host}: port {url.port} is not visited, only 80 and 443")
    if is_spelt_oddly(host) or (_is_ip(host) and not is_public(host)):
        raise _refuse(_private(host))
    return url


def shown(url: URL) -> str:
    """Write a URL for people and logs: no user, no password, no value that looks like a key."""
    query = [(key, "…" if _SECRET.search(key) else value) for key, value in url.query.items()]
    return url.with_user(None).with_query(query).human_repr()


class GuardedResolver(AbstractResolver):
    """A DNS resolver that knows only public addresses."""

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        """Wrap another resolver, by default the system's."""
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the public addresses of a host; FetchError when all are private."""
        found = await self._inner.resolve(host, port, family)
        public = [one for one in found if is_public(one["host"])]
        if found and not public:
            raise _refuse(_private(host))
        return public

    async def close(self) -> None:
        """Close the inner resolver."""
        await self._inner.close()


def _is_ip(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def _refuse(why: str) -> FetchError:
    return FetchError(why, FetchCause.FORBIDDEN_ADDRESS)


def _private(host: str) -> str:
    return f"{host} is a private address; set poll.allow_private = true if it is your own network"
