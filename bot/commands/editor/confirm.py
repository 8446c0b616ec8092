"""The number an editor types → a wave to the audience; pause, resume and cancel by its buttons.

Everything that a confirmation changes stands in one transaction: the act that happens once, the
brief, the wave, the draft that is none any more. A crash leaves all of it or nothing.
"""

from __future__ import annotations

from datetime import datetime

from bot.arabic.digits import western
from bot.arabic.direction import strip_controls
from bot.briefs.layouts.progress import progress
from bot.commands.touch import Touch
from bot.model import (
    Brief,
    BriefKind,
    BroadcastId,
    Copied,
    Priority,
    Wave,
    WaveState,
)
from bot.outbox import report
from bot.storage import Transaction, audience, briefs, broadcasts, desk, waves


def read_number(typed: str) -> int | None:
    """Return the whole number that was typed, in any digits, grouped or not; None: no number.

    One that is copied from our own question brings the isolates round it along.
    """
    digits = "".join(western(strip_controls(typed)).split()).replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else None


async def take_number(touch: Touch, prompt: desk.Prompt) -> None:
    """Send the draft if the number typed is the one shown; otherwise explain and go on waiting."""
    draft_id = BroadcastId(int(prompt.args["broadcast"]))
    storage = touch.room.storage
    draft = await broadcasts.get(storage, draft_id)
    is_draft = await broadcasts.is_draft(storage, draft_id)
    if draft is None or draft.total is None or not is_draft:
        await _forget(touch)
        return
    if read_number(touch.typed) != draft.total:
        await touch.say(touch.texts.say("broadcast.wrong_number", number=draft.total))
        return
    wave = await _confirm(touch, draft)
    if wave is None:
        return
    touch.room.deliver_soon()
    shown = await touch.reply(_progress(touch, draft_id, wave))
    async with touch.room.storage.transaction() as tx:
        await broadcasts.show_in(tx, draft_id, shown)


async def _forget(touch: Touch) -> None:
    """End a question whose draft is gone."""
    async with touch.room.storage.transaction() as tx:
        await desk.unask(tx, touch.chat, touch.person)
    await touch.say(touch.texts.say("broadcast.gone"))


async def _confirm(touch: Touch, draft: broadcasts.Broadcast) -> tuple[Wave, int] | None:
    """Turn a draft into a wave; None when it was confirmed or dropped before.

    The audience is counted again: it is the one that the wave will have.
    """
    room, now = touch.room, touch.now
    message = touch.message.message_id if touch.message is not None else 0
    async with room.storage.transaction() as tx:
        if not await desk.first_time(tx, touch.chat, message, now):
            return None
        if not await broadcasts.is_draft(tx, draft.id):
            return None
        total = await audience.count(tx, room.bot, draft.audience, now)
        await broadcasts.choose(tx, draft.id, draft.audience, total)
        wave = await _begin(tx, draft, now)
        await broadcasts.confirm(tx, draft.id, wave.id, now)
        await desk.unask(tx, touch.chat, touch.person)
        details = {"broadcast": draft.id, "audience": draft.audience.kind.value, "total": total}
        await desk.note(tx, touch.person, "broadcast.confirm", details, now)
    return wave, total


async def _begin(tx: Transaction, draft: broadcasts.Broadcast, now: datetime) -> Wave:
    said = Brief(BriefKind.ANNOUNCEMENT, (Copied(draft.chat, draft.message),))
    wave = await waves.begin(
        tx,
        draft.bot,
        f"broadcast:{draft.id}",
        await briefs.keep(tx, said, now),
        audience=draft.audience,
        priority=Priority.BROADCAST,
        now=now,
    )
    begun = await waves.get(tx, wave)
    if begun is None:
        raise LookupError(f"wave {wave} is gone within its own transaction")
    return begun


async def pause(touch: Touch) -> None:
    """Stop a broadcast where it is."""
    await _turn(touch, "pause", WaveState.PAUSED)


async def resume(touch: Touch) -> None:
    """Let a broadcast go on."""
    await _turn(touch, "resume", WaveState.OPEN)


async def cancel(touch: Touch) -> None:
    """End a broadcast; who has it keeps it."""
    await _turn(touch, "cancel", WaveState.CANCELLED)


async def _turn(touch: Touch, act: str, state: WaveState) -> None:
    """Turn a broadcast's wave; any editor may. What is over is only shown again."""
    room, (number,) = touch.room, touch.args
    broadcast = await broadcasts.get(room.storage, BroadcastId(int(number)))
    if broadcast is None or broadcast.wave is None:
        await touch.refuse_old()
        return
    async with room.storage.transaction() as tx:
        if await waves.turn(tx, broadcast.wave, state, touch.now):
            details = {"broadcast": broadcast.id}
            await desk.note(tx, touch.person, f"broadcast.{act}", details, touch.now)
    room.deliver_soon()
    wave = await waves.get(room.storage, broadcast.wave)
    if wave is not None:
        await touch.show(_progress(touch, broadcast.id, (wave, broadcast.total or 0)))


def _progress(touch: Touch, broadcast: BroadcastId, of: tuple[Wave, int]) -> Brief:
    """Draw the progress message; its speed is for the job to say, which looks twice."""
    wave, total = of
    now = report.progress(wave.tally, total)
    return progress(
        broadcast,
        wave.state,
        wave.tally,
        touch.texts,
        total=total,
        percent=now.percent,
        per_second=now.per_second,
        left=now.left,
    )
