"""The bots that `app` makes: whom they call, what they debit, how they fail to start."""

from __future__ import annotations

import pytest
from telegram.error import NetworkError

from bot.errors import StartError
from bot.sandbox.server import TOKEN
from bot.transports.telegram.bots import make_bot, make_reply_bot, open_bot
from bot.transports.telegram.replies import RepliesFirst
from tests.transports.labs import READER, TelegramLab
from tests.transports.test_replies import Book
from tests.transports.wire import free_port


async def test_the_bot_that_answers_debits_the_pace_and_listens_for_updates(
    telegram: TelegramLab,
) -> None:
    book = Book()
    api_base = telegram.sandbox.address + "/"

    async with make_reply_bot(TOKEN, api_base=api_base, limiter=RepliesFirst(book)) as bot:
        await bot.send_message(READER, "جواب")
        await telegram.sandbox.say(READER, "/start")
        (update,) = await bot.get_updates(timeout=1)

    assert book.debits == [READER]
    assert update.effective_message is not None
    assert update.effective_message.text == "/start"


async def test_a_token_refused_while_listening_is_no_end_of_listening(
    telegram: TelegramLab,
) -> None:
    """The library gives up at ``InvalidToken`` alone."""
    api_base = telegram.sandbox.address

    async with make_reply_bot(TOKEN, api_base=api_base, limiter=RepliesFirst(Book())) as bot:
        await telegram.sandbox.fault("token_revoked", count=1)
        with pytest.raises(NetworkError, match="refuses the token"):
            await bot.get_updates(timeout=0)

        assert await bot.get_updates(timeout=0) == ()


async def test_opening_a_bot_tells_its_user_name(telegram: TelegramLab) -> None:
    bot = make_bot(TOKEN, api_base=telegram.sandbox.address, connections=1)

    assert await open_bot(bot) == "mujaz_demo_bot"
    await bot.shutdown()


async def test_a_wrong_token_is_refused_in_words_that_do_not_hold_it(telegram: TelegramLab) -> None:
    bot = make_bot("123:not-the-token", api_base=telegram.sandbox.address, connections=1)

    with pytest.raises(StartError, match="does not know this token") as caught:
        await open_bot(bot)

    assert "not-the-token" not in str(caught.value)


async def test_an_unreachable_telegram_is_named_at_the_start() -> None:
    bot = make_bot(TOKEN, api_base=f"http://127.0.0.1:{free_port()}", connections=1)

    with pytest.raises(StartError, match="cannot be reached"):
        await open_bot(bot)
