"""What ``storage.subscribers`` promises on every engine: a chat keeps its choices."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from bot.errors import StorageError
from bot.model import (
    ChatId,
    ChatKind,
    Mode,
    QuietHours,
    Section,
    Subscriber,
    SubscriberId,
    UrgentChoice,
)
from bot.storage import Storage, Transaction, subscribers, subscriptions
from tests.build import NOON
from tests.crowd import BOT, OTHER_BOT, join

SALMA = ChatId(1001)
ZONE = "Africa/Casablanca"
Going = Callable[[Transaction, SubscriberId, datetime], Awaitable[None]]


@pytest.fixture
async def salma(storage: Storage) -> Subscriber:
    """Give a reader who has chosen everything otherwise than we would."""
    [joined] = await join(storage, [SALMA], sport=Mode.INSTANT, world=Mode.DIGEST)
    async with storage.transaction() as tx:
        await subscribers.choose_urgent(tx, joined.id, UrgentChoice.SILENT)
        await subscribers.choose_zone(tx, joined.id, "Europe/Paris")
        await subscribers.choose_quiet(tx, joined.id, QuietHours(60, 120))
    return await again(storage, joined)


async def again(storage: Storage, person: Subscriber) -> Subscriber:
    found = await subscribers.by_id(storage, person.id)
    assert found is not None
    return found


async def rejoin(storage: Storage, chat: ChatId = SALMA) -> tuple[Subscriber, bool]:
    async with storage.transaction() as tx:
        return await subscribers.join(tx, BOT, chat, kind=ChatKind.PRIVATE, zone=ZONE, now=NOON)


async def test_a_chat_that_joins_is_new_once(storage: Storage) -> None:
    first, is_new = await rejoin(storage)
    second, is_new_again = await rejoin(storage)

    assert (is_new, is_new_again) == (True, False)
    assert first == second == await subscribers.find(storage, BOT, SALMA)
    assert (first.zone, first.quiet, first.urgent) == (ZONE, QuietHours(), UrgentChoice.YES)


async def test_one_chat_of_two_bots_is_two_subscribers(storage: Storage) -> None:
    [mine] = await join(storage, [SALMA])
    [other] = await join(storage, [SALMA], OTHER_BOT)

    assert mine.id != other.id
    assert await subscribers.find(storage, OTHER_BOT, SALMA) == other


async def test_who_never_came_is_nobody(storage: Storage) -> None:
    assert await subscribers.find(storage, BOT, SALMA) is None
    assert await subscribers.by_id(storage, SubscriberId(1)) is None


@pytest.mark.parametrize("act", [subscribers.leave, subscribers.block], ids=["left", "blocked"])
async def test_who_went_comes_back_to_every_choice(
    storage: Storage, salma: Subscriber, act: Going
) -> None:
    """T47, T51; RSStT #698."""
    async with storage.transaction() as tx:
        await act(tx, salma.id, NOON)
    gone = await again(storage, salma)

    back, is_new = await rejoin(storage)

    assert not gone.is_active
    assert (back, is_new) == (salma, False)
    assert await subscriptions.sections(storage, salma.id) == {
        Section.SPORT: Mode.INSTANT,
        Section.WORLD: Mode.DIGEST,
    }


async def test_never_quiet_is_a_choice_too(storage: Storage, salma: Subscriber) -> None:
    async with storage.transaction() as tx:
        await subscribers.choose_quiet(tx, salma.id, None)

    assert (await again(storage, salma)).quiet is None


async def test_a_section_followed_anew_has_the_new_mode_and_one_unfollowed_is_gone(
    storage: Storage, salma: Subscriber
) -> None:
    async with storage.transaction() as tx:
        await subscriptions.follow_sections(
            tx, salma.id, [Section.WORLD, Section.ECONOMY], Mode.INSTANT, NOON
        )
        await subscriptions.unfollow_sections(tx, salma.id, [Section.SPORT, Section.CULTURE])

    assert await subscriptions.sections(storage, salma.id) == {
        Section.WORLD: Mode.INSTANT,
        Section.ECONOMY: Mode.INSTANT,
    }


async def test_a_group_that_moved_keeps_its_settings_under_its_new_number(
    storage: Storage,
) -> None:
    """T48; TwiN/gatus #179."""
    [group] = await join(storage, [-5], politics=Mode.INSTANT)

    async with storage.transaction() as tx:
        moved = await subscribers.move(tx, group.id, ChatId(-1005))

    found = await subscribers.find(storage, BOT, ChatId(-1005))
    assert moved
    assert found is not None
    assert found.id == group.id
    assert await subscriptions.sections(storage, group.id) == {Section.POLITICS: Mode.INSTANT}


async def test_a_move_that_is_told_twice_is_one_move(storage: Storage) -> None:
    """T48: the answer to a send and the service message both tell of it."""
    [group] = await join(storage, [-5])

    async with storage.transaction() as tx:
        moved = [await subscribers.move(tx, group.id, ChatId(-1005)) for _ in range(2)]

    assert moved == [True, True]
    assert (await again(storage, group)).is_active


async def test_a_chat_does_not_move_onto_one_that_is_there(storage: Storage) -> None:
    """T48; healthchecks #132."""
    old, new = await join(storage, [-5, -1005])

    async with storage.transaction() as tx:
        moved = await subscribers.move(tx, old.id, new.chat)

    assert not moved
    assert (await again(storage, old)).chat == old.chat


async def test_a_chat_moves_though_another_bot_is_there_already(storage: Storage) -> None:
    [old] = await join(storage, [-5])
    [other] = await join(storage, [-1005], OTHER_BOT)

    async with storage.transaction() as tx:
        assert await subscribers.move(tx, old.id, other.chat)


async def test_nobody_follows_without_having_joined(storage: Storage) -> None:
    """T57; reader 3.16."""

    async def follow() -> None:
        async with storage.transaction() as tx:
            await subscriptions.follow_sections(
                tx, SubscriberId(404), [Section.SPORT], Mode.DIGEST, NOON
            )

    with pytest.raises(StorageError):
        await follow()
