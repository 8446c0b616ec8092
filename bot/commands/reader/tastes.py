"""What a reader follows and mutes, as pages show it: names, states in words, codes for buttons.

Words do not fit into a button, so a subject has a code: a letter and its key, of words a hash that
is looked up among the reader's own. A code says the same for ever, and nothing to anybody else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, tzinfo
from hashlib import blake2b
from typing import Final

from bot.arabic import dates
from bot.briefs.titles import headline
from bot.commands.touch import Touch
from bot.model import (
    FOLLOWABLE,
    SourceId,
    StoryId,
    Subject,
    SubjectKind,
    Subscriber,
    Taste,
)
from bot.storage import Reader, sources, stories, subscriptions
from bot.texts import Texts

MOST = 50  # subjects of one kind that a reader follows or mutes
SUBJECT = r"c[a-z]{3,12}|[os]\d{1,12}|w[0-9a-f]{12}"  # the form of a code
MOST_NAME = 120  # UTF-16 units of a headline that names a story

_LETTERS: Final[Mapping[SubjectKind, str]] = {
    SubjectKind.SECTION: "c",
    SubjectKind.SOURCE: "o",
    SubjectKind.STORY: "s",
    SubjectKind.WORDS: "w",
}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}


def code_of(subject: Subject) -> str:
    """Return the code of a subject."""
    key = subject.key
    if subject.kind is SubjectKind.WORDS:
        key = blake2b(key.encode(), digest_size=6).hexdigest()
    return _LETTERS[subject.kind] + key


async def find(reader: Reader, code: str, taste: Taste) -> Subject | None:
    """Return the subject of a code; None of words not one's own, and of what is not there.

    What is followed or muted is there for its reader, also when its story or source has gone.
    """
    subject = _read(code, taste)
    if subject is None or subject in taste.follows or subject in taste.mutes:
        return subject
    match subject.kind:
        case SubjectKind.STORY:
            is_there = await stories.telling(reader, StoryId(int(subject.key))) is not None
        case SubjectKind.SOURCE:
            is_there = bool(await sources.names(reader, [SourceId(int(subject.key))]))
        case _:
            is_there = subject.key in FOLLOWABLE
    return subject if is_there else None


def _read(code: str, taste: Taste) -> Subject | None:
    kind, key = _KINDS[code[0]], code[1:]
    if kind is SubjectKind.WORDS:
        own = (*taste.follows, *taste.mutes)
        return next((one for one in own if one.kind is kind and code_of(one) == code), None)
    return Subject(kind, str(int(key)) if key.isdigit() else key)  # "007" is 7


async def taste_of(touch: Touch, reader: Subscriber | None) -> Taste:
    """Return what a reader follows and mutes now; somebody unknown does neither."""
    if reader is None:
        return Taste({}, {})
    return await subscriptions.taste(touch.room.storage, reader.id, touch.now)


def has_room(taste: Taste, subject: Subject) -> bool:
    """Say whether a reader may follow or mute one more subject, unless it is one already."""
    own = {one for one in (*taste.follows, *taste.mutes) if one.kind is subject.kind}
    return subject in own or len(own) < MOST


async def names_of(
    reader: Reader, subjects: Collection[Subject], texts: Texts
) -> dict[Subject, str]:
    """Name subjects; a story or source that is gone has no name."""
    keys = {kind: [one for one in subjects if one.kind is kind] for kind in SubjectKind}
    told = await stories.tellings(
        reader, [StoryId(int(one.key)) for one in keys[SubjectKind.STORY]]
    )
    published = await sources.names(
        reader, [SourceId(int(one.key)) for one in keys[SubjectKind.SOURCE]]
    )
    names = {
        SubjectKind.STORY: {str(one.story.id): headline(one.lead, MOST_NAME) for one in told},
        SubjectKind.SOURCE: {str(source): name for source, name in published.items()},
        SubjectKind.SECTION: {
            one.key: texts.say(f"sections.{one.key}") for one in keys[SubjectKind.SECTION]
        },
        SubjectKind.WORDS: {one.key: one.key for one in keys[SubjectKind.WORDS]},
    }
    found = {one: names[one.kind].get(one.key, "") for one in subjects}
    return {one: name for one, name in found.items() if name}


def state(taste: Taste, subject: Subject, texts: Texts, *, zone: tzinfo, now: datetime) -> str:
    """Say in sentences how it stands with a subject."""
    mode = taste.follows.get(subject)
    if subject not in taste.mutes:
        return texts.say(f"follow.state.{mode or 'nothing'}")
    until = taste.mutes[subject]
    if until is None:
        said = [texts.say("follow.state.muted_for_good")]
    else:
        said = [texts.say("follow.state.muted", until=_day_and_hour(until, zone, now))]
        said += [texts.say(f"follow.afterwards.{mode}")] if mode else []
    if subject.kind is SubjectKind.SOURCE:
        said.append(texts.say("follow.told_by_others"))
    return " ".join(said)


def short_state(
    taste: Taste, subject: Subject, texts: Texts, *, zone: tzinfo, now: datetime
) -> str:
    """Say in a word or two how it stands with a subject that is followed or muted."""
    if subject not in taste.mutes:
        return texts.say(f"follow.short.{taste.follows[subject]}")
    until = taste.mutes[subject]
    if until is None:
        return texts.say("follow.short.muted_for_good")
    return texts.say("follow.short.muted", until=_day_and_hour(until, zone, now))


def _day_and_hour(moment: datetime, zone: tzinfo, now: datetime) -> str:
    """Write a moment to come by its day and its hour, however far it is."""
    there, here = moment.astimezone(zone), now.astimezone(zone)
    said, hour = dates.moment(there, here), dates.clock(there)
    return said if said.endswith(hour) else f"{said} {hour}"
