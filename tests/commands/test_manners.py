"""Manners: every press is answered, failures are told, strangers learn nothing, groups wait."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bot.config import Config
from bot.errors import StorageError
from bot.sandbox.server import TOKEN
from tests.build import draft
from tests.commands.conftest import GROUP, KARIM, SALMA, Bureau, begin, config, words_of


async def test_a_press_too_old_to_be_answered_still_turns_the_page(bureau: Bureau) -> None:
    """T52; Studio-Yandex-Practicum/you_can_bot PR #171; PTB #1761, #5163."""
    await bureau.says(SALMA, "/start")
    page, data = bureau.button(SALMA, "التالي")
    tapped = await bureau.sandbox.tap(SALMA, page, data, wait=0)
    del bureau.sandbox.desk.queries[tapped["query_id"]]  # as Telegram forgets it after a while

    await bureau.pump()

    assert "(2 من 3)" in bureau.seen(SALMA)
    assert len(bureau.messages(SALMA)) == 1


async def test_buttons_live_on_after_a_restart(bureau: Bureau) -> None:
    """T52; PTB #1761, #5163."""
    for number in range(7):
        await bureau.prints(draft(title=f"الميناء في يومه {number}"))
    await bureau.says(SALMA, "الميناء")

    again = await begin(bureau.sandbox, bureau.storage, bureau.room.config)
    await again.taps(SALMA, "التالي")
    await again.app.shutdown()

    assert "2 / 2" in bureau.labels(SALMA)


@pytest.mark.parametrize("data", ["0:to:b", "1:explode:1", "rubbish", "1:st:1'; DROP TABLE x"])
async def test_old_or_forged_buttons_are_said_to_be_old_and_renewed(
    bureau: Bureau, data: str
) -> None:
    await bureau.says(SALMA, "/start")
    words = bureau.seen(SALMA)

    toast = await bureau.presses(SALMA, bureau.messages(SALMA)[-1]["message_id"], data)

    assert toast == "هذه الأزرار قديمة."
    assert bureau.seen(SALMA) == words
    await bureau.taps(SALMA, "الإعدادات")
    assert bureau.seen(SALMA).startswith("الإعدادات")


async def test_a_failure_is_told_in_one_sentence_and_logged_without_words(
    bureau: Bureau, caplog: pytest.LogCaptureFixture
) -> None:
    await bureau.storage.close()

    with caplog.at_level(logging.INFO, logger="bot"):
        await bureau.says(SALMA, "كلمة سرية جدا")

    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    logged = f"{record.getMessage()} {vars(record)}"
    assert bureau.seen(SALMA) == bureau.texts.say("errors.failed")
    assert record.msg == "command.failed"
    assert vars(record)["error"] == StorageError.__name__
    assert vars(record)["cause"].endswith("mujaz.db is closed.")
    assert "سرية" not in logged
    assert TOKEN not in logged


