"""A status or a foreign error in, our FetchError with its cause out; called by ``fetch``."""

from __future__ import annotations

import socket
import ssl
from typing import Final

import aiohttp

from bot.errors import FetchCause, FetchError

_REFUSALS: Final = {
    401: (FetchCause.FORBIDDEN, "asks for a password"),
    403: (FetchCause.FORBIDDEN, "forbids the visit"),
    404: (FetchCause.GONE, "has no such page"),
    406: (FetchCause.REFUSED, "offers no feed there"),
    410: (FetchCause.GONE, "says the feed is gone for good"),
    429: (FetchCause.TOO_OFTEN, "says we come too often"),
    451: (FetchCause.FORBIDDEN, "may not show it for legal reasons"),
    503: (FetchCause.SERVER, "is overloaded or under repair"),
}
_ASKS_FOR_SILENCE: Final = (429, 503)
# What a resolver means by "ask again": it did not learn anything. All else is "no such name".
_NOT_NOW: Final = (socket.EAI_AGAIN, socket.EAI_FAIL)


def refusal(host: str, status: int, retry_after: float | None = None) -> FetchError:
    """Say what a status means that is no success; ``retry_after`` is the server's wish, seconds."""
    default = (FetchCause.REFUSED, "does not answer with a feed")
    if status >= 500:
        default = (FetchCause.SERVER, "has trouble of its own")
    cause, words = _REFUSALS.get(status, default)
    return FetchError(
        f"{host} {words} (HTTP {status})",
        cause,
        retry_after=retry_after,
        holds_host=status in _ASKS_FOR_SILENCE,
    )


def explain(host: str, error: aiohttp.ClientError) -> FetchError:
    """Say what a foreign error means, the most particular kind first."""
    cause, words = _meaning(error)
    return FetchError(f"{host} {words}", cause)


def _meaning(error: aiohttp.ClientError) -> tuple[FetchCause, str]:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return _of_dns(error.os_error)
        case aiohttp.ClientConnectorCertificateError():
            words = f"shows a certificate that is not valid{_certificate(error)}"
            return FetchCause.CERTIFICATE, words
        case aiohttp.ClientSSLError():
            return FetchCause.CERTIFICATE, "does not manage a secure connection (TLS)"
        case aiohttp.ServerTimeoutError():
            return FetchCause.SLOW, "did not answer in time"
        case aiohttp.ClientConnectorError():
            return FetchCause.CONNECTION, "refuses the connection"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
            return FetchCause.CONNECTION, "hung up before it had answered"
        case aiohttp.ClientPayloadError():
            return FetchCause.CONNECTION, "broke off in the middle of its answer"
        case aiohttp.ClientResponseError():
            return FetchCause.SERVER, "does not speak HTTP properly"
        case _:
            return FetchCause.UNKNOWN, f"cannot be visited ({type(error).__name__})"


def _of_dns(error: OSError) -> tuple[FetchCause, str]:
    """Tell "there is no such name" from a DNS that did not answer: that may be our own trouble."""
    if isinstance(error, socket.gaierror) and error.errno in _NOT_NOW:
        return FetchCause.NO_ANSWER_OF_DNS, "could not be looked up: the DNS does not answer"
    return FetchCause.NO_ADDRESS, "has no address in the DNS"


def _certificate(error: aiohttp.ClientConnectorCertificateError) -> str:
    cause = error.certificate_error
    return f": {cause.verify_message}" if isinstance(cause, ssl.SSLCertVerificationError) else ""
