"""The whole local Telegram in one place, without a socket: its parts, and what changes them.

`methods` (what the bot does) and `people` (what persons do) change messages only through here,
so that every change reaches those who watch. `calls` runs a method, `server` opens the door.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.sandbox.check import Check
from bot.sandbox.clock import SPEEDS, NewsClock
from bot.sandbox.courier import Courier
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.flood import Flood
from bot.sandbox.log import Log
from bot.sandbox.nouns import Chat, Content, Json, Message
from bot.sandbox.offers import Inline, InlineQuery, Offers
from bot.sandbox.pictures import Files
from bot.sandbox.profile import Profile
from bot.sandbox.updates import Updates
from bot.sandbox.world import World

_QUERIES_KEPT = 1000
_FIRST_QUERY = 4_000_000_000_001  # ids are digits in a string, long as Telegram's


@dataclass(slots=True)
class Query:
    """A pressed button that waits for its answer; `moment` in seconds of the steady clock."""

    id: str
    moment: float
    person: int
    message: Message
    answer: asyncio.Future[Json]


@dataclass(slots=True)
class Desk:
    """Hold the parts; `clock` dates messages, `steady` measures patience: both give seconds.

    `hurry` is the clock behind `clock` where it may run faster. `query_age` is how many seconds a
    pressed button waits for its answer, `webhook_pause` the unit of the pauses after a webhook's
    failures.
    """

    tokens: Collection[str]
    clock: Callable[[], float]
    world: World
    check: Check
    flood: Flood
    query_age: float
    webhook_pause: float = 1.0
    steady: Callable[[], float] = time.time
    hurry: NewsClock | None = None
    faults: Faults = field(default_factory=Faults)
    log: Log = field(default_factory=Log)
    events: Events = field(default_factory=Events)
    updates: Updates = field(init=False)
    courier: Courier = field(init=False)
    files: Files = field(default_factory=Files)
    profile: Profile = field(default_factory=Profile)
    queries: dict[str, Query] = field(default_factory=dict)
    inline: Inline = field(default_factory=Inline)
    _query_ids: Iterator[int] = field(default_factory=lambda: count(_FIRST_QUERY))

    def __post_init__(self) -> None:
        self.updates = Updates(self.events.pulse)
        self.courier = Courier(self.updates, self.faults, self.now, self.webhook_pause)

    def now(self) -> int:
        """Give the date that a message written now bears."""
        return int(self.clock())

    def post(
        self,
        chat: Chat,
        sender: int | None,
        content: Content,
        *,
        markup: Mapping[str, Any] | None = None,
        reply_to: int | None = None,
        origin: Mapping[str, Any] | None = None,
        protected: bool = False,
        by_bot: bool = False,
        is_via: bool = False,
    ) -> Message:
        """Add a message to a chat."""
        message = Message(
            id=self.world.next_id(chat),
            chat=chat.id,
            sender=None if chat.kind == "channel" else sender,
            date=self.now(),
            content=content,
            markup=markup,
            reply_to=reply_to,
            origin=origin,
            protected=protected,
            by_bot=by_bot,
            is_via=is_via,
        )
        self.world.put(message)
        self.tell("message", message)
        return message

    def revise(self, message: Message) -> Message:
        """Put an edited message in the place of the old one."""
        self.world.put(message)
        self.tell("edit", message)
        return message

    def remove(self, message: Message) -> None:
        """Take a message away."""
        self.world.remove(message)
        self.tell("delete", message)

    def tell(self, kind: str, message: Message, **more: object) -> None:
        """Tell watchers of a message; the crowd's chats are not on the page."""
        if self._is_shown(message.chat):
            written = self.world.json(message, for_page=True)
            self.events.publish({"kind": kind, "chat": message.chat, "message": written, **more})
        self.events.pulse()

    def tell_chat(self, kind: str, chat: int | None, **more: object) -> None:
        """Tell watchers of something that has no message: typing, new commands."""
        if chat is None or self._is_shown(chat):
            self.events.publish({"kind": kind, "chat": chat, **more})
        self.events.pulse()

    def newsroom(self) -> Json:
        """Write the hour in seconds, its speeds, the faults, and whose phones block the bot."""
        people = self.world.people.values()
        return {
            "now": self.clock(),
            "speed": self.hurry.speed if self.hurry else 1,
            "speeds": list(SPEEDS) if self.hurry else [],
            "faults": [{"kind": f.kind, "chat": f.chat} for f in self.faults.in_force],
            "blocked": [person.id for person in people if person.blocked and not person.crowd],
        }

    def tell_newsroom(self) -> None:
        """Tell watchers how the clock runs and what goes wrong."""
        self.tell_chat("newsroom", None, newsroom=self.newsroom())

    def ask(self, person: int, message: Message) -> Query:
        """Open a query for a pressed button; the oldest of many is given up."""
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        query = Query(str(next(self._query_ids)), self.steady(), person, message, answer)
        self.queries[query.id] = query
        if len(self.queries) > _QUERIES_KEPT:
            del self.queries[next(iter(self.queries))]
        return query

    def ask_inline(self, person: int, text: str, offset: str) -> InlineQuery:
        """Open a query for what a person types behind ``@bot``."""
        answer: asyncio.Future[Offers] = asyncio.get_running_loop().create_future()
        name = str(next(self._query_ids))
        query = InlineQuery(name, self.steady(), person, text, offset, answer)
        self.inline.open(query)
        return query

    def _is_shown(self, chat: int) -> bool:
        person = self.world.people.get(chat)
        return self.events.watched and (person is None or not person.crowd)


class Acts:
    """Hold the desk that a family of acts is done on."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
