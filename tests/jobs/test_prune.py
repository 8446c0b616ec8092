"""What is forgotten once an hour, and what is not."""

from __future__ import annotations

from bot.jobs.prune import KEEP_ACTS, KEEP_VIEWS, prune
from bot.model import ChatId, UserId
from bot.storage import Storage, desk
from bot.storage.desk import Prompt, ViewKind
from tests.jobs.newsroom import HOUR, SECOND, Clock

CHAT, PERSON = ChatId(1), UserId(1)


async def test_pages_are_kept_for_thirty_days(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        view = await desk.keep_view(tx, CHAT, ViewKind.SEARCH, {"words": "ميناء"}, clock())

    clock.turn(KEEP_VIEWS)
    await prune(storage, clock)
    assert await desk.view(storage, CHAT, view) is not None

    clock.turn(SECOND)
    await prune(storage, clock)
    assert await desk.view(storage, CHAT, view) is None


async def test_an_act_is_remembered_for_a_week(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        assert await desk.first_time(tx, CHAT, 7, clock())

    clock.turn(KEEP_ACTS)
    await prune(storage, clock)
    async with storage.transaction() as tx:
        assert not await desk.first_time(tx, CHAT, 7, clock())

    clock.turn(KEEP_ACTS + SECOND)
    await prune(storage, clock)
    async with storage.transaction() as tx:
        assert await desk.first_time(tx, CHAT, 7, clock())


async def test_a_question_that_still_waits_is_kept(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        await desk.ask(tx, CHAT, PERSON, Prompt("hour", {}), clock() + HOUR)

    clock.turn(HOUR - SECOND)
    await prune(storage, clock)

    assert await desk.asked(storage, CHAT, PERSON, clock()) is not None


async def test_a_question_that_nobody_answered_is_forgotten(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        await desk.ask(tx, CHAT, PERSON, Prompt("hour", {}), clock() + HOUR)

    clock.turn(2 * HOUR)
    await prune(storage, clock)

    assert await storage.fetch("SELECT * FROM prompts") == []
