"""One raw value of the configuration comes in, a checked one goes out; `reading` applies the rules.

A rule never says where the value stood: it raises `WrongError`, and `reading` adds file and key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.config.values import Address, Secret, WrongError
from bot.model import FeedKind, Section

SectionNames = Mapping[str, Section]

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_DURATION = re.compile(r"([0-9]{1,6})([smhd])")
_MATCHES = (FeedKind.MATCHES.value, "\u0645\u0628\u0627\u0631\u064a\u0627\u062a")  # mubarayat
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_HOUR = re.compile(r"(\d{1,2}):(\d{2})")  # a keyboard set to Arabic digits is welcome
_LISTEN = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Rule:
    """Read one key: ``need`` is the sentence for a wrong value, ``words`` reads the environment."""

    need: str
    read: Callable[[object, SectionNames], object]
    words: Callable[[str], object] = str
    secret: bool = False


def nearest(word: str, known: Iterable[str]) -> str:
    """Suggest the known word most like this one, as a question; empty when none is near."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean {close[0]}?" if close else ""


def text(need: str, pattern: str = r"[^\x00-\x1f\x7f]+") -> Rule:
    """Take one line of text that matches the pattern whole."""
    shape = re.compile(pattern)

    def read(value: object, _: SectionNames) -> str:
        if shape.fullmatch(_string(value).strip()) is None:
            raise WrongError
        return _string(value).strip()

    return Rule(need, read)


def token() -> Rule:
    """Take a bot token in the form BotFather gives; it is never shown."""

    def read(value: object, _: SectionNames) -> Secret:
        if _TOKEN.fullmatch(_string(value).strip()) is None:
            raise WrongError
        return Secret(_string(value).strip())

    need = "a token as BotFather gives it is needed (digits, a colon, letters and digits)."
    return Rule(need, read, secret=True)


def webhook_secret() -> Rule:
    """Take the word Telegram repeats to us with each webhook call; it is never shown."""
    shape = text("1 to 256 of A-Z a-z 0-9 _ - are needed.", "[A-Za-z0-9_-]{1,256}")  # setWebhook
    return replace(
        shape, read=lambda value, names: Secret(str(shape.read(value, names))), secret=True
    )


def whole(least: int, most: int, unit: str, note: str = "") -> Rule:
    """Take a whole number within both ends."""

    def read(value: object, _: SectionNames) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise WrongError
        return value

    note = f" ({note})" if note else ""
    return Rule(f"a number of {unit}, {least} to {most}, is needed{note}.", read, words=_number)


def flag(*, later: str = "") -> Rule:
    """Take true or false; ``later`` says why true is for a coming version."""

    def read(value: object, _: SectionNames) -> bool:
        if not isinstance(value, bool):
            raise WrongError
        if value and later:
            raise WrongError(later)
        return value

    return Rule("true or false is needed, without quotation marks.", read, words=_truth)


def choice(*allowed: str, later: Mapping[str, str] | None = None) -> Rule:
    """Take one of the words; ``later`` holds words that a coming version will take, and why not."""

    def read(value: object, _: SectionNames) -> str:
        word = _string(value)
        if later and word in later:
            raise WrongError(later[word])
        if word not in allowed:
            raise WrongError
        return word

    quoted = [f'"{word}"' for word in allowed]
    return Rule(f"{' or '.join(quoted)} is needed.", read)


def duration(least: str, most: str) -> Rule:
    """Take a whole number and a unit, between both ends."""

    def read(value: object, _: SectionNames) -> timedelta:
        span = _span(_string(value))
        if not _span(least) <= span <= _span(most):
            raise WrongError
        return span

    need = f'a time from "{least}" to "{most}" is needed: a whole number and s, m, h or d.'
    return Rule(need, read)


def hours() -> Rule:
    """Take hours of the day as text; give minutes since midnight, in order, each once."""

    def read(value: object, _: SectionNames) -> tuple[int, ...]:
        return tuple(sorted({_minute(item) for item in _items(value)}))

    return Rule('hours of the day are needed, like ["07:00", "19:30"].', read, words=_list)


def zone() -> Rule:
    """Take the IANA name of a time zone."""

    def read(value: object, _: SectionNames) -> ZoneInfo:
        try:
            return ZoneInfo(_string(value))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            hint = nearest(str(value), available_timezones())
            raise WrongError(
                f'a zone of the IANA list is needed, like "Africa/Casablanca".{hint}'
            ) from None

    return Rule('a zone of the IANA list is needed, like "Africa/Casablanca".', read)


