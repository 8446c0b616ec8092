"""Who and what there is: people, chats and messages; `desk` changes it, everybody reads it.

A private chat has its person's id. Private chats and groups share one count of message ids,
each supergroup and channel has its own, as in Telegram.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import resources

from bot.sandbox.nouns import Bot, Chat, Json, Media, Message, Person
from bot.sandbox.refusals import bad_request, forbidden, migrated

KEPT = 500  # messages a chat


@dataclass(frozen=True, slots=True)
class Cast:
    """The bot, the people and the groups and channels a world begins with."""

    bot: Bot
    people: tuple[Person, ...]
    chats: tuple[Chat, ...]


def load_cast() -> Cast:
    """Read `people.toml` out of the package."""
    text = resources.files("bot.sandbox").joinpath("people.toml").read_text("utf-8")
    data = tomllib.loads(text)
    chats = [
        Chat(**{**entry, "members": {int(k): v for k, v in entry["members"].items()}})
        for entry in data["chats"]
    ]
    people = tuple(Person(**entry) for entry in data["people"])
    return Cast(Bot(**data["bot"]), people, tuple(chats))


class World:
    """Hold the state and its rules of access."""

    def __init__(self, cast: Cast) -> None:
        self.bot = cast.bot
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self._messages: dict[int, dict[int, Message]] = {}
        self._last_ids: dict[int, int] = {}
        for person in cast.people:
            self.admit(replace(person))
        for chat in cast.chats:
            self.chats[chat.id] = replace(chat, members=dict(chat.members))

    def admit(self, person: Person) -> Person:
        """Add a person and their private chat; one already known is left as they are."""
        if person.id not in self.people:
            self.people[person.id] = person
            self.chats[person.id] = Chat(person.id, "private", person.name, person.username)
        return self.people[person.id]

    def person(self, person_id: int) -> Person:
        """Find a person, or raise a 400."""
        if person_id not in self.people:
            raise bad_request("user not found")
        return self.people[person_id]

    def chat(self, ref: int | str) -> Chat:
        """Find a chat by id or @username, or raise Telegram's 400."""
        if isinstance(ref, int):
            found = self.chats.get(ref)
        else:
            name = ref.removeprefix("@").lower()
            public = (c for c in self.chats.values() if c.username and c.kind != "private")
            found = next((c for c in public if str(c.username).lower() == name), None)
        if found is None:
            raise bad_request("chat not found")
        return found

    def readable(self, ref: int | str) -> Chat:
        """Find a chat whose messages the bot may see, or raise Telegram's 400 or 403."""
        chat = self.chat(ref)
        if chat.migrated_to is not None:
            raise migrated(chat.migrated_to)
        name = f"{chat.kind} chat"
        if chat.kind != "private" and chat.bot == "kicked":
            raise forbidden(f"bot was kicked from the {name}")
        if chat.bot == "left":
            raise forbidden(f"bot is not a member of the {name}")
        return chat

    def writable(self, ref: int | str) -> Chat:
        """Find a chat the bot may write to, or raise Telegram's 400 or 403."""
        chat = self.readable(ref)
        if chat.kind == "channel" and chat.bot != "administrator":
            raise bad_request("need administrator rights in the channel chat")
        if chat.kind == "private":
            self._open(self.people[chat.id])
        return chat

    def _open(self, person: Person) -> None:
        if person.deactivated:
            raise forbidden("user is deactivated")
        if person.blocked:
            raise forbidden("bot was blocked by the user")
        if not person.started:
            raise forbidden("bot can't initiate conversation with a user")

    def next_id(self, chat: Chat) -> int:
        """Give the id of the chat's next message."""
        count = chat.id if chat.kind in ("supergroup", "channel") else 0
        self._last_ids[count] = self._last_ids.get(count, 0) + 1
        return self._last_ids[count]

    def put(self, message: Message) -> None:
        """Keep a new message, or an edited one in its place; the oldest of many is forgotten."""
        messages = self._messages.setdefault(message.chat, {})
        messages[message.id] = message
        if len(messages) > KEPT:
            del messages[next(iter(messages))]

    def message(self, chat_id: int, message_id: int | None) -> Message | None:
        """Find a message; None when there is none (any more)."""
        return self._messages.get(chat_id, {}).get(message_id or 0)

    def via(self, inline_id: str) -> Message | None:
        """Find a message that was posted via the bot."""
        for messages in self._messages.values():
            for message in messages.values():
                if message.is_via and message.inline_id == inline_id:
                    return message
        return None

    def messages(self, chat_id: int) -> Iterable[Message]:
        """Give a chat's messages, oldest first."""
        return tuple(self._messages.get(chat_id, {}).values())

    def remove(self, message: Message) -> None:
        """Forget a message."""
        self._messages[message.chat].pop(message.id, None)

    def sender(self, user_id: int) -> Json:
        """Write the User behind an id, the bot's own included."""
        return self.bot.json() if user_id == self.bot.id else self.people[user_id].json()

    def json(self, message: Message, *, for_page: bool = False, nested: bool = False) -> Json:
        """Write a Message; for the page media have their ``url``, and a photo nothing else."""
        chat = self.chats[message.chat].json()
        written: Json = {"message_id": message.id, "date": message.date, "chat": chat}
        if message.sender is None:
            written["sender_chat"] = chat
        else:
            written["from"] = self.sender(message.sender)
        if message.edited is not None:
            written["edit_date"] = message.edited
        if message.origin is not None:
            written["forward_origin"] = message.origin
        if message.is_via:
            written["via_bot"] = self.bot.json()
        if message.protected:
            written["has_protected_content"] = True
        if message.markup is not None:
            written["reply_markup"] = message.markup
        replied = None if nested else self.message(message.chat, message.reply_to)
        if replied is not None:
            written["reply_to_message"] = self.json(replied, for_page=for_page, nested=True)
        return written | _content_json(message, for_page=for_page)


def _content_json(message: Message, *, for_page: bool) -> Json:
    content = message.content
    written: Json = dict(content.extra)
    media = content.media
    if media is not None:
        written[media.kind] = _for_page(media) if for_page else media.json()
    text, marks = ("text", "entities") if media is None else ("caption", "caption_entities")
    if content.preview is not None:
        written["link_preview_options"] = content.preview
    if content.text:
        written[text] = content.text
    if content.entities:
        written[marks] = [entity.json() for entity in content.entities]
        if for_page:
            written["entities"] = written[marks]
    return written


def _for_page(media: Media) -> Json:
    address = {"url": media.file.url}
    known = media.json()
    return address if isinstance(known, list) else {**known, **address}
