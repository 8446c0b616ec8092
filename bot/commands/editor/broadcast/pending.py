"""What is under way and what waits for its hour or for a word: a list, and a card for each.

The desk leads here (``bc:list``), and /broadcast shows the same list above its question.
"""

from __future__ import annotations

from dataclasses import replace

from telegram.error import BadRequest

from bot.briefs.layouts import announce
from bot.briefs.phrases import told
from bot.commands.editor.broadcast import control
from bot.commands.editor.broadcast.found import LATE, SCHEDULED, found
from bot.commands.reader import keys
from bot.commands.touch import Rows, Touch, page
from bot.model import Button, WaveState
from bot.storage import audit, broadcasts, scheduled, waves
from bot.storage.broadcasts import Broadcast, BroadcastState

HELD, OPEN = BroadcastState.HELD, BroadcastState.OPEN


async def show_list(touch: Touch) -> None:
    """Show the list, with the way back to the desk."""
    texts = touch.texts
    lines, buttons = await listed(touch)
    words = "\n".join(lines) or texts.say("casts.none")
    back = (Button(texts.say("brief.back"), call="dk:day"),)
    heading = texts.say("casts.heading")
    await touch.show(page(words, heading=heading, buttons=(*buttons, back)))


async def listed(touch: Touch) -> tuple[list[str], Rows]:
    """Return a line and a button for each; none where nothing is on its way."""
    room, texts = touch.room, touch.texts
    lines, buttons = [], []
    for place, one in enumerate(await scheduled.pending(room.storage, room.bot), start=1):
        whom = announce.whom(one.audience, one.days, one.total or 0, texts)
        lines.append(f"{place}. {told(await _state(touch, one), whom)}")
        text = texts.say("casts.open", place=place)
        buttons.append(Button(text, call=f"bc:card:{one.id}"))
    return lines, keys.rows(buttons, 3)


async def _state(touch: Touch, one: Broadcast) -> str:
    """Say how one stands: sent, stopped, waiting for its hour or for a word."""
    texts = touch.texts
    state: str = one.state
    if one.wave is not None:
        wave = await waves.get(touch.room.storage, one.wave)
        stands = wave is not None and wave.state in (WaveState.PAUSED, WaveState.HELD)
        state = wave.state if wave is not None and stands else OPEN
    if one.due_at is None or one.state not in (SCHEDULED, LATE):
        return texts.say(f"casts.state.{state}")
    zone = await touch.zone()
    moment = announce.exact(one.due_at, zone=zone, now=touch.now)
    return texts.say(f"casts.state.{state}", moment=moment)


async def card(touch: Touch) -> None:
    """Show one of the list."""
    broadcast = await found(touch, OPEN, SCHEDULED, LATE, HELD)
    if broadcast is not None:
        await show_card(touch, broadcast)


async def show_card(touch: Touch, broadcast: Broadcast) -> None:
    """Show how one stands, with what can be done about it and the way back to the list."""
    texts, number = touch.texts, broadcast.id
    back = (Button(texts.say("brief.back"), call="bc:list"),)
    if broadcast.wave is not None:
        wave = await waves.get(touch.room.storage, broadcast.wave)
        if wave is not None:
            drawn = control.drawn(touch, broadcast, wave)
            await touch.show(replace(drawn, buttons=(*drawn.buttons, back)))
        return
    whom = announce.whom(broadcast.audience, broadcast.days, broadcast.total or 0, texts)
    words = f"{await _state(touch, broadcast)}\n{whom}"
    see = Button(texts.say("schedule.show"), call=f"bc:show:{number}")
    off = Button(texts.say("schedule.call_off"), call=f"bc:off:{number}")
    move = Button(texts.say("schedule.move"), call=f"bc:when:{number}")
    now = Button(texts.say("broadcast.send_now"), call=f"bc:now:{number}")
    rows: Rows = ((see,), (move, off), back)
    if broadcast.state is HELD:
        rows = ((see,), back)
    elif broadcast.state is LATE:
        rows = ((now,), *rows)
    heading = texts.say("late.heading" if broadcast.state is LATE else "schedule.heading")
    await touch.show(page(words, texts.say("schedule.keep"), heading=heading, buttons=rows))


async def show_message(touch: Touch) -> None:
    """Show the message itself, as readers would get it."""
    broadcast = await found(touch, SCHEDULED, LATE, HELD)
    if broadcast is None:
        return
    try:
        await touch.bot.copy_message(touch.chat, broadcast.chat, broadcast.message)
    except BadRequest:
        await touch.answer(touch.texts.say("schedule.no_message"), is_alert=True)


async def call_off(touch: Touch) -> None:
    """Give up what waits for its hour."""
    broadcast = await found(touch, SCHEDULED, LATE)
    if broadcast is None:
        return
    async with touch.room.storage.transaction() as tx:
        if await broadcasts.drop(tx, broadcast.id):
            details = {"broadcast": broadcast.id}
            await audit.note(tx, touch.person, "broadcast.call_off", details, touch.now)
    await touch.show(page(touch.texts.say("schedule.called_off")))
