"""The table of methods: the Bot API's name → the function that does it; `calls` looks here.

A function takes the desk and the checked parameters and returns the JSON value of ``result``.
Adding a method: a line in `tests/sandbox/api_subset.py`, a function, a line here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from bot.sandbox.desk import Desk
from bot.sandbox.methods import chats, editing, inline, polling, presentation, sending
from bot.sandbox.nouns import Json

Handler: TypeAlias = Callable[[Desk, Json], Awaitable[Any]]

METHODS: dict[str, Handler] = {
    "answerCallbackQuery": editing.answer_callback_query,
    "answerInlineQuery": inline.answer_inline_query,
    "copyMessage": sending.copy_message,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "deleteMyCommands": presentation.delete_my_commands,
    "deleteWebhook": polling.delete_webhook,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "editMessageText": editing.edit_message_text,
    "forwardMessage": sending.forward_message,
    "getChat": chats.get_chat,
    "getChatMenuButton": presentation.get_chat_menu_button,
    "getChatMember": chats.get_chat_member,
    "getChatMemberCount": chats.get_chat_member_count,
    "getFile": chats.get_file,
    "getMe": presentation.get_me,
    "getMyCommands": presentation.get_my_commands,
    "getMyDescription": presentation.get_my_description,
    "getMyShortDescription": presentation.get_my_short_description,
    "getUpdates": polling.get_updates,
    "getWebhookInfo": polling.get_webhook_info,
    "leaveChat": chats.leave_chat,
    "sendChatAction": chats.send_chat_action,
    "sendDocument": sending.send_document,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendVideo": sending.send_video,
    "setChatMenuButton": presentation.set_chat_menu_button,
    "setMyCommands": presentation.set_my_commands,
    "setMyDescription": presentation.set_my_description,
    "setMyName": presentation.set_my_name,
    "setMyShortDescription": presentation.set_my_short_description,
    "setWebhook": polling.set_webhook,
}
