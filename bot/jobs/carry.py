"""One parcel and its words → what its wave does with them, by the transport; `deliver` calls it."""

from __future__ import annotations

from datetime import datetime

from bot.briefs.fit import fit
from bot.jobs.pacer import Pacer
from bot.model import Act, Brief, Outcome, Parcel, Priority
from bot.outbox import settle
from bot.transports import Letter, Transport


async def carry(
    parcel: Parcel, brief: Brief, transport: Transport, pacer: Pacer, now: datetime
) -> Outcome:
    """Send it, or change or take back what the reader has; further parts wait their turn."""
    reader = parcel.subscriber
    said = fit(brief, reader.length)
    letter = Letter(reader.chat, said, reader.thread, settle.is_silent(parcel, now))

    async def turn() -> None:
        await pacer.turn(reader.chat, is_copy=is_copied(parcel))

    match parcel.act:
        case Act.SEND:
            return await transport.send(letter, turn)
        case Act.EDIT:
            return await transport.amend(letter, parcel.messages, turn)
        case Act.DELETE:
            return await transport.recall(reader.chat, parcel.messages)


def is_copied(parcel: Parcel) -> bool:
    """Say whether a parcel goes at the pace of copies: all that editors announce does."""
    return parcel.priority is Priority.BROADCAST
