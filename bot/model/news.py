"""What the newsroom handles: feeds, their entries, and the articles and stories made of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.ids import EPOCH, ArticleId, FeedId, GameId, SourceId, StoryId


class Section(StrEnum):
    """Name a division of the newsroom; the value is its command word. Arabic names: texts."""

    POLITICS = "politics"
    ECONOMY = "economy"
    SPORT = "sport"
    WEATHER = "weather"
    ROYAL = "royal"
    SOCIETY = "society"
    WORLD = "world"
    ACCIDENTS = "accidents"
    CULTURE = "culture"
    PICKS = "picks"
    MISC = "misc"
    VIDEO = "video"


FOLLOWABLE = tuple(section for section in Section if section is not Section.VIDEO)
HOME_SECTIONS = (Section.POLITICS, Section.ECONOMY, Section.SOCIETY)  # on after a bare /start


class FeedKind(StrEnum):
    """What an address gives."""

    NEWS = "news"
    MATCHES = "matches"  # an iCalendar of fixtures


class FixtureState(StrEnum):
    """How a match stands."""

    PLANNED = "planned"
    OVER = "over"
    OFF = "off"  # postponed or cancelled


@dataclass(frozen=True, slots=True)
class Fixture:
    """A match as its calendar tells it."""

    uid: str
    home: str
    away: str
    starts_at: datetime
    competition: str = ""
    venue: str = ""
    state: FixtureState = FixtureState.PLANNED
    score: tuple[int, int] | None = None  # home, away
    is_timed: bool = True  # False: the calendar names the day alone, and we keep its noon


@dataclass(frozen=True, slots=True, kw_only=True)
class Game(Fixture):
    """A fixture as we keep it."""

    id: GameId


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered; ``body`` is None when the server said "not modified"."""

    url: str  # after redirects
    body: bytes | None
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    wish: timedelta | None = (
        None  # how long the server asks us to wait (Cache-Control, Retry-After)
    )
    moved_to: str = ""  # where redirects that are meant for good led; "" when there were none


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as the feed gave it: plain text, safe addresses, nothing judged yet."""

    title: str  # may be empty: the feed gave none
    guid: str = ""
    link: str = ""
    summary: str = ""
    body: str = ""  # paragraphs divided by "\n"
    author: str = ""
    published_at: datetime | None = None  # None: undated, or a date nobody can read
    categories: tuple[str, ...] = ()
    image_url: str = ""
    video_url: str = ""
    is_urgent: bool = False  # the feed's own mark, not the word in the title
    video_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed feed: what it says of itself, and its entries in the feed's order."""

    entries: tuple[Entry, ...]
    fixtures: tuple[Fixture, ...] = ()
    kind: FeedKind = FeedKind.NEWS
    title: str = ""
    site_url: str = ""
    ttl: timedelta | None = None  # the feed's own wish between two visits
    skipped: int = 0  # entries too broken to read


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher; several feeds may be his."""

    id: SourceId
    name: str


@dataclass(frozen=True, slots=True)
class Feed:
    """One address we poll, with what the last visits taught us."""

    id: FeedId
    source: Source
    url: str
    host: str
    section: Section | None = None  # None: each entry's own category decides
    is_on: bool = True
    is_silent: bool = True  # the next successful poll stores and pushes nothing
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    interval: timedelta = timedelta(minutes=10)
    failures: int = 0
    last_error: str = ""
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    next_poll_at: datetime = EPOCH
    kind: FeedKind = FeedKind.NEWS
    last_cause: str = ""  # a FetchCause or "" ; the sentence for operators is ``last_error``
    removed_at: datetime | None = None  # its articles stay; nobody polls or lists it


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry judged and cleaned, ready to be stored: an article without its id and story."""

    feed: FeedId
    source: Source
    title: str
    url: str
    canonical_url: str
    summary: str
    body: str
    author: str
    image_url: str
    video_url: str
    published_at: datetime | None
    first_seen_at: datetime
    sections: tuple[Section, ...]  # the first is where it is shown
    is_urgent: bool
    fingerprint: str  # of the folded words; equal fingerprints are "unchanged"
    video_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """What we kept of an entry. ``id`` grows with the moment of publication (see storage)."""

    id: ArticleId
    feed: FeedId
    source: Source
    title: str
    url: str
    canonical_url: str
    summary: str
    body: str
    author: str
    image_url: str
    video_url: str
    published_at: datetime | None
    first_seen_at: datetime
    sections: tuple[Section, ...]
    is_urgent: bool
    fingerprint: str
    story: StoryId
    revision: int = 0
    video_seconds: int | None = None

    @property
    def section(self) -> Section:
        """Return the section it is shown in."""
        return self.sections[0]

    @property
    def moment(self) -> datetime:
        """Return the moment readers are told: published, unless undated or in the future."""
        if self.published_at is None or self.published_at > self.first_seen_at:
            return self.first_seen_at
        return self.published_at


@dataclass(frozen=True, slots=True)
class Story:
    """Articles of one or more sources on one event; the lead speaks for them."""

    id: StoryId
    lead: ArticleId
    section: Section
    first_at: datetime  # the first article's first_seen_at
    last_at: datetime
    sources: int = 1
    articles: int = 1
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """A story together with its articles, lead first: all that a brief is made of."""

    story: Story
    articles: tuple[Article, ...]

    @property
    def lead(self) -> Article:
        """Return the article that speaks for the story."""
        return self.articles[0]

    @property
    def is_picked(self) -> bool:
        """Say whether the editors recommend it."""
        return any(Section.PICKS in article.sections for article in self.articles)
