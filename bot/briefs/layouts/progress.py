"""A broadcast's numbers in, the message in which an editor follows it out; one message, edited.

Commands send it first and redraw it at each press, the job of progress edits it as it goes on.
"""

from __future__ import annotations

from datetime import timedelta

from bot.arabic.digits import grouped
from bot.briefs.phrases import told
from bot.model import (
    Act,
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
    act: Act = Act.SEND,
) -> Brief:
    """Show how far a broadcast is, with the buttons that its state allows."""
    full = percent * _CELLS // 100
    bar = f"{_FULL * full}{_EMPTY * (_CELLS - full)} {percent} %"
    done = texts.say("progress.done", settled=grouped(tally.settled), total=grouped(total))
    words = told(done, *_ends(act, tally, texts), *_speed(state, per_second, left, texts))
    heading = texts.say(f"progress.{act}.{state}")
    blocks = (Heading(heading), Paragraph(f"{bar}\n{words}"))
    return Brief(BriefKind.PAGE, blocks, _buttons(broadcast, state, texts))


def report(
    broadcast: BroadcastId,
    tally: Tally,
    texts: Texts,
    *,
    total: int,
    is_cancelled: bool = False,
    act: Act = Act.SEND,
) -> Brief:
    """Show how a broadcast ended, with what can follow it.

    The numbers add up: who was never addressed is named, when it was cancelled or they had left.
    """
    how = "cancelled" if is_cancelled else "report"
    parts = [*_ends(act, tally, texts), texts.say("progress.total", total=grouped(total))]
    if (never := total - tally.settled) > 0:
        parts.append(texts.say("progress.never", count=grouped(never)))
    blocks = (Heading(texts.say(f"progress.{act}.{how}")), Paragraph(told(*parts)))
    is_followed = act is Act.SEND
    buttons = _following(broadcast, tally, texts, total=total) if is_followed else ()
    return Brief(BriefKind.PAGE, blocks, buttons)


def _following(
    broadcast: BroadcastId, tally: Tally, texts: Texts, *, total: int
) -> tuple[tuple[Button, ...], ...]:
    """Offer what can be done for those it missed, and about those it reached."""
    again = Button(texts.say("follow_up.again"), call=f"bc:again:{broadcast}")
    recall = Button(texts.say("follow_up.recall"), call=f"bc:recall:{broadcast}")
    correct = Button(texts.say("follow_up.correct"), call=f"bc:correct:{broadcast}")
    rows = ((again,) if total > tally.sent else (), (recall, correct) if tally.sent else ())
    return tuple(row for row in rows if row)


def _ends(act: Act, tally: Tally, texts: Texts) -> list[str]:
    """Count the ways it ended; the first three always, the rarer two when there are any."""
    ends = [
        texts.say(f"progress.{act}.sent", count=grouped(tally.sent)),
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
    cancel = Button(texts.say("progress.button.cancel"), call=f"bc:cancel:{broadcast}")
    if state is WaveState.HELD:
        return ((cancel,),)
    act = "pause" if state is WaveState.OPEN else "resume"
    return ((Button(texts.say(f"progress.button.{act}"), call=f"bc:{act}:{broadcast}"), cancel),)
