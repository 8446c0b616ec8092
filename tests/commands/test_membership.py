"""What becomes of chats: blocked, back, added, removed, moved; choices are never lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands.menu import set_up
from bot.config import Config
from bot.model import ChatId, ChatKind, UrgentChoice, to_ms
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


async def test_who_added_us_to_a_group_is_told_in_private(bureau: Bureau) -> None:
    await bureau.says(KARIM, "/help")

    await bureau.sandbox.change_chat("add_bot", -2002, title="مجموعة جديدة", by=KARIM)
    await bureau.pump()

    assert bureau.seen(KARIM) == bureau.texts.say("groups.added", name="موجز", title="مجموعة جديدة")


async def test_who_has_not_begun_cannot_be_told_and_the_group_is(bureau: Bureau) -> None:
    await bureau.sandbox.change_chat("add_bot", -2002, title="مجموعة جديدة", by=KARIM)
    await bureau.pump()

    assert bureau.messages(KARIM) == []
    assert len(bureau.messages(-2002)) == 1


async def test_a_channel_that_adds_us_reads_the_sentence_too(bureau: Bureau) -> None:
    await bureau.sandbox.change_chat(
        "add_bot", -2003, kind="channel", title="قناة", role="administrator"
    )
    await bureau.pump()

    assert [words_of(one) for one in bureau.messages(-2003)] == [
        bureau.texts.say("errors.groups", name="موجز")
    ]


async def test_a_note_of_being_added_that_comes_twice_is_answered_once(bureau: Bureau) -> None:
    """T50; filipnet/checkmk-telegram-notify #1."""
    await bureau.sandbox.redeliver(1)

    await bureau.sandbox.change_chat("add_bot", -2002, title="مجموعة جديدة")
    await bureau.pump()

    assert len(bureau.messages(-2002)) == 1


async def test_who_adds_us_again_is_told_again(bureau: Bureau) -> None:
    await bureau.sandbox.change_chat("add_bot", -2002, title="مجموعة جديدة")
    await bureau.pump()
    await bureau.sandbox.change_chat("remove_bot", -2002)
    await bureau.pump()
    later = bureau.sandbox.desk.clock() + 60
    bureau.sandbox.desk.clock = lambda: later

    await bureau.sandbox.change_chat("add_bot", -2002, title="مجموعة جديدة")
    await bureau.pump()

    assert len(bureau.messages(-2002)) == 2


async def seen_at(bureau: Bureau) -> object:
    rows = await bureau.storage.fetch("SELECT seen_at FROM subscribers")
    return rows[0]["seen_at"]


async def test_a_touch_is_noted_at_most_once_an_hour(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    begun = await seen_at(bureau)

    bureau.forward(timedelta(minutes=59))
    await bureau.says(SALMA, "/help")
    early = await seen_at(bureau)
    bureau.forward(timedelta(minutes=1))
    await bureau.taps(SALMA, "الإعدادات")
    late = await seen_at(bureau)

    assert (begun, early, late) == (to_ms(NOON), begun, to_ms(NOON + timedelta(hours=1)))


async def test_a_strangers_touch_is_noted_nowhere(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/help")

    assert await bureau.storage.fetch("SELECT id FROM subscribers") == []


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
        assert {"broadcast", "sources"} <= set(by_chat[KARIM]) - set(by_chat[None])
        assert bureau.sandbox.desk.profile.menu_buttons == {None: {"type": "commands"}}
        assert bureau.sandbox.desk.profile.descriptions[""].startswith("موجز")

    async def test_comes_to_an_editor_who_begins(self, bureau: Bureau) -> None:
        await bureau.says(KARIM, "/start")

        (scope,) = bureau.sandbox.desk.profile.commands
        assert scope.chat == KARIM

    async def test_of_editors_is_not_given_to_readers(self, bureau: Bureau) -> None:
        await bureau.says(SALMA, "/start")

        assert bureau.sandbox.desk.profile.commands == {}
