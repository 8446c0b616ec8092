"""Whom we may write to, and what they asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.ids import BotId, ChatId, DigestId, SubscriberId


class ChatKind(StrEnum):
    """Tell private chats, groups and channels apart; paces differ."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


class UrgentChoice(StrEnum):
    """What a reader wants of urgent news."""

    YES = "yes"
    SILENT = "silent"
    NO = "no"


class Mode(StrEnum):
    """When a subscription speaks."""

    INSTANT = "instant"
    DIGEST = "digest"


class Length(StrEnum):
    """How much of each story a reader wants to be told, from least to most."""

    LINE = "line"  # the headline alone
    SHORT = "short"  # one to three sentences
    LONG = "long"  # what a page tells

    def shows(self, detail: Length) -> bool:
        """Say whether who chose this length sees what belongs to ``detail``."""
        order = tuple(Length)
        return order.index(detail) <= order.index(self)


class Role(StrEnum):
    """What a person may do at the desk."""

    OWNER = "owner"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Minutes of the day in which instants wait and everything else comes silently."""

    start: int = 22 * 60 + 30
    end: int = 6 * 60 + 30


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A chat we may write to, with its choices."""

    id: SubscriberId
    bot: BotId
    chat: ChatId
    thread: int = 0  # 0: none
    kind: ChatKind = ChatKind.PRIVATE
    zone: str = "Africa/Casablanca"
    quiet: QuietHours | None = QuietHours()
    urgent: UrgentChoice = UrgentChoice.YES
    is_active: bool = True  # neither stopped nor blocked
    length: Length = Length.SHORT
    wants_quiet_day: bool = False  # a digest without news says so instead of staying away


@dataclass(frozen=True, slots=True)
class Digest:
    """One hour of one reader's day at which a digest is due."""

    id: DigestId
    subscriber: SubscriberId
    minute: int  # of the reader's local day
    weekdays: int  # bit 0 is Monday
    covered_until: datetime
    next_at: datetime


EVERY_DAY = 0b1111111
