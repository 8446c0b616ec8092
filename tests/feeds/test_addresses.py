"""Which addresses are anybody's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.addresses import is_local, is_public, is_spelt_oddly, spellings

PUBLIC = ["93.184.215.14", "8.8.8.8", "2606:4700::6810:1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
PRIVATE = [
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "0.0.0.0", "0.1.2.3"),
    *("169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "203.0.113.9"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:192.168.0.1", "64:ff9b::7f00:1"),
    *("64:ff9b::a00:1", "64:ff9b:1::808:808", "2002:7f00:1::", "2002:808:808::", "2001::1"),
    *("fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", [*PRIVATE, "", "localhost", "127.1", "2130706433"])
def test_a_private_address_is_not(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_in_ipv6_makes_it_no_more_public(address: object) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))
    assert is_public(f"64:ff9b::{address}") == is_public(str(address))


@pytest.mark.parametrize(
    "host", ["2130706433", "127.1", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "127.0.0.1.", "0"]
)
def test_a_disguised_address_is_seen(host: str) -> None:
    assert is_spelt_oddly(host)


@pytest.mark.parametrize("host", ["8.8.8.8", "akhbar.example", "1and1.example", "0x.example"])
def test_an_ordinary_host_is_no_disguise(host: str) -> None:
    assert not is_spelt_oddly(host)


@pytest.mark.parametrize(
    "url",
    [
        *("http://localhost/feed", "http://localhost:8000/", "http://127.0.0.1/", "http://[::1]/"),
        *("http://wordpress/", "http://db.internal/", "http://printer.local/", "http://[::1", ""),
    ],
)
def test_a_machines_own_name_is_local(url: str) -> None:
    assert is_local(url)


@pytest.mark.parametrize(
    "url", ["https://akhbar.example/", "http://8.8.8.8/", "http://a.example./"]
)
def test_a_sites_name_is_not_local(url: str) -> None:
    assert not is_local(url)


@pytest.mark.parametrize(
    "url",
    [
        *("https://a.example/rss", "http://a.example/rss/", "https://www.a.example/rss"),
        *("http://www.a.example/rss/", "https://a.example/rss//"),
    ],
)
def test_an_address_is_the_same_with_slash_tls_or_www(url: str) -> None:
    ways = spellings(url)

    assert ways[0] == url
    assert {"https://a.example/rss", "http://www.a.example/rss/"} <= set(ways)
    assert len(ways) == len(set(ways))
