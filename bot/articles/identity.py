"""How we know an entry again when guids, links and titles all lie sometimes; used by ``decide``.

An entry has up to three keys: its guid, its link, its title with its date. A key tells something
only when no other entry of the document has it: ten entries with one guid are ten articles, and
entries that share one link go by guid. A key once seen on two entries is never trusted again, and
the address of a site's front page never is. Who has no guid goes by the words of the whole, too.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.arabic.fold import fold, words
from bot.articles.urgency import split_urgent
from bot.articles.urls import canonical, is_whole_site
from bot.model import Entry


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one entry; "" where it has none, or one that tells nothing in its document."""

    guid: str = ""
    link: str = ""
    title: str = ""
    text: str = ""  # title and body, the last resort of who has no guid

    @property
    def all(self) -> tuple[str, ...]:
        """Return the keys there are, the most trusted first."""
        with_guid = (self.guid, self.link, self.title)
        ordered = with_guid if self.guid else (self.title, self.link, self.text)
        return tuple(key for key in ordered if key)


@dataclass(frozen=True, slots=True)
class Sighted:
    """The entries of one document that differ, with their keys, and the keys that tell nothing."""

    entries: tuple[tuple[Entry, Keys], ...]
    shared: frozenset[str]


def sight(entries: Sequence[Entry]) -> Sighted:
    """Give each entry of a document its keys; one that repeats an earlier entry is dropped.

    It repeats one when guid and link are the same, or, without a guid, link and words.
    """
    first: dict[tuple[str, ...], tuple[Entry, Keys]] = {}
    for entry in entries:
        keys = _keys_of(entry)
        mark = (keys.guid, keys.link) if keys.guid else ("", keys.link, keys.title, keys.text)
        first.setdefault(mark, (entry, keys))
    count = Counter(
        key for _, keys in first.values() for key in {keys.guid, keys.link, keys.title} if key
    )
    shared = frozenset(key for key, times in count.items() if times > 1)
    told = tuple((entry, _without(keys, shared)) for entry, keys in first.values())
    return Sighted(told, shared)


def _keys_of(entry: Entry) -> Keys:
    guid, link = _guid_of(entry), canonical(entry.link)
    body = " ".join(words(fold(entry.body or entry.summary)))
    title = " ".join(words(fold(split_urgent(entry.title)[0]))) or body
    date = entry.published_at.isoformat() if entry.published_at else ""
    return Keys(
        guid=_key("g", guid) if guid else "",
        link=_key("l", link) if link and not is_whole_site(link) else "",
        title=_key("t", f"{title}\n{date}") if title else "",
        text=_key("x", f"{title}\n{body}") if title else "",
    )


def _guid_of(entry: Entry) -> str:
    """Return a guid without what sites change about it; "" when it names the site and no page."""
    guid = entry.guid.strip()
    address, fragment = canonical(guid), guid.partition("#")[2]
    if not address:
        return guid.rstrip("/") or guid
    if is_whole_site(address) and not fragment:
        return ""
    return f"{address}#{fragment}" if fragment else address


def _without(keys: Keys, shared: frozenset[str]) -> Keys:
    return Keys(
        guid="" if keys.guid in shared else keys.guid,
        link="" if keys.link in shared else keys.link,
        title="" if keys.title in shared else keys.title,
        text=keys.text,
    )


def fingerprint(title: str, body: str) -> str:
    """Return what tells two versions of an article apart: its folded words, not its markup."""
    return _digest("\n".join(" ".join(words(fold(part))) for part in (title, body)))


def _key(kind: str, value: str) -> str:
    return f"{kind}:{_digest(value)}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=12).hexdigest()
