"""What came in at one poll in, what is said at once out: one calm message instead of twenty.

Called by the intake with the stories that one document began or changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import Audience, AudienceKind, Priority, Section, Story, Telling

MOST_ALONE = 3  # stories of one poll that are told one by one


@dataclass(frozen=True, slots=True)
class Touched:
    """A story that articles have just joined. ``before`` None: they began it."""

    telling: Telling
    before: Story | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """Something to say now: one story, or several in one message, to one audience."""

    tellings: tuple[Telling, ...]
    audience: Audience
    priority: Priority

    @property
    def occasion(self) -> str:
        """Return why a chat is written to: a story is told to a chat once."""
        first = self.tellings[0].story
        if len(self.tellings) == 1:
            return f"story:{first.id}"
        return f"roundup:{first.section}:{first.id}"


def calls(touched: Sequence[Touched], now: datetime, fresh: timedelta) -> Sequence[Call]:
    """Decide what is said at once: what has become urgent, and new stories, by section.

    News older than ``fresh`` is for the digest and for search only: what a feed digs out of its
    archive is not an alert.
    """
    urgent = [
        item.telling
        for item in touched
        if _has_become_urgent(item) and now - _latest(item, is_urgent=True) <= fresh
    ]
    begun = [
        item.telling
        for item in touched
        if item.before is None and not item.telling.story.is_urgent and now - _latest(item) <= fresh
    ]
    return [
        *_by_section(urgent, AudienceKind.URGENT, Priority.URGENT),
        *_by_section(begun, AudienceKind.INSTANT, Priority.INSTANT),
    ]


def _has_become_urgent(item: Touched) -> bool:
    was = item.before is not None and item.before.is_urgent
    return item.telling.story.is_urgent and not was


def _latest(item: Touched, *, is_urgent: bool = False) -> datetime:
    """Return the moment of the newest telling: the lead may be an early one that tells more."""
    tellings = [one for one in item.telling.articles if one.is_urgent or not is_urgent]
    return max(article.moment for article in tellings)


def _by_section(tellings: Sequence[Telling], kind: AudienceKind, priority: Priority) -> list[Call]:
    sections: dict[Section, list[Telling]] = {}
    for telling in tellings:
        sections.setdefault(telling.story.section, []).append(telling)
    found: list[Call] = []
    for section, told in sections.items():
        audience = Audience(kind, section)
        if len(tellings) <= MOST_ALONE or len(told) == 1:
            found += [Call((telling,), audience, priority) for telling in told]
        else:
            found.append(Call(tuple(told), audience, priority))
    return found
