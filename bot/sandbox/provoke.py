"""What tests and the page do to the world itself: faults, rates, repeats, groups that change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.sandbox.desk import Acts
from bot.sandbox.faults import Fault
from bot.sandbox.methods.chats import change_bot
from bot.sandbox.nouns import Chat, Content, Json
from bot.sandbox.refusals import bad_request


class Provoke(Acts):
    """Change the circumstances of one desk."""

    async def fault(
        self,
        kind: str | int,
        *,
        chat: int | None = None,
        method: str | None = None,
        count: int | None = None,
        retry_after: int = 1,
        seconds: float = 1.0,
        to: int = 0,
        code: int = 400,
        description: str = "",
        off: bool = False,
    ) -> None:
        """Let something go wrong (`faults` tells what), or clear it with the kind `none`.

        `off` clears the faults of just this kind that were set for this chat, or for all.
        """
        fault = Fault(
            kind=str(kind),
            chat=chat,
            method=method,
            count=count,
            retry_after=retry_after,
            seconds=seconds,
            to=to,
            code=code,
            description=description,
        )
        if off:
            self.desk.faults.clear(fault.kind, chat)
        else:
            self.desk.faults.set(fault)
        self.desk.tell_newsroom()

    async def speed(self, speed: int) -> None:
        """Let the newsroom's clock run 1, 60 or 600 times as fast as the day outside."""
        if self.desk.hurry is None:
            raise bad_request("this clock is the machine's, it cannot be hurried")
        self.desk.hurry.run_at(speed)
        self.desk.tell_newsroom()

    async def rates(self, **limits: float | None) -> None:
        """Set flood limits: `bot`, `chat`, `group_minute`, `paid`; None lifts one."""
        if not all(limit is None or limit > 0 for limit in limits.values()):
            raise bad_request("a rate is a number above 0, or null for no limit")
        self.desk.flood.rates = replace(self.desk.flood.rates, **limits)

    async def redeliver(self, count: int = 1) -> None:
        """Deliver the next `count` updates twice."""
        self.desk.updates.again(count)

    async def deactivate(self, person: int) -> None:
        """Delete someone's account."""
        self.desk.world.person(person).deactivated = True

    async def change_chat(
        self,
        act: str,
        chat: int,
        *,
        by: int = 1002,
        kind: str = "group",
        title: str = "",
        role: str = "member",
        to: int | None = None,
    ) -> Json:
        """Change a group or channel: `add_bot` (as `role`), `remove_bot`, `migrate` (`to`).

        `add_bot` makes a chat of this `kind` and `title` when there is none. Answers the chat
        as it is afterwards.
        """
        self.desk.world.person(by)
        match act:
            case "add_bot":
                place = self._add_bot(chat, by, kind, title, role)
            case "remove_bot":
                place = self.desk.world.chat(chat)
                change_bot(self.desk, place, by, "kicked")
            case "migrate":
                place = self._migrate(self.desk.world.chat(chat), by, to)
            case _:
                raise bad_request("act must be add_bot, remove_bot or migrate")
        return place.json()

    def _add_bot(self, chat: int, by: int, kind: str, title: str, role: str) -> Chat:
        if kind not in ("group", "supergroup", "channel") or chat >= 0:
            raise bad_request("a group, supergroup or channel has a negative id")
        fresh = Chat(chat, kind, title or str(chat), bot="left", members={by: "creator"})
        place = self.desk.world.chats.setdefault(chat, fresh)
        change_bot(self.desk, place, by, role)
        if place.kind != "channel":
            self._note(place, by, new_chat_members=[self.desk.world.bot.json()])
        return place

    def _migrate(self, old: Chat, by: int, to: int | None) -> Chat:
        """Turn a group into a supergroup; both get Telegram's service message."""
        if old.kind != "group" or old.migrated_to is not None:
            raise bad_request("only a group can become a supergroup")
        new_id = to if to is not None else -1_001_000_000_000 + old.id
        new = Chat(new_id, "supergroup", old.title, bot=old.bot, members=dict(old.members))
        self.desk.world.chats[new_id] = new
        self._note(old, by, migrate_to_chat_id=new_id)
        old.migrated_to = new_id
        self._note(new, by, migrate_from_chat_id=old.id)
        return new

    def _note(self, chat: Chat, by: int, **extra: Any) -> None:
        message = self.desk.post(chat, by, Content(extra=extra))
        self.desk.updates.add("message", self.desk.world.json(message))
