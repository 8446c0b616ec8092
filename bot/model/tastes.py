"""What a reader follows and mutes: sections, sources, stories, words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.ids import SourceId, StoryId
from bot.model.news import Section, Telling
from bot.model.people import Mode


class SubjectKind(StrEnum):
    """Name what can be followed or muted."""

    SECTION = "section"
    SOURCE = "source"
    STORY = "story"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Subject:
    """Something to follow or mute. ``key``: a section's word, an id, or folded words."""

    kind: SubjectKind
    key: str


def section_subject(section: Section) -> Subject:
    """Return a section as a subject."""
    return Subject(SubjectKind.SECTION, section.value)


def source_subject(source: SourceId) -> Subject:
    """Return a source as a subject."""
    return Subject(SubjectKind.SOURCE, str(source))


def story_subject(story: StoryId) -> Subject:
    """Return a story as a subject."""
    return Subject(SubjectKind.STORY, str(story))


def words_subject(kept: str) -> Subject:
    """Return words, in the form they are kept, as a subject."""
    return Subject(SubjectKind.WORDS, kept)


@dataclass(frozen=True, slots=True)
class Taste:
    """All that one reader follows and mutes; mutes that have ended are not in it."""

    follows: Mapping[Subject, Mode]
    mutes: Mapping[Subject, datetime | None]  # until when; None: for good

    @property
    def sections(self) -> dict[Section, Mode]:
        """Return the sections that are followed, muted or not."""
        return {
            Section(subject.key): mode
            for subject, mode in self.follows.items()
            if subject.kind is SubjectKind.SECTION
        }

    @property
    def words(self) -> frozenset[str]:
        """Return the words that are followed or muted, in the form they are kept."""
        subjects = (*self.follows, *self.mutes)
        return frozenset(one.key for one in subjects if one.kind is SubjectKind.WORDS)

    def modes(self, telling: Telling, words: Collection[str] = ()) -> frozenset[Mode]:
        """Return the modes in which a story is followed for itself, its sources or its words.

        ``words`` are those, in the form they are kept, that the story tells of.
        """
        sources = {article.source.id for article in telling.articles}
        subjects = (
            story_subject(telling.story.id),
            *map(source_subject, sources),
            *map(words_subject, words),
        )
        return frozenset(self.follows[one] for one in subjects if one in self.follows)

    def silences(self, telling: Telling, words: Collection[str] = ()) -> bool:
        """Say whether a mute keeps a story away; one of a source does when no other tells it."""
        return bool(self.mutes) and any(one in self.mutes for one in _silenced_by(telling, words))


def _silenced_by(telling: Telling, words: Collection[str]) -> Iterator[Subject]:
    yield story_subject(telling.story.id)
    yield section_subject(telling.story.section)
    yield from map(words_subject, words)
    if telling.story.sources == 1:
        yield source_subject(telling.lead.source.id)
