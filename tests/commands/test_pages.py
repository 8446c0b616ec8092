"""How a page gets on the screen: in place, anew when it cannot, in parts when it is long."""

from __future__ import annotations

from telegram import Chat, InaccessibleMessage

from bot.commands.touch import page
from bot.model import Brief, BriefKind, Button, ChatId, Paragraph, Picture
from bot.transports.telegram import pages
from tests.commands.conftest import SALMA, Bureau, words_of

BUTTONS = ((Button("إلى الأمام", call="go:latest"),),)
LONG = page(*("جملة تامة من كلمات كثيرة. " * 60 for _ in range(6)), buttons=BUTTONS)


def old(number: int) -> InaccessibleMessage:
    """Return a message too old for Telegram to show, which may be edited all the same."""
    return InaccessibleMessage(Chat(SALMA, Chat.PRIVATE), number)


async def test_an_old_message_is_turned_in_place(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/help")
    (message,) = bureau.messages(SALMA)

    await pages.turn(bureau.app.bot, old(message["message_id"]), page("صفحة"), "bot")

    assert [words_of(one) for one in bureau.messages(SALMA)] == ["صفحة"]


async def test_a_message_that_was_deleted_comes_anew(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/help")

    await pages.turn(bureau.app.bot, old(4040), page("صفحة"), "bot")

    assert bureau.seen(SALMA) == "صفحة"


async def test_a_long_page_goes_on_below_with_its_buttons_last(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/help")
    (message,) = bureau.messages(SALMA)

    await pages.turn(bureau.app.bot, old(message["message_id"]), LONG, "bot")

    first, *others = bureau.messages(SALMA)
    assert others
    assert "reply_markup" not in first
    assert bureau.labels(SALMA) == ["إلى الأمام"]


async def test_a_long_page_sent_anew_ends_with_its_buttons(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/help")

    last = await pages.send(bureau.app.bot, ChatId(SALMA), LONG, "bot")

    assert bureau.messages(SALMA)[-1]["message_id"] == last
    assert bureau.labels(SALMA) == ["إلى الأمام"]


PICTURED = Brief(BriefKind.PAGE, (Picture("https://p.example/a.jpg"), Paragraph("صفحة")))
ABOVE = {"url": "https://p.example/a.jpg", "prefer_large_media": True, "show_above_text": True}


async def test_a_page_shows_its_picture_above_the_words(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/help")

    await pages.send(bureau.app.bot, ChatId(SALMA), PICTURED, "bot")

    message = bureau.messages(SALMA)[-1]
    assert "photo" not in message
    assert message["link_preview_options"] == ABOVE


async def test_a_page_that_is_turned_shows_the_picture_of_the_new_one(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/help")
    (message,) = bureau.messages(SALMA)

    await pages.turn(bureau.app.bot, old(message["message_id"]), PICTURED, "bot")
    assert bureau.messages(SALMA)[-1]["link_preview_options"] == ABOVE

    await pages.turn(bureau.app.bot, old(message["message_id"]), page("أخرى"), "bot")
    assert bureau.messages(SALMA)[-1]["link_preview_options"] == {"is_disabled": True}


async def test_new_buttons_under_a_deleted_message_are_let_be(bureau: Bureau) -> None:
    await bureau.says(SALMA, "/help")

    await pages.change_buttons(bureau.app.bot, old(4040), None)

    assert len(bureau.messages(SALMA)) == 1
