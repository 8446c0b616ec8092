"""Entries and what we know in, one decision an entry out; the job that polls carries them out.

A decision is a value: ``New`` is stored, ``Changed`` is a correction, ``Same`` teaches us at most
another key or section, ``Ignored`` says why. Nothing here reads or writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.arabic.fold import words
from bot.arabic.sentences import sentences
from bot.arabic.shorten import shorten
from bot.articles.identity import Keys, Sighted, fingerprint
from bot.articles.recall import Known as Known  # its readers have it from here
from bot.articles.recall import Past
from bot.articles.sameness import Telling, Tellings, is_repeat_of
from bot.articles.sections import sections_of
from bot.articles.urgency import is_mark, split_urgent
from bot.articles.urls import canonical
from bot.articles.watch import stems_of, tells_of
from bot.model import Article, ArticleId, Draft, Entry, Feed, Section

# A text with a clock or a counter in it changes at every poll; after this many versions it is
# left alone (miniflux #1378).
MOST_REVISIONS = 8
LONGEST_TITLE = 300  # UTF-16 units; a longer one is a text in the wrong field


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
    """An article we have, known by these keys too and standing in these sections too."""

    article: Article
    keys: tuple[str, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Ignored:
    """An entry that is no article, and why; ``keys`` are remembered, so that it never is one."""

    title: str
    reason: str
    keys: tuple[str, ...] = ()


Decision = New | Changed | Same | Ignored


def decide(sighted: Sighted, feed: Feed, known: Known, now: datetime) -> Sequence[Decision]:
    """Decide on each entry of a document, in the document's order.

    1. Clean the entry into a draft; one without a word of text is ignored.
    2. Find the article it is: by guid, by address, by its very text; else it is new.
    3. Of a known one, tell a correction from what only looks different.
    4. Of the new ones, leave out what editors' words keep out, now or once before; join those
       that repeat each other.
    """
    past = Past(sighted, known)
    drafts = [draft_of(entry, feed, now) for entry, _ in sighted.entries]
    found = [
        past.find(draft, keys) if draft is not None else None
        for draft, (_, keys) in zip(drafts, sighted.entries, strict=True)
    ]
    corrections = _corrections(known, sighted, drafts, found)
    document = _Document(known, feed, corrections)
    for (entry, keys), draft, article in zip(sighted.entries, drafts, found, strict=True):
        if draft is None:
            document.ignore(entry, "it has neither a title nor a text")
        elif article is not None:
            document.tell(article, draft, keys)
        elif past.is_kept_out(keys) or keeps_out(known.keep_outs, draft):
            document.keep_out(entry, keys)
        elif past.is_pruned(draft, keys):
            document.ignore(entry, "it was told before, and is no longer kept")
        else:
            document.begin(draft, keys)
    return document.decisions


def keeps_out(rules: Sequence[str], told: Draft | Article) -> bool:
    """Say whether words of the editors, in the form they are kept, keep an article out."""
    if not rules:
        return False
    stems = stems_of(told)
    return any(tells_of(stems, rule) for rule in rules)


def draft_of(entry: Entry, feed: Feed, now: datetime) -> Draft | None:
    """Clean an entry into what may be stored; None when there is no word to show."""
    title, is_marked = split_urgent(entry.title.strip())
    body = entry.body or entry.summary
    title = next((told for told in (title, *sentences(body)) if words(told)), "")
    if not title:
        return None
    return Draft(
        feed=feed.id,
        source=feed.source,
        title=_short(title),
        url=entry.link,
        canonical_url=canonical(entry.link),
        summary=entry.summary,
        body=entry.body,
        author=entry.author,
        image_url=entry.image_url,
        video_url=entry.video_url,
        video_seconds=entry.video_seconds,
        published_at=entry.published_at,
        first_seen_at=now,
        sections=sections_of(feed.section, entry.categories, has_video=bool(entry.video_url)),
        # a newspaper that is called «Urgent» signs every headline with its name
        is_urgent=entry.is_urgent or (is_marked and not is_mark(feed.source.name)),
        fingerprint=fingerprint(title, body),
    )


def _short(title: str) -> str:
    short = shorten(title, LONGEST_TITLE)
    return short if words(short) else title[: LONGEST_TITLE // 2]  # a «word» of that length


def _corrections(
    known: Known,
    sighted: Sighted,
    drafts: Sequence[Draft | None],
    found: Sequence[Article | None],
) -> Mapping[ArticleId, Draft]:
    """Choose the one draft of a document that may correct each article: so that none flips.

    None may where the document has its very text already; else one that has its guid, else the
    first. A second feed's shorter telling corrects nothing.
    """
    settled: set[ArticleId] = set()
    chosen: dict[ArticleId, Draft] = {}
    by_guid: dict[ArticleId, Draft] = {}
    for (_, keys), draft, article in zip(sighted.entries, drafts, found, strict=True):
        if draft is None or article is None or article.feed != draft.feed:
            continue
        if draft.fingerprint == article.fingerprint or article.revision >= MOST_REVISIONS:
            settled.add(article.id)
        chosen.setdefault(article.id, draft)
        if known.keys.get(keys.guid) == article.id:
            by_guid.setdefault(article.id, draft)
    return {number: draft for number, draft in (chosen | by_guid).items() if number not in settled}


class _Document:
    """The decisions on one document as they are made."""

    def __init__(self, known: Known, feed: Feed, corrections: Mapping[ArticleId, Draft]) -> None:
        self.decisions: list[Decision] = []
        self._known = known
        self._feed = feed
        self._corrections = corrections
        self._begun: Tellings[int] = Tellings()
        articles = (*known.articles.values(), *known.by_url.values(), *known.recent)
        self._taken = {article.canonical_url for article in articles} | {""}

    def ignore(self, entry: Entry, reason: str) -> None:
        self.decisions.append(Ignored(entry.title, reason))

    def keep_out(self, entry: Entry, keys: Keys) -> None:
        """Ignore an entry for good; what else may come to stand at its address is not it."""
        own = tuple(key for key in keys.all if key != keys.link)
        self.decisions.append(Ignored(entry.title, "words of the editors keep it out", own))

    def tell(self, article: Article, draft: Draft, keys: Keys) -> None:
        """Decide on an entry that is an article we have."""
        if self._corrections.get(article.id) is draft:
            self.decisions.append(Changed(article, draft, keys.all))
        else:
            self.decisions.append(Same(article, keys.all, self._sections(draft)))

    def _sections(self, draft: Draft) -> tuple[Section, ...]:
        """Return where a known article stands too; «we do not know» is no place."""
        is_meant = self._feed.section is Section.MISC
        return tuple(name for name in draft.sections if is_meant or name is not Section.MISC)

    def begin(self, draft: Draft, keys: Keys) -> None:
        """Decide on an entry that is none we have: it is new, or repeats one that is."""
        telling = Telling(draft)
        for told, place in self._begun.near(telling):
            new = self.decisions[place]
            if isinstance(new, New) and is_repeat_of(telling, told, is_beside=True):
                self.decisions[place] = replace(new, keys=new.keys + keys.all)
                return
        self._begun.add(telling, len(self.decisions))
        self.decisions.append(New(self._at_free_address(draft, keys), keys.all))

    def _at_free_address(self, draft: Draft, keys: Keys) -> Draft:
        """Leave the canonical address to whoever has it: one address, one article.

        A draft under a key of another article goes without: so may its address be another's.
        """
        has_key = any(self._known.keys.get(key) is not None for key in (*keys.all[:1], keys.link))
        is_shared = self._known.is_shared(keys.link)
        if not keys.link or has_key or is_shared or draft.canonical_url in self._taken:
            return replace(draft, canonical_url="")
        self._taken.add(draft.canonical_url)
        return draft
