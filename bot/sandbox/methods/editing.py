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
from bot.sandbox.nouns import Content, Json, Media, Message
from bot.sandbox.refusals import bad_request

DELETABLE = 48 * 3600  # seconds; Bot API deleteMessage
ANSWER_LIMIT = 200  # letters; Bot API answerCallbackQuery


async def edit_message_text(desk: Desk, call: Json) -> Json:
    """Give a text message another text."""
    if "rich_message" in call:
        raise bad_request("the sandbox does not read rich messages")
    text = formatted(call.get("text", ""), call.get("parse_mode", ""), call.get("entities", ()))
    message = _editable(desk, call)
    if message.content.media is not None or message.content.extra:
        raise bad_request("there is no text in the message to edit")
    return _edit(desk, call, message, Content(*text))


async def edit_message_caption(desk: Desk, call: Json) -> Json:
    """Give media another caption."""
    text, entities = caption(call)
    message = _editable(desk, call)
    if message.content.media is None:
        raise bad_request("there is no caption in the message to edit")
    return _edit(desk, call, message, replace(message.content, text=text, entities=entities))


async def edit_message_media(desk: Desk, call: Json) -> Json:
    """Give a message other media, or media in place of its text."""
    media = call["media"]
    if media["type"] not in ("photo", "video", "document"):
        raise bad_request(f"the sandbox does not take media of type {media['type']}")
    text, entities = caption(media)
    message = _editable(desk, call)
    anywhere = desk.faults.lets_any_picture(message.chat)
    file = await desk.files.resolve(media["type"], media["media"], anywhere=anywhere)
    return _edit(desk, call, message, Content(text, entities, Media(media["type"], file)))


async def edit_message_reply_markup(desk: Desk, call: Json) -> Json:
    """Give a message another keyboard, or none."""
    message = _editable(desk, call)
    return _edit(desk, call, message, message.content)


async def delete_message(desk: Desk, call: Json) -> bool:
    """Take a message away, within two days."""
    chat = desk.world.writable(call["chat_id"])
    message = desk.world.message(chat.id, call["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if not message.by_bot and chat.kind != "private" and chat.bot != "administrator":
        raise bad_request("message can't be deleted")
    if desk.now() - message.date > DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    desk.remove(message)
    return True


async def answer_callback_query(desk: Desk, call: Json) -> bool:
    """Answer a pressed button while its query is young."""
    query = desk.queries.get(call["callback_query_id"])
    if query is None or desk.clock() - query.moment > desk.query_age:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = call.get("text", "")
    if len(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"text": text, "show_alert": call.get("show_alert", False)}
    if not query.answer.done():
        query.answer.set_result(answer)
    desk.tell("answer", query.message, person=query.person, answer=answer)
    return True


def _editable(desk: Desk, call: Json) -> Message:
    """Find the bot's own message that a call wants to change."""
    if "inline_message_id" in call:
        raise bad_request("MESSAGE_ID_INVALID")
    if "chat_id" not in call or "message_id" not in call:
        raise bad_request("message identifier is not specified")
    chat = desk.world.writable(call["chat_id"])
    message = desk.world.message(chat.id, call["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if not message.by_bot or message.origin is not None:
        raise bad_request("message can't be edited")
    return message


def _edit(desk: Desk, call: Json, message: Message, content: Content) -> Json:
    markup = inline(call.get("reply_markup"))
    if content == message.content and markup == message.markup:
        raise bad_request(
            "message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        )
    edited = replace(message, content=content, markup=markup, edited=desk.now())
    return desk.world.json(desk.revise(edited))
