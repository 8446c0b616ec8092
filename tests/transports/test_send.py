"""What our Telegram transport says to Telegram: parameters by the wire, effects by the sandbox."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.model import Button, ChatId, Copied, Later, Paragraph, Picture, Rejected, Sent, Unreachable
from bot.sandbox.server import TOKEN
from bot.transports import Letter
from bot.transports.telegram.bots import make_bot
from bot.transports.telegram.send import TelegramTransport
from tests.transports import briefs
from tests.transports.labs import OTHER, READER, TelegramLab, at_once
from tests.transports.wire import Call, Wire, wire

PICTURE = "https://example.com/port.jpg"


async def accept(call: Call) -> None:
    """Answer as Telegram does to whatever is sent."""
    message = {"message_id": 7, "date": 1, "chat": {"id": 5, "type": "private"}}
    await call.answer(json.dumps({"ok": True, "result": message}))


@asynccontextmanager
async def at(there: Wire, **options: Any) -> AsyncIterator[TelegramTransport]:
    bot = make_bot(TOKEN, api_base=there.root, connections=2)
    async with bot.request:
        yield TelegramTransport(bot, briefs.BOT, **options)


def said(call: Call) -> tuple[str, dict[str, Any]]:
    """Return the method and the parameters of a call."""
    return call.head.split()[1].rpartition("/")[2], json.loads(call.body)


async def test_words_go_out_without_preview_and_with_sound() -> None:
    async with wire(accept) as there, at(there) as transport:
        assert await transport.send(Letter(READER, briefs.brief()), at_once) == Sent((7,))

        (call,) = there.calls
    assert said(call) == (
        "sendMessage",
        {
            "chat_id": READER,
            "text": "خبر قصير.",
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
    )


async def test_a_silent_letter_to_a_topic_at_the_paid_pace_says_so() -> None:
    for brief in (briefs.brief(), briefs.copied(), briefs.pictured()):
        async with wire(accept) as there, at(there, is_paid=True) as transport:
            await transport.send(Letter(READER, brief, thread=9, is_silent=True), at_once)

            (call,) = there.calls
        _, parameters = said(call)
        assert parameters["disable_notification"] is True
        assert parameters["message_thread_id"] == 9
        assert parameters["allow_paid_broadcast"] is True


async def test_the_buttons_stand_under_the_last_part_only() -> None:
    long = briefs.brief(Paragraph("كلمة " * 1000), buttons=((Button("رجوع", call="back"),),))

    async with wire(accept) as there, at(there) as transport:
        await transport.send(Letter(READER, long), at_once)

        first, last = (said(call)[1] for call in there.calls)
    assert "reply_markup" not in first
    assert last["reply_markup"] == {
        "inline_keyboard": [[{"text": "رجوع", "callback_data": "1:back"}]]
    }


async def test_a_button_that_telegram_cannot_carry_is_rejected_before_anything_is_sent() -> None:
    brief = briefs.brief(buttons=((Button("زر", call="x" * 63),),))

    async with wire(accept) as there, at(there) as transport:
        outcome = await transport.send(Letter(READER, brief), at_once)

        assert there.calls == []
    assert outcome == Rejected("a button's call takes 65 bytes; Telegram carries 64")


async def test_a_brief_is_written_once_for_all_who_get_it() -> None:
    async with wire(accept) as there, at(there) as transport:
        for chat in range(1, 20):
            await transport.send(Letter(ChatId(chat), briefs.instant()), at_once)

        assert transport._ready.cache_info().misses == 1


async def test_an_editors_message_is_copied(telegram: TelegramLab) -> None:
    await telegram.transport.send(Letter(READER, briefs.brief(Paragraph("من المحرر"))), at_once)
    (original,) = telegram.sandbox.desk.world.messages(READER)

    outcome = await telegram.transport.send(
        Letter(
            OTHER, briefs.brief(Copied(READER, original.id), buttons=((Button("رجوع", call="b"),),))
        ),
        at_once,
    )

    (copy,) = telegram.sandbox.desk.world.messages(OTHER)
    assert outcome == Sent((copy.id,))
    assert copy.content.text == "من المحرر"
    assert copy.markup is not None


async def test_a_message_to_copy_that_is_gone_is_rejected(telegram: TelegramLab) -> None:
    brief = briefs.brief(Copied(READER, 999))

    assert await telegram.transport.send(Letter(OTHER, brief), at_once) == Rejected(
        "Message to copy not found"
    )


async def test_a_picture_and_its_words_are_one_message(telegram: TelegramLab) -> None:
    await telegram.sandbox.fault("any_picture")

    outcome = await telegram.transport.send(Letter(READER, briefs.pictured(PICTURE)), at_once)

    (message,) = telegram.sandbox.desk.world.messages(READER)
    assert outcome == Sent((message.id,))
    assert message.content.media is not None
    assert "Atlas" in message.content.text


async def test_a_refused_picture_lets_the_words_go_once_and_is_not_tried_again(
    telegram: TelegramLab,
) -> None:
    """T43; tdlib/telegram-bot-api #782, RSStT v2.1.0, v2.4.1."""
    await telegram.sandbox.fault("bad_picture")
    brief = briefs.pictured(PICTURE)

    for chat in (READER, OTHER):
        assert isinstance(await telegram.transport.send(Letter(chat, brief), at_once), Sent)

    assert methods(telegram) == ["sendPhoto", "sendMessage", "sendMessage"]
    assert [len(await telegram.arrived(chat)) for chat in (READER, OTHER)] == [1, 1]


