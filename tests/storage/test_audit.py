"""What ``storage.audit`` promises on every engine."""

from __future__ import annotations

from datetime import timedelta

from bot.model import UserId
from bot.storage import Storage, audit
from tests.build import NOON

HOUR = timedelta(hours=1)


async def test_the_log_tells_who_did_what_the_newest_first(storage: Storage) -> None:
    async with storage.transaction() as tx:
        first = await audit.note(tx, UserId(5), "source.off", {"feed": 3, "source": "الغد"}, NOON)
        second = await audit.note(tx, None, "notice", {}, NOON + HOUR)

    newest = await audit.newest(storage, limit=20)

    assert [entry.id for entry in newest] == [second, first]
    assert [entry.person for entry in newest] == [None, UserId(5)]
    assert newest[1].details == {"feed": 3, "source": "الغد"}
    assert (newest[1].act, newest[1].at, newest[1].undone_at) == ("source.off", NOON, None)
    assert await audit.count(storage) == 2


async def test_the_log_is_read_page_by_page(storage: Storage) -> None:
    async with storage.transaction() as tx:
        lines = [await audit.note(tx, None, f"act{number}", {}, NOON) for number in range(5)]

    pages = [await audit.newest(storage, limit=2, skip=skip) for skip in (0, 2, 4, 6)]

    assert [[entry.id for entry in page] for page in pages] == [
        [lines[4], lines[3]],
        [lines[2], lines[1]],
        [lines[0]],
        [],
    ]


async def test_an_undone_line_says_when(storage: Storage) -> None:
    async with storage.transaction() as tx:
        line = await audit.note(tx, None, "source.off", {}, NOON)

        await audit.undone(tx, line, NOON + HOUR)
        entry = await audit.claim(tx, line)

        assert entry is not None
        assert entry.undone_at == NOON + HOUR
        assert await audit.claim(tx, line + 1) is None
