"""What editors are told by Mujaz itself: once, awake, and never lost."""

from __future__ import annotations

from bot.jobs.intake import moved_key
from bot.model import Brief, BriefKind, Paragraph
from bot.storage import Storage, notices, subscribers
from tests.crowd import BOT
from tests.jobs.newsroom import DAY, EDITOR, HOUR, Newsroom
from tests.jobs.post_office import PostOffice

SAID = Brief(BriefKind.ANNOUNCEMENT, (Paragraph("توقف المصدر"),))


async def tell(newsroom: Newsroom, *people: int, key: str = "a") -> int:
    async with newsroom.storage.transaction() as tx:
        return await notices.tell(tx, BOT, people, SAID, key, newsroom.clock())


async def arrived(storage: Storage, newsroom: Newsroom) -> list[int]:
    office = PostOffice(storage)
    office.clock = newsroom.clock
    await office.deliver()
    return list(office.phones.chats())


async def test_editors_who_are_readers_are_told_and_nobody_else(newsroom: Newsroom) -> None:
    gone = await newsroom.reader(EDITOR + 1)
    for chat in (EDITOR, 1):
        await newsroom.reader(chat)
    async with newsroom.storage.transaction() as tx:
        await subscribers.block(tx, gone.id, newsroom.clock())

    assert await tell(newsroom, EDITOR, EDITOR, EDITOR + 1, EDITOR + 2) == 1

    assert await arrived(newsroom.storage, newsroom) == [EDITOR]


async def test_nobody_is_told_of_one_thing_twice(newsroom: Newsroom) -> None:
    await newsroom.reader(EDITOR)

    told = [await tell(newsroom, EDITOR, key=key) for key in ("a", "a", "b")]

    assert told == [1, 0, 1]


async def test_what_nobody_could_be_told_stands_in_the_audit_log(newsroom: Newsroom) -> None:
    assert await tell(newsroom) == 0

    [note] = await newsroom.rows("SELECT person, act, details FROM audit")
    assert (note["person"], note["act"]) == (None, "notice")
    assert '"key": "a"' in str(note["details"])


async def test_a_notice_wakes_nobody_up(newsroom: Newsroom) -> None:
    await newsroom.reader(EDITOR)
    newsroom.clock.turn(15 * HOUR)  # midnight in Casablanca
    await tell(newsroom, EDITOR)

    assert await arrived(newsroom.storage, newsroom) == []
    newsroom.clock.turn(7 * HOUR)
    assert await arrived(newsroom.storage, newsroom) == [EDITOR]


async def test_a_site_that_moves_again_on_another_day_is_told_again(newsroom: Newsroom) -> None:
    feed = await newsroom.row(await newsroom.feed())
    now = newsroom.clock()

    assert moved_key(feed, now) == moved_key(feed, now + HOUR) != moved_key(feed, now + DAY)
