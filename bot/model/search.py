"""What a search asks and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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


class SearchOrder(StrEnum):
    """Which hit stands first."""

    FIT = "fit"
    NEWEST = "new"


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that a query found, with how well it fits."""

    article: Article
    score: float


@dataclass(frozen=True, slots=True)
class Page:
    """One screen of a list, and whether there is more than was looked at."""

    hits: tuple[Hit, ...]
    number: int
    pages: int
    total: int
    is_bounded: bool = False  # more may match than were ranked
