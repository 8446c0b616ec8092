"""A broadcast's numbers in, the message in which an editor follows it out; one message, edited.

Commands send it first and redraw it at each press, the job of progress edits it as it goes on.
"""

from __future__ import annotations

from datetime import timedelta

from bot.arabic.digits import grouped
from bot.briefs.phrases import told
from bot.model import (
    Brief,
    BriefKind,
    BroadcastId,
    Button,
    Heading,
    Paragraph,
    Tally,
    WaveState,
)
from bot.texts import Texts

_CELLS = 10
_FULL, _EMPTY = "\N{DARK SHADE}", "\N{LIGHT SHADE}"
_ENDED = (WaveState.DONE, WaveState.CANCELLED)


def progress(
    broadcast: BroadcastId,
    state: WaveState,
    tally: Tally,
    texts: Texts,
    *,
    total: int,
    percent: int,
    per_second: float,
    left: timedelta | None,
) -> Brief:
    """Show how far a broadcast is, with the buttons that its state allows."""
    full = percent * _CELLS // 100
    bar = f"{_FULL * full}{_EMPTY * (_CELLS - full)} {percent} %"
    done = texts.say("progress.done", settled=grouped(tally.settled), total=grouped(total))
    words = told(done, *_ends(tally, texts), *_speed(state, per_second, left, texts))
    heading = texts.say(f"progress.state.{state}")
    blocks = (Heading(heading), Paragraph(f"{bar}\n{words}"))
    return Brief(BriefKind.PAGE, blocks, _buttons(broadcast, state, texts))


def report(tally: Tally, texts: Texts, *, total: int, is_cancelled: bool = False) -> Brief:
    """Show how a broadcast ended; who was never addressed is named when it was cancelled."""
    heading = texts.say("progress.state.cancelled" if is_cancelled else "progress.report")
    parts = [*_ends(tally, texts), texts.say("progress.total", total=grouped(total))]
    if (never := total - tally.settled) > 0:
        parts.append(texts.say("progress.never", count=grouped(never)))
    return Brief(BriefKind.PAGE, (Heading(heading), Paragraph(told(*parts))))


def _ends(tally: Tally, texts: Texts) -> list[str]:
    """Count the ways it ended; the first three always, the rarer two when there are any."""
    ends = [
        texts.say("progress.sent", count=grouped(tally.sent)),
        texts.say("progress.unreachable", count=grouped(tally.unreachable)),
        texts.say("progress.rejected", count=grouped(tally.rejected)),
    ]
    if tally.unsure:
        ends.append(texts.say("progress.unsure", count=grouped(tally.unsure)))
    if tally.skipped:
        ends.append(texts.say("progress.skipped", count=grouped(tally.skipped)))
    return ends


def _speed(state: WaveState, per_second: float, left: timedelta | None, texts: Texts) -> list[str]:
    if state is not WaveState.OPEN or not per_second:
        return []
    words = [texts.say("progress.speed", speed=f"{per_second:.1f}")]
    if left is not None:
        words.append(texts.say("progress.left", time=duration(left, texts)))
    return words


def duration(span: timedelta, texts: Texts) -> str:
    """Write a span in its two largest units: hours and minutes, or minutes and seconds."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return texts.say("progress.hours", hours=hours, minutes=minutes)
    if minutes:
        return texts.say("progress.minutes", minutes=minutes, seconds=seconds)
    return texts.say("progress.seconds", seconds=seconds)


def _buttons(
    broadcast: BroadcastId, state: WaveState, texts: Texts
) -> tuple[tuple[Button, ...], ...]:
    if state in _ENDED:
        return ()
    act = "pause" if state is WaveState.OPEN else "resume"
    return ((
        Button(texts.say(f"progress.act.{act}"), call=f"bc:{act}:{broadcast}"),
        Button(texts.say("progress.act.cancel"), call=f"bc:cancel:{broadcast}"),
    ),)  # fmt: skip
