"""Stories of a span in, what a digest shows out, ranked and divided; called by the digest job.

Theory: what several newsrooms judged worth telling matters more than what is new, and both matter
more to a reader who follows the section. So a story has a score, the best open the digest, the
sections that are followed come after in the newsroom's order, and what is left over waits in a
closed fold. The same stories give the same digest, in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp2, log2

from bot.model import Mode, Section, Telling

REACH = timedelta(hours=36)  # a digest reaches back no further, whenever the last one was
LOOKED_AT = 60  # stories of a section and span; far more than any digest shows
PER_SECTION = 5  # stories a section may show openly
MOST_TOP = 3

_STORIES_FOR_ONE_TOP = 3
_TOP_OF_A_SECTION = 2
_SOURCES_WEIGHT = 2.0  # for each doubling of the sources
_URGENT_WEIGHT = 2.0
_FOLLOWED_WEIGHT = 1.5
_FRESH_WEIGHT = 1.0
_HALF_LIFE = timedelta(hours=12)
_BROAD = 2  # sources that make a story news outside the sections one follows


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


def select(
    tellings: Iterable[Telling],
    follows: Mapping[Section, Mode],
    now: datetime,
    most: int = 20,
    *,
    order: Sequence[Section] = tuple(Section),
) -> Selection | None:
    """Choose at most ``most`` stories for a reader; None when there is nothing to tell.

    Who follows no section is taken to follow all. Of other sections only what is urgent or told by
    several sources is news. ``order`` is the newsroom's; sections it lacks come last.
    """
    followed = frozenset(follows) or frozenset(Section)
    ranked = _ranked(tellings, followed, now)
    if not ranked or most < 1:
        return None
    top = _top(ranked, followed, min(len(ranked), most))
    shown = {telling.story.id for telling in top}
    waiting = [telling for telling in ranked if telling.story.id not in shown]
    sections, left = _by_section(waiting, followed, most - len(top))
    used = len(top) + sum(map(len, sections.values()))
    places = [*order, *(section for section in Section if section not in order)]
    return Selection(
        top,
        tuple((section, tuple(sections[section])) for section in places if section in sections),
        tuple(left[: most - used]),
    )


def place_of(telling: Telling, followed: frozenset[Section]) -> Section:
    """Return the section a story stands in for a reader: its own, or another that is followed."""
    ways = (telling.story.section, *telling.lead.sections)
    return next((section for section in ways if section in followed), telling.story.section)


def _ranked(
    tellings: Iterable[Telling], followed: frozenset[Section], now: datetime
) -> list[Telling]:
    unique = {telling.story.id: telling for telling in tellings}
    news = [telling for telling in unique.values() if _is_news(telling, followed)]
    return sorted(news, key=lambda one: (-_score(one, followed, now), -one.story.id))


def _is_news(telling: Telling, followed: frozenset[Section]) -> bool:
    story = telling.story
    return story.is_urgent or story.sources >= _BROAD or place_of(telling, followed) in followed


def _score(telling: Telling, followed: frozenset[Section], now: datetime) -> float:
    story = telling.story
    age = max(now - story.last_at, timedelta(0))
    return (
        _SOURCES_WEIGHT * log2(story.sources)
        + _URGENT_WEIGHT * story.is_urgent
        + _FOLLOWED_WEIGHT * (place_of(telling, followed) in followed)
        + _FRESH_WEIGHT * exp2(-(age / _HALF_LIFE))
    )


def _top(ranked: list[Telling], followed: frozenset[Section], total: int) -> tuple[Telling, ...]:
    """Take the best, one for every three stories, without filling the top from one section."""
    room = max(1, min(MOST_TOP, total // _STORIES_FOR_ONE_TOP))
    top: list[Telling] = []
    for telling in ranked:
        place = place_of(telling, followed)
        if sum(place_of(one, followed) is place for one in top) < _TOP_OF_A_SECTION:
            top.append(telling)
        if len(top) == room:
            break
    return tuple(top)


def _by_section(
    waiting: list[Telling], followed: frozenset[Section], room: int
) -> tuple[dict[Section, list[Telling]], list[Telling]]:
    """Divide stories, best first, into what sections show and what is left over."""
    sections: dict[Section, list[Telling]] = {}
    left: list[Telling] = []
    for telling in waiting:
        place = place_of(telling, followed)
        shown = sections.get(place, [])
        if place in followed and len(shown) < PER_SECTION and room > 0:
            sections[place] = [*shown, telling]
            room -= 1
        else:
            left.append(telling)
    return sections, left
