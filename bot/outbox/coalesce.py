"""What came in at one poll in, what is said at once out: one calm message instead of twenty.

Called by the intake with the stories that one document began or changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import (
    Article,
    Audience,
    AudienceKind,
    BriefId,
    Matter,
    Priority,
    Section,
    SourceId,
    Story,
    StoryId,
    SubscriberId,
    Telling,
    to_ms,
)

MOST_ALONE = 3  # stories of one moment that are told one by one
# After an outage an alarm is still one while what it tells of is happening; later it is a report.
STILL_AN_ALARM = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Touched:
    """A story that articles have just joined. ``before`` None: they began it."""

    telling: Telling
    before: Story | None = None
    added: tuple[Article, ...] = ()  # the articles that joined it, oldest first

    @property
    def has_grown(self) -> bool:
        """Say whether a source tells of it that had not told of it before."""
        return self.before is not None and self.telling.story.sources > self.before.sources

    @property
    def has_become_urgent(self) -> bool:
        """Say whether it is urgent and was not."""
        was = self.before is not None and self.before.is_urgent
        return self.telling.story.is_urgent and not was

    def news(self, now: datetime, fresh: timedelta) -> Sequence[Article]:
        """Return what joined it and is not older than ``fresh``: an archive is no alert."""
        return [article for article in self.added if now - article.moment <= fresh]


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
            return story_occasion(first.id)
        return f"roundup:{first.section}:{first.id}"

    @property
    def matter(self) -> Matter:
        """Return what its readers may have muted; of several stories no single one."""
        first = self.tellings[0].story
        return Matter(
            first.id if len(self.tellings) == 1 else None, first.section, only_source(self.tellings)
        )


def urgent_call(telling: Telling) -> Call:
    """Return the call that tells of one story as urgent."""
    audience = Audience(AudienceKind.URGENT, telling.story.section)
    return Call((telling,), audience, Priority.URGENT)


def story_occasion(story: StoryId) -> str:
    """Return the occasion of telling a story for the first time."""
    return f"story:{story}"


def growth_occasion(story: StoryId, now: datetime) -> str:
    """Return the occasion of telling those who follow a story that something has happened."""
    return f"growth:{story}:{now:%Y-%m-%dT%H:%M}"


def together_occasion(brief: BriefId, now: datetime) -> str:
    """Return the occasion of telling many stories in one message, perhaps some of them again."""
    return f"together:{brief}:{to_ms(now)}"


def only_source(tellings: Iterable[Telling]) -> SourceId | None:
    """Return the one source that tells all this; None where several do."""
    sources = {article.source.id for telling in tellings for article in telling.articles}
    return sources.pop() if len(sources) == 1 else None


def calls(touched: Sequence[Touched], now: datetime, fresh: timedelta) -> Sequence[Call]:
    """Decide what is said at once: what has become urgent, and new stories, by section.

    News older than ``fresh`` is for the digest and for search only: what a feed digs out of its
    archive is not an alert.
    """
    urgent = [
        item.telling
        for item in touched
        if item.has_become_urgent and now - _latest(item.telling, is_urgent=True) <= fresh
    ]
    begun = [
        item.telling
        for item in touched
        if item.before is None
        and not item.telling.story.is_urgent
        and now - _latest(item.telling) <= fresh
    ]
    return [
        *_by_section(urgent, AudienceKind.URGENT, Priority.URGENT),
        *_by_section(begun, AudienceKind.INSTANT, Priority.INSTANT),
    ]


def is_alarm(call: Call, now: datetime) -> bool:
    """Say whether a call cannot wait until we have caught up after an outage."""
    latest = max(_latest(telling, is_urgent=True) for telling in call.tellings)
    return call.priority is Priority.URGENT and now - latest <= STILL_AN_ALARM


def by_readers(
    wanted: Mapping[StoryId, Collection[SubscriberId]],
) -> Mapping[tuple[StoryId, ...], Sequence[SubscriberId]]:
    """Turn the readers of each story into the readers of each choice of stories.

    Readers of the same stories are told them in the same message; their order is kept.
    """
    stories: dict[SubscriberId, list[StoryId]] = {}
    for story, readers in wanted.items():
        for reader in readers:
            stories.setdefault(reader, []).append(story)
    groups: dict[tuple[StoryId, ...], list[SubscriberId]] = {}
    for reader, choice in stories.items():
        groups.setdefault(tuple(choice), []).append(reader)
    return groups


def _latest(telling: Telling, *, is_urgent: bool = False) -> datetime:
    """Return the moment of the newest telling: the lead may be an early one that tells more."""
    told = [one for one in telling.articles if one.is_urgent or not is_urgent]
    return max(article.moment for article in told or telling.articles)


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
