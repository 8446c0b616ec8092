"""When nobody can be reached the trouble is ours; when somebody can, it is theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.feeds.reach import SPELL, WITNESSES, Reach, Verdict
from bot.model import Feed, FeedId, Source, SourceId

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


def feed(number: int, *, failures: int = 0, host: str = "") -> Feed:
    source = Source(SourceId(number), f"مصدر {number}")
    host = host or f"{number}.example"
    return Feed(FeedId(number), source, f"https://{host}/{number}", host, failures=failures)


def miss(reach: Reach, *feeds: Feed, hosts: int = 50, now: datetime = NOW) -> list[Verdict]:
    return [reach.missed(one, hosts, now) for one in feeds]


def test_several_hosts_over_a_minute_are_an_outage() -> None:
    reach = Reach()

    first = miss(reach, feed(1), feed(2))
    at_last = miss(reach, feed(3), feed(4), now=NOW + SPELL)

    assert first == [Verdict.THEIRS] * 2
    assert at_last == [Verdict.OURS_AT_LAST, Verdict.OURS]
    assert reach.out_since == NOW
    assert [one.id for one in reach.missed_feeds] == [1, 2, 3, 4]


def test_many_failures_at_one_moment_are_no_outage_yet() -> None:
    reach = Reach()

    assert set(miss(reach, *map(feed, range(30)))) == {Verdict.THEIRS}
    assert reach.out_since is None


def test_feeds_that_failed_before_tell_nothing() -> None:
    reach = Reach()
    dead = [feed(number, failures=9) for number in range(30)]

    assert set(miss(reach, *dead)) | set(miss(reach, *dead, now=NOW + SPELL)) == {Verdict.THEIRS}


def test_many_feeds_of_one_host_are_one_witness() -> None:
    reach = Reach()
    feeds = [feed(number, host="a.example") for number in range(30)]

    assert set(miss(reach, *feeds)) | set(miss(reach, *feeds, now=NOW + SPELL)) == {Verdict.THEIRS}


@pytest.mark.parametrize(("hosts", "is_outage"), [(2, True), (3, False)])
def test_a_small_newsroom_needs_all_its_hosts_and_two_at_least(
    hosts: int, *, is_outage: bool
) -> None:
    reach = Reach()
    miss(reach, feed(1), feed(2), hosts=hosts)

    verdicts = miss(reach, feed(1), hosts=hosts, now=NOW + SPELL)

    assert WITNESSES == 3
    assert (verdicts == [Verdict.OURS_AT_LAST]) is is_outage


def test_one_answer_from_anywhere_begins_anew() -> None:
    reach = Reach()
    miss(reach, *map(feed, range(9)))

    assert not reach.heard()

    assert miss(reach, feed(1), now=NOW + SPELL) == [Verdict.THEIRS]
    assert reach.missed_feeds == [feed(1)]


def test_an_answer_ends_an_outage_once() -> None:
    reach = Reach()
    miss(reach, *map(feed, range(9)))
    miss(reach, feed(9), now=NOW + SPELL)

    assert reach.heard()
    assert not reach.heard()
    assert reach.out_since is None


def test_a_feed_is_remembered_as_it_was_before_its_first_failure() -> None:
    reach = Reach()
    miss(reach, feed(1), feed(1, failures=1), now=NOW + timedelta(minutes=2))

    assert reach.before(feed(1, failures=2)) == feed(1)
    assert reach.before(feed(2, failures=2)) == feed(2, failures=2)
