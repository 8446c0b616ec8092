"""Hours and cities that a reader types after being asked: questions out, answers in.

A question is a prompt in the database, so it survives a restart; a wrong answer is explained and
the question stays. Any command, and the button under the question, give it up.
"""

from __future__ import annotations

import re

from bot.arabic.digits import western
from bot.arabic.direction import strip_controls
from bot.commands.reader import asking, choose
from bot.commands.reader.choices import MOST_HOURS, add_hour, choices_of
from bot.commands.reader.zones import read_zone
from bot.commands.touch import Rows, Touch
from bot.model import Button, QuietHours
from bot.outbox.hours import MINUTES_A_DAY
from bot.storage import desk, subscribers

_HOUR = re.compile(r"(?P<hour>\d{1,2})(?:\s*[:.hH]\s*(?P<minute>\d{2})|\s*[hH])?", re.ASCII)

_HOURS = re.compile(rf"(?<!\d)(?:{_HOUR.pattern})(?!\d)", re.ASCII)


def read_hour(typed: str) -> int | None:
    """Return the minute of the day that was typed (7, 07:30, 19h, in any digits), or None.

    Keyboards put marks of direction round it that nobody sees.
    """
    match = _HOUR.fullmatch(western(strip_controls(typed)).strip())
    if match is None:
        return None
    minute = int(match["minute"] or 0)
    typed_minute = int(match["hour"]) * 60 + minute
    return typed_minute % MINUTES_A_DAY if minute < 60 and typed_minute <= MINUTES_A_DAY else None


def read_span(typed: str) -> QuietHours | None:
    """Return the two hours that were typed, whatever stands between them, or None."""
    found = [match[0] for match in _HOURS.finditer(western(strip_controls(typed)))]
    minutes = [read_hour(one) for one in found]
    match minutes:
        case [int(start), int(end)] if start != end:
            return QuietHours(start, end)
        case _:
            return None


async def ask_hour(touch: Touch) -> None:
    """Ask for another hour of the digest."""
    await _ask(touch, "hour", touch.texts.say("digest_settings.type_hour"))


async def ask_zone(touch: Touch) -> None:
    """Ask for a city."""
    await _ask(touch, "zone", touch.texts.say("digest_settings.type_zone"))


async def ask_quiet(touch: Touch) -> None:
    """Ask for the quiet hours."""
    await _ask(touch, "quiet", touch.texts.say("settings.type_quiet"))


async def _ask(touch: Touch, kind: str, question: str) -> None:
    (place,) = touch.args
    prompt = desk.Prompt(kind, {"place": place})
    await asking.ask(touch, prompt, question, _give_up(touch, place))


async def answer_hour(touch: Touch, prompt: desk.Prompt) -> None:
    """Take the hour that was typed, or explain what is needed."""
    place, minute = str(prompt.args["place"]), read_hour(touch.typed)
    choices = await choices_of(touch)
    if minute is None:
        sentence = touch.texts.say("digest_settings.no_such_hour")
        await touch.say(sentence, _give_up(touch, place))
        return
    if choices is not None and len(choices.digests) >= MOST_HOURS:
        sentence = touch.texts.say("digest_settings.too_many_hours")
        await touch.say(sentence, _give_up(touch, place))
        return
    async with touch.room.storage.transaction() as tx:
        await asking.settle(tx, touch)
        if choices is not None:
            await add_hour(tx, choices.subscriber, minute, choices.weekdays, touch.now)
    await choose.redraw(touch, place)


async def answer_zone(touch: Touch, prompt: desk.Prompt) -> None:
    """Take the city that was typed, or explain what is needed."""
    place, zone = str(prompt.args["place"]), read_zone(touch.typed, touch.texts)
    if zone is None:
        sentence = touch.texts.say("digest_settings.no_such_zone")
        await touch.say(sentence, _give_up(touch, place))
        return
    async with touch.room.storage.transaction() as tx:
        await asking.settle(tx, touch)
    await choose.set_zone(touch, zone)
    await choose.redraw(touch, place)


async def answer_quiet(touch: Touch, prompt: desk.Prompt) -> None:
    """Take the quiet hours that were typed, or explain what is needed."""
    place, span = str(prompt.args["place"]), read_span(touch.typed)
    if span is None:
        sentence = touch.texts.say("settings.no_such_quiet")
        await touch.say(sentence, _give_up(touch, place))
        return
    reader = await touch.subscriber()
    async with touch.room.storage.transaction() as tx:
        await asking.settle(tx, touch)
        if reader is not None:
            await subscribers.choose_quiet(tx, reader.id, span)
    await choose.redraw(touch, place)


def _give_up(touch: Touch, place: str) -> Rows:
    return ((Button(touch.texts.say("brief.back"), call=f"to:{place}"),),)
