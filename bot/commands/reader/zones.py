"""A city or a zone as a reader types it → the IANA zone, and back to a name; digest pages ask.

Names of cities are Unicode's (CLDR, by Babel), in Arabic; countries that are usual here stand in
the texts. IANA's own names are understood as well.
"""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import get_timezone_location

from bot.arabic.fold import fold
from bot.texts import Texts

LONGEST = 60  # letters; nobody's city has more


def zone_name(zone: str, texts: Texts) -> str:
    """Name a zone as readers know it."""
    usual = texts.table("zones")
    return usual[zone] if zone in usual else _city(zone)


def read_zone(typed: str, texts: Texts) -> str | None:
    """Return the zone of a typed city, country or IANA name; None: not understood."""
    word = _key(typed[:LONGEST])
    return {_key(name): zone for zone, name in texts.table("zones").items()}.get(
        word
    ) or _known().get(word)


@cache
def _known() -> dict[str, str]:
    """Map every folded name to its zone: IANA's whole, its city, the city in Arabic."""
    zones = sorted(zone for zone in available_timezones() if "/" in zone and zone[:3] != "Etc")
    known = {_key(zone.rpartition("/")[2]): zone for zone in zones}
    named = Locale("ar").time_zones
    known |= {_key(_city(zone)): zone for zone in zones if zone in named}
    return known | {_key(zone): zone for zone in zones} | {"utc": "UTC"}


def _city(zone: str) -> str:
    return get_timezone_location(ZoneInfo(zone), locale="ar", return_city=True)


def _key(name: str) -> str:
    """Fold a name; words are parted by one space, whatever parted them."""
    return " ".join(fold(name.replace("_", " ")).casefold().split())
