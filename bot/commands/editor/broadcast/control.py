"""A broadcast under way: its progress message, and the buttons that pause, resume and cancel it."""

from __future__ import annotations

from bot.briefs.layouts.progress import progress
from bot.commands.touch import Touch
from bot.model import Brief, BroadcastId, Wave, WaveState
from bot.outbox import report
from bot.storage import audit, broadcasts, waves
from bot.storage.broadcasts import Broadcast


async def follow(touch: Touch, broadcast: Broadcast) -> None:
    """Show the progress of what has just begun; the job goes on from there."""
    touch.room.deliver_soon()
    wave = await _wave(touch, broadcast)
    if wave is None:
        return
    shown = await touch.reply(drawn(touch, broadcast, wave))
    async with touch.room.storage.transaction() as tx:
        await broadcasts.show_in(tx, broadcast.id, shown)


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
            await audit.note(tx, touch.person, f"broadcast.{act}", details, touch.now)
    room.deliver_soon()
    wave = await _wave(touch, broadcast)
    if wave is not None:
        await touch.show(drawn(touch, broadcast, wave))


async def _wave(touch: Touch, broadcast: Broadcast) -> Wave | None:
    return None if broadcast.wave is None else await waves.get(touch.room.storage, broadcast.wave)


def drawn(touch: Touch, broadcast: Broadcast, wave: Wave) -> Brief:
    """Draw the progress message; its speed is for the job to say, which looks twice."""
    total = broadcast.total or 0
    seen = report.progress(wave.tally, total)
    return progress(
        broadcast.id,
        wave.state,
        wave.tally,
        touch.texts,
        total=total,
        percent=seen.percent,
        per_second=seen.per_second,
        left=seen.left,
        act=wave.act,
    )
