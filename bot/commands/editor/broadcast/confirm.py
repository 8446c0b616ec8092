"""The number an editor types → a wave to the audience, or an hour laid down for it.

Everything that a confirmation changes stands in one transaction: the act that happens once, the
brief, the wave, the draft that is none any more. A crash leaves all of it or nothing.
"""

from __future__ import annotations

from datetime import datetime

from bot.arabic.digits import western
from bot.arabic.direction import strip_controls
from bot.briefs.layouts import announce
from bot.commands.editor.broadcast import control, pending, whom
from bot.commands.editor.broadcast.found import DRAFT, LATE, PATIENCE, found, refuse
from bot.commands.touch import Rows, Touch, page
from bot.model import BroadcastId, Button
from bot.storage import Transaction, audience, audit, broadcasts, desk, follow_ups, scheduled
from bot.storage.broadcasts import Broadcast, BroadcastState
from bot.storage.launch import launch
from bot.texts import Texts

WAITING = (DRAFT, LATE)  # for a number


def read_number(typed: str) -> int | None:
    """Return the whole number that was typed, in any digits, grouped or not; None: no number.

    One that is copied from our own question brings the isolates round it along.
    """
    digits = "".join(western(strip_controls(typed)).split()).replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else None


async def now(touch: Touch) -> None:
    """Ask for the number that sends a draft, or one whose hour passed, at once."""
    broadcast = await found(touch, *WAITING)
    if broadcast is not None:
        await ask(touch, broadcast)


async def ask(touch: Touch, broadcast: Broadcast, due: datetime | None = None) -> None:
    """Show whom it is for and when, and ask for the number of this moment; nobody: say so."""
    room, texts = touch.room, touch.texts
    people = await broadcasts.audience_of(room.storage, broadcast, touch.now)
    total = await audience.count(room.storage, room.bot, people, touch.now)
    if not total:
        await refuse(touch, texts.say("broadcast.nobody"))
        return
    async with room.storage.transaction() as tx:
        await scheduled.plan(tx, broadcast.id, due)
        await expect(tx, touch, broadcast.id, total)
    words = [announce.whom(broadcast.audience, broadcast.days, total, texts)]
    if due is None:
        words.append(whom.time_for(touch, total))
    else:
        zone = await touch.zone()
        moment = announce.exact(due, zone=zone, now=touch.now)
        words += [texts.say("schedule.at", moment=moment), texts.say("schedule.keep")]
    await touch.show(
        page(
            "\n".join(words),
            texts.say("broadcast.type_number", number=total),
            buttons=_ways(broadcast, texts),
        )
    )


async def expect(tx: Transaction, touch: Touch, number: BroadcastId, total: int) -> None:
    """Await the number of a broadcast's readers."""
    await broadcasts.recount(tx, number, total)
    prompt = desk.Prompt("count", {"broadcast": number})
    await desk.ask(tx, touch.chat, touch.person, prompt, touch.now + PATIENCE)


def _ways(broadcast: Broadcast, texts: Texts) -> Rows:
    number = broadcast.id
    if broadcast.state is LATE:
        return ((Button(texts.say("brief.back"), call=f"bc:card:{number}"),),)
    return (
        (
            Button(texts.say("brief.back"), call=f"bc:chosen:{number}"),
            Button(texts.say("broadcast.cancel"), call=f"bc:drop:{number}"),
        ),
    )


async def take_number(touch: Touch, prompt: desk.Prompt) -> None:
    """Do what was asked about if the number typed is the one shown; else explain and wait on."""
    number = BroadcastId(int(prompt.args["broadcast"]))
    broadcast = await broadcasts.get(touch.room.storage, number)
    if broadcast is None or broadcast.total is None or broadcast.state not in WAITING:
        await _forget(touch)
        return
    if read_number(touch.typed) != broadcast.total:
        await touch.say(touch.texts.say("broadcast.wrong_number", number=broadcast.total))
        return
    message = touch.message.message_id if touch.message is not None else 0
    async with touch.room.storage.transaction() as tx:
        if not await desk.first_time(tx, touch.chat, message, touch.now):
            return
        done, refusal = await _carry_out(tx, touch, number)
        await desk.unask(tx, touch.chat, touch.person)
    if done is None:
        await touch.say(touch.texts.say(refusal))
    elif done.state is BroadcastState.SCHEDULED:
        await pending.show_card(touch, done)
    else:
        await control.follow(touch, done)


async def _forget(touch: Touch) -> None:
    """End a question whose draft is gone."""
    async with touch.room.storage.transaction() as tx:
        await desk.unask(tx, touch.chat, touch.person)
    await touch.say(touch.texts.say("broadcast.gone"))


async def _carry_out(
    tx: Transaction, touch: Touch, number: BroadcastId
) -> tuple[Broadcast | None, str]:
    """Lay the hour down or begin the wave; None and why not: another hand was quicker."""
    broadcast = await broadcasts.get(tx, number)
    if broadcast is None or broadcast.state not in WAITING:
        return None, "broadcast.gone"
    first = broadcast.follows_up
    if first is not None and await follow_ups.is_followed_up(tx, first):
        return None, "follow_up.busy"
    due = broadcast.due_at if broadcast.state is DRAFT else None
    if due is None:
        return await launch(tx, number, touch.person, touch.now), "broadcast.gone"
    if due <= touch.now:
        return None, "schedule.past"
    await scheduled.schedule(tx, number, due, touch.now)
    details: audit.Args = {
        "broadcast": number,
        "due": f"{due:%Y-%m-%d %H:%M}",
        "total": broadcast.total or 0,
    }
    await audit.note(tx, touch.person, "broadcast.schedule", details, touch.now)
    return await broadcasts.get(tx, number), ""
