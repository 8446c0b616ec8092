"""Numbers of our rows and of Telegram's chats, and how a moment is kept: the ground of nouns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NewType

SourceId = NewType("SourceId", int)
FeedId = NewType("FeedId", int)
ArticleId = NewType("ArticleId", int)
StoryId = NewType("StoryId", int)
GameId = NewType("GameId", int)
SubscriberId = NewType("SubscriberId", int)
DigestId = NewType("DigestId", int)
BriefId = NewType("BriefId", int)
WaveId = NewType("WaveId", int)
BatchId = NewType("BatchId", int)
OccasionId = NewType("OccasionId", int)
BroadcastId = NewType("BroadcastId", int)
BotId = NewType("BotId", int)  # the number before the colon of a bot's token
ChatId = NewType("ChatId", int)  # Telegram's number of a chat; a private chat has its person's
UserId = NewType("UserId", int)
Row = Mapping[str, object]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(moment: datetime) -> int:
    """Turn an aware moment into whole milliseconds since the epoch, as every table keeps it."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def from_ms(milliseconds: int) -> datetime:
    """Turn a table's milliseconds into an aware UTC moment."""
    return EPOCH + timedelta(milliseconds=milliseconds)
