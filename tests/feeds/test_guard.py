"""Whom we visit and whom not, by address and by what DNS says."""

from __future__ import annotations

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.errors import FetchError
from bot.feeds.guard import GuardedResolver, check, shown


class Dns(AbstractResolver):
    """A resolver whose answers are written down."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.is_closed = False

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=one, port=port, family=family, proto=0, flags=0)
            for one in self.addresses
        ]

    async def close(self) -> None:
        self.is_closed = True


@pytest.mark.parametrize(
    "url",
    [
        "https://akhbar.example/feed",
        "http://akhbar.example:80/",
        "https://8.8.8.8/",
        "http://موقع.example/",
    ],
)
def test_a_public_address_may_be_visited(url: str) -> None:
    assert check(url) == URL(url)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://akhbar.example/", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("/feed", "only http and https"),
        ("", "only http and https"),
        ("http://", "only http and https|not an address"),
        ("http://[::1", "not an address"),
        ("http://akhbar.example:x/", "not an address"),
        ("https://akhbar.example/" + "x" * 3000, "only http and https"),
        ("http://akhbar.example:22/", "port 22"),
        ("http://akhbar.example:8080/", "port 8080"),
        ("https://user:secret@akhbar.example/", "password"),
        ("https://user@akhbar.example/", "password"),
        ("http://127.0.0.1/", "private"),
        ("http://10.1.2.3/", "private"),
        ("http://169.254.169.254/latest/meta-data/", "private"),
        ("http://[::1]/", "private"),
        ("http://[::ffff:127.0.0.1]/", "private"),
        ("http://[64:ff9b::7f00:1]/", "private"),
        ("http://[2002:7f00:1::]/", "private"),
        ("http://[fe80::1%25eth0]/", "private"),
        ("http://2130706433/", "private"),
        ("http://0177.0.0.1/", "private"),
        ("http://0x7f.1/", "private"),
        ("http://127.1/", "private"),
        ("http://127.0.0.1./", "private"),
        ("http://①②⑦.⓪.⓪.①/", "private|not an address"),
    ],
)
def test_other_addresses_are_refused_with_the_reason(url: str, why: str) -> None:
    with pytest.raises(FetchError, match=why) as refusal:
        check(url)

    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/feed", "http://user:secret@nas.local/", "http://[::1]:9000/"]
)
def test_an_operator_may_allow_his_own_network(url: str) -> None:
    assert check(url, allow_private=True) == URL(url)


def test_even_then_only_the_web_is_visited() -> None:
    with pytest.raises(FetchError, match="only http and https"):
        check("file:///etc/passwd", allow_private=True)


async def test_of_a_hosts_addresses_only_the_public_ones_are_connected_to() -> None:
    resolver = GuardedResolver(Dns("10.0.0.1", "8.8.8.8", "::1"))

    found = await resolver.resolve("akhbar.example", 443)

    assert [one["host"] for one in found] == ["8.8.8.8"]


@pytest.mark.parametrize("address", ["127.0.0.1", "192.168.1.1", "::ffff:10.0.0.1", "fd00::1"])
async def test_a_name_that_leads_home_is_refused(address: str) -> None:
    resolver = GuardedResolver(Dns(address))

    with pytest.raises(FetchError, match=r"rebinding\.example is a private address"):
        await resolver.resolve("rebinding.example", 443)


async def test_closing_the_guard_closes_its_resolver() -> None:
    dns = Dns()

    await GuardedResolver(dns).close()

    assert dns.is_closed


def test_an_address_is_shown_without_its_secrets() -> None:
    url = URL("https://user:pass@akhbar.example/أخبار?page=2&api_key=abc123&Token=x")

    assert shown(url) == "https://akhbar.example/أخبار?page=2&api_key=…&Token=…"
