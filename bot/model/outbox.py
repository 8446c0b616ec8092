"""What is on its way: waves, batches, deliveries, and all that a transport may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from bot.model.ids import (
    BatchId,
    BotId,
    BriefId,
    ChatId,
    OccasionId,
    SourceId,
    StoryId,
    SubscriberId,
    WaveId,
)
from bot.model.news import Section
from bot.model.people import Subscriber


class Priority(IntEnum):
    """Order what is due; smaller goes first."""

    URGENT = 0
    DIGEST = 1
    INSTANT = 2
    BROADCAST = 3


class AudienceKind(StrEnum):
    """Name a rule that says which subscribers a wave is for."""

    ALL = "all"
    SECTION = "section"  # everyone who follows the section, in any mode
    INSTANT = "instant"  # who follows the section instantly
    URGENT = "urgent"  # who wants urgent news, or follows the section instantly
    ACTIVE = "active"  # who has done something in this chat since a moment
    EDITORS = "editors"  # who works at the desk
    REACHED = "reached"  # whom an earlier occasion reached, and who may have stopped us since


@dataclass(frozen=True, slots=True)
class Audience:
    """Who a wave is for: a rule evaluated slice by slice, never a list.

    ``follows_up`` names an earlier occasion: of REACHED the one that reached them, of any other
    rule one whose readers, and those of all that follow it up, are left out.
    """

    kind: AudienceKind
    section: Section | None = None
    since: datetime | None = None  # of ACTIVE
    follows_up: OccasionId | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """What a wave tells of, for the mutes of its readers; nothing: no mute stops it.

    ``source``: the only one that tells the story; where several do, muting one mutes nothing.
    """

    story: StoryId | None = None
    section: Section | None = None
    source: SourceId | None = None


class Act(StrEnum):
    """What a wave does with its readers' messages."""

    SEND = "send"
    EDIT = "edit"  # those of the occasion it follows up get the new words
    DELETE = "delete"  # those of the occasion it follows up are taken back


class WaveState(StrEnum):
    """The life of a wave; the table stands at the top of ``outbox``."""

    OPEN = "open"
    PAUSED = "paused"
    HELD = "held"
    DONE = "done"
    CANCELLED = "cancelled"


class DeliveryState(StrEnum):
    """The life of a delivery; the table stands at the top of ``outbox``."""

    WAITING = "waiting"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    UNREACHABLE = "unreachable"
    REJECTED = "rejected"
    UNSURE = "unsure"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Tally:
    """How the settled deliveries of a wave ended."""

    sent: int = 0
    unreachable: int = 0
    rejected: int = 0
    unsure: int = 0
    skipped: int = 0

    @property
    def settled(self) -> int:
        """Return how many of the audience need nothing more."""
        return self.sent + self.unreachable + self.rejected + self.unsure + self.skipped


@dataclass(frozen=True, slots=True)
class Wave:
    """One brief on its way to an audience: a row and a cursor, however many subscribers."""

    id: WaveId
    bot: BotId
    occasion: OccasionId
    brief: BriefId
    audience: Audience
    priority: Priority
    not_before: datetime
    expires_at: datetime | None
    cursor: SubscriberId
    last_subscriber: SubscriberId
    state: WaveState = WaveState.OPEN
    tally: Tally = Tally()
    matter: Matter = Matter()
    act: Act = Act.SEND


@dataclass(frozen=True, slots=True)
class Parcel:
    """One brief for one subscriber in hand: what a batch is a list of."""

    occasion: OccasionId
    brief: BriefId
    subscriber: Subscriber
    priority: Priority
    expires_at: datetime | None
    wave: WaveId | None = None
    is_written: bool = False  # its row already stands (personal, or to be tried again)
    attempts: int = 0
    doubts: int = 0  # attempts whose fate is unknown
    act: Act = Act.SEND
    messages: tuple[int, ...] = ()  # that the reader has of the occasion which this one follows up


@dataclass(frozen=True, slots=True)
class Batch:
    """A leased slice in flight. ``takes`` counts how often it was taken up, crashes included."""

    id: BatchId
    parcels: tuple[Parcel, ...]
    takes: int = 1


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a delivery row says after an attempt."""

    state: DeliveryState
    next_attempt_at: datetime | None = None
    message_ids: tuple[int, ...] = ()
    reason: str = ""
    attempts: int = 0
    doubts: int = 0

    @property
    def is_final(self) -> bool:
        """Say whether nothing more will be tried."""
        open_states = (DeliveryState.WAITING, DeliveryState.HELD, DeliveryState.SENDING)
        return self.state not in open_states


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived; the message ids let us edit or recall it."""

    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """It may succeed later. ``is_certain``: it was surely not sent; otherwise nobody knows.

    ``is_flood``: the other side said that we write too fast, and for how long to be quiet.
    """

    reason: str
    is_certain: bool = True
    retry_after: timedelta | None = None
    is_flood: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has another number now."""

    chat: ChatId


@dataclass(frozen=True, slots=True)
class Unreachable:
    """This chat cannot be written to until it comes back by itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """This message will never be accepted; the operator reads why."""

    reason: str


Outcome = Sent | Later | Moved | Unreachable | Rejected
