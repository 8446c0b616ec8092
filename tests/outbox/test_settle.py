"""What an answer makes of a delivery, and what is not sent at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import (
    BotId,
    BriefId,
    ChatId,
    DeliveryState,
    Later,
    Moved,
    OccasionId,
    Outcome,
    Parcel,
    Priority,
    QuietHours,
    Rejected,
    Sent,
    Subscriber,
    SubscriberId,
    Tally,
    Unreachable,
    UrgentChoice,
)
from bot.outbox.settle import (
    FIRST_WAIT,
    LONGEST_WAIT,
    MOST_DOUBTS,
    after,
    back_off,
    before,
    is_silent,
)

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 26, 23, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 27, 5, 30, tzinfo=UTC)  # 06:30 in Paris, when the night is over
READER = Subscriber(SubscriberId(1), BotId(1), ChatId(1), zone="Europe/Paris")


def parcel(priority: Priority = Priority.INSTANT, **changes: object) -> Parcel:
    made = Parcel(OccasionId(1), BriefId(1), READER, priority, None)
    return replace(made, **changes)  # type: ignore[arg-type]


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.parametrize(
    ("attempts", "wait"), [(0, 2), (1, 2), (2, 4), (3, 8), (9, 512), (10, 600), (10**9, 600)]
)
def test_back_off_doubles_up_to_ten_minutes(attempts: int, wait: int) -> None:
    assert back_off(attempts) == seconds(wait)


@given(st.integers(0, 10**6))
def test_back_off_grows_and_is_bounded(attempts: int) -> None:
    assert FIRST_WAIT <= back_off(attempts) <= back_off(attempts + 1) <= LONGEST_WAIT


# Before


@pytest.mark.parametrize(
    ("held", "state", "reason"),
    [
        pytest.param(parcel(expires_at=NOON), DeliveryState.SKIPPED, "expired", id="expired now"),
        pytest.param(
            parcel(subscriber=replace(READER, is_active=False)),
            DeliveryState.SKIPPED,
            "left",
            id="left",
        ),
        pytest.param(
            parcel(doubts=MOST_DOUBTS), DeliveryState.UNSURE, "interrupted every time", id="doubted"
        ),
    ],
)
def test_what_must_not_be_sent_is_settled(held: Parcel, state: DeliveryState, reason: str) -> None:
    settlement = before(held, NOON)

    assert settlement is not None
    assert (settlement.state, settlement.reason, settlement.is_final) == (state, reason, True)


@pytest.mark.parametrize("priority", Priority)
def test_by_day_everything_is_sent(priority: Priority) -> None:
    assert before(parcel(priority, expires_at=NOON + seconds(1)), NOON) is None


@pytest.mark.parametrize("priority", [Priority.URGENT, Priority.DIGEST, Priority.BROADCAST])
def test_by_night_what_cannot_wait_is_sent_without_a_sound(priority: Priority) -> None:
    assert before(parcel(priority), MIDNIGHT) is None
    assert is_silent(parcel(priority), MIDNIGHT)


def test_by_night_an_instant_waits_for_the_morning() -> None:
    settlement = before(parcel(attempts=2, doubts=1), MIDNIGHT)

    assert settlement is not None
    assert (settlement.state, settlement.next_attempt_at) == (DeliveryState.WAITING, MORNING)
    assert (settlement.attempts, settlement.doubts) == (2, 1)
    assert not settlement.is_final


def test_an_instant_that_expires_before_the_morning_is_left_to_the_digest() -> None:
    settlement = before(parcel(expires_at=MORNING), MIDNIGHT)

    assert settlement is not None
    assert settlement.state is DeliveryState.SKIPPED


def test_a_reader_without_quiet_hours_is_written_to_by_night_aloud() -> None:
    awake = parcel(subscriber=replace(READER, quiet=None))

    assert before(awake, MIDNIGHT) is None
    assert not is_silent(awake, MIDNIGHT)


def test_quiet_hours_are_the_readers_own() -> None:
    far = replace(READER, zone="Asia/Kolkata", quiet=QuietHours(17 * 60, 18 * 60))

    assert before(parcel(subscriber=far), NOON) is not None
    assert before(parcel(), NOON) is None


def test_urgent_news_is_silent_by_day_only_for_who_wished_so() -> None:
    wished = replace(READER, urgent=UrgentChoice.SILENT)

    assert is_silent(parcel(Priority.URGENT, subscriber=wished), NOON)
    assert not is_silent(parcel(Priority.INSTANT, subscriber=wished), NOON)
    assert not is_silent(parcel(Priority.URGENT), NOON)


# After


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        pytest.param(Sent((5, 6)), DeliveryState.SENT, id="sent"),
        pytest.param(Unreachable("blocked"), DeliveryState.UNREACHABLE, id="unreachable"),
        pytest.param(Rejected("too long"), DeliveryState.REJECTED, id="rejected"),
    ],
)
def test_an_answer_that_ends_a_delivery(outcome: Outcome, state: DeliveryState) -> None:
    settlement = after(parcel(), outcome, NOON)

    assert (settlement.state, settlement.is_final) == (state, True)
    assert settlement.message_ids == (outcome.message_ids if isinstance(outcome, Sent) else ())
    assert settlement.reason == getattr(outcome, "reason", "")


def test_a_chat_that_has_moved_is_tried_at_once_but_not_in_circles() -> None:
    first = after(parcel(), Moved(ChatId(-100)), NOON)
    again = after(parcel(attempts=first.attempts), Moved(ChatId(-200)), NOON)

    assert (first.state, first.next_attempt_at) == (DeliveryState.WAITING, NOON)
    assert again.next_attempt_at == NOON + FIRST_WAIT
    assert (first.attempts, again.attempts) == (1, 2)


@pytest.mark.parametrize(
    ("attempts", "answer", "wait"),
    [
        pytest.param(0, Later("down"), 2, id="the first time"),
        pytest.param(4, Later("down"), 32, id="the fifth time"),
        pytest.param(0, Later("flood", retry_after=seconds(35)), 35, id="as long as asked"),
        pytest.param(6, Later("flood", retry_after=seconds(35)), 128, id="longer than asked"),
        pytest.param(0, Later("flood", retry_after=seconds(2282)), 2282, id="an hour and more"),
        pytest.param(0, Later("hang-up", is_certain=False), 15, id="of unknown fate"),
        pytest.param(4, Later("hang-up", is_certain=False), 32, id="of unknown fate, tried often"),
    ],
)
def test_later_waits(attempts: int, answer: Later, wait: int) -> None:
    """T45; td #715: a long 429 is waited for, not hammered at."""
    settlement = after(parcel(attempts=attempts), answer, NOON)

    assert settlement.state is DeliveryState.WAITING
    assert settlement.next_attempt_at == NOON + seconds(wait)
    assert settlement.attempts == attempts + 1


