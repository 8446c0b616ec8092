"""What ``storage.desk`` promises on every engine."""

from __future__ import annotations

from datetime import timedelta

from bot.model import ChatId, UserId
from bot.storage import Storage, desk
from bot.storage.desk import Prompt, ViewKind
from tests.build import NOON
from tests.crowd import BOT, OTHER_BOT

SALMA, KARIM = ChatId(1001), ChatId(1002)
HOUR = timedelta(hours=1)


async def test_a_view_is_seen_in_its_own_chat_only(storage: Storage) -> None:
    args = {"q": "«الحكومة» \\ \" '", "page": 3}
    async with storage.transaction() as tx:
        number = await desk.keep_view(tx, SALMA, ViewKind.SEARCH, args, NOON)

    kept = await desk.view(storage, SALMA, number)

    assert kept is not None
    assert (kept.kind, kept.args) == (ViewKind.SEARCH, args)
    assert await desk.view(storage, KARIM, number) is None
    assert await desk.view(storage, SALMA, number + 1) is None


async def test_a_question_awaits_its_own_person_in_its_own_chat(storage: Storage) -> None:
    group, person = ChatId(-7), UserId(5)
    async with storage.transaction() as tx:
        await desk.ask(tx, group, person, Prompt("hour", {"digest": 3}), NOON + HOUR)

    assert await desk.asked(storage, group, person, NOON) == Prompt("hour", {"digest": 3})
    assert await desk.asked(storage, group, UserId(6), NOON) is None
    assert await desk.asked(storage, SALMA, person, NOON) is None


async def test_a_question_expires(storage: Storage) -> None:
    async with storage.transaction() as tx:
        await desk.ask(tx, SALMA, UserId(1001), Prompt("hour", {}), NOON + HOUR)

    last = NOON + HOUR - timedelta(milliseconds=1)
    assert await desk.asked(storage, SALMA, UserId(1001), last) is not None
    assert await desk.asked(storage, SALMA, UserId(1001), NOON + HOUR) is None


async def test_a_new_question_replaces_the_old_and_one_answered_is_gone(
    storage: Storage,
) -> None:
    person = UserId(1001)
    async with storage.transaction() as tx:
        await desk.ask(tx, SALMA, person, Prompt("hour", {}), NOON + HOUR)
        await desk.ask(tx, SALMA, person, Prompt("count", {"of": 12}), NOON + 2 * HOUR)

    assert await desk.asked(storage, SALMA, person, NOON + HOUR) == Prompt("count", {"of": 12})
    async with storage.transaction() as tx:
        await desk.unask(tx, SALMA, person)
    assert await desk.asked(storage, SALMA, person, NOON) is None


async def test_a_message_acts_once_in_its_chat(storage: Storage) -> None:
    """T50; vellum-assistant PR #39309."""
    async with storage.transaction() as tx:
        firsts = [
            await desk.first_time(tx, chat, message, NOON)
            for chat, message in ((SALMA, 8), (SALMA, 8), (KARIM, 8), (SALMA, 9))
        ]

    assert firsts == [True, False, True, True]
    assert await desk.is_done(storage, SALMA, 8)
    assert not await desk.is_done(storage, KARIM, 9)


async def test_what_is_old_is_forgotten_and_what_is_young_stays(storage: Storage) -> None:
    async with storage.transaction() as tx:
        old = await desk.keep_view(tx, SALMA, ViewKind.SEARCH, {}, NOON - HOUR)
        young = await desk.keep_view(tx, SALMA, ViewKind.SEARCH, {}, NOON)
        await desk.first_time(tx, SALMA, 1, NOON - HOUR)
        await desk.first_time(tx, SALMA, 2, NOON)
        await desk.ask(tx, SALMA, UserId(1), Prompt("hour", {}), NOON - HOUR)
        await desk.ask(tx, SALMA, UserId(2), Prompt("hour", {}), NOON + HOUR)
        await desk.forget(tx, views=NOON, acts=NOON, prompts=NOON)
        acts = [await desk.first_time(tx, SALMA, message, NOON) for message in (1, 2)]

    assert await desk.view(storage, SALMA, old) is None
    assert await desk.view(storage, SALMA, young) is not None
    assert acts == [True, False]
    assert len(await storage.fetch("SELECT 1 FROM prompts")) == 1


async def test_a_setting_is_the_last_one_kept(storage: Storage) -> None:
    assert await desk.setting(storage, "search_version") is None

    async with storage.transaction() as tx:
        await desk.keep_setting(tx, "search_version", "1")
        await desk.keep_setting(tx, "search_version", "2")

    assert await desk.setting(storage, "search_version") == "2"


async def test_another_bots_pages_questions_and_acts_are_not_ours(storage: Storage) -> None:
    """Message 5 of one bot's chat is not message 5 of another's."""
    async with storage.transaction() as tx:
        await desk.belong_to(tx, BOT)
        view = await desk.keep_view(tx, SALMA, ViewKind.SEARCH, {"words": "ماء"}, NOON)
        assert await desk.first_time(tx, SALMA, 5, NOON)
        await desk.belong_to(tx, BOT)
        assert not await desk.first_time(tx, SALMA, 5, NOON)

        await desk.belong_to(tx, OTHER_BOT)

        assert await desk.view(tx, SALMA, view) is None
        assert await desk.first_time(tx, SALMA, 5, NOON)
