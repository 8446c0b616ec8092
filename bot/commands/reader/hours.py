"""Hours and cities that a reader types after being asked: questions out, answers in.

A question is a prompt in the database, so it survives a restart; a wrong answer is explained and
the question stays. Any command, and the button under the question, give it up.
"""

from __future__ import annotations

import re
from datetime import timedelta

from bot.arabic.digits import western
from bot.arabic.direction import strip_controls
from bot.commands.reader import choose
from bot.commands.reader.choices import MOST_HOURS, add_hour, choices_of
from bot.commands.reader.zones import read_zone
from bot.commands.touch import Rows, Touch
from bot.model import Button
from bot.outbox.hours import MINUTES_A_DAY
from bot.storage import Transaction, desk

PATIENCE = timedelta(hours=24)  # how long an answer is awaited
_HOUR = re.compile(r"(?P<hour>\d{1,2})(?:\s*[:.hH]\s*(?P<minute>\d{2})|\s*[hH])?", re.ASCII)


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


async def ask_hour(touch: Touch) -> None:
    """Ask for another hour of the digest."""
    await _ask(touch, "hour", touch.texts.say("digest_settings.type_hour"))


async def ask_zone(touch: Touch) -> None:
    """Ask for a city."""
    await _ask(touch, "zone", touch.texts.say("digest_settings.type_zone"))


async def _ask(touch: Touch, kind: str, question: str) -> None:
    (place,) = touch.args
    async with touch.room.storage.transaction() as tx:
        prompt = desk.Prompt(kind, {"place": place})
        await desk.ask(tx, touch.chat, touch.person, prompt, touch.now + PATIENCE)
    await touch.say(question, _give_up(touch, place))


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
        await _settle(tx, touch)
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
        await _settle(tx, touch)
    await choose.set_zone(touch, zone)
    await choose.redraw(touch, place)


async def _settle(tx: Transaction, touch: Touch) -> None:
    """End the question, and remember the message that answered it: it may be delivered again."""
    await desk.unask(tx, touch.chat, touch.person)
    if touch.message is not None:
        await desk.first_time(tx, touch.chat, touch.message.message_id, touch.now)


def _give_up(touch: Touch, place: str) -> Rows:
    return ((Button(touch.texts.say("brief.back"), call=f"to:{place}"),),)