def test_what_was_surely_not_sent_is_repeated_until_it_expires() -> None:
    held = parcel(expires_at=NOON + timedelta(hours=3))
    now, tries = NOON, 0
    while True:
        settlement = after(held, Later("refused"), now)
        if settlement.state is not DeliveryState.WAITING:
            break
        assert settlement.next_attempt_at is not None
        now, tries = settlement.next_attempt_at, tries + 1
        held = replace(held, attempts=settlement.attempts, doubts=settlement.doubts)

    assert (settlement.state, settlement.reason) == (DeliveryState.SKIPPED, "expired: refused")
    assert tries > 20


def test_what_may_have_arrived_is_tried_three_times_at_most() -> None:
    held = parcel()
    states, waits = [], []
    for _ in range(MOST_DOUBTS):
        settlement = after(held, Later("hang-up", is_certain=False), NOON)
        states.append(settlement.state)
        waits.append((settlement.next_attempt_at or NOON) - NOON)
        held = replace(held, attempts=settlement.attempts, doubts=settlement.doubts)

    assert states == [DeliveryState.WAITING, DeliveryState.WAITING, DeliveryState.UNSURE]
    assert waits == [seconds(15), seconds(300), seconds(0)]


def test_certain_failures_between_do_not_take_doubts_back() -> None:
    settlement = after(parcel(doubts=2, attempts=2), Later("refused"), NOON)

    assert (settlement.state, settlement.doubts) == (DeliveryState.WAITING, 2)


_OUTCOMES = st.sampled_from(
    [
        Sent((1,)),
        Unreachable("blocked"),
        Rejected("bad"),
        Moved(ChatId(-5)),
        Later("down"),
        Later("hang-up", is_certain=False),
        Later("flood", retry_after=seconds(2282)),
    ]
)


@given(st.lists(st.tuples(st.lists(_OUTCOMES, max_size=6), st.booleans()), max_size=30))
def test_a_wave_is_done_only_when_its_sorts_add_up_to_its_audience(
    readers: list[tuple[list[Outcome], bool]],
) -> None:
    """T37; listmonk #2591: 1,255 of 2,194 and "finished"."""
    ended: Counter[str] = Counter()
    for outcomes, is_active in readers:
        held = parcel(subscriber=replace(READER, is_active=is_active), expires_at=MIDNIGHT)
        settlement = before(held, NOON)
        for outcome in (*outcomes, Sent((9,))):
            if settlement is None or not settlement.is_final:
                settlement = after(held, outcome, NOON)
                held = replace(held, attempts=settlement.attempts, doubts=settlement.doubts)
        assert settlement is not None
        ended[settlement.state.value] += 1

    assert Tally(**ended).settled == len(readers)


def test_who_wants_no_urgent_news_but_follows_its_section_has_it_in_the_morning() -> None:
    calm = replace(READER, urgent=UrgentChoice.NO)

    settlement = before(parcel(Priority.URGENT, subscriber=calm), MIDNIGHT)

    assert settlement is not None
    assert (settlement.state, settlement.next_attempt_at) == (DeliveryState.WAITING, MORNING)
