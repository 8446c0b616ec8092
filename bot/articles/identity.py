"""How we know an entry again when guids, links and titles all lie sometimes; used by ``decide``.

An entry has up to three keys: its guid, its link, its title with its date. A key tells something
only when no other entry of the document has it: ten entries with one guid are ten articles, and
entries that share one link go by guid. A key once seen on two entries is never trusted again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.arabic.fold import fold, words
from bot.articles.urls import canonical
from bot.model import Article, Draft, Entry

SAME_TIME = timedelta(hours=12)  # one title, two days: a daily column, not one article
ALIKE = 0.6  # share of words that two versions of one text have in common at least


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one entry; "" where it has none, or one that tells nothing in its document."""

    guid: str = ""
    link: str = ""
    title: str = ""

    @property
    def all(self) -> tuple[str, ...]:
        """Return the keys there are, the most trusted first."""
        ordered = (self.guid, self.link, self.title) if self.guid else (self.title, self.link)
        return tuple(key for key in ordered if key)


@dataclass(frozen=True, slots=True)
class Sighted:
    """The entries of one document that differ, with their keys, and the keys that tell nothing."""

    entries: tuple[tuple[Entry, Keys], ...]
    shared: frozenset[str]


class Told(Protocol):
    """What two tellings are compared by: drafts and articles have it."""

    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def summary(self) -> str: ...


def sight(entries: Sequence[Entry]) -> Sighted:
    """Give each entry of a document its keys; one that repeats an earlier entry is dropped."""
    first: dict[tuple[str, ...], tuple[Entry, Keys]] = {}
    for entry in entries:
        keys = _keys_of(entry)
        mark = (keys.guid, keys.link) if keys.guid else ("", keys.link, keys.title)
        first.setdefault(mark, (entry, keys))
    count = Counter(key for _, keys in first.values() for key in keys.all)
    shared = frozenset(key for key, times in count.items() if times > 1)
    told = tuple((entry, _without(keys, shared)) for entry, keys in first.values())
    return Sighted(told, shared)


def _keys_of(entry: Entry) -> Keys:
    guid, link = entry.guid.strip(), canonical(entry.link)
    title = " ".join(words(fold(entry.title)))
    date = entry.published_at.isoformat() if entry.published_at else ""
    return Keys(
        guid=_key("g", canonical(guid) or guid.rstrip("/")) if guid else "",
        link=_key("l", link) if link else "",
        title=_key("t", f"{title}\n{date}") if title else "",
    )


def _without(keys: Keys, shared: frozenset[str]) -> Keys:
    return Keys(
        guid="" if keys.guid in shared else keys.guid,
        link="" if keys.link in shared else keys.link,
        title="" if keys.title in shared else keys.title,
    )


def _key(kind: str, value: str) -> str:
    return f"{kind}:{hashlib.blake2b(value.encode(), digest_size=12).hexdigest()}"


def fingerprint(title: str, body: str) -> str:
    """Return what tells two versions of an article apart: its folded words, not its markup."""
    text = "\n".join(" ".join(words(fold(part))) for part in (title, body))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def is_version_of(one: Told, other: Told) -> bool:
    """Say whether two tellings of one address or time read like versions of one text."""
    titles = _alike(words(fold(one.title)), words(fold(other.title)))
    return titles >= ALIKE or _bodies_alike(one, other)


def same_text(draft: Draft, others: Iterable[Article | Draft]) -> Article | Draft | None:
    """Find the telling of the same source that a draft under new guid and address repeats.

    It has the same words in its title and no other body, within half a day; or the very same date
    and reads like a version: a headline was corrected, and guid and address with it.
    """
    title = words(fold(draft.title))
    for other in others:
        near = _near(draft, other)
        if near and words(fold(other.title)) == title and _body_may_be(draft, other):
            return other
        dated = draft.published_at is not None and draft.published_at == other.published_at
        if dated and draft.body and _bodies_alike(draft, other):
            return other
    return None


def _near(one: Article | Draft, other: Article | Draft) -> bool:
    if one.published_at is None or other.published_at is None:
        return True
    return abs(one.published_at - other.published_at) <= SAME_TIME


def _body_may_be(one: Told, other: Told) -> bool:
    return not _text(one) or not _text(other) or _bodies_alike(one, other)


def _bodies_alike(one: Told, other: Told) -> bool:
    return _alike(_text(one), _text(other)) >= ALIKE


def _text(told: Told) -> list[str]:
    return words(fold(told.body or told.summary))


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    """Return how many words of the longer text stand in the shorter one too, as a share."""
    if not one or not other:
        return 0.0
    common = sum((Counter(one) & Counter(other)).values())
    return common / max(len(one), len(other))
