"""What becomes of chats: blocked, back, added, removed, moved; choices are never lost."""

from __future__ import annotations

import pytest

from bot.commands.menu import set_up
from bot.config import Config
from bot.model import ChatId, ChatKind, UrgentChoice
from bot.storage import digests, subscribers
from tests.build import NOON
from tests.commands.conftest import GROUP, KARIM, SALMA, Bureau, config, words_of

SUPERGROUP = -1_001_000_002_001


async def test_who_blocks_us_is_written_to_no_more_and_keeps_the_choices(bureau: Bureau) -> None:
    """T47; RSStT FAQ; aikaterna/aikaterna-cogs #260; healthchecks #613."""
    await bureau.says(SALMA, "/start")
    await bureau.says(SALMA, "/settings")
    await bureau.taps(SALMA, "العاجل: بصمت")

    await bureau.sandbox.block(SALMA)
    await bureau.pump()
    blocked = await bureau.subscriber(SALMA)
    await bureau.sandbox.unblock(SALMA)
    await bureau.pump()
    back = await bureau.subscriber(SALMA)
    await bureau.says(SALMA, "/start")

    reader = await bureau.subscriber(SALMA)
    assert (blocked.is_active, back.is_active, reader.is_active) == (False, False, True)
    assert reader.urgent is UrgentChoice.SILENT
    assert len(await digests.of(bureau.storage, reader.id)) == 1


async def test_a_group_we_are_added_to_reads_one_honest_sentence(bureau: Bureau) -> None:
    await bureau.sandbox.change_chat("add_bot", -2002, title="مجموعة جديدة")
    await bureau.pump()

    assert [words_of(one) for one in bureau.messages(-2002)] == [
        bureau.texts.say("errors.groups", name="موجز")
    ]


async def test_a_promotion_in_a_group_says_nothing(bureau: Bureau) -> None:
    await bureau.sandbox.change_chat("add_bot", GROUP, role="administrator")
    await bureau.pump()

    assert bureau.messages(GROUP) == []


async def join_group(bureau: Bureau, chat: int) -> None:
    async with bureau.storage.transaction() as tx:
        await subscribers.join(
            tx, bureau.room.bot, ChatId(chat), kind=ChatKind.GROUP, zone="UTC", now=NOON
        )


async def test_a_group_that_removes_us_keeps_its_choices(bureau: Bureau) -> None:
    """T47; RSStT FAQ."""
    await join_group(bureau, GROUP)

    await bureau.sandbox.change_chat("remove_bot", GROUP)
    await bureau.pump()

    assert not (await bureau.subscriber(GROUP)).is_active


async def test_a_group_that_became_a_supergroup_moves_once(bureau: Bureau) -> None:
    """T48; healthchecks #132; TwiN/gatus #179; node-telegram-bot-api #1155: both notes come."""
    await join_group(bureau, GROUP)
    before = await bureau.subscriber(GROUP)

    await bureau.sandbox.change_chat("migrate", GROUP, to=SUPERGROUP)
    await bureau.pump()

    after = await bureau.subscriber(SUPERGROUP)
    assert after.id == before.id
    assert after.is_active
    assert await subscribers.find(bureau.storage, bureau.room.bot, ChatId(GROUP)) is None


async def test_a_supergroup_that_is_known_already_is_not_told_twice(bureau: Bureau) -> None:
    """T48; ehForwarderBot/efb-telegram-master PR #75."""
    await join_group(bureau, GROUP)
    await join_group(bureau, SUPERGROUP)

    await bureau.sandbox.change_chat("migrate", GROUP, to=SUPERGROUP)
    await bureau.pump()

    assert not (await bureau.subscriber(GROUP)).is_active
    assert (await bureau.subscriber(SUPERGROUP)).is_active


class TestTheMenu:
    @pytest.fixture
    def newsroom(self) -> Config:
        return config(owners=(KARIM,), editors=(KARIM, 4040))

    async def test_is_longer_for_editors(self, bureau: Bureau) -> None:
        await set_up(bureau.app.bot, bureau.room)

        menus = bureau.sandbox.desk.profile.commands
        by_chat = {
            scope.chat: [one["command"] for one in listed] for scope, listed in menus.items()
        }
        assert set(by_chat) == {None, KARIM}
        assert {"latest", "settings", "politics"} <= set(by_chat[None])
        assert set(by_chat[KARIM]) - set(by_chat[None]) == {"broadcast", "sources"}
        assert bureau.sandbox.desk.profile.descriptions[""].startswith("موجز")

    async def test_comes_to_an_editor_who_begins(self, bureau: Bureau) -> None:
        await bureau.says(KARIM, "/start")

        (scope,) = bureau.sandbox.desk.profile.commands
        assert scope.chat == KARIM

    async def test_of_editors_is_not_given_to_readers(self, bureau: Bureau) -> None:
        await bureau.says(SALMA, "/start")

        assert bureau.sandbox.desk.profile.commands == {}
