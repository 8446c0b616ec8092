"""Bot API calls from python-telegram-bot → HTTP over one aiohttp session → status and bytes.

`bots` gives one of these to each bot. The law: a failure says whether the call may have reached
Telegram. Until a connection stands nothing was written: ``NotSentError``. After that nobody
knows: ``UnknownFateError``. No text of ours holds an address, since addresses hold the token.
"""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.transports.telegram.hearing import Hearing
from bot.transports.telegram.readable import readable

# python-telegram-bot's ODVInput: a time-out in seconds, None for endless, or its own DEFAULT_NONE.
_Given = object

KEEP_ALIVE = 30.0  # seconds; nginx before the Bot API closes an idle connection after 75
_BEFORE_WRITING = (
    aiohttp.ClientConnectorError,  # refused, unreachable, name not found, TLS, proxy unreachable
    aiohttp.ClientHttpProxyError,  # the proxy would not connect us
    aiohttp.ConnectionTimeoutError,  # no free connection, or none made in time
    aiohttp.ServerFingerprintMismatch,
    aiohttp.InvalidURL,
)


class NotSentError(NetworkError):
    """Report a call that surely did not reach Telegram; it may be repeated freely."""


class UnknownFateError(NetworkError):
    """Report a call that Telegram may have carried out, although no usable answer came."""


class SilenceError(UnknownFateError, TimedOut):
    """Report that no answer came in time after the call was written."""


class TokenRefusedError(NetworkError):
    """Report that Telegram does not know the token for now: it may again in a moment."""


class AiohttpRequest(BaseRequest):
    """Carry Bot API calls over a pool of ``connections``; time-outs are seconds.

    ``proxy`` is an http address, with name and password if it asks for them.
    """

    def __init__(
        self,
        *,
        connections: int,
        connect_timeout: float = 5.0,
        pool_timeout: float = 10.0,
        read_timeout: float = 20.0,
        write_timeout: float = 20.0,
        proxy: str = "",
    ) -> None:
        self._connections = connections
        self._connect_timeout = connect_timeout
        self._pool_timeout = pool_timeout
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout
        self._proxy = proxy or None
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Return how many seconds an answer may take by default; getUpdates adds its own."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the session; opening it twice is opening it once."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections, keepalive_timeout=KEEP_ALIVE
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close the session and its connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: _Given = BaseRequest.DEFAULT_NONE,
        write_timeout: _Given = BaseRequest.DEFAULT_NONE,
        connect_timeout: _Given = BaseRequest.DEFAULT_NONE,
        pool_timeout: _Given = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one call and return its status and body; see the errors above."""
        if self._session is None:
            raise RuntimeError("initialize() comes before the first call")
        timeout = self._timeout(read_timeout, write_timeout, connect_timeout, pool_timeout)
        body, headers = _encoded(request_data)
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=timeout,
                proxy=self._proxy,
                allow_redirects=False,
            ) as response:
                answer = response.status, await response.read()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # "from None": the cause would carry the address, and with it the token, into logs.
            raise _told(error) from None
        if method == "POST":  # a file that is fetched may hold anything
            _refuse_foreign(*answer)
        return answer

    def _timeout(
        self, read: _Given, write: _Given, connect: _Given, pool: _Given
    ) -> aiohttp.ClientTimeout:
        """Give every phase its limit, and the whole call their sum: aiohttp limits no writing."""
        read_limit = _seconds(read, self._read_timeout)
        write_limit = _seconds(write, self._write_timeout)
        connect_limit = _seconds(connect, self._connect_timeout)
        pool_limit = _seconds(pool, self._pool_timeout)
        before = _sum(pool_limit, connect_limit)
        return aiohttp.ClientTimeout(
            total=_sum(before, write_limit, read_limit),
            connect=before,
            sock_connect=connect_limit,
            sock_read=read_limit,
        )


class ListeningRequest(AiohttpRequest):
    """Carry getUpdates: a token that is refused is tried again, less and less often.

    The library stops listening for good at the first 401, and the process lives on deaf. A token
    that never was is told at the start, and one that was revoked in every warning. ``hearing``
    is told what became of each call. An update that cannot be read keeps no other from being heard.
    """

    def __init__(self, hearing: Hearing, *, connections: int) -> None:
        super().__init__(connections=connections)
        self._hearing = hearing

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make one call; its arguments are the library's, passed on unread (hence Any)."""
        status, body = await super().do_request(*args, **kwargs)
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
            self._hearing.refused(time.monotonic())
            raise TokenRefusedError("Telegram refuses the token")
        if status == HTTPStatus.OK:
            self._hearing.heard(time.monotonic())
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; the library asks for no more than that every update can be read."""
        answer = AiohttpRequest.parse_json_payload(payload)
        if isinstance(answer.get("result"), list):
            answer["result"] = [readable(update) for update in answer["result"]]
        return answer


def _encoded(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    """Write parameters as JSON, or as multipart when files go along.

    Half a character (a lone surrogate) becomes a question mark: it has no UTF-8.
    """
    if data is None:
        return None, {}
    if not data.contains_files:
        text = json.dumps(data.parameters, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "replace"), {"Content-Type": "application/json"}
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return form, {}


def _told(error: Exception) -> NetworkError:
    """Turn a failure into one of ours, in words without any address.

    Only a failed connection's own words are safe to repeat; others may quote the address.
    """
    cause = type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorError) and error.strerror:
        cause = f"{cause}, {error.strerror}"
    # A connection that was closed while idle is only noticed when nothing can be written to it.
    was_closed = isinstance(error.__cause__, aiohttp.ClientConnectionResetError)
    if was_closed or isinstance(error, _BEFORE_WRITING):
        return NotSentError(f"no connection to Telegram ({cause})")
    if isinstance(error, TimeoutError):
        return SilenceError(f"Telegram did not answer in time ({cause})")
    return UnknownFateError(f"the connection broke before Telegram answered ({cause})")


def _refuse_foreign(status: int, body: bytes) -> None:
    """Raise for an answer that says nothing about the call because the Bot API did not give it.

    A 5xx may come from a gateway after the server behind it accepted, and a 200 may be a captive
    portal's page. A 403 or 404 in anything but the Bot API's form is a proxy's: read as
    Telegram's it would pass for a reader who blocked us.
    """
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise UnknownFateError(f"Telegram answered {status}")
    if status < HTTPStatus.MULTIPLE_CHOICES:
        if b'"result"' not in body:
            raise UnknownFateError(f"an answer {status} that is not the Bot API's")
    elif b'"ok"' not in body:
        raise NotSentError(f"refused on the way to Telegram with {status}")


def _seconds(given: _Given, default: float) -> float | None:
    if isinstance(given, int | float):
        return float(given)
    return None if given is None else default


def _sum(*limits: float | None) -> float | None:
    """Add limits; one that is endless makes the sum endless."""
    total = 0.0
    for limit in limits:
        if limit is None:
            return None
        total += limit
    return total