async def test_a_failed_press_is_answered_with_the_same_sentence(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/start")
    page, data = bureau.button(SALMA, "التالي")
    await bureau.storage.close()

    toast = await bureau.presses(SALMA, page, data)

    assert toast == bureau.texts.say("errors.failed")


async def test_who_blocks_before_the_answer_is_no_failure(
    bureau: Bureau, caplog: pytest.LogCaptureFixture
) -> None:
    await bureau.sandbox.say(SALMA, "/latest")
    await bureau.sandbox.block(SALMA)

    with caplog.at_level(logging.ERROR, logger="bot"):
        await bureau.pump()

    assert caplog.records == []


@pytest.mark.parametrize("kind", ["sticker", "voice", "photo", "video", "document"])
async def test_what_is_no_words_gets_one_honest_sentence_and_ways_on(
    bureau: Bureau, kind: str
) -> None:
    await bureau.sends(SALMA, kind)

    assert [words_of(one) for one in bureau.messages(SALMA)] == [
        bureau.texts.say("errors.not_words")
    ]
    assert bureau.labels(SALMA) == ["آخر الأخبار", "الأقسام"]


@pytest.mark.parametrize("words", ["/latest", "/stop", "آخر الأخبار", "إيقاف", "/search", "/x"])
async def test_a_command_that_comes_by_an_edit_is_not_done(bureau: Bureau, words: str) -> None:
    await bureau.says(SALMA, "/start")
    message = await bureau.says(SALMA, "/help")

    await bureau.edits(SALMA, message, words)

    assert bureau.seen(SALMA) == bureau.texts.say("errors.edited")
    assert (await bureau.subscriber(SALMA)).is_active


@pytest.mark.parametrize("words", ["/broadcast", "/sources", "/broadcast@mujaz_demo_bot now"])
async def test_a_strangers_desk_command_gets_what_an_unknown_one_gets(
    bureau: Bureau, words: str
) -> None:
    await bureau.says(SALMA, "/nosuchcommand")
    unknown = bureau.messages(SALMA)[-1]

    await bureau.says(SALMA, words)

    answer = bureau.messages(SALMA)[-1]
    assert (answer["text"], answer.get("reply_markup")) == (
        unknown["text"],
        unknown.get("reply_markup"),
    )


async def test_a_strangers_word_of_the_desk_is_a_search(bureau: Bureau) -> None:
    await bureau.says(SALMA, "المصادر")

    assert "لا نتائج" in bureau.seen(SALMA)


@pytest.mark.parametrize("data", ["1:bc:all:1", "1:bc:pause:1", "1:so:1", "1:sw:1:off:1"])
async def test_a_strangers_press_of_a_desk_button_gets_what_an_old_one_gets(
    bureau: Bureau, data: str
) -> None:
    await bureau.says(SALMA, "/start")

    toast = await bureau.presses(SALMA, bureau.messages(SALMA)[-1]["message_id"], data)

    assert toast == bureau.texts.say("errors.old_buttons")


@pytest.mark.parametrize("words", ["/latest", "/latest@mujaz_demo_bot", "/broadcast"])
async def test_a_command_in_a_group_is_told_that_groups_come_later(
    bureau: Bureau, words: str
) -> None:
    await bureau.says(SALMA, words, chat=GROUP)

    assert [words_of(one) for one in bureau.messages(GROUP)] == [
        bureau.texts.say("errors.groups", name="موجز")
    ]


async def test_another_bots_command_in_a_group_is_not_ours(bureau: Bureau) -> None:
    bureau.sandbox.desk.world.chats[GROUP].bot = "administrator"  # hears everything

    await bureau.says(SALMA, "/latest@other_bot", chat=GROUP)

    assert bureau.messages(GROUP) == []


async def test_a_press_in_a_group_is_answered_and_changes_nothing(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/latest", chat=GROUP)
    message = bureau.messages(GROUP)[-1]["message_id"]

    toast = await bureau.presses(SALMA, message, "1:go:latest", chat=GROUP)

    assert toast == bureau.texts.say("errors.groups", name="موجز")


async def test_a_start_and_a_press_delivered_twice_act_once(bureau: Bureau) -> None:
    await bureau.sandbox.redeliver(2)
    await bureau.says(SALMA, "/start")
    await bureau.taps(SALMA, "رياضة")

    assert len(bureau.messages(SALMA)) == 1
    assert "✓ رياضة" in bureau.labels(SALMA)


class TestAClosedNewsroom:
    @pytest.fixture
    def newsroom(self) -> Config:
        return config(access="closed")

    async def test_turns_readers_away_in_one_sentence(self, bureau: Bureau) -> None:
        await bureau.says(SALMA, "/start")

        assert bureau.seen(SALMA) == bureau.texts.say("errors.closed", name="موجز")

    async def test_lets_editors_read(self, bureau: Bureau) -> None:
        await bureau.says(KARIM, "/start")

        assert "(1 من 3)" in bureau.seen(KARIM)


class TestANewsroomByInvitation:
    @pytest.fixture
    def newsroom(self) -> Config:
        return config(access="invite")

    async def test_keeps_who_was_let_in_before(self, bureau: Bureau) -> None:
        await begin_as_reader(bureau)

        await bureau.says(SALMA, "/latest")

        assert bureau.seen(SALMA) != bureau.texts.say("errors.by_invitation", name="موجز")

    async def test_turns_away_who_is_new(self, bureau: Bureau) -> None:
        await bureau.says(SALMA, "/latest")

        assert bureau.seen(SALMA) == bureau.texts.say("errors.by_invitation", name="موجز")


async def begin_as_reader(bureau: Bureau) -> Any:
    opened = await begin(bureau.sandbox, bureau.storage, config())
    await opened.says(SALMA, "/start")
    await opened.pump()
    bureau._offset = opened._offset
    await opened.app.shutdown()
