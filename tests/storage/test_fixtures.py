"""What ``storage.fixtures`` promises on every engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.model import FeedId, Fixture, FixtureState
from bot.storage import Storage, fixtures, sources
from bot.storage.fixtures import Kept
from tests.build import NOON

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def fixture(
    uid: str = "1",
    home: str = "اتحاد المرسى",
    away: str = "وفاق سبو",
    *,
    at: datetime = NOON + 6 * HOUR,
    **other: object,
) -> Fixture:
    return replace(Fixture(uid, home, away, at), **other)  # type: ignore[arg-type] # passed on


async def a_feed(storage: Storage, number: int = 1) -> FeedId:
    async with storage.transaction() as tx:
        source = await sources.add_source(tx, "رابطة البطولة", NOON)
        feed = await sources.add_feed(
            tx,
            source,
            f"https://league.example/{number}.ics",
            host="league.example",
            section=None,
            interval=HOUR,
            now=NOON,
        )
    assert feed is not None
    return feed


async def keep(storage: Storage, feed: FeedId, *told: Fixture, now: datetime = NOON) -> Kept:
    async with storage.transaction() as tx:
        return await fixtures.keep(tx, feed, told, now)


async def today(storage: Storage) -> Sequence[str]:
    return [match.uid for match in await fixtures.between(storage, NOON, NOON + DAY)]


async def test_what_is_kept_comes_back(storage: Storage) -> None:
    told = fixture(
        competition="البطولة",
        venue="ملعب الميناء",
        state=FixtureState.OVER,
        score=(2, 1),
        is_timed=False,
    )
    kept = await keep(storage, await a_feed(storage), told)

    [match] = await fixtures.between(storage, NOON, NOON + DAY)

    assert kept == Kept(new=1)
    assert Fixture(**{name: getattr(match, name) for name in Fixture.__slots__}) == told
    assert await fixtures.get(storage, match.id) == match


async def test_the_same_again_changes_nothing(storage: Storage) -> None:
    feed = await a_feed(storage)
    await keep(storage, feed, fixture())

    assert await keep(storage, feed, fixture()) == Kept()


async def test_a_result_that_comes_keeps_the_match_under_its_number(storage: Storage) -> None:
    feed = await a_feed(storage)
    await keep(storage, feed, fixture())
    [before] = await fixtures.between(storage, NOON, NOON + DAY)

    kept = await keep(storage, feed, fixture(state=FixtureState.OVER, score=(0, 0)))

    assert kept == Kept(changed=1)
    found = await fixtures.get(storage, before.id)
    assert found is not None
    assert found.score == (0, 0)


async def test_a_match_that_is_moved_leaves_its_day(storage: Storage) -> None:
    feed = await a_feed(storage)
    await keep(storage, feed, fixture())

    await keep(storage, feed, fixture(at=NOON + 3 * DAY))

    assert await today(storage) == []


async def test_a_calendar_may_take_a_match_back_but_not_the_past(storage: Storage) -> None:
    feed = await a_feed(storage)
    played = fixture("played", at=NOON - DAY)
    await keep(storage, feed, played, fixture("taken"), fixture("kept", at=NOON + 2 * DAY))

    kept = await keep(storage, feed, fixture("kept", at=NOON + 2 * DAY))

    assert kept == Kept(gone=1)
    assert await today(storage) == []
    [match] = await fixtures.between(storage, NOON - 2 * DAY, NOON)
    assert match.uid == "played"


@pytest.mark.parametrize("told", [(), (fixture("2", at=NOON + HOUR),)])
async def test_a_calendar_that_looks_less_far_takes_nothing_back(
    storage: Storage, told: tuple[Fixture, ...]
) -> None:
    feed = await a_feed(storage)
    await keep(storage, feed, fixture())

    assert (await keep(storage, feed, *told)).gone == 0


async def test_what_another_calendar_has_stays(storage: Storage) -> None:
    await keep(storage, await a_feed(storage), fixture())

    kept = await keep(storage, await a_feed(storage, 2), fixture("1", at=NOON + 2 * DAY))

    assert kept == Kept(new=1)
    assert await today(storage) == ["1"]


async def test_a_match_of_two_calendars_is_shown_once_with_its_result(storage: Storage) -> None:
    await keep(storage, await a_feed(storage), fixture(home="إتحاد المرسى"))
    scored = fixture("x", state=FixtureState.OVER, score=(1, 0))
    await keep(storage, await a_feed(storage, 2), scored)

    [match] = await fixtures.between(storage, NOON, NOON + DAY)

    assert match.score == (1, 0)


async def test_a_day_has_its_beginning_and_not_its_end(storage: Storage) -> None:
    edges = (NOON - HOUR, NOON, NOON + DAY - HOUR, NOON + DAY)
    told = [fixture(f"{moment:%d %H}", f"فريق {moment:%d%H}", at=moment) for moment in edges]
    await keep(storage, await a_feed(storage), *told)

    assert await today(storage) == ["24 12", "25 11"]


async def test_the_next_match_is_one_that_is_played(storage: Storage) -> None:
    await keep(
        storage,
        await a_feed(storage),
        fixture("off", at=NOON + HOUR, state=FixtureState.OFF),
        fixture("on", at=NOON + 2 * HOUR),
    )

    found = await fixtures.next_from(storage, NOON)

    assert found is not None
    assert found.uid == "on"
    assert await fixtures.next_from(storage, NOON + DAY) is None


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("المرسى", ["اتحاد المرسى", "شباب المرسى"]),
        ("مرسي", ["اتحاد المرسى", "شباب المرسى"]),
        ("اتحاد المرسى", ["اتحاد المرسى"]),
        ("إتِّحاد المرسى", ["اتحاد المرسى"]),
        ("فريق وفاق سبو لكرة القدم", ["وفاق سبو"]),
        ("NORD fc", ["FC Nord"]),
        ("رجال", []),
        ("؟؟", []),
        ("", []),
    ],
)
async def test_a_club_is_found_by_words_of_its_name(
    storage: Storage, typed: str, names: list[str]
) -> None:
    await keep(
        storage,
        await a_feed(storage),
        fixture(),
        fixture("2", "شباب المرسى", "FC Nord", at=NOON - DAY),
    )

    assert await fixtures.clubs_called(storage, typed) == names


async def test_a_club_has_what_comes_and_what_was(storage: Storage) -> None:
    moments = [NOON + hours * HOUR for hours in (-50, -26, -2, 3, 27, 51)]
    told = [
        fixture(f"{number}", *(("أ", "ب") if number % 2 else ("ب", "أ")), at=moment)
        for number, moment in enumerate(moments)
    ]
    await keep(storage, await a_feed(storage), *told, fixture("x", "ج", "د"))

    coming = await fixtures.next_of(storage, ["أ"], NOON, 2)
    played = await fixtures.last_of(storage, ["أ"], NOON, 2)

    assert [match.uid for match in coming] == ["3", "4"]
    assert [match.uid for match in played] == ["2", "1"]


async def test_a_result_is_awaited_for_some_hours(storage: Storage) -> None:
    feed = await a_feed(storage)
    await keep(
        storage,
        feed,
        fixture("1", "أ", at=NOON - HOUR),
        fixture("2", "ب", at=NOON - DAY),
        fixture("3", "ج", at=NOON + HOUR),
        fixture("4", "د", at=NOON - HOUR, state=FixtureState.OVER, score=(1, 1)),
    )

    assert await fixtures.awaited(storage, feed, NOON) == 1


async def test_old_matches_are_forgotten(storage: Storage) -> None:
    await keep(storage, await a_feed(storage), fixture("old", at=NOON - 9 * DAY), fixture("new"))

    async with storage.transaction() as tx:
        assert await fixtures.forget(tx, NOON - DAY) == 1

    assert await today(storage) == ["new"]
