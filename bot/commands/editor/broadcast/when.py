"""The hour of a broadcast: usual ones and a typed one, in the editor's zone; and another hour.

For a draft the number is asked next; what is confirmed already is only moved.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.arabic import dates
from bot.briefs.layouts import announce
from bot.commands.editor.broadcast import confirm, pending
from bot.commands.editor.broadcast.found import DRAFT, LATE, PATIENCE, SCHEDULED, found
from bot.commands.editor.broadcast.moments import read_moment, usual
from bot.commands.reader import keys
from bot.commands.reader.zones import zone_name
from bot.commands.touch import Rows, Touch, page
from bot.model import EPOCH, BroadcastId, Button
from bot.storage import audit, broadcasts, desk, scheduled
from bot.storage.broadcasts import Broadcast

MINUTE = timedelta(minutes=1)


async def offer(touch: Touch) -> None:
    """Offer the next usual hours, and to type another."""
    broadcast = await found(touch, DRAFT, SCHEDULED, LATE)
    if broadcast is not None:
        await _offer(touch, broadcast)


async def _offer(touch: Touch, broadcast: Broadcast) -> None:
    texts, zone, number = touch.texts, await touch.zone(), broadcast.id
    hours = [
        Button(
            announce.exact(moment, zone=zone, now=touch.now),
            call=f"bc:at:{number}:{(moment - EPOCH) // MINUTE}",
        )
        for moment in usual(touch.now, zone)
    ]
    other = Button(texts.say("schedule.other"), call=f"bc:type:{number}")
    clock = dates.clock(touch.now.astimezone(zone))
    where = texts.say("schedule.zone", zone=zone_name(zone.key, texts), clock=clock)
    back = Button(texts.say("brief.back"), call=_back(broadcast))
    buttons = (*keys.rows(hours, 2), (other,), (back,))
    await touch.show(page(where, heading=texts.say("schedule.question"), buttons=buttons))


async def at(touch: Touch) -> None:
    """Take the hour of a button; one that has passed meanwhile is said to have passed."""
    broadcast = await found(touch, DRAFT, SCHEDULED, LATE)
    if broadcast is None:
        return
    due = EPOCH + int(touch.args[-1]) * MINUTE
    if due <= touch.now:
        await touch.answer(touch.texts.say("schedule.past"), is_alert=True)
        await _offer(touch, broadcast)
        return
    await _take(touch, broadcast, due)


async def ask(touch: Touch) -> None:
    """Ask for an hour to be typed."""
    broadcast = await found(touch, DRAFT, SCHEDULED, LATE)
    if broadcast is None:
        return
    async with touch.room.storage.transaction() as tx:
        prompt = desk.Prompt("cast_hour", {"broadcast": broadcast.id})
        await desk.ask(tx, touch.chat, touch.person, prompt, touch.now + PATIENCE)
    words = touch.texts.say("schedule.type_it")
    await touch.show(page(words, buttons=_way_back(touch, broadcast.id)))


async def answer(touch: Touch, prompt: desk.Prompt) -> None:
    """Take the hour that was typed, or explain what is needed."""
    number = BroadcastId(int(prompt.args["broadcast"]))
    zone = await touch.zone()
    due = read_moment(touch.typed, touch.now, zone, touch.texts)
    if due is None:
        words = touch.texts.say("schedule.not_understood")
        await touch.say(words, _way_back(touch, number))
        return
    async with touch.room.storage.transaction() as tx:
        await desk.unask(tx, touch.chat, touch.person)
        if touch.message is not None:
            await desk.first_time(tx, touch.chat, touch.message.message_id, touch.now)
    broadcast = await broadcasts.get(touch.room.storage, number)
    if broadcast is None or broadcast.state not in (DRAFT, SCHEDULED, LATE):
        await touch.say(touch.texts.say("broadcast.gone"))
        return
    await _take(touch, broadcast, due)


async def _take(touch: Touch, broadcast: Broadcast, due: datetime) -> None:
    """Ask for the number of a draft, or move what is confirmed."""
    if broadcast.state is DRAFT:
        await confirm.ask(touch, broadcast, due)
        return
    async with touch.room.storage.transaction() as tx:
        if await scheduled.schedule(tx, broadcast.id, due, touch.now):
            details: audit.Args = {"broadcast": broadcast.id, "due": f"{due:%Y-%m-%d %H:%M}"}
            await audit.note(tx, touch.person, "broadcast.move", details, touch.now)
        moved = await broadcasts.get(tx, broadcast.id)
    if moved is not None:
        await pending.show_card(touch, moved)


def _back(broadcast: Broadcast) -> str:
    where = "chosen" if broadcast.state is DRAFT else "card"
    return f"bc:{where}:{broadcast.id}"


def _way_back(touch: Touch, number: BroadcastId) -> Rows:
    return ((Button(touch.texts.say("brief.back"), call=f"bc:when:{number}"),),)
