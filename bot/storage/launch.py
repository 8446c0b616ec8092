"""A broadcast that is confirmed, or due → a wave; commands and the beat of announcements call it.

Everything that a beginning changes stands in the caller's transaction: the brief, the wave, the
broadcast that has begun. A crash leaves all of it or nothing, and a second call finds it begun.
"""

from __future__ import annotations

from datetime import datetime

from bot.model import (
    Act,
    Brief,
    BriefId,
    BriefKind,
    BroadcastId,
    Copied,
    Priority,
    UserId,
    Verbatim,
)
from bot.storage import Transaction, audience, audit, briefs, broadcasts, follow_ups, waves
from bot.storage.broadcasts import Broadcast, BroadcastState

READY = (BroadcastState.DRAFT, BroadcastState.SCHEDULED, BroadcastState.LATE)


async def launch(
    tx: Transaction, number: BroadcastId, person: UserId | None, now: datetime
) -> Broadcast | None:
    """Begin a broadcast and return it as it is then; None when it began or was dropped before.

    1. Count the audience again: it is the one that the wave will have, whatever was typed.
    2. Keep what is said, begin the wave, bind the broadcast to it.
    3. Note who began it; ``person`` None: its hour did.
    """
    broadcast = await broadcasts.get(tx, number)
    if broadcast is None or broadcast.state not in READY:
        return None
    people = await broadcasts.audience_of(tx, broadcast, now)
    total = await audience.count(tx, broadcast.bot, people, now)
    wave = await waves.begin(
        tx,
        broadcast.bot,
        f"broadcast:{number}",
        await _said(tx, broadcast, now),
        audience=people,
        priority=Priority.BROADCAST,
        now=now,
        act=broadcast.act,
    )
    await broadcasts.recount(tx, number, total)
    await broadcasts.confirm(tx, number, wave, now)
    details = {"broadcast": number, "audience": people.kind.value, "total": total}
    await audit.note(tx, person, _ACTS[broadcast.act], details, now)
    return await broadcasts.get(tx, number)


_ACTS = {
    Act.SEND: "broadcast.confirm",
    Act.EDIT: "broadcast.correct",
    Act.DELETE: "broadcast.recall",
}


async def _said(tx: Transaction, broadcast: Broadcast, now: datetime) -> BriefId:
    """Return the brief: the editor's message as it stands, or with the words that corrected it.

    What is taken back says nothing; its wave names what it takes back.
    """
    first = await follow_ups.source(tx, broadcast)
    words = broadcast.words or await follow_ups.corrected(tx, first.id)
    own = Copied(first.chat, first.message)
    said = Brief(BriefKind.ANNOUNCEMENT, (own,))
    if words and broadcast.act is not Act.DELETE:
        said = briefs.read(BriefKind.ANNOUNCEMENT, words)
        if broadcast.act is Act.SEND:
            said = Brief(BriefKind.ANNOUNCEMENT, tuple(_corrected(own, said)))
    return await briefs.keep(tx, said, now)


def _corrected(own: Copied, correction: Brief) -> list[Verbatim | Copied]:
    """Return what is sent to somebody new once the words were corrected."""
    words = [block for block in correction.blocks if isinstance(block, Verbatim)]
    return [Copied(own.chat, own.message, one) if one.is_caption else one for one in words]
