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
_HALF_LIFE = timedelta(hours=12)
_STALE_WEIGHT = 1.0  # lost with each day beyond the first: a week's digest is not its Monday's
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
class _Wishes:
    """What one reader wants of the news."""

    taste: Taste
    words: Words
    sections: frozenset[Section]  # followed; who follows none is taken to follow all

    def place_of(self, telling: Telling) -> Section:
        return place_of(telling, self.sections)

    def is_followed(self, telling: Telling) -> bool:
        words = self.words.get(telling.story.id, ())
        return self.place_of(telling) in self.sections or bool(self.taste.modes(telling, words))

    def is_news(self, telling: Telling) -> bool:
        """Say whether a story may be shown; of what is not followed, what matters to all."""
        story = telling.story
        if self.taste.silences(telling, self.words.get(story.id, ())):
            return False
        return story.is_urgent or story.sources >= _BROAD or self.is_followed(telling)


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
    wishes = _Wishes(taste, words, frozenset(taste.sections) or frozenset(Section))
    ranked = _ranked(tellings, wishes, now)
    if not ranked or most < 1:
        return None
    top = _top(ranked, wishes, min(len(ranked), most))
    shown = {telling.story.id for telling in top}
    waiting = [telling for telling in ranked if telling.story.id not in shown]
    sections, left = _by_section(waiting, wishes, most - len(top))
    used = len(top) + sum(map(len, sections.values()))
    places = [*order, *(section for section in Section if section not in order)]
    return Selection(
        top,
        tuple((section, tuple(sections[section])) for section in places if section in sections),
        tuple(left[: most - used]),
    )


def place_of(telling: Telling, followed: frozenset[Section]) -> Section:
    """Return the section a story stands in for a reader: its own, or another that is followed."""
    picked = (Section.PICKS,) if telling.is_picked else ()
    ways = (telling.story.section, *telling.lead.sections, *picked)
    return next((section for section in ways if section in followed), telling.story.section)


def _ranked(tellings: Iterable[Telling], wishes: _Wishes, now: datetime) -> list[Telling]:
    unique = {telling.story.id: telling for telling in tellings}
    news = [telling for telling in unique.values() if wishes.is_news(telling)]
    return sorted(news, key=lambda one: (-_score(one, wishes, now), -one.story.id))


def _score(telling: Telling, wishes: _Wishes, now: datetime) -> float:
    story = telling.story
    age = max(now - story.last_at, timedelta(0))
    days_late = max(age / timedelta(days=1) - 1, 0.0)
    return (
        _SOURCES_WEIGHT * log2(story.sources)
        + _URGENT_WEIGHT * story.is_urgent
        + _PICKED_WEIGHT * telling.is_picked
        + _FOLLOWED_WEIGHT * wishes.is_followed(telling)
        + _FRESH_WEIGHT * exp2(-(age / _HALF_LIFE))
        - _STALE_WEIGHT * days_late
    )


def _top(ranked: list[Telling], wishes: _Wishes, total: int) -> tuple[Telling, ...]:
    """Take the best, one for every three stories, without filling the top from one section."""
    room = max(1, min(MOST_TOP, total // _STORIES_FOR_ONE_TOP))
    top: list[Telling] = []
    for telling in ranked:
        place = wishes.place_of(telling)
        if sum(wishes.place_of(one) is place for one in top) < _TOP_OF_A_SECTION:
            top.append(telling)
        if len(top) == room:
            break
    return tuple(top)


def _by_section(
    waiting: list[Telling], wishes: _Wishes, room: int
) -> tuple[dict[Section, list[Telling]], list[Telling]]:
    """Divide stories, best first, into what sections show and what is left over."""
    sections: dict[Section, list[Telling]] = {}
    left: list[Telling] = []
    for telling in waiting:
        place = wishes.place_of(telling)
        shown = sections.get(place, [])
        if wishes.is_followed(telling) and len(shown) < PER_SECTION and room > 0:
            sections[place] = [*shown, telling]
            room -= 1
        else:
            left.append(telling)
    return sections, left
