"""What persons do (say, tap, send, edit, block) → messages and updates; tests and `doors` call it.

Every act is a coroutine so that a test reads the same in process and over HTTP.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.sandbox.desk import Acts, Query
from bot.sandbox.entities import typed
from bot.sandbox.methods.chats import change_bot
from bot.sandbox.methods.sending import origin_of
from bot.sandbox.nouns import Chat, Content, Json, Media, Message, Person
from bot.sandbox.refusals import bad_request

PATIENCE = 5.0  # seconds a tap waits for its answer
_SAMPLES = {
    "document": ("text/plain", "note.txt"),
    "photo": ("image/png", "photo.png"),
    "sticker": ("image/webp", "sticker.webp"),
    "video": ("video/mp4", "video.mp4"),
    "voice": ("audio/ogg", "voice.ogg"),
}


class People(Acts):
    """Act as the people of one desk; an act that cannot be raises an ApiError."""

    async def say(
        self,
        person: int,
        text: str,
        *,
        chat: int | None = None,
        reply_to: int | None = None,
        entities: Sequence[Json] = (),
    ) -> Json:
        """Write a text; in one's own chat this is also how one starts, or unblocks, the bot.

        `entities` is the formatting that the person chose.
        """
        content = Content(*typed(text, entities))
        return await self._post(person, chat, content, reply_to=reply_to)

    async def send(
        self,
        person: int,
        kind: str,
        *,
        chat: int | None = None,
        text: str = "",
        name: str = "",
        data: str = "",
        reply_to: int | None = None,
        from_chat: int | None = None,
        message_id: int | None = None,
        entities: Sequence[Json] = (),
    ) -> Json:
        """Send what is not a text: a sticker, voice, photo, video, document or a forward.

        `text` is the caption, `entities` its formatting, `data` the file's letters, or a ``data:``
        address. A forward names a message of the sandbox by `from_chat` and `message_id`, or is a
        stranger's `text`.
        """
        if kind == "forward":
            content, origin = self._forwarded(from_chat, message_id, text)
            return await self._post(person, chat, content, reply_to=reply_to, origin=origin)
        if kind not in _SAMPLES:
            raise bad_request(f"kind must be forward or one of {', '.join(_SAMPLES)}")
        sample_type, sample = _SAMPLES[kind]
        mime, letters = _read(data)
        mime = mime or mimetypes.guess_type(name)[0] or sample_type
        file = self.desk.files.keep(mime, letters, name=name or sample)
        caption = typed(text, entities) if text else ("", ())
        content = Content(*caption, Media(kind, file))
        return await self._post(person, chat, content, reply_to=reply_to)

    async def edit(
        self, person: int, message_id: int, text: str, *, chat: int | None = None
    ) -> Json:
        """Change the text, or the caption, of one's own message."""
        place = self._place(self.desk.world.person(person), chat)
        message = self.desk.world.message(place.id, message_id)
        is_own = message is not None and not message.by_bot
        if message is None or not is_own or message.sender not in (person, None):
            raise bad_request("message to edit not found")
        text, entities = typed(text)
        content = replace(message.content, text=text, entities=entities)
        message = self.desk.revise(replace(message, content=content, edited=self.desk.now()))
        kind = "edited_channel_post" if place.kind == "channel" else "edited_message"
        return self._deliver(place, message, kind)

    async def tap(
        self,
        person: int,
        message_id: int,
        data: str,
        *,
        chat: int | None = None,
        wait: float = PATIENCE,
    ) -> Json:
        """Press a button and wait up to `wait` seconds for what the bot answers.

        `data` need not be on the message: forged data must be told, too.
        """
        desk = self.desk
        who = desk.world.person(person)
        place = self._place(who, chat)
        message = desk.world.message(place.id, message_id)
        if message is None:
            raise bad_request("message to tap not found")
        query = desk.ask(person, message)
        pressed = (
            {"inline_message_id": message.inline_id}
            if message.is_via
            else {"message": desk.world.json(message)}
        )
        desk.updates.add(
            "callback_query",
            {
                "id": query.id,
                "from": who.json(),
                **pressed,
                "chat_instance": str(place.id),
                "data": data,
            },
        )
        return {"query_id": query.id, "answer": await _answered(query, wait)}

    async def block(self, person: int) -> None:
        """Block the bot."""
        who = self.desk.world.person(person)
        if not who.blocked:
            who.blocked = True
            change_bot(self.desk, self.desk.world.chats[who.id], who.id, "kicked")
            self.desk.tell_newsroom()

    async def unblock(self, person: int) -> None:
        """Let the bot write again."""
        who = self.desk.world.person(person)
        if who.blocked:
            who.blocked = False
            change_bot(self.desk, self.desk.world.chats[who.id], who.id, "member")
            self.desk.tell_newsroom()

    async def crowd(self, first: int, count: int = 1) -> None:
        """Make `count` readers with ids from `first` on who have started the bot long ago."""
        for person_id in range(first, first + count):
            self.desk.world.admit(
                Person(person_id, f"Reader {person_id}", crowd=True)
            ).started = True

    def _place(self, person: Person, chat: int | None) -> Chat:
        """Find the chat an act happens in; a private one only for its own person."""
        place = self.desk.world.chat(person.id if chat is None else chat)
        if place.kind == "private" and place.id != person.id:
            raise bad_request("chat not found")
        status = place.members.get(person.id, "left")
        if place.kind != "private" and status in ("left", "kicked"):
            raise bad_request("the person is not a member of the chat")
        if place.kind == "channel" and status not in ("administrator", "creator"):
            raise bad_request("only administrators write in a channel")
        return place

    async def _post(
        self,
        person: int,
        chat: int | None,
        content: Content,
        *,
        reply_to: int | None = None,
        origin: Json | None = None,
        markup: Mapping[str, Any] | None = None,
        is_via: bool = False,
    ) -> Json:
        who = self.desk.world.person(person)
        place = self._place(who, chat)
        if who.deactivated:
            raise bad_request("user is deactivated")
        if place.kind == "private":
            await self.unblock(person)
            who.started = True
        message = self.desk.post(
            *(place, person, content),
            reply_to=reply_to,
            origin=origin,
            markup=markup,
            is_via=is_via,
        )
        kind = "channel_post" if place.kind == "channel" else "message"
        return self._deliver(place, message, kind)

    def _deliver(self, place: Chat, message: Message, kind: str) -> Json:
        """Queue the update, when the bot hears it at all."""
        written = self.desk.world.json(message)
        if place.bot not in ("left", "kicked") and self._hears(place, message):
            self.desk.updates.add(kind, written)
        return written

    def _hears(self, place: Chat, message: Message) -> bool:
        """Apply privacy mode: in a group a bot hears commands, its name and replies to it."""
        if place.kind in ("private", "channel") or place.bot == "administrator" or message.is_via:
            return True
        name = f"@{self.desk.world.bot.username}".lower()
        text = message.content.text.lower()
        replied = self.desk.world.message(place.id, message.reply_to)
        is_command = text.startswith("/") and ("@" not in text.split()[0] or name in text)
        return is_command or name in text or (replied is not None and replied.by_bot)

    def _forwarded(
        self, chat: int | None, message_id: int | None, text: str
    ) -> tuple[Content, dict[str, Any]]:
        if chat is None:
            stranger = {"type": "hidden_user", "date": self.desk.now(), "sender_user_name": "?"}
            return Content(*typed(text)), stranger
        message = self.desk.world.message(chat, message_id)
        if message is None:
            raise bad_request("message to forward not found")
        return message.content, dict(message.origin or origin_of(self.desk, message))


async def _answered(query: Query, wait: float) -> Json | None:
    """Wait for the bot's answer; None when none came in time."""
    if wait <= 0:
        return None
    done, _ = await asyncio.wait([query.answer], timeout=wait)
    return query.answer.result() if done else None


def _read(data: str) -> tuple[str, bytes]:
    """Give the media type, when it is told, and the bytes of letters or a ``data:`` address."""
    if not data.startswith("data:"):
        return "", data.encode()
    head, _, letters = data.removeprefix("data:").partition(",")
    mime = head.partition(";")[0]
    try:
        return mime, base64.b64decode(letters, validate=True)
    except (binascii.Error, ValueError):
        raise bad_request("a data: address needs ;base64, and letters of base64") from None
