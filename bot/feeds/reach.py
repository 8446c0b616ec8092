"""Visits that reached nobody in, whether the trouble is our own out; called by the poll job.

A site that cannot be reached is in trouble; when nobody can be reached, we are. The judgement:
since anybody was last heard, several hosts that answered the visit before have failed to, over a
minute or more. Hosts that failed before tell nothing, or a list with dead feeds in it would be an
outage every night. What was counted against a feed before the judgement is taken back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from bot.errors import FetchCause
from bot.model import Feed, FeedId

WITNESSES: Final = 3  # hosts; all of them in a newsroom that has only two
SPELL: Final = timedelta(minutes=1)  # in which one answer from anywhere would have told otherwise
UNREACHED: Final = frozenset(
    {
        FetchCause.NO_ADDRESS,
        FetchCause.NO_ANSWER_OF_DNS,
        FetchCause.CONNECTION,
        FetchCause.SLOW,
    }
)
# What only a site itself can have said. A certificate that is not valid is a portal's, as often.
ANSWERED: Final = frozenset(
    {
        FetchCause.FORBIDDEN,
        FetchCause.GONE,
        FetchCause.NO_FEED,
        FetchCause.REDIRECTS,
        FetchCause.REFUSED,
        FetchCause.SERVER,
        FetchCause.TOO_LARGE,
        FetchCause.TOO_OFTEN,
    }
)


class Verdict(Enum):
    """Say whose trouble a visit was that reached nobody."""

    THEIRS = "theirs"
    OURS = "ours"
    OURS_AT_LAST = "ours at last"  # judged by this visit: those before it are to be forgiven


class Reach:
    """What we remember of visits since anybody was last heard."""

    def __init__(self) -> None:
        self._missed: dict[FeedId, Feed] = {}  # each as it was before
        self._began_at: datetime | None = None
        self._is_out = False

    @property
    def out_since(self) -> datetime | None:
        """Return when the outage began that we are in; None: we are in none."""
        return self._began_at if self._is_out else None

    @property
    def missed_feeds(self) -> list[Feed]:
        """Return the feeds that were not reached since then, each as it was before."""
        return list(self._missed.values())

    def before(self, feed: Feed) -> Feed:
        """Return a feed as it was before the outage."""
        return self._missed.get(feed.id, feed)

    def heard(self) -> bool:
        """Note that somebody answered, whatever; say whether an outage has ended by it."""
        was_out = self._is_out
        self._missed.clear()
        self._began_at, self._is_out = None, False
        return was_out

    def missed(self, feed: Feed, hosts: int, now: datetime) -> Verdict:
        """Note a visit that reached nobody, of ``hosts`` that we poll, and judge it."""
        self._missed.setdefault(feed.id, feed)
        self._began_at = self._began_at or now
        if self._is_out:
            return Verdict.OURS
        witnesses = {one.host for one in self._missed.values() if not one.failures}
        needed = max(2, min(WITNESSES, hosts))
        if len(witnesses) < needed or now - self._began_at < SPELL:
            return Verdict.THEIRS
        self._is_out = True
        return Verdict.OURS_AT_LAST
