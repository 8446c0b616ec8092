"""Every way a visit can fail has a cause, and every cause has words for editors."""

from __future__ import annotations

import socket

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from bot.errors import FetchCause
from bot.feeds.causes import explain, refusal
from bot.texts import Texts

KEY = ConnectionKey("a.example", 443, True, True, None, None, None, None)


@pytest.mark.parametrize(
    ("status", "cause", "holds_host"),
    [
        (400, FetchCause.REFUSED, False),
        (401, FetchCause.FORBIDDEN, False),
        (403, FetchCause.FORBIDDEN, False),
        (404, FetchCause.GONE, False),
        (406, FetchCause.REFUSED, False),
        (410, FetchCause.GONE, False),
        (429, FetchCause.TOO_OFTEN, True),
        (451, FetchCause.FORBIDDEN, False),
        (500, FetchCause.SERVER, False),
        (503, FetchCause.SERVER, True),
        (599, FetchCause.SERVER, False),
    ],
)
def test_a_status_has_its_cause(status: int, cause: FetchCause, *, holds_host: bool) -> None:
    error = refusal("a.example", status, 60)

    assert (error.cause, error.holds_host, error.retry_after) == (cause, holds_host, 60)
    assert str(error).startswith("a.example ")
    assert str(error).endswith(f"(HTTP {status})")


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (
            aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(socket.EAI_NONAME, "unknown")),
            FetchCause.NO_ADDRESS,
        ),
        (
            aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(socket.EAI_AGAIN, "later")),
            FetchCause.NO_ANSWER_OF_DNS,
        ),
        (aiohttp.ClientConnectorDNSError(KEY, OSError(None, "none")), FetchCause.NO_ADDRESS),
        (
            aiohttp.ClientConnectorCertificateError(KEY, Exception("expired")),
            FetchCause.CERTIFICATE,
        ),
        (aiohttp.ClientConnectorError(KEY, OSError(111, "refused")), FetchCause.CONNECTION),
        (aiohttp.ServerDisconnectedError(), FetchCause.CONNECTION),
        (aiohttp.ClientOSError(104, "reset"), FetchCause.CONNECTION),
        (aiohttp.ClientPayloadError(), FetchCause.CONNECTION),
        (aiohttp.ConnectionTimeoutError(), FetchCause.SLOW),
        (aiohttp.InvalidURL("x"), FetchCause.UNKNOWN),
    ],
)
def test_a_foreign_error_has_its_cause(error: aiohttp.ClientError, cause: FetchCause) -> None:
    assert explain("a.example", error).cause is cause


@pytest.mark.parametrize("cause", FetchCause)
def test_a_cause_has_a_reason_and_a_remedy_in_arabic(cause: FetchCause) -> None:
    assert Texts.load().say(f"sources.reason.{cause}")
    assert Texts.load().say(f"sources.remedy.{cause}")
