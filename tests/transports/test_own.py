"""An editor's words with their formatting: read from Telegram, sent, copied, put in their place."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Chat, Message, MessageEntity
from telegram.error import BadRequest

from bot.model import Copied, Sent, Verbatim
from bot.transports import Letter
from bot.transports.telegram import own
from tests.transports import briefs
from tests.transports.labs import OTHER, READER, TelegramLab, at_once, telegram_lab

BOLD = [{"type": "bold", "offset": 0, "length": 4}]
FORMATTED = Verbatim("عنوان ثم رابط", json.dumps(BOLD))
CAPTION = Verbatim("تعليق صحيح", is_caption=True)
TOO_LONG = Verbatim("كلمة " * 300)


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramLab]:
    async with telegram_lab() as lab:
        yield lab


async def picture(telegram: TelegramLab) -> int:
    """Let a picture with a caption stand in the reader's chat."""
    sent = await telegram.sandbox.send(READER, "photo", text="تعليق أول")
    copy = await telegram.bot.copy_message(READER, READER, sent["message_id"])
    return copy.message_id


async def text(telegram: TelegramLab) -> int:
    sent = await telegram.bot.send_message(READER, "النص الأول")
    return sent.message_id


def words(telegram: TelegramLab, message: int) -> tuple[str, list[str]]:
    """Return what a message says, and the kinds of formatting in it."""
    found = telegram.sandbox.desk.world.message(READER, message)
    assert found is not None
    return found.content.text, [entity.kind for entity in found.content.entities]


def written(**more: Any) -> Message:
    return Message(1, datetime(2026, 11, 26, tzinfo=UTC), Chat(5, "private"), **more)


def test_a_text_is_read_with_its_formatting() -> None:
    bold = MessageEntity("bold", 0, 4)

    read = own.verbatim(written(text="عنوان", entities=(bold,)))

    assert read == Verbatim("عنوان", '[{"length": 4, "offset": 0, "type": "bold"}]')
    assert own.entities(read) == (bold,)


def test_a_caption_is_read_as_one_and_a_message_without_words_as_none() -> None:
    caption = own.verbatim(written(caption="تعليق"))

    assert caption is not None
    assert caption.is_caption
    assert own.verbatim(written()) is None


async def test_words_are_sent_as_they_were_typed(telegram: TelegramLab) -> None:
    outcome = await telegram.transport.send(Letter(READER, briefs.brief(FORMATTED)), at_once)

    assert isinstance(outcome, Sent)
    assert words(telegram, outcome.message_ids[0]) == (FORMATTED.text, ["bold"])


async def test_a_picture_is_copied_with_other_words_under_it(telegram: TelegramLab) -> None:
    source = await picture(telegram)
    brief = briefs.brief(Copied(READER, source, CAPTION))

    await telegram.transport.send(Letter(OTHER, brief), at_once)

    (copy,) = telegram.sandbox.desk.world.messages(OTHER)
    assert copy.content.media is not None
    assert copy.content.text == CAPTION.text


async def test_a_caption_is_corrected_and_its_picture_stays(telegram: TelegramLab) -> None:
    message = await picture(telegram)

    outcome = await telegram.transport.amend(
        Letter(READER, briefs.brief(CAPTION)), (message,), at_once
    )

    found = telegram.sandbox.desk.world.message(READER, message)
    assert outcome == Sent((message,))
    assert found is not None
    assert found.content.media is not None
    assert found.content.text == CAPTION.text


async def test_words_go_where_they_fit_and_are_known_to(telegram: TelegramLab) -> None:
    places = [await text(telegram), await picture(telegram)]

    fitted = [
        await own.put_where_it_fits(telegram.bot, READER, place, FORMATTED) for place in places
    ]

    assert [one.is_caption for one in fitted] == [False, True]
    assert [words(telegram, place) for place in places] == [(FORMATTED.text, ["bold"])] * 2


async def test_words_too_long_for_a_caption_fit_nowhere(telegram: TelegramLab) -> None:
    with pytest.raises(BadRequest):
        await own.put_where_it_fits(telegram.bot, READER, await picture(telegram), TOO_LONG)


async def test_a_message_that_is_gone_takes_no_words(telegram: TelegramLab) -> None:
    with pytest.raises(BadRequest):
        await own.put_where_it_fits(telegram.bot, READER, 404, FORMATTED)
