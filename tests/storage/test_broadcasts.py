"""What ``storage.broadcasts`` promises on every engine."""

from __future__ import annotations

import pytest

from bot.errors import StorageError
from bot.model import Audience, AudienceKind, BroadcastId, ChatId, Section, UserId, WaveId
from bot.storage import Storage, broadcasts
from tests.build import NOON
from tests.crowd import ALL, BOT, say

SPORT = Audience(AudienceKind.SECTION, Section.SPORT)


async def write(storage: Storage) -> BroadcastId:
    async with storage.transaction() as tx:
        return await broadcasts.draft(tx, BOT, UserId(5), ChatId(5), 77, NOON)


async def read(storage: Storage, number: BroadcastId) -> broadcasts.Broadcast:
    found = await broadcasts.get(storage, number)
    assert found is not None
    return found


async def confirm(storage: Storage, number: BroadcastId, wave: WaveId) -> bool:
    async with storage.transaction() as tx:
        return await broadcasts.confirm(tx, number, wave, NOON)


async def test_a_draft_is_for_everybody_until_another_audience_is_chosen(
    storage: Storage,
) -> None:
    number = await write(storage)
    first = await read(storage, number)

    async with storage.transaction() as tx:
        await broadcasts.choose(tx, number, SPORT, 12)

    chosen = await read(storage, number)
    assert (first.audience, first.total, first.wave) == (ALL, None, None)
    assert (chosen.audience, chosen.total, chosen.message) == (SPORT, 12, 77)
    assert await broadcasts.get(storage, BroadcastId(404)) is None


async def test_a_draft_is_confirmed_once(storage: Storage) -> None:
    number, wave = await write(storage), await say(storage)

    confirmed = [await confirm(storage, number, wave) for _ in range(2)]
    async with storage.transaction() as tx:
        await broadcasts.choose(tx, number, SPORT, 1)
        dropped = await broadcasts.drop(tx, number)

    found = await read(storage, number)
    assert (confirmed, dropped) == ([True, False], False)
    assert (found.wave, found.audience, found.confirmed_at) == (wave, ALL, NOON)


async def test_a_dropped_draft_is_never_confirmed(storage: Storage) -> None:
    number, wave = await write(storage), await say(storage)
    async with storage.transaction() as tx:
        dropped = [await broadcasts.drop(tx, number) for _ in range(2)]

    assert dropped == [True, False]
    assert not await confirm(storage, number, wave)
    assert list(await broadcasts.unreported(storage, BOT)) == []


async def test_what_is_confirmed_is_unreported_until_it_is_reported(storage: Storage) -> None:
    numbers = [await write(storage) for _ in range(3)]
    for number in numbers[:2]:
        await confirm(storage, number, await say(storage, f"خبر {number}"))

    async with storage.transaction() as tx:
        await broadcasts.show_in(tx, numbers[0], 99)
        await broadcasts.reported(tx, numbers[1])
        await broadcasts.reported(tx, numbers[2])  # a draft: there is nothing to report

    left = await broadcasts.unreported(storage, BOT)
    assert [(one.id, one.progress_message) for one in left] == [(numbers[0], 99)]
    assert await confirm(storage, numbers[2], await say(storage))


async def test_a_broadcast_is_bound_to_a_wave_that_is_there(storage: Storage) -> None:
    """T57; reader 3.16."""
    number = await write(storage)

    with pytest.raises(StorageError):
        await confirm(storage, number, WaveId(404))
