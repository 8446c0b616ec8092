"""What an answer means for a delivery, and whether it should be tried at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.model import (
    Act,
    DeliveryState,
    Later,
    Moved,
    Outcome,
    Parcel,
    Priority,
    Rejected,
    Sent,
    Settlement,
    Unreachable,
    UrgentChoice,
)
from bot.outbox.hours import quiet_until

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=10)
MOST_DOUBTS = 3  # tries of unknown fate; more would be more repeats than a reader forgives
# Three tries must outlast what breaks connections: a network away for seconds, then a server that
# answers 502 for minutes.
DOUBT_WAITS = (timedelta(seconds=15), timedelta(minutes=5))


def back_off(attempts: int) -> timedelta:
    """Return how long to wait after the n-th failed try (1 is the first): doubling, bounded."""
    return min(FIRST_WAIT * (1 << max(0, min(attempts - 1, 20))), LONGEST_WAIT)


def before(parcel: Parcel, now: datetime) -> Settlement | None:
    """Settle a parcel that must not be sent now; None: send it.

    1. Expired, or the reader left: skipped; but who left has the message that is taken back.
    2. Tried too often with unknown fate: unsure.
    3. News in the reader's quiet hours, unless it is urgent and wanted so: it waits for their end,
       or is skipped when it will have expired by then (the digest tells it).
    """
    if parcel.expires_at is not None and parcel.expires_at <= now:
        return Settlement(DeliveryState.SKIPPED, reason="expired")
    if parcel.act is Act.SEND and not parcel.subscriber.is_active:
        return Settlement(DeliveryState.SKIPPED, reason="left")
    if parcel.doubts >= MOST_DOUBTS:
        return Settlement(DeliveryState.UNSURE, reason="interrupted every time")
    if not _minds_quiet(parcel):
        return None
    wakes = quiet_until(parcel.subscriber.quiet, parcel.subscriber.zone, now)
    return None if wakes is None else _wait(parcel, wakes, "quiet hours")


def _minds_quiet(parcel: Parcel) -> bool:
    is_unwanted = parcel.subscriber.urgent is UrgentChoice.NO
    return parcel.priority is Priority.INSTANT or (
        parcel.priority is Priority.URGENT and is_unwanted
    )


def is_silent(parcel: Parcel, now: datetime) -> bool:
    """Say whether a message makes no sound: in quiet hours, or an urgent one if so wished."""
    if parcel.priority is Priority.URGENT and parcel.subscriber.urgent is UrgentChoice.SILENT:
        return True
    return quiet_until(parcel.subscriber.quiet, parcel.subscriber.zone, now) is not None


def after(parcel: Parcel, outcome: Outcome, now: datetime) -> Settlement:
    """Say what a delivery has become by an answer."""
    match outcome:
        case Sent(message_ids=ids):
            return Settlement(DeliveryState.SENT, message_ids=ids)
        case Unreachable(reason=reason):
            return Settlement(DeliveryState.UNREACHABLE, reason=reason)
        case Rejected(reason=reason):
            return Settlement(DeliveryState.REJECTED, reason=reason)
        case Moved():
            # at once the first time; a server that moves a chat in circles must not keep us busy
            pause = back_off(parcel.attempts) if parcel.attempts else timedelta(0)
            return _wait(parcel, now + pause, "moved", attempts=parcel.attempts + 1)
        case _:
            return _try_again(parcel, outcome, now)


def _try_again(parcel: Parcel, answer: Later, now: datetime) -> Settlement:
    attempts = parcel.attempts + 1
    doubts = parcel.doubts + (0 if answer.is_certain else 1)
    if doubts >= MOST_DOUBTS:
        return Settlement(DeliveryState.UNSURE, reason=answer.reason, doubts=doubts)
    pause = max(back_off(attempts), answer.retry_after or timedelta(0))
    if not answer.is_certain:
        pause = max(pause, DOUBT_WAITS[doubts - 1])
    return _wait(parcel, now + pause, answer.reason, attempts=attempts, doubts=doubts)


def _wait(
    parcel: Parcel, until: datetime, reason: str, *, attempts: int = 0, doubts: int = 0
) -> Settlement:
    """Wait for another try, unless the news will have expired by then."""
    if parcel.expires_at is not None and until >= parcel.expires_at:
        return Settlement(DeliveryState.SKIPPED, reason=f"expired: {reason}")
    return Settlement(
        DeliveryState.WAITING,
        next_attempt_at=until,
        reason=reason,
        attempts=attempts or parcel.attempts,
        doubts=doubts or parcel.doubts,
    )
