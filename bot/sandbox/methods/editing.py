"""The methods that change or take away a message, and the one that answers a pressed button.

An edit without a reply_markup takes the keyboard away, and one that changes nothing is
refused: both as Telegram does.
"""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.desk import Desk
from bot.sandbox.entities import formatted
from bot.sandbox.keyboards import inline
from bot.sandbox.methods.sending import caption
from bot.sandbox.nouns import Chat, Content, Json, Media, Message
from bot.sandbox.refusals import bad_request

DELETABLE = 48 * 3600  # seconds; Bot API deleteMessage
DELETED_AT_ONCE = 100  # messages; Bot API deleteMessages
ANSWER_LIMIT = 200  # letters; Bot API answerCallbackQuery


async def edit_message_text(desk: Desk, call: Json) -> Json | bool:
    """Give a text message another text."""
    if "rich_message" in call:
        raise bad_request("the sandbox does not read rich messages")
    text = formatted(call.get("text", ""), call.get("parse_mode", ""), call.get("entities", ()))
    preview = call.get("link_preview_options")
    message = _editable(desk, call)
    if message.content.media is not None or message.content.extra:
        raise bad_request("there is no text in the message to edit")
    return _edit(desk, call, message, Content(*text, preview=preview))


async def edit_message_caption(desk: Desk, call: Json) -> Json | bool:
    """Give media another caption."""
    text, entities = caption(call)
    message = _editable(desk, call)
    if message.content.media is None:
        raise bad_request("there is no caption in the message to edit")
    return _edit(desk, call, message, replace(message.content, text=text, entities=entities))


async def edit_message_media(desk: Desk, call: Json) -> Json | bool:
    """Give a message other media, or media in place of its text."""
    media = call["media"]
    if media["type"] not in ("photo", "video", "document"):
        raise bad_request(f"the sandbox does not take media of type {media['type']}")
    text, entities = caption(media)
    message = _editable(desk, call)
    anywhere = desk.faults.lets_any_picture(message.chat)
    file = await desk.files.resolve(media["type"], media["media"], anywhere=anywhere)
    return _edit(desk, call, message, Content(text, entities, Media(media["type"], file)))


async def edit_message_reply_markup(desk: Desk, call: Json) -> Json | bool:
    """Give a message another keyboard, or none."""
    message = _editable(desk, call)
    return _edit(desk, call, message, message.content)


async def delete_message(desk: Desk, call: Json) -> bool:
    """Take a message away, within two days."""
    chat = desk.world.writable(call["chat_id"])
    message = desk.world.message(chat.id, call["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    _check_deletable(desk, chat, message)
    desk.remove(message)
    return True


async def delete_messages(desk: Desk, call: Json) -> bool:
    """Take several messages away, all or none of those that are there."""
    chat = desk.world.writable(call["chat_id"])
    ids: list[int] = call["message_ids"]
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > DELETED_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    if min(ids) <= 0:
        raise bad_request("invalid message identifier specified")
    found = [m for m in (desk.world.message(chat.id, one) for one in dict.fromkeys(ids)) if m]
    for message in found:
        _check_deletable(desk, chat, message)
    for message in found:
        desk.remove(message)
    return True


async def answer_callback_query(desk: Desk, call: Json) -> bool:
    """Answer a pressed button while its query is young."""
    query = desk.queries.get(call["callback_query_id"])
    if query is None or desk.steady() - query.moment > desk.query_age:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = call.get("text", "")
    if len(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"text": text, "show_alert": call.get("show_alert", False)}
    if not query.answer.done():
        query.answer.set_result(answer)
    desk.tell("answer", query.message, person=query.person, answer=answer)
    return True


def _check_deletable(desk: Desk, chat: Chat, message: Message) -> None:
    if not message.by_bot and chat.kind != "private" and chat.bot != "administrator":
        raise bad_request("message can't be deleted")
    if desk.now() - message.date > DELETABLE:
        raise bad_request("message can't be deleted for everyone")


def _editable(desk: Desk, call: Json) -> Message:
    """Find the bot's own message that a call wants to change."""
    if "inline_message_id" in call:
        posted = desk.world.via(call["inline_message_id"])
        if posted is None:
            raise bad_request("MESSAGE_ID_INVALID")
        return posted
    if "chat_id" not in call or "message_id" not in call:
        raise bad_request("message identifier is not specified")
    chat = desk.world.writable(call["chat_id"])
    message = desk.world.message(chat.id, call["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if not message.by_bot or message.origin is not None:
        raise bad_request("message can't be edited")
    return message


def _edit(desk: Desk, call: Json, message: Message, content: Content) -> Json | bool:
    markup = inline(call.get("reply_markup"))
    if content == message.content and markup == message.markup:
        raise bad_request(
            "message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        )
    edited = replace(message, content=content, markup=markup, edited=desk.now())
    written = desk.world.json(desk.revise(edited))
    return True if message.is_via else written
