"""What a reader has chosen → rows of buttons that change it; pages of choices are built of them.

A button carries the value it sets, never "the other one": a press delivered twice changes once.
``place`` is where the button stands, so that the page is drawn again after the act.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.arabic import dates
from bot.commands.reader.choices import Choices
from bot.commands.touch import Rows
from bot.model import FOLLOWABLE, Button, Length, Mode, QuietHours, Section, UrgentChoice
from bot.texts import Texts

HOURS = (7 * 60, 13 * 60, 19 * 60)
QUIET = (
    QuietHours(),
    QuietHours(21 * 60, 7 * 60),
    QuietHours(23 * 60, 8 * 60),
    QuietHours(0, 7 * 60),
)
MOST_IN_THREES = 9  # hours; more of them in rows of three would not fit a phone's screen
CHECK = "\N{CHECK MARK}"
OFF = "off"
_NEXT_MODE = {None: Mode.DIGEST, Mode.DIGEST: Mode.INSTANT, Mode.INSTANT: None}


def checked(text: str, marks: int | bool) -> str:
    """Mark a button as chosen."""
    return f"{CHECK * int(marks)} {text}".strip()


def clock(minute: int) -> str:
    """Write a minute of the day: 07:05."""
    return f"{minute // 60:02}:{minute % 60:02}"


def hours(choices: Choices, place: str, texts: Texts) -> Rows:
    """Offer the usual hours and those that were chosen, and another."""
    chosen = choices.minutes
    keys = [
        Button(
            checked(clock(minute), minute in chosen),
            call=f"hr:{minute}:{'off' if minute in chosen else 'on'}:{place}",
        )
        for minute in sorted({*HOURS, *chosen})
    ]
    in_a_row = 3 if len(keys) <= MOST_IN_THREES else 4
    return (
        *rows(keys, in_a_row),
        (Button(texts.say("digest_settings.other_hour"), call=f"hx:{place}"),),
    )


def weekdays(choices: Choices, place: str) -> Rows:
    """Offer the days of the week."""
    keys = []
    for day in range(7):
        is_on = bool(choices.weekdays >> day & 1)
        call = f"wd:{day}:{'off' if is_on else 'on'}:{place}"
        keys.append(Button(checked(dates.weekday(day), is_on), call=call))
    return rows(keys, 4)


def sections(choices: Choices, place: str, texts: Texts, *, with_instant: bool) -> Rows:
    """Offer the sections that can be followed: in the digest, then at once, then not at all."""
    keys = []
    for section in FOLLOWABLE:
        mode = choices.follows.get(section)
        following = _NEXT_MODE[mode] if with_instant else None if mode else Mode.DIGEST
        call = f"sec:{section}:{following or OFF}:{place}"
        marks = {None: 0, Mode.DIGEST: 1, Mode.INSTANT: 2}[mode] if with_instant else bool(mode)
        keys.append(Button(checked(texts.say(f"sections.{section}"), marks), call=call))
    return rows(keys, 3)


def urgent(choice: UrgentChoice, place: str, texts: Texts, *, in_settings: bool = False) -> Rows:
    """Offer what can be wanted of urgent news; among other settings the buttons name their own."""
    keys = []
    for one in UrgentChoice:
        text = texts.say(f"urgent.choices.{one}")
        if in_settings:
            text = texts.say(f"settings.urgent_choices.{one}")
        keys.append(Button(checked(text, one is choice), call=f"ug:{one}:{place}"))
    return (tuple(keys),)


def quiet(chosen: QuietHours | None, place: str, texts: Texts) -> Rows:
    """Offer the quiet hours."""
    keys = []
    for one in dict.fromkeys((*QUIET, chosen, None)):
        if one is None:
            text, span = texts.say("settings.never_quiet"), "never"
        else:
            text = texts.say("settings.quiet_span", start=clock(one.start), end=clock(one.end))
            span = f"{one.start}-{one.end}"
        keys.append(Button(checked(text, one == chosen), call=f"qt:{span}:{place}"))
    return rows(keys, 2)


def length(choice: Length, place: str, texts: Texts) -> Rows:
    """Offer how much of each story is told."""
    keys = [
        Button(
            checked(texts.say(f"settings.lengths.{one}"), one is choice), call=f"ln:{one}:{place}"
        )
        for one in Length
    ]
    return (tuple(keys),)


def quiet_day(place: str, texts: Texts, *, is_wanted: bool) -> Button:
    """Offer to be told of a day without news, or not."""
    text = checked(texts.say("settings.quiet_day_button"), is_wanted)
    return Button(text, call=f"qd:{OFF if is_wanted else 'on'}:{place}")


def section_lists(texts: Texts, shown: Iterable[Section]) -> Rows:
    """Lead to the page of each section."""
    keys = [Button(texts.say(f"sections.{section}"), call=f"go:{section}") for section in shown]
    return rows(keys, 3)


def rows(keys: Sequence[Button], length: int) -> Rows:
    """Break buttons into rows."""
    return tuple(tuple(keys[at : at + length]) for at in range(0, len(keys), length))
