"""Stories of a span in, what a digest shows out, ranked and divided; called by the digest job.

Theory: what several newsrooms judged worth telling matters more than what is new, and both matter
more to a reader who follows the section, the source, the words or the story. So a story has a
score, the best open the digest, what is followed comes after by sections in the newsroom's order,
and what is left over waits in a closed fold. What a reader mutes is nowhere. The same stories give
the same digest, in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp2, log2
from types import MappingProxyType

from bot.model import Section, StoryId, Taste, Telling

REACH = timedelta(days=7)  # a digest reaches back no further, whenever the last one was
LOOKED_AT = 60  # stories of a section and span; far more than any digest shows
PER_SECTION = 5  # stories a section may show openly
MOST_TOP = 3

_STORIES_FOR_ONE_TOP = 3
_TOP_OF_A_SECTION = 2
_SOURCES_WEIGHT = 2.0  # for each doubling of the sources
_URGENT_WEIGHT = 2.0
_PICKED_WEIGHT = 1.5
_FOLLOWED_WEIGHT = 1.5
_FRESH_WEIGHT = 1.0
_HALVES_A_DAY = 2  # freshness is halved twice a day
_STALE_WEIGHT = 1.0  # lost with each day beyond the first: a week's digest is not its Monday's
_DAY = timedelta(days=1)
_BROAD = 2  # sources that make a story news outside the sections one follows

Words = Mapping[StoryId, Collection[str]]  # the kept words of a taste that each story tells of
NO_WORDS: Words = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Selection:
    """What a digest shows; no story stands in it twice, and it is never empty."""

    top: tuple[Telling, ...]  # one to three
    sections: tuple[tuple[Section, tuple[Telling, ...]], ...]
    rest: tuple[Telling, ...]

    @property
    def tellings(self) -> tuple[Telling, ...]:
        """Return all stories in the order they are shown."""
        shown = (telling for _, tellings in self.sections for telling in tellings)
        return (*self.top, *shown, *self.rest)

    @property
    def total(self) -> int:
        """Count the stories."""
        return len(self.tellings)

    @property
    def sources(self) -> int:
        """Count the publishers that tell them."""
        return len({article.source.id for told in self.tellings for article in told.articles})


@dataclass(frozen=True, slots=True)
class _News:
    """A story as one reader sees it."""

    telling: Telling
    place: Section
    is_followed: bool  # by its section, or in person
    score: float


def select(
    tellings: Iterable[Telling],
    taste: Taste,
    now: datetime,
    most: int = 20,
    *,
    order: Sequence[Section] = tuple(Section),
    words: Words = NO_WORDS,
) -> Selection | None:
    """Choose at most ``most`` stories for a reader; None when there is nothing to tell.

    Of sections that are not followed only what is urgent, told by several sources, or followed by
    its source or words is news. ``order`` is the newsroom's; sections it lacks come last.
    """
    ranked = _ranked(tellings, taste, words, now)
    if not ranked or most < 1:
        return None
    top = _top(ranked, min(len(ranked), most))
    shown = {one.telling.story.id for one in top}
    waiting = [one for one in ranked if one.telling.story.id not in shown]
    sections, left = _by_section(waiting, most - len(top))
    used = len(top) + sum(map(len, sections.values()))
    places = [*order, *(section for section in Section if section not in order)]
    return Selection(
        tuple(one.telling for one in top),
        tuple((section, tuple(sections[section])) for section in places if section in sections),
        tuple(left[: most - used]),
    )


def place_of(telling: Telling, followed: frozenset[Section]) -> Section:
    """Return the section a story stands in for a reader: its own, or another that is followed."""
    own = telling.story.section
    if own in followed:
        return own
    picked = (Section.PICKS,) if telling.is_picked else ()
    return next((one for one in (*telling.lead.sections, *picked) if one in followed), own)


def _ranked(tellings: Iterable[Telling], taste: Taste, words: Words, now: datetime) -> list[_News]:
    """See each story once as its reader does, leave away what is no news; the best come first."""
    sections = frozenset(taste.sections) or frozenset(Section)  # who follows none follows all
    has_more = len(taste.follows) > len(taste.sections)  # sources, stories, words
    news: list[_News] = []
    for telling in {telling.story.id: telling for telling in tellings}.values():
        story, told = telling.story, words.get(telling.story.id, ())
        place = place_of(telling, sections)
        is_followed = place in sections or (has_more and bool(taste.modes(telling, told)))
        is_for_all = story.is_urgent or story.sources >= _BROAD
        if (is_followed or is_for_all) and not taste.silences(telling, told):
            score = _score(telling, now) + _FOLLOWED_WEIGHT * is_followed
            news.append(_News(telling, place, is_followed, score))
    return sorted(news, key=lambda one: (-one.score, -one.telling.story.id))


def _score(telling: Telling, now: datetime) -> float:
    """Judge a story as everybody would."""
    story = telling.story
    age = max((now - story.last_at) / _DAY, 0.0)
    return (
        _SOURCES_WEIGHT * log2(story.sources)
        + _URGENT_WEIGHT * story.is_urgent
        + _PICKED_WEIGHT * telling.is_picked
        + _FRESH_WEIGHT * exp2(-age * _HALVES_A_DAY)
        - _STALE_WEIGHT * max(age - 1, 0.0)
    )


def _top(ranked: list[_News], total: int) -> list[_News]:
    """Take the best, one for every three stories, without filling the top from one section."""
    room = max(1, min(MOST_TOP, total // _STORIES_FOR_ONE_TOP))
    top: list[_News] = []
    for news in ranked:
        if sum(one.place is news.place for one in top) < _TOP_OF_A_SECTION:
            top.append(news)
        if len(top) == room:
            break
    return top


def _by_section(
    waiting: list[_News], room: int
) -> tuple[dict[Section, list[Telling]], list[Telling]]:
    """Divide stories, best first, into what sections show and what is left over."""
    sections: dict[Section, list[Telling]] = {}
    left: list[Telling] = []
    for news in waiting:
        shown = sections.get(news.place, [])
        if news.is_followed and len(shown) < PER_SECTION and room > 0:
            sections[news.place] = [*shown, news.telling]
            room -= 1
        else:
            left.append(news.telling)
    return sections, left
