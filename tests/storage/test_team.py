"""What ``storage.team`` promises on every engine: the file decides, links add, an owner stays."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Role, UserId
from bot.storage import Storage, team
from tests.build import NOON

AMAL, BADR, DALAL = UserId(11), UserId(12), UserId(13)
DAY = timedelta(days=1)


async def test_who_is_named_twice_in_the_file_is_an_owner(storage: Storage) -> None:
    async with storage.transaction() as tx:
        await team.configure(tx, [AMAL], [AMAL, BADR], NOON)

    assert await team.role_of(storage, AMAL) is Role.OWNER
    assert await team.role_of(storage, BADR) is Role.EDITOR
    assert await team.role_of(storage, DALAL) is None
    assert await team.owners(storage) == [AMAL]
    assert await team.people(storage) == [AMAL, BADR]


async def test_who_left_the_file_leaves_the_desk_and_who_came_by_a_link_stays(
    storage: Storage,
) -> None:
    async with storage.transaction() as tx:
        await team.configure(tx, [AMAL], [BADR], NOON)
        assert await team.add_editor(tx, DALAL, "دلال", AMAL, NOON)

        await team.configure(tx, [AMAL], [], NOON + DAY)

    assert await team.people(storage) == [AMAL, DALAL]


async def test_the_file_keeps_the_day_and_the_name_of_who_was_there(storage: Storage) -> None:
    async with storage.transaction() as tx:
        await team.configure(tx, [AMAL], [], NOON)
        await team.rename(tx, AMAL, "أمل")

        await team.configure(tx, [AMAL], [], NOON + DAY)

    [member] = await team.everybody(storage)
    assert (member.name, member.added_at, member.is_configured) == ("أمل", NOON, True)


async def test_neither_owners_nor_editors_of_the_file_are_removed(storage: Storage) -> None:
    async with storage.transaction() as tx:
        await team.configure(tx, [AMAL], [BADR], NOON)
        await team.add_editor(tx, DALAL, "دلال", AMAL, NOON)

        removed = [await team.remove_editor(tx, person) for person in (AMAL, BADR, DALAL, DALAL)]

    assert [one and one.name for one in removed] == [None, None, "دلال", None]
    assert await team.people(storage) == [AMAL, BADR]


async def test_a_link_changes_nothing_for_who_is_at_the_desk(storage: Storage) -> None:
    async with storage.transaction() as tx:
        await team.configure(tx, [AMAL], [], NOON)

        assert not await team.add_editor(tx, AMAL, "أمل", BADR, NOON)

    assert await team.role_of(storage, AMAL) is Role.OWNER
