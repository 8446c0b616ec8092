"""What a reader follows and mutes: sections, sources, stories, words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.ids import SourceId, StoryId
from bot.model.news import Section
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
