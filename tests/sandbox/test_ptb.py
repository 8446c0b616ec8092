"""python-telegram-bot itself talks to the sandbox: its encoding is read, its classes are fed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import telegram
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode

from bot.sandbox.server import TOKEN, Sandbox
from tests.sandbox.conftest import CHANNEL, GROUP, KARIM, SALMA

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
KEYBOARD = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("المزيد", callback_data="1:more"),
            InlineKeyboardButton("اقرأ", url="https://example.com/a"),
        ]
    ]
)


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    base = f"{sandbox.address}/bot"
    files = f"{sandbox.address}/file/bot"
    async with Bot(TOKEN, base_url=base, base_file_url=files) as bot:
        yield bot


async def test_it_sends_a_text_with_everything(bot: Bot, sandbox: Sandbox) -> None:
    said = await sandbox.say(SALMA, "سؤال")

    sent = await bot.send_message(
        SALMA,
        '<b>🔴 خبر</b> <a href="https://example.com/a">رابط</a>',
        parse_mode=ParseMode.HTML,
        reply_markup=KEYBOARD,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=ReplyParameters(said["message_id"], allow_sending_without_reply=True),
        disable_notification=True,
        allow_paid_broadcast=True,
    )

    assert sent.text == "🔴 خبر رابط"
    assert sent.parse_entities() == {
        MessageEntity("bold", 0, 6): "🔴 خبر",
        MessageEntity("text_link", 7, 4, url="https://example.com/a"): "رابط",
    }
    assert sent.reply_markup == KEYBOARD
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "سؤال"


async def test_it_sends_entities_of_its_own(bot: Bot) -> None:
    sent = await bot.send_message(SALMA, "خبر", entities=[MessageEntity("bold", 0, 3)])

    assert sent.entities == (MessageEntity("bold", 0, 3),)


async def test_it_sends_and_edits_pictures(bot: Bot) -> None:
    sent = await bot.send_photo(SALMA, PNG, caption="<i>صورة</i>", parse_mode=ParseMode.HTML)
    assert sent.caption_entities == (MessageEntity("italic", 0, 4),)

    edited = await sent.edit_media(InputMediaPhoto(PNG + b"1", caption="أخرى"))
    assert isinstance(edited, telegram.Message)
    assert (edited.caption, edited.photo[-1].file_size) == ("أخرى", len(PNG) + 1)

    file = await bot.get_file(edited.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == PNG + b"1"


async def test_it_sends_documents_and_videos(bot: Bot) -> None:
    document = await bot.send_document(SALMA, b"<opml/>", filename="feeds.opml")
    video = await bot.send_video(SALMA, b"video", caption="فيديو")

    assert document.document is not None
    assert document.document.file_name == "feeds.opml"
    assert video.video is not None
    assert video.caption == "فيديو"


async def test_it_edits_copies_forwards_and_deletes(bot: Bot) -> None:
    sent = await bot.send_message(SALMA, "قديم", reply_markup=KEYBOARD)

    edited = await bot.edit_message_text("جديد", SALMA, sent.message_id)
    assert isinstance(edited, telegram.Message)
    assert (edited.text, edited.reply_markup) == ("جديد", None)
    with pytest.raises(telegram.error.BadRequest, match="Message is not modified"):
        await bot.edit_message_text("جديد", SALMA, sent.message_id)

    copy = await bot.copy_message(GROUP, SALMA, sent.message_id)
    forward = await bot.forward_message(CHANNEL, SALMA, sent.message_id)
    assert copy.message_id > sent.message_id
    assert isinstance(forward.forward_origin, telegram.MessageOriginUser)
    assert await bot.delete_message(SALMA, sent.message_id)


async def test_it_reads_updates_and_answers_buttons(bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.send_message(SALMA, "خبر", reply_markup=KEYBOARD)
    (start,) = await bot.get_updates()
    assert start.message is not None
    assert start.message.from_user is not None
    assert (start.message.text, start.message.from_user.id) == ("/start", SALMA)

    tap = asyncio.create_task(sandbox.tap(SALMA, sent.message_id, "1:more"))
    (pressed,) = await bot.get_updates(offset=start.update_id + 1, timeout=5)
    assert pressed.callback_query is not None
    assert pressed.callback_query.data == "1:more"
    await pressed.callback_query.answer("هذه الأزرار قديمة")

    assert (await tap)["answer"]["text"] == "هذه الأزرار قديمة"


async def test_it_reads_joining_and_blocking(bot: Bot, sandbox: Sandbox) -> None:
    await sandbox.change_chat("add_bot", -3001, by=KARIM, kind="supergroup", role="administrator")
    await sandbox.block(SALMA)

    _, joined, _, blocked = await bot.get_updates()

    assert joined.my_chat_member is not None
    assert isinstance(joined.my_chat_member.new_chat_member, telegram.ChatMemberAdministrator)
    assert blocked.my_chat_member is not None
    assert isinstance(blocked.my_chat_member.new_chat_member, telegram.ChatMemberBanned)


async def test_it_presents_itself(bot: Bot) -> None:
    commands = [BotCommand("latest", "آخر الأخبار")]
    scope = BotCommandScopeChat(SALMA)

    assert await bot.set_my_commands(commands, scope=scope)
    assert await bot.get_my_commands(scope=scope) == tuple(commands)
    assert await bot.set_my_description("أخبار اليوم")
    assert (await bot.get_my_description()).description == "أخبار اليوم"
    assert await bot.set_my_short_description("أخبار")
    assert (await bot.get_my_short_description()).short_description == "أخبار"
    assert await bot.set_my_name("موجز")
    assert await bot.set_chat_menu_button(SALMA, telegram.MenuButtonCommands())
    assert bot.username == "mujaz_demo_bot"


async def test_it_asks_about_chats(bot: Bot) -> None:
    assert (await bot.get_chat(GROUP)).title == "أصدقاء الأخبار"
    assert isinstance(await bot.get_chat_member(GROUP, KARIM), telegram.ChatMemberOwner)
    assert await bot.get_chat_member_count(GROUP) == 4
    assert await bot.send_chat_action(SALMA, ChatAction.TYPING)
    assert await bot.leave_chat(GROUP)
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.delete_webhook()


async def test_it_knows_the_errors_by_their_class(bot: Bot, sandbox: Sandbox) -> None:
    await sandbox.fault("429", retry_after=4, count=1)
    with pytest.raises(telegram.error.RetryAfter) as late:
        await bot.send_message(SALMA, "a")
    assert getattr(late.value.retry_after, "seconds", late.value.retry_after) == 4

    await sandbox.fault("migrated", to=-1005, count=1)
    with pytest.raises(telegram.error.ChatMigrated) as moved:
        await bot.send_message(SALMA, "a")
    assert moved.value.new_chat_id == -1005

    await sandbox.fault("blocked", count=1)
    with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
        await bot.send_message(SALMA, "a")

    await sandbox.fault("hang_up_after", count=1)
    with pytest.raises(telegram.error.NetworkError):
        await bot.send_message(SALMA, "a")

    with pytest.raises(telegram.error.BadRequest, match="Chat not found"):
        await bot.send_message(5, "a")


async def test_it_refuses_to_start_with_a_wrong_token(sandbox: Sandbox) -> None:
    bot = Bot("1:wrong", base_url=f"{sandbox.address}/bot")

    with pytest.raises(telegram.error.InvalidToken):
        await bot.initialize()
    await bot.shutdown()


async def test_it_answers_inline_queries(bot: Bot, sandbox: Sandbox) -> None:
    sandbox.desk.updates.drop()
    asking = asyncio.create_task(sandbox.ask(SALMA, "المجلس"))
    (update,) = await bot.get_updates(timeout=5)
    assert update.inline_query is not None
    words = telegram.InputTextMessageContent("خبر المجلس")
    result = telegram.InlineQueryResultArticle("1", "المجلس يصادق", words)

    assert await update.inline_query.answer([result], cache_time=0, next_offset="")

    assert [shown["title"] for shown in await asking] == ["المجلس يصادق"]
    await sandbox.choose(SALMA, "1")
    (_, posted) = await bot.get_updates(timeout=5)
    assert posted.message is not None
    assert posted.message.via_bot is not None


async def test_it_sends_and_fetches_documents(bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.send_document(SALMA, b"{}", filename="mujaz-data.json")
    assert sent.document is not None
    assert sent.document.file_name == "mujaz-data.json"

    given = await sandbox.send(SALMA, "document", name="feeds.opml", data="<opml/>")
    file = await bot.get_file(given["document"]["file_id"])
    assert bytes(await file.download_as_bytearray()) == b"<opml/>"


async def test_it_deletes_several_messages_and_reads_its_menu_button(bot: Bot) -> None:
    ids = [(await bot.send_message(SALMA, text)).message_id for text in "اب"]

    assert await bot.delete_messages(SALMA, ids)
    assert isinstance(await bot.get_chat_menu_button(SALMA), telegram.MenuButtonDefault)