async def test_a_chat_without_pictures_gets_the_words_and_others_the_picture(
    telegram: TelegramLab,
) -> None:
    await telegram.sandbox.fault("any_picture")
    await telegram.sandbox.fault(
        "error",
        chat=READER,
        method="sendPhoto",
        description="Bad Request: not enough rights to send photos to the chat",
    )

    for chat in (READER, OTHER):
        assert isinstance(
            await telegram.transport.send(Letter(chat, briefs.pictured()), at_once), Sent
        )

    assert methods(telegram) == ["sendPhoto", "sendMessage", "sendPhoto"]


async def test_a_refused_picture_without_words_has_nothing_left_to_say(
    telegram: TelegramLab,
) -> None:
    await telegram.sandbox.fault("bad_picture")

    outcome = await telegram.transport.send(Letter(READER, briefs.brief(Picture(PICTURE))), at_once)

    assert isinstance(outcome, Rejected)


async def test_a_lost_answer_to_a_picture_sends_no_words_after_it(telegram: TelegramLab) -> None:
    await telegram.sandbox.fault("any_picture")
    await telegram.lose_answer(READER, is_accepted=True)

    outcome = await telegram.transport.send(Letter(READER, briefs.pictured()), at_once)

    assert isinstance(outcome, Later)
    assert methods(telegram) == ["sendPhoto"]


async def test_bad_pictures_are_forgotten_when_there_are_too_many(
    telegram: TelegramLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.transports.telegram.send._PICTURES_KEPT", 2)
    await telegram.sandbox.fault("bad_picture")
    addresses = [f"https://example.com/{n}.jpg" for n in (1, 2, 3, 1)]

    for address in addresses:
        await telegram.transport.send(Letter(READER, briefs.pictured(address)), at_once)

    assert methods(telegram) == ["sendPhoto", "sendMessage"] * 4


async def test_a_door_closed_between_two_parts_leaves_the_whole_in_doubt(
    telegram: TelegramLab,
) -> None:
    await telegram.fault("blocked", READER, after=1)

    outcome = await telegram.transport.send(
        Letter(READER, briefs.brief(Paragraph("كلمة " * 1000))), at_once
    )

    assert outcome == Later("Forbidden: bot was blocked by the user", is_certain=False)


async def test_a_right_lost_for_an_hour_then_given_back(telegram: TelegramLab) -> None:
    """T47; RSStT FAQ."""
    words = "Bad Request: not enough rights to send text messages to the chat"
    await telegram.sandbox.fault("error", chat=READER, count=1, description=words)

    first = await telegram.transport.send(Letter(READER, briefs.brief()), at_once)
    second = await telegram.transport.send(Letter(READER, briefs.brief()), at_once)

    assert isinstance(first, Later)
    assert first.retry_after == timedelta(hours=1)
    assert isinstance(second, Sent)


async def test_a_group_deleted_without_a_word_of_its_new_number_is_unreachable(
    telegram: TelegramLab,
) -> None:
    """T48; yagop/node-telegram-bot-api #1155."""
    words = "Forbidden: the group chat was deleted"
    await telegram.sandbox.fault("error", chat=READER, code=403, description=words)

    assert await telegram.transport.send(Letter(READER, briefs.brief()), at_once) == Unreachable(
        words
    )


async def test_a_revoked_token_loses_nothing(telegram: TelegramLab) -> None:
    await telegram.sandbox.fault("token_revoked")

    assert await telegram.transport.send(Letter(READER, briefs.brief()), at_once) == Later(
        "Unauthorized"
    )


@pytest.mark.parametrize("result", ["true", "[]", '{"message_id": 7}', '{"date": "?"}'])
async def test_an_answer_that_the_library_cannot_read_leaves_the_fate_unknown(
    result: str,
) -> None:
    async def garble(call: Call) -> None:
        await call.answer(f'{{"ok": true, "result": {result}}}')

    async with wire(garble) as there, at(there) as transport:
        outcome = await transport.send(Letter(READER, briefs.brief()), at_once)

    assert isinstance(outcome, Later)
    assert not outcome.is_certain


async def test_a_digest_keeps_every_link_in_the_sandbox(telegram: TelegramLab) -> None:
    """T44: the sandbox drops what exceeds 100 entities, as Telegram does."""
    await telegram.transport.send(Letter(READER, briefs.digest(sections=6, items=25)), at_once)

    links = [
        entity
        for message in telegram.sandbox.desk.world.messages(READER)
        for entity in message.content.entities
        if entity.kind == "text_link"
    ]
    assert len(links) == 2 + 6 * 25 + 2


def methods(telegram: TelegramLab) -> list[str]:
    """Return the calls that sent something, or tried to, in their order."""
    return [line.method for line in telegram.sandbox.desk.log.since() if line.method != "getMe"]
