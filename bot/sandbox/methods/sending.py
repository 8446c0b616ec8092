"""The methods that put a new message into a chat; each answers with it, or with its id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.sandbox.desk import Desk
from bot.sandbox.entities import CAPTION_LIMIT, formatted
from bot.sandbox.keyboards import inline
from bot.sandbox.nouns import Chat, Content, Json, Media, Message
from bot.sandbox.refusals import bad_request


async def send_message(desk: Desk, call: Json) -> Json:
    """Send a text."""
    text = formatted(call["text"], call.get("parse_mode", ""), call.get("entities", ()))
    content = Content(*text, preview=call.get("link_preview_options"))
    return desk.world.json(_deliver(desk, call, content))


async def send_photo(desk: Desk, call: Json) -> Json:
    """Send a picture by upload, file_id or address."""
    return await _send_media(desk, call, "photo")


async def send_video(desk: Desk, call: Json) -> Json:
    """Send a video by upload, file_id or address."""
    return await _send_media(desk, call, "video")


async def send_document(desk: Desk, call: Json) -> Json:
    """Send a file by upload, file_id or address."""
    return await _send_media(desk, call, "document")


async def copy_message(desk: Desk, call: Json) -> Json:
    """Send what another message says, without saying whose it was; answer with the new id."""
    message = _source(desk, call, "message to copy")
    if message.protected or message.content.extra:
        raise bad_request("message can't be copied")
    content = message.content
    if content.media is not None and "caption" in call:
        text, entities = caption(call)
        content = replace(content, text=text, entities=entities)
    return {"message_id": _deliver(desk, call, content).id}


async def forward_message(desk: Desk, call: Json) -> Json:
    """Send another message on, with its origin."""
    message = _source(desk, call, "message to forward")
    if message.protected or message.content.extra:
        raise bad_request("message can't be forwarded")
    origin = message.origin or origin_of(desk, message)
    return desk.world.json(_deliver(desk, call, message.content, origin))


def caption(call: Json) -> tuple[str, Any]:
    """Read the caption of a call or of a piece of media."""
    entities = call.get("caption_entities", ())
    mode = call.get("parse_mode", "")
    return formatted(call.get("caption", ""), mode, entities, limit=CAPTION_LIMIT)


def origin_of(desk: Desk, message: Message) -> Json:
    """Tell who wrote a message first: a MessageOrigin."""
    if message.sender is None:
        chat = desk.world.chats[message.chat].json()
        where = {"chat": chat, "message_id": message.id}
        return {"type": "channel", "date": message.date, **where}
    sender = desk.world.sender(message.sender)
    return {"type": "user", "date": message.date, "sender_user": sender}


async def _send_media(desk: Desk, call: Json, kind: str) -> Json:
    text, entities = caption(call)
    # Telegram looks at the chat first: a picture is fetched only for who can be written to.
    chat = desk.world.writable(call["chat_id"])
    anywhere = desk.faults.lets_any_picture(chat.id)
    file = await desk.files.resolve(kind, call[kind], anywhere=anywhere)
    content = Content(text, entities, Media(kind, file))
    return desk.world.json(_deliver(desk, call, content))


def _source(desk: Desk, call: Json, what: str) -> Message:
    chat = desk.world.readable(call["from_chat_id"])
    message = desk.world.message(chat.id, call["message_id"])
    if message is None:
        raise bad_request(f"{what} not found")
    return message


def _deliver(
    desk: Desk, call: Json, content: Content, origin: Mapping[str, Any] | None = None
) -> Message:
    markup = inline(call.get("reply_markup"))
    chat = desk.world.writable(call["chat_id"])
    if "business_connection_id" in call:
        raise bad_request("business connection not found")
    if "message_thread_id" in call or "direct_messages_topic_id" in call:
        raise bad_request("message thread not found")
    return desk.post(
        chat,
        desk.world.bot.id,
        content,
        markup=markup,
        reply_to=_reply(desk, chat, call.get("reply_parameters")),
        origin=origin,
        protected=call.get("protect_content", False),
        by_bot=True,
    )


def _reply(desk: Desk, chat: Chat, wish: Json | None) -> int | None:
    if wish is None:
        return None
    place = desk.world.chat(wish.get("chat_id", chat.id))
    message = desk.world.message(place.id, wish["message_id"])
    if message is not None:
        return message.id if place is chat else None
    if wish.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")
