"""A reader, a taste and a story in, whether it would have been pushed to that reader out.

The job ``away`` asks for each reader after an outage. For what is pushed at once the same rule
stands in SQL (``storage.audience``, ``storage.alerts``), where it is asked for many at once.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.model import Mode, Subscriber, Taste, Telling, UrgentChoice


def hears_of(
    reader: Subscriber,
    taste: Taste,
    telling: Telling,
    *,
    words: Collection[str] = (),
    is_begun: bool = True,
) -> bool:
    """Say whether a story would have been pushed to a reader, by a section or in person.

    ``words``: the kept words that it tells of. ``is_begun``: it began, or became urgent; what only
    grew is for those who follow it in person.
    """
    if taste.silences(telling, words):
        return False
    return in_person(taste, telling, words) or (
        is_begun and (_by_section(taste, telling) or _as_urgent(reader, telling))
    )


def in_person(taste: Taste, telling: Telling, words: Collection[str] = ()) -> bool:
    """Say whether a reader follows a story, one of its sources or words in it instantly."""
    return Mode.INSTANT in taste.modes(telling, words)


def _by_section(taste: Taste, telling: Telling) -> bool:
    return taste.sections.get(telling.story.section) is Mode.INSTANT


def _as_urgent(reader: Subscriber, telling: Telling) -> bool:
    return telling.story.is_urgent and reader.urgent is not UrgentChoice.NO
