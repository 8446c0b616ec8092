"""A press on a broadcast's button → the broadcast, if this person may do that to it now."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.touch import Rows, Touch
from bot.model import BroadcastId, Button
from bot.storage import broadcasts
from bot.storage.broadcasts import Broadcast, BroadcastState
from bot.texts import Texts

PATIENCE = timedelta(hours=24)  # how long a message, a number, an hour is awaited
DRAFT, SCHEDULED, LATE = BroadcastState.DRAFT, BroadcastState.SCHEDULED, BroadcastState.LATE


async def found(touch: Touch, *states: BroadcastState) -> Broadcast | None:
    """Return the broadcast a press is about; None, and said so: another's draft, or no longer so.

    A draft is its editor's alone; everything else is the whole desk's.
    """
    number = BroadcastId(int(touch.args[0]))
    broadcast = await broadcasts.get(touch.room.storage, number)
    if (
        broadcast is None
        or broadcast.state not in states
        or (broadcast.state is DRAFT and broadcast.editor != touch.person)
    ):
        await touch.refuse_old()
        return None
    return broadcast


async def refuse(touch: Touch, sentence: str) -> None:
    """Say why not: above the page for a press, below it for what was typed."""
    if touch.query is None:
        await touch.say(sentence)
    else:
        await touch.answer(sentence, is_alert=True)


def way_out(texts: Texts, draft: BroadcastId) -> Rows:
    """Return the button that gives a draft up; number 0 gives a question up."""
    return ((Button(texts.say("broadcast.cancel"), call=f"bc:drop:{draft}"),),)
