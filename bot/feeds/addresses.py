"""An IP address or a URL in, whether the public may reach it out; ``guard`` and ``parse`` ask.

Private means any address that leads into somebody's own network, however it is written: private,
loopback, link-local, carrier's, multicast and reserved ranges, and IPv4 hidden in IPv6.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: how IPv6-only hosts reach IPv4
_NEVER: Final = (
    IPv6Network("::/96"),  # IPv4-compatible, long withdrawn
    IPv6Network("64:ff9b:1::/48"),  # RFC 8215: NAT64 of somebody's own network
    IPv6Network("2001::/32"),  # Teredo
    IPv6Network("2002::/16"),  # 6to4
    IPv6Network("fec0::/10"),  # site-local, withdrawn
)
_NEVER_4: Final = (  # not yet private to every Python 3.11
    IPv4Network("192.0.0.0/24"),  # RFC 6890: protocols' own
    IPv4Network("192.88.99.0/24"),  # 6to4 relays
)
_LOCAL_NAMES: Final = ("localhost", "local", "internal", "intranet", "lan", "home.arpa")
_SPELT_NUMBER: Final = re.compile(
    r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}\.?", re.IGNORECASE
)


def is_public(address: str) -> bool:
    """Tell whether an IP address, in its one proper spelling, is anybody's to reach."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        return _is_public_6(ip)
    return _is_public_4(ip)


def is_spelt_oddly(host: str) -> bool:
    """Tell whether a host is IPv4 in disguise: decimal, octal, hexadecimal, shortened."""
    if not _SPELT_NUMBER.fullmatch(host):
        return False
    try:
        IPv4Address(host)
    except ValueError:
        return True
    return False


def is_local(url: str) -> bool:
    """Tell whether a URL names a machine that only its own network knows."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return True
    if ":" in host or _SPELT_NUMBER.fullmatch(host):
        return not is_public(host)
    return "." not in host or host.endswith(tuple(f".{name}" for name in _LOCAL_NAMES))


def spellings(url: str) -> tuple[str, ...]:
    """Return an address as people may write it: with or without a last slash, TLS, www."""
    _, _, rest = url.partition("://")
    bare = rest.rstrip("/").removeprefix("www.")
    ways = (
        f"{scheme}://{www}{bare}{slash}"
        for scheme in ("https", "http")
        for www in ("", "www.")
        for slash in ("", "/")
    )
    return tuple(dict.fromkeys((url, *ways)))


def _is_public_4(ip: IPv4Address) -> bool:
    if any(ip in network for network in _NEVER_4):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _is_public_6(ip: IPv6Address) -> bool:
    if ip.ipv4_mapped:
        return _is_public_4(ip.ipv4_mapped)
    if ip in _NAT64:
        return _is_public_4(IPv4Address(int(ip) & 0xFFFFFFFF))
    if any(ip in network for network in _NEVER):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
