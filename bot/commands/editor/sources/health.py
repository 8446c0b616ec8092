"""A feed's row in, how it does in words out: a line for the list, a sentence with the remedy.

Pages call it; the cause stands on the row, its words in the texts.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from bot.arabic import dates
from bot.briefs.phrases import told, told_at
from bot.errors import FetchCause
from bot.model import Feed
from bot.storage.sources import NEVER_ANSWERED
from bot.texts import Texts

DOWN_AFTER = timedelta(hours=24)
_WEEK = timedelta(days=6)  # in which a weekday's name tells which day is meant
_SLOW = (FetchCause.SLOW, FetchCause.TOO_OFTEN)


class State(StrEnum):
    """Say how a feed does; the words stand in the texts."""

    OFF = "off"
    NEW = "new"  # not visited yet
    WORKS = "works"
    SLOW = "slow"
    TROUBLE = "trouble"
    DOWN = "down"  # in trouble for a day
    NEVER = "never"  # it never answered


def state_of(feed: Feed, now: datetime) -> State:
    """Judge how a feed does."""
    if not feed.is_on:
        return State.OFF
    if not feed.failures:
        return State.WORKS if feed.last_ok_at else State.NEW
    if feed.last_ok_at is None:
        return State.NEVER if feed.failures >= NEVER_ANSWERED else State.TROUBLE
    if now - feed.last_ok_at >= DOWN_AFTER:
        return State.DOWN
    return State.SLOW if feed.last_cause in _SLOW else State.TROUBLE


def line(feed: Feed, texts: Texts, *, zone: tzinfo, now: datetime) -> str:
    """Tell in one line which feed this is and how it does."""
    name = told(feed.source.name, texts.say(f"sections.{feed.section}") if feed.section else "")
    return f"{sign(feed, now)} {told(name, condition(feed, texts, zone=zone, now=now))}"


def sign(feed: Feed, now: datetime) -> str:
    """Return a full, a half or an empty circle."""
    match state_of(feed, now):
        case State.NEW | State.WORKS:
            return "\N{BLACK CIRCLE}"
        case State.SLOW | State.TROUBLE:
            return "\N{CIRCLE WITH LEFT HALF BLACK}"
        case _:
            return "\N{WHITE CIRCLE}"


def condition(
    feed: Feed, texts: Texts, *, zone: tzinfo, now: datetime, with_next: bool = True
) -> str:
    """Say how a feed does, without its name; ``with_next``: and when it is tried again."""
    state = state_of(feed, now)
    told_state = _told(feed, state, texts, zone, now)
    if not with_next or state not in (State.SLOW, State.TROUBLE):
        return told_state
    again = told_at(feed.next_poll_at, zone=zone, now=now)
    return texts.say("sources.state.again", state=told_state, again=again)


def _told(feed: Feed, state: State, texts: Texts, zone: tzinfo, now: datetime) -> str:
    match state:
        case State.WORKS:
            if feed.last_new_at is None:
                return texts.say("sources.state.works")
            newest = told_at(feed.last_new_at, zone=zone, now=now)
            return texts.say("sources.state.news", at=newest)
        case State.SLOW:
            return texts.say("sources.state.slow")
        case State.TROUBLE:
            return texts.say("sources.state.trouble", reason=reason(feed, texts))
        case State.DOWN:
            since = _day(feed.last_ok_at or now, zone, now)
            return texts.say("sources.state.down", since=since, reason=reason(feed, texts))
        case State.NEVER:
            return texts.say("sources.state.never", reason=reason(feed, texts))
        case State.NEW:
            return texts.say("sources.state.new")
        case State.OFF:
            return texts.say("sources.state.off")


def reason(feed: Feed, texts: Texts) -> str:
    """Name the cause of the last failure."""
    return texts.say(f"sources.reason.{_cause(feed.last_cause)}")


def remedy(cause: str, texts: Texts) -> str:
    """Say what mends a cause, or who can."""
    return texts.say(f"sources.remedy.{_cause(cause)}")


def _cause(told: str) -> FetchCause:
    """Return a cause; "unknown" for one of another version, or of a row older than causes."""
    try:
        return FetchCause(told)
    except ValueError:
        return FetchCause.UNKNOWN


def _day(moment: datetime, zone: tzinfo, now: datetime) -> str:
    """Name the day since when: a weekday within the last week, else its date."""
    local = moment.astimezone(zone).date()
    if now - moment <= _WEEK:
        return dates.weekday(local.weekday())
    return dates.day_name(local, now.astimezone(zone).date())
