"""What ``storage.invites`` promises on every engine: good so often, so long, for one end."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.model import UserId
from bot.storage import Storage, Transaction, invites
from bot.storage.invites import UNLIMITED, Invite, Kind
from tests.build import NOON

KARIM = UserId(5)
HOUR = timedelta(hours=1)


async def make(tx: Transaction, most: int, kind: Kind = Kind.READER) -> Invite:
    return await invites.make(tx, kind, KARIM, most_uses=most, lasts=HOUR, now=NOON)


async def test_a_code_fits_a_link_and_is_never_the_same(storage: Storage) -> None:
    async with storage.transaction() as tx:
        codes = {(await make(tx, 1)).code for _ in range(20)}

    assert len(codes) == 20
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{16}", code) for code in codes)


async def test_a_link_is_used_as_often_as_it_may_be(storage: Storage) -> None:
    async with storage.transaction() as tx:
        code = (await make(tx, 2)).code

        used = [await invites.use(tx, Kind.READER, code, NOON) for _ in range(3)]

    assert [one and one.uses for one in used] == [1, 2, None]
    assert await invites.good(storage, Kind.READER, NOON) == []


async def test_a_link_without_a_limit_is_good_until_its_end(storage: Storage) -> None:
    last = NOON + HOUR - timedelta(milliseconds=1)
    async with storage.transaction() as tx:
        code = (await make(tx, UNLIMITED)).code

        used = [await invites.use(tx, Kind.READER, code, last) for _ in range(50)]

        assert all(used)
        assert await invites.use(tx, Kind.READER, code, NOON + HOUR) is None


async def test_a_readers_link_makes_no_editor(storage: Storage) -> None:
    async with storage.transaction() as tx:
        code = (await make(tx, 1)).code

        assert await invites.use(tx, Kind.EDITOR, code, NOON) is None
        assert await invites.use(tx, Kind.READER, code.swapcase(), NOON) is None
        assert await invites.use(tx, Kind.READER, code, NOON) is not None


async def test_a_revoked_link_is_gone_and_the_others_stay(storage: Storage) -> None:
    async with storage.transaction() as tx:
        first, second = await make(tx, 1), await make(tx, 1)
        editor = await make(tx, 1, Kind.EDITOR)

        assert await invites.revoke(tx, Kind.READER, first.code)
        assert not await invites.revoke(tx, Kind.READER, first.code)
        assert not await invites.revoke(tx, Kind.READER, editor.code)
        assert [one.code for one in await invites.good(tx, Kind.READER, NOON)] == [second.code]
        assert await invites.revoke_all(tx, Kind.EDITOR) == 1


async def test_links_that_are_long_over_are_forgotten(storage: Storage) -> None:
    async with storage.transaction() as tx:
        await make(tx, 1)

        await invites.forget(tx, NOON + HOUR)
        assert len(await tx.fetch("SELECT 1 FROM invites")) == 1
        await invites.forget(tx, NOON + 2 * HOUR)
        assert await tx.fetch("SELECT 1 FROM invites") == []
