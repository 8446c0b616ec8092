"""The nouns that flow through the house, from a feed's bytes to what a phone answered.

A noun changes its name as it moves: Fetched → Entry → Article → Story → Brief → Delivery → Outcome.
All are values (frozen); times are aware UTC and become local only in layouts. Each file holds one
stretch of the way; this page gathers their names, and everyone imports them from here.
"""

from bot.model.briefs import (
    Block,
    Brief,
    BriefKind,
    Button,
    Copied,
    Fold,
    Heading,
    Item,
    Label,
    Note,
    Paragraph,
    Picture,
    Title,
    Verbatim,
)
from bot.model.ids import (
    EPOCH,
    ArticleId,
    BatchId,
    BotId,
    BriefId,
    BroadcastId,
    ChatId,
    DigestId,
    FeedId,
    GameId,
    OccasionId,
    Row,
    SourceId,
    StoryId,
    SubscriberId,
    UserId,
    WaveId,
    from_ms,
    to_ms,
)
from bot.model.news import (
    FOLLOWABLE,
    HOME_SECTIONS,
    Article,
    Document,
    Draft,
    Entry,
    Feed,
    FeedKind,
    Fetched,
    Fixture,
    FixtureState,
    Game,
    Section,
    Source,
    Story,
    Telling,
)
from bot.model.outbox import (
    Act,
    Audience,
    AudienceKind,
    Batch,
    DeliveryState,
    Later,
    Matter,
    Moved,
    Outcome,
    Parcel,
    Priority,
    Rejected,
    Sent,
    Settlement,
    Tally,
    Unreachable,
    Wave,
    WaveState,
)
from bot.model.people import (
    EVERY_DAY,
    ChatKind,
    Digest,
    Length,
    Mode,
    QuietHours,
    Role,
    Subscriber,
    UrgentChoice,
)
from bot.model.search import Match, Page, Place, Query, SearchOrder, SearchText, Term
from bot.model.tastes import (
    Subject,
    SubjectKind,
    Taste,
    section_subject,
    source_subject,
    story_subject,
    words_subject,
)
