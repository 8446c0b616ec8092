"""Entries and what we know in, one decision an entry out; the job that polls carries them out.

A decision is a value: ``New`` is stored, ``Changed`` is a correction, ``Same`` teaches us at most
another key or section, ``Ignored`` says why. Nothing here reads or writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.arabic.sentences import sentences
from bot.arabic.shorten import shorten
from bot.articles.identity import Keys, Sighted, fingerprint, is_version_of, same_text
from bot.articles.sections import sections_of
from bot.articles.urgency import split_urgent
from bot.articles.urls import canonical
from bot.model import Article, ArticleId, Draft, Entry, Feed, Section

# A text with a clock or a counter in it changes at every poll; after this many versions it is
# left alone (miniflux #1378).
MOST_REVISIONS = 8
LONGEST_TITLE = 300  # UTF-16 units; a longer one is a text in the wrong field


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows of a document's entries."""

    keys: Mapping[str, ArticleId | None] = field(default_factory=dict)
    articles: Mapping[ArticleId, Article] = field(default_factory=dict)
    by_url: Mapping[str, Article] = field(default_factory=dict)  # canonical address → article
    recent: Sequence[Article] = ()  # of the same source, newest first


@dataclass(frozen=True, slots=True)
class New:
    """An article to store, known by these keys from now on."""

    draft: Draft
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A correction of an article we have."""

    article: Article
    draft: Draft
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Same:
    """An article we have. ``is_rekeyed``: it came under a guid and an address not seen before."""

    article: Article
    keys: tuple[str, ...]
    sections: tuple[Section, ...]
    is_rekeyed: bool = False


@dataclass(frozen=True, slots=True)
class Ignored:
    """An entry that is no article, and why."""

    title: str
    reason: str


Decision = New | Changed | Same | Ignored


def decide(sighted: Sighted, feed: Feed, known: Known, now: datetime) -> Sequence[Decision]:
    """Decide on each entry of a document, in the document's order.

    1. Clean the entry into a draft; one without a word of text is ignored.
    2. Find the article it is: by key, by address, by its very text; else it is new.
    3. Of a known one, tell a correction from what only looks different.
    """
    decisions: list[Decision] = []
    for entry, keys in sighted.entries:
        draft = draft_of(entry, feed, now)
        if draft is None:
            decisions.append(Ignored(entry.title, "it has neither a title nor a text"))
            continue
        if not keys.link:
            draft = replace(draft, canonical_url="")
        article = _find(draft, keys, known)
        if article is not None:
            decisions.append(_compare(article, draft, keys, known))
        elif not _joins_new(decisions, draft, keys):
            decisions.append(New(_at_free_address(draft, decisions, known), keys.all))
    return decisions


def draft_of(entry: Entry, feed: Feed, now: datetime) -> Draft | None:
    """Clean an entry into what may be stored; None when there is no word to show."""
    title, is_marked = split_urgent(entry.title.strip())
    body = entry.body or entry.summary
    if not title:
        first = sentences(body)[:1]
        title = first[0] if first else ""
    if not title:
        return None
    return Draft(
        feed=feed.id,
        source=feed.source,
        title=shorten(title, LONGEST_TITLE),
        url=entry.link,
        canonical_url=canonical(entry.link),
        summary=entry.summary,
        body=entry.body,
        author=entry.author,
        image_url=entry.image_url,
        video_url=entry.video_url,
        published_at=entry.published_at,
        first_seen_at=now,
        sections=sections_of(feed.section, entry.categories, has_video=bool(entry.video_url)),
        is_urgent=is_marked or entry.is_urgent,
        fingerprint=fingerprint(title, body),
    )


def _find(draft: Draft, keys: Keys, known: Known) -> Article | None:
    """Find the article that a draft is: the key it trusts most, then address, then its text."""
    first, *others = keys.all or ("",)
    article = _by_key(first, known)
    if article is not None and (first != keys.link or is_version_of(draft, article)):
        return article
    candidates = [_by_key(key, known) for key in others]
    candidates.append(known.by_url.get(draft.canonical_url))
    for candidate in candidates:
        if candidate is not None and is_version_of(draft, candidate):
            return candidate
    same = same_text(draft, known.recent)
    return same if isinstance(same, Article) else None


def _by_key(key: str, known: Known) -> Article | None:
    article = known.keys.get(key)
    return None if article is None else known.articles.get(article)


def _compare(article: Article, draft: Draft, keys: Keys, known: Known) -> Decision:
    is_rekeyed = not any(key in known.keys for key in (keys.guid, keys.link) if key)
    if draft.fingerprint == article.fingerprint or article.revision >= MOST_REVISIONS:
        return Same(article, keys.all, draft.sections, is_rekeyed)
    if article.feed != draft.feed:  # a second feed's shorter telling corrects nothing
        return Same(article, keys.all, draft.sections)
    return Changed(article, draft, keys.all)


def _joins_new(decisions: list[Decision], draft: Draft, keys: Keys) -> bool:
    """Give a draft's keys to the one in the same document that it repeats under other keys."""
    for place, decision in enumerate(decisions):
        if isinstance(decision, New) and same_text(draft, [decision.draft]):
            decisions[place] = replace(decision, keys=decision.keys + keys.all)
            return True
    return False


def _at_free_address(draft: Draft, decisions: Sequence[Decision], known: Known) -> Draft:
    """Leave the canonical address to whoever has it: one address, one article."""
    taken = {new.draft.canonical_url for new in decisions if isinstance(new, New)}
    if draft.canonical_url in known.by_url or draft.canonical_url in taken:
        return replace(draft, canonical_url="")
    return draft
