"""An address in, Fetched out; called by the poll job, for many feeds at once.

The plot of a visit: guard the address; wait for a place at its host; ask, conditionally when we
have been there; follow redirects by hand, each guarded; stream the answer under limits. All that
goes wrong is a FetchError whose sentence an operator can read on the feed's row.

A redirect from https to http is refused: whoever can read the wire could then write the news. Who
wants such a feed adds its http address itself.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self
from weakref import WeakValueDictionary

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.errors import FetchCause, FetchError
from bot.feeds.causes import explain, refusal
from bot.feeds.guard import GuardedResolver, check, shown
from bot.feeds.inflate import ACCEPTED, CorruptError, Inflater, TooLargeError
from bot.feeds.wish import retry_after, wish_of
from bot.model import Fetched

_ACCEPT: Final = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9,"
    " text/xml;q=0.9, */*;q=0.5"
)
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_FOR_GOOD: Final = (301, 308)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of our time, memory and patience one visit may cost."""

    connect: timedelta = timedelta(seconds=10)
    total: timedelta = timedelta(seconds=30)  # redirects and body included
    size: int = 10 * 1024 * 1024  # bytes, unpacked
    redirects: int = 5


class Fetcher:
    """Visit feeds over one pool of connections; close it at the end."""

    def __init__(
        self,
        *,
        user_agent: str,
        contact: str = "",
        hosts: int = 2,
        allow_private: bool = False,
        limits: Limits = Limits(),
        resolver: AbstractResolver | None = None,
        trust: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Set the manners: ``hosts`` visits at a time to one host, a name and a contact we give.

        ``resolver`` replaces the system's DNS, ``trust`` its certificates, ``clock`` the time
        that waits are counted from.
        """
        self._headers = {
            "User-Agent": f"{user_agent} (+{contact})" if contact else user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPTED,
        }
        self._at_once = hosts
        self._allow_private = allow_private
        self._limits = limits
        self._resolver = resolver
        self._trust = trust
        self._clock = clock
        self._places: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection; the fetcher may be used again and opens new ones."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def fetch(self, url: str, etag: str = "", last_modified: str = "") -> Fetched:
        """Visit one address; FetchError when it gives nothing usable.

        With the ``etag`` and ``last_modified`` of the last visit the body is None when nothing
        changed since.
        """
        address = check(url, allow_private=self._allow_private)
        host = address.host or ""
        place = self._places.setdefault(host, asyncio.Semaphore(self._at_once))
        async with place:
            try:
                async with asyncio.timeout(self._limits.total.total_seconds()):
                    return await self._visit(address, _conditions(etag, last_modified))
            except aiohttp.ClientError as error:  # first: some of them are TimeoutErrors too
                raise explain(host, error) from error
            except TimeoutError as error:
                seconds = self._limits.total.total_seconds()
                sentence = f"{host} did not answer in full within {seconds:g} s"
                raise FetchError(sentence, FetchCause.SLOW) from error

    async def _visit(self, address: URL, conditions: dict[str, str]) -> Fetched:
        url, is_for_good = address, True
        for _ in range(self._limits.redirects + 1):
            visit = self._open().get(url, headers=conditions, allow_redirects=False)
            async with visit as response:
                if response.status not in _REDIRECTS:
                    moved_to = str(url) if is_for_good and url != address else ""
                    return await self._take(response, conditions, moved_to)
                is_for_good = is_for_good and response.status in _FOR_GOOD
                url = self._next(url, response.headers.get("Location", ""))
        raise _astray(f"{address.host} redirects more than {self._limits.redirects} times")

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            resolver = self._resolver
            if not self._allow_private:
                resolver = GuardedResolver(resolver)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit_per_host=self._at_once, resolver=resolver, ssl=self._trust or True
                ),
                headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,  # it knows no limit; ``inflate`` does
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=self._limits.connect.total_seconds()
                ),
            )
        return self._session

    def _next(self, url: URL, location: str) -> URL:
        if not location:
            raise _astray(f"{url.host} redirects without saying where to")
        try:
            target = url.join(URL(location))
        except ValueError as error:
            raise _astray(f"{url.host} redirects to what is no address") from error
        target = check(target, allow_private=self._allow_private)
        if (url.scheme, target.scheme) == ("https", "http"):
            raise _astray(
                f"{url.host} redirects from https to http, where anyone on the way could change"
                f" the news; poll {shown(target)} if you trust it"
            )
        return target

    async def _take(
        self, response: aiohttp.ClientResponse, conditions: dict[str, str], moved_to: str
    ) -> Fetched:
        host, status = response.url.host, response.status
        if status == 304 and not conditions:
            sentence = f'{host} says "not modified" though it was not asked that (HTTP 304)'
            raise FetchError(sentence, FetchCause.SERVER)
        if status != 304 and not 200 <= status < 300:
            raise self._refusal(response)
        body = None if status == 304 else await self._read(response)
        headers = response.headers
        return Fetched(
            url=str(response.url),
            body=body,
            content_type=headers.get("Content-Type", ""),
            etag=headers.get("ETag", conditions.get("If-None-Match", "") if body is None else ""),
            last_modified=headers.get(
                "Last-Modified", conditions.get("If-Modified-Since", "") if body is None else ""
            ),
            wish=wish_of(headers, self._clock()),
            moved_to=moved_to,
        )

    def _refusal(self, response: aiohttp.ClientResponse) -> FetchError:
        status = response.status
        wait = retry_after(response.headers, self._clock())
        seconds = wait.total_seconds() if wait is not None else None
        return refusal(response.url.host or "", status, seconds)

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        host, limit = response.url.host, self._limits.size
        too_large = FetchError(
            f"{host} sends more than {limit // 1024 // 1024} MiB: no feed is that",
            FetchCause.TOO_LARGE,
        )
        if (response.content_length or 0) > limit:
            raise too_large
        body, came = bytearray(), 0
        try:
            inflater = Inflater(response.headers.get("Content-Encoding", ""), limit)
            async for chunk in response.content.iter_any():
                came += len(chunk)
                if came > limit:
                    raise too_large
                body += inflater.feed(chunk)
            body += inflater.end()
        except TooLargeError:
            raise too_large from None
        except CorruptError as error:
            raise FetchError(f"{host}: {error}", FetchCause.CONNECTION) from error
        return bytes(body)


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value.isascii() and value}


def _astray(sentence: str) -> FetchError:
    return FetchError(sentence, FetchCause.REDIRECTS)