def ids() -> Rule:
    """Take the numbers of Telegram users."""
    number = whole(1, 2**52, "a user")

    def read(value: object, names: SectionNames) -> tuple[object, ...]:
        return tuple(dict.fromkeys(number.read(item, names) for item in _items(value, least=0)))

    need = "numbers of Telegram users are needed, like [123456789]."
    return Rule(need, read, words=lambda words: [_number(word) for word in _list(words)])


def web_address(need: str, *, is_root: bool = False) -> Rule:
    """Take an http or https address with a host; a root goes without slash or "/bot" at its end."""

    def read(value: object, _: SectionNames) -> str:
        address = _string(value).strip()
        if any(letter.isspace() for letter in address):
            raise WrongError
        try:
            parts = urlsplit(address)
            named = parts.scheme in {"http", "https"} and bool(parts.hostname)
            named = named and parts.port != 0  # urlsplit checks a port only when it is asked for
        except ValueError:
            raise WrongError from None
        if not named or (is_root and address.rstrip("/").endswith("/bot")):
            raise WrongError
        return address.rstrip("/") if is_root else address

    return Rule(need, read)


def listen() -> Rule:
    """Take host and port of our own server."""

    def read(value: object, _: SectionNames) -> Address:
        match = _LISTEN.fullmatch(_string(value))
        if match is None or int(match[2]) > 65535:
            raise WrongError
        return Address(match[1].strip("[]"), int(match[2]))

    return Rule('a host and a port are needed, like "127.0.0.1:8080".', read)


def sqlite() -> Rule:
    """Take the address of an SQLite file; three slashes: beside us, four: from the root."""

    def read(value: object, _: SectionNames) -> str:
        url = _string(value)
        if url.startswith(("postgresql:", "postgres:")):
            raise WrongError('PostgreSQL is not in this version yet; use "sqlite:///mujaz.db".')
        name = url.removeprefix("sqlite:///")
        if name in {url, "", ":memory:"} or name.endswith("/") or "\0" in name:
            raise WrongError
        return url

    return Rule('the address of a file is needed, like "sqlite:///mujaz.db".', read)


def path() -> Rule:
    """Take the name of a file; whether it can be read is seen when it is opened."""

    def read(value: object, _: SectionNames) -> Path:
        name = _string(value).strip()
        if not name or "\0" in name:
            raise WrongError
        return Path(name)

    return Rule("the name of a file is needed.", read)


def section() -> Rule:
    """Take a section by its Arabic name or its command word."""
    return Rule("a section is needed, by its Arabic name or its command word.", _section)


def feed_section() -> Rule:
    """Take a section as above, or the word for matches, which is no section: None.

    A calendar is known by what it gives; the word is for who reads the file.
    """

    def read(value: object, names: SectionNames) -> Section | None:
        if _string(value).strip().removeprefix("/") in _MATCHES:
            return None
        return _section(value, names)

    return replace(section(), read=read)


def sections() -> Rule:
    """Take sections in the order in which they are shown."""

    def read(value: object, names: SectionNames) -> tuple[Section, ...]:
        return tuple(dict.fromkeys(_section(item, names) for item in _items(value)))

    need = 'sections are needed, by Arabic names or command words, like ["politics", "sport"].'
    return Rule(need, read, words=_list)


def _section(value: object, names: SectionNames) -> Section:
    word = _string(value).strip().removeprefix("/")
    if word not in names:
        words = ", ".join(dict.fromkeys(name.value for name in names.values()))
        raise WrongError(f"no section is called so.{nearest(word, names)} There are: {words}.")
    return names[word]


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise WrongError
    return value


def _items(value: object, *, least: int = 1) -> list[object]:
    if not isinstance(value, list) or len(value) < least:
        raise WrongError
    return value


def _minute(value: object) -> int:
    match = _HOUR.fullmatch(_string(value).strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise WrongError
    return int(match[1]) * 60 + int(match[2])


def _span(words: str) -> timedelta:
    match = _DURATION.fullmatch(words.strip())
    if match is None:
        raise WrongError
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _number(words: str) -> int:
    if re.fullmatch(r"[+-]?[0-9]{1,18}", words.strip()) is None:
        raise WrongError
    return int(words)


def _truth(words: str) -> bool:
    truths = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if words.strip().lower() not in truths:
        raise WrongError
    return truths[words.strip().lower()]


def _list(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]
