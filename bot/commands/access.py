"""Who may do what: the rights of the desk, and the door to the readers' room.

`dispatch` asks on every touch, and so does whoever answers what is no touch (an inline query).
Rights stand in the table ``team``; the door is ``people.access`` of the configuration; a key is
what stands behind ``?start=`` in a link that lets somebody in: ``in_…`` to read, ``ed_…`` to edit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.commands.room import Room
from bot.commands.touch import Touch
from bot.model import ChatId, Role
from bot.storage import subscribers, team
from bot.storage.invites import Kind

KEYS = {Kind.READER: "in", Kind.EDITOR: "ed"}
_KEY = re.compile(r"(?P<kind>in|ed)_(?P<code>[\w-]{10,60})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """Something that only some may use; unmarked, everybody may."""

    is_editors: bool = False
    is_owners: bool = False

    def is_open_to(self, role: Role | None) -> bool:
        """Say whether somebody of this role may use it; None is a reader."""
        if self.is_owners:
            return role is Role.OWNER
        return role is not None or not self.is_editors


@dataclass(frozen=True, slots=True)
class Key:
    """What a link brought: the kind of invitation, and its code."""

    kind: Kind
    code: str


def key_in(args: Sequence[str]) -> Key | None:
    """Return the key among the words behind /start."""
    found = _KEY.fullmatch(args[0]) if args else None
    if found is None:
        return None
    kind = next(kind for kind, prefix in KEYS.items() if prefix == found["kind"])
    return Key(kind, found["code"])


def may_knock(touch: Touch) -> bool:
    """Say whether /start has a key worth trying: a closed newsroom takes editors only."""
    key = key_in(touch.args)
    if key is None:
        return False
    return key.kind is Kind.EDITOR or touch.room.config.people.access == "invite"


async def role_of(room: Room, person: int, name: str) -> Role | None:
    """Return what a person may do at the desk; the name that Telegram gives them now is kept."""
    member = await team.find(room.storage, person)
    if member is None:
        return None
    if member.name != name:
        async with room.storage.transaction() as tx:
            await team.rename(tx, person, name)
    return member.role


async def may_read(room: Room, person: int, role: Role | None) -> bool:
    """Say whether the newsroom is open to a person; who was let in before stays in."""
    if room.config.people.access == "open" or role is not None:
        return True
    return await subscribers.find(room.storage, room.bot, ChatId(person)) is not None


async def refuse(touch: Touch) -> None:
    """Tell a stranger, politely, why the door stays shut, and how it opens."""
    name = touch.room.config.news.name
    is_by_invitation = touch.room.config.people.access == "invite"
    key = "errors.by_invitation" if is_by_invitation else "errors.closed"
    await touch.answer()
    await touch.say(touch.texts.say(key, name=name))
