"""What the tests of broadcasts do in a bureau: readers, drafts, waves that run to their end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.model import (
    BroadcastId,
    ChatId,
    ChatKind,
    Mode,
    Outcome,
    Rejected,
    Section,
    Sent,
    Wave,
)
from bot.storage import broadcasts, subscribers, subscriptions, waves
from bot.storage.broadcasts import Broadcast
from tests.build import NOON
from tests.commands.conftest import KARIM, Bureau
from tests.crowd import answer, claim

FIRST = 5001


async def crowd(bureau: Bureau, count: int, section: Section | None = None) -> None:
    """Let readers be there, of whom all follow a section when one is given."""
    async with bureau.storage.transaction() as tx:
        for chat in range(FIRST, FIRST + count):
            reader, _ = await subscribers.join(
                tx, bureau.room.bot, ChatId(chat), kind=ChatKind.PRIVATE, zone="UTC", now=NOON
            )
            if section is not None:
                await subscriptions.follow_sections(tx, reader.id, [section], Mode.DIGEST, NOON)


async def drafted(bureau: Bureau, count: int = 12, text: str = "صيانة الليلة") -> int:
    """Bring a broadcast to the point where it is sent or gets an hour; return its message."""
    await crowd(bureau, count)
    await bureau.says(KARIM, "/broadcast")
    message = await bureau.says(KARIM, text)
    await bureau.taps(KARIM, f"كل القراء {count}")
    return message


async def confirmed(bureau: Bureau, count: int = 12) -> None:
    """Bring a broadcast to the point where it is sent."""
    await drafted(bureau, count)
    await bureau.taps(KARIM, "أرسل الآن")
    await bureau.says(KARIM, str(count))


async def read(bureau: Bureau, number: int = 1) -> Broadcast:
    found = await broadcasts.get(bureau.storage, BroadcastId(number))
    assert found is not None
    return found


async def wave_of(bureau: Bureau, broadcast: int = 1) -> Wave | None:
    found = await read(bureau, broadcast)
    return None if found.wave is None else await waves.get(bureau.storage, found.wave)


async def runs_out(
    bureau: Bureau, number: int, *, refused: Sequence[int] = (), now: datetime = NOON
) -> None:
    """Let a broadcast's wave run to its end and be reported; ``refused`` are chats it misses."""
    while (batch := await claim(bureau.storage, now, size=1, bot=bureau.room.bot)) is not None:
        if batch.parcels:
            chat = batch.parcels[0].subscriber.chat
            outcome: Outcome = Rejected("no") if chat in refused else Sent((chat,))
            await answer(bureau.storage, batch, outcome, now)
    async with bureau.storage.transaction() as tx:
        await broadcasts.reported(tx, BroadcastId(number))


async def audits(bureau: Bureau) -> list[object]:
    return [row["act"] for row in await bureau.storage.fetch("SELECT act FROM audit ORDER BY id")]
