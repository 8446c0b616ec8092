"""What a search asks and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.model.ids import ArticleId, StoryId
from bot.model.news import Article, Section


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to find: a word in its folded form and stem, or a phrase of folded words."""

    folded: tuple[str, ...]  # one word, or a phrase
    stem: str = ""  # "" for a phrase: it is found as written


@dataclass(frozen=True, slots=True)
class Query:
    """A reader's words, parsed; never an engine's syntax."""

    text: str  # as typed, for showing
    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    section: Section | None = None


class Period(StrEnum):
    """How far back a search looks, by the reader's calendar."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"  # since Monday
    MONTH = "month"  # since the first of it
    EVER = "ever"


class SearchOrder(StrEnum):
    """Which hit stands first."""

    FIT = "fit"
    NEWEST = "new"


class Place(IntEnum):
    """Say where an article has a term, from what tells least to what tells most."""

    TEXT_STEM = 0
    TEXT = 1  # the word or phrase itself
    TITLE_STEM = 2
    TITLE = 3


@dataclass(frozen=True, slots=True)
class SearchText:
    """What the search index keeps of an article: folded words, and the stems of them."""

    title: str
    title_stems: str
    text: str
    text_stems: str


@dataclass(frozen=True, slots=True)
class Head:
    """An article as a list of stories knows it."""

    article: ArticleId
    story: StoryId


@dataclass(frozen=True, slots=True)
class Match:
    """An article that a query found, as far as ranking must know it."""

    article: ArticleId
    story: StoryId
    title: str
    moment: datetime
    places: tuple[Place, ...]  # of the query's terms, in their order


@dataclass(frozen=True, slots=True)
class Page:
    """One screen of a list, and whether there is more than was looked at."""

    articles: tuple[Article, ...]
    number: int
    pages: int
    total: int
    is_bounded: bool = False  # more may match than were ranked
