"""What feedparser hands us in, values of known types out: the border; called by ``parse``'s parts.

feedparser promises nothing: any element may turn out a string, a dict of attributes, or missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Raw = Mapping[str, object]


def plain(thing: object) -> Raw:
    """Return feedparser's dict without its aliases (they warn when read), or an empty one."""
    return dict(thing) if isinstance(thing, Mapping) else {}


def text(raw: Raw, *keys: str) -> str:
    """Return the first of the keys that holds a word, or ""."""
    for key in keys:
        value = raw.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def several(raw: Raw, key: str) -> list[Raw]:
    """Return the dicts of a list, without aliases; [] when there is no such list."""
    value = raw.get(key)
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [plain(one) for one in value]


def number(raw: Raw, key: str) -> int:
    """Return a whole number, or 0: widths, minutes, degrees of urgency."""
    return whole(text(raw, key))


def whole(words: str) -> int:
    """Read a whole number of at most nine digits, or 0."""
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else 0


def first(candidates: Iterable[str]) -> str:
    """Return the first that is not empty, or ""."""
    return next((one for one in candidates if one), "")
