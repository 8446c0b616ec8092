"""What a reader has chosen → sentences that say so; every page of choices is built of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.arabic import dates
from bot.arabic.shorten import shorten
from bot.commands.reader import keys, tastes
from bot.commands.reader.choices import Choices
from bot.commands.reader.zones import zone_name
from bot.commands.touch import Touch
from bot.model import EVERY_DAY, FOLLOWABLE, Mode, Subject, SubjectKind
from bot.texts import Texts

COMMA = "\N{ARABIC COMMA} "
MOST_NAMED = 6  # subjects that one line names
MOST_NAME = 40  # UTF-16 units of a headline or words in a line of names


def everything(touch: Touch, choices: Choices, names: dict[Subject, str]) -> Sequence[str]:
    """Say all that is chosen, in paragraphs of a few lines each; ``names`` by `names_of`."""
    texts, reader = touch.texts, choices.subscriber
    digest = (
        hours(choices, texts),
        days(choices, texts),
        zone(touch, choices),
        texts.say(f"settings.length.{reader.length}"),
        texts.say(f"settings.quiet_day.{'on' if reader.wants_quiet_day else 'off'}"),
    )
    alerts = (
        texts.say("settings.urgent", choice=texts.say(f"urgent.choices.{reader.urgent}")),
        quiet(choices, texts),
    )
    tastes_told = (*sections(choices, texts), *_others(choices, names, texts))
    return ["\n".join(lines) for lines in (digest, tastes_told, alerts)]


async def names_of(touch: Touch, choices: Choices) -> dict[Subject, str]:
    """Return the names of what is followed and muted, as a line of names tells them."""
    subjects = (*choices.taste.follows, *choices.taste.mutes)
    names = await tastes.names_of(touch.room.storage, subjects, touch.texts)
    return {subject: _named(subject, name, touch.texts) for subject, name in names.items()}


def _named(subject: Subject, name: str, texts: Texts) -> str:
    if subject.kind in (SubjectKind.WORDS, SubjectKind.STORY):
        return texts.say("settings.quoted", words=shorten(name, MOST_NAME))
    return name


def hours(choices: Choices, texts: Texts) -> str:
    """Name the hours of the digest."""
    if not choices.digests:
        return texts.say("digest_settings.no_hours")
    listed = COMMA.join(map(keys.clock, choices.minutes))
    return texts.say("digest_settings.hours", hours=listed)


def days(choices: Choices, texts: Texts) -> str:
    """Name the days of the digest."""
    chosen = choices.weekdays
    if chosen == EVERY_DAY:
        return texts.say("digest_settings.days", days=texts.say("digest_settings.every_day"))
    names = [dates.weekday(day) for day in range(7) if chosen >> day & 1]
    return texts.say("digest_settings.days", days=COMMA.join(names))


def zone(touch: Touch, choices: Choices) -> str:
    """Name the zone, with what the clock says there."""
    return touch.texts.say(
        "digest_settings.zone",
        zone=zone_name(choices.subscriber.zone, touch.texts),
        clock=dates.clock(touch.now.astimezone(choices.zone)),
    )


def sections(choices: Choices, texts: Texts) -> Sequence[str]:
    """Name the sections, those in the digest and those that are told at once."""
    lines = []
    for mode in Mode:
        names = [
            texts.say(f"sections.{section}")
            for section in FOLLOWABLE
            if choices.follows.get(section) is mode
        ]
        if names:
            lines.append(texts.say(f"settings.follows.{mode}", sections=COMMA.join(names)))
    return lines or [texts.say("settings.no_sections")]


def quiet(choices: Choices, texts: Texts) -> str:
    """Name the quiet hours, and what they mean."""
    chosen = choices.subscriber.quiet
    if chosen is None:
        return texts.say("settings.never_quiet")
    return texts.say("settings.quiet", start=keys.clock(chosen.start), end=keys.clock(chosen.end))


def _others(choices: Choices, names: dict[Subject, str], texts: Texts) -> Sequence[str]:
    """Name what is followed besides sections, and what is muted."""
    lines = []
    followed = [one for one in choices.taste.follows if one.kind is not SubjectKind.SECTION]
    if followed:
        lines.append(texts.say("settings.also", names=_list(followed, names, texts)))
    if choices.taste.mutes:
        muted = _list(choices.taste.mutes, names, texts)
        lines.append(texts.say("settings.muted", names=muted))
    return lines


def _list(subjects: Iterable[Subject], names: dict[Subject, str], texts: Texts) -> str:
    listed = [names.get(one) or texts.say(f"follow.gone_{one.kind}") for one in subjects]
    if len(listed) > MOST_NAMED:
        listed = [*listed[:MOST_NAMED], texts.say("settings.and_others")]
    return COMMA.join(listed)
