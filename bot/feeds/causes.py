"""A status or a foreign error in, one sentence for the operator out; called by ``fetch``.

An editor's page sorts feeds by these words (``commands/editor/reasons.py``): change them together.
"""

from __future__ import annotations

import ssl
from typing import Final

import aiohttp

_REASONS: Final = {
    401: "asks for a password",
    403: "forbids the visit",
    404: "has no such page",
    406: "offers no feed there",
    410: "says the feed is gone for good",
    429: "says we come too often",
    451: "may not show it for legal reasons",
    503: "is overloaded or under repair",
}


def refusal(host: str, status: int) -> str:
    """Say what a status means that is no success."""
    default = "has trouble of its own" if status >= 500 else "does not answer with a feed"
    return f"{host} {_REASONS.get(status, default)} (HTTP {status})"


def explain(host: str, error: aiohttp.ClientError) -> str:
    """Say what a foreign error means, the most particular kind first."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return f"{host} has no address in the DNS"
        case aiohttp.ClientConnectorCertificateError():
            return f"{host} shows a certificate that is not valid{_certificate(error)}"
        case aiohttp.ClientSSLError():
            return f"{host} does not manage a secure connection (TLS)"
        case aiohttp.ServerTimeoutError():
            return f"{host} did not answer in time"
        case aiohttp.ClientConnectorError():
            return f"{host} refuses the connection"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
            return f"{host} hung up before it had answered"
        case aiohttp.ClientPayloadError():
            return f"{host} broke off in the middle of its answer"
        case aiohttp.ClientResponseError():
            return f"{host} does not speak HTTP properly"
        case _:
            return f"{host} cannot be visited ({type(error).__name__})"


def _certificate(error: aiohttp.ClientConnectorCertificateError) -> str:
    cause = error.certificate_error
    return f": {cause.verify_message}" if isinstance(cause, ssl.SSLCertVerificationError) else ""
