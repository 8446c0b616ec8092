"""What every way out promises (`bot/transports/__init__.py`), tried on each lab in `LABS`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.model import (
    Brief,
    ChatId,
    Later,
    Moved,
    Outcome,
    Paragraph,
    Rejected,
    Sent,
    Unreachable,
    Verbatim,
)
from bot.transports import Letter
from tests.transports import briefs
from tests.transports.labs import LABS, OTHER, READER, Lab, at_once

WORDS = briefs.brief(Verbatim("النص الأول"))
OTHER_WORDS = briefs.brief(Verbatim("النص الصحيح"))
TWO_PARTS = briefs.brief(Paragraph("أول " * 1000), Paragraph("ثان " * 200))


@pytest.fixture(params=LABS)
async def lab(request: pytest.FixtureRequest) -> AsyncIterator[Lab]:
    async with LABS[request.param]() as opened:
        yield opened


def letter(brief: Brief | None = None, chat: ChatId = READER) -> Letter:
    return Letter(chat, brief or briefs.brief())


@pytest.mark.parametrize(
    "brief", [briefs.instant(), briefs.digest(), briefs.digest(6, 25), briefs.story(), TWO_PARTS]
)
async def test_a_letter_arrives_once_and_waits_its_turn_before_each_further_part(
    lab: Lab, brief: Brief
) -> None:
    before: list[int] = []

    async def turn() -> None:
        before.append(len(await lab.arrived(READER)))

    outcome = await lab.transport.send(letter(brief), turn)

    texts = await lab.arrived(READER)
    assert isinstance(outcome, Sent)
    assert len(outcome.message_ids) == len(set(outcome.message_ids)) == len(texts)
    assert before == list(range(1, len(texts)))


async def test_one_brief_goes_to_many_at_once_and_to_each_once(lab: Lab) -> None:
    chats = [ChatId(READER + n) for n in range(60)]

    outcomes = await asyncio.gather(
        *(lab.transport.send(letter(chat=chat), at_once) for chat in chats)
    )

    assert all(isinstance(outcome, Sent) for outcome in outcomes)
    assert [await lab.arrived(chat) for chat in chats] == [["خبر قصير."]] * 60


async def test_a_closed_door_is_unreachable_and_stops_nobody_else(lab: Lab) -> None:
    """T41; skyhong2002/chumei #31."""
    await lab.shut_door(READER)

    assert isinstance(await lab.transport.send(letter(), at_once), Unreachable)
    assert isinstance(await lab.transport.send(letter(chat=OTHER), at_once), Sent)
    assert await lab.arrived(READER) == []


async def test_a_chat_that_moved_tells_its_new_number(lab: Lab) -> None:
    await lab.move(READER, ChatId(-1009))

    assert await lab.transport.send(letter(), at_once) == Moved(ChatId(-1009))


async def test_a_flood_wait_is_passed_on_with_its_time(lab: Lab) -> None:
    await lab.flood(READER, 17)

    outcome = await lab.transport.send(letter(), at_once)

    assert isinstance(outcome, Later)
    assert outcome.is_certain
    assert outcome.retry_after == timedelta(seconds=17)
    assert outcome.is_flood


async def test_without_a_network_nothing_was_sent_and_that_is_certain(lab: Lab) -> None:
    """T42, T49; HKUDS/nanobot #1099, louislam/uptime-kuma #6046."""
    await lab.cut(READER)

    outcome = await lab.transport.send(letter(), at_once)

    assert isinstance(outcome, Later)
    assert outcome.is_certain


@pytest.mark.parametrize("is_accepted", [True, False])
async def test_a_lost_answer_leaves_the_fate_unknown(lab: Lab, is_accepted: bool) -> None:
    await lab.lose_answer(READER, is_accepted=is_accepted)

    outcome = await lab.transport.send(letter(), at_once)

    assert isinstance(outcome, Later)
    assert not outcome.is_certain
    assert len(await lab.arrived(READER)) == is_accepted, "it was not repeated on its own"


async def test_a_refused_message_is_rejected_with_the_reason(lab: Lab) -> None:
    await lab.refuse(READER)

    outcome = await lab.transport.send(letter(), at_once)

    assert isinstance(outcome, Rejected)
    assert outcome.reason


async def test_when_the_rest_is_refused_what_arrived_is_sent(lab: Lab) -> None:
    await lab.refuse(READER, after=1)

    outcome = await lab.transport.send(letter(TWO_PARTS), at_once)

    assert isinstance(outcome, Sent)
    assert len(outcome.message_ids) == len(await lab.arrived(READER)) == 1


async def test_when_the_rest_fails_the_fate_of_the_whole_is_unknown(lab: Lab) -> None:
    await lab.lose_answer(READER, is_accepted=False, after=1)

    outcome = await lab.transport.send(letter(TWO_PARTS), at_once)

    assert isinstance(outcome, Later)
    assert not outcome.is_certain
    assert len(await lab.arrived(READER)) == 1


async def test_a_brief_that_says_nothing_is_rejected_and_sends_nothing(lab: Lab) -> None:
    outcome = await lab.transport.send(letter(briefs.brief(Paragraph(""))), at_once)

    assert isinstance(outcome, Rejected)
    assert await lab.arrived(READER) == []


async def test_messages_are_given_other_words_and_again_the_same(lab: Lab) -> None:
    sent = await lab.transport.send(letter(WORDS), at_once)
    assert isinstance(sent, Sent)

    outcomes = [
        await lab.transport.amend(letter(OTHER_WORDS), sent.message_ids, at_once) for _ in range(2)
    ]

    assert outcomes == [sent, sent]
    assert await lab.arrived(READER) == ["النص الصحيح"]


async def test_what_has_no_place_for_words_is_rejected(lab: Lab) -> None:
    sent = await lab.transport.send(letter(WORDS), at_once)
    assert isinstance(sent, Sent)

    outcomes = [
        await lab.transport.amend(letter(), sent.message_ids, at_once),
        await lab.transport.amend(letter(OTHER_WORDS), (), at_once),
        await lab.transport.amend(letter(OTHER_WORDS), (*sent.message_ids, 99), at_once),
        await lab.transport.amend(letter(OTHER_WORDS), (404,), at_once),
    ]

    assert all(isinstance(outcome, Rejected) for outcome in outcomes)
    assert await lab.arrived(READER) == ["النص الأول"]


async def test_messages_are_taken_back_and_again_nothing_happens(lab: Lab) -> None:
    sent = await lab.transport.send(letter(TWO_PARTS), at_once)
    assert isinstance(sent, Sent)

    outcomes = [await lab.transport.recall(READER, sent.message_ids) for _ in range(2)]

    assert outcomes == [Sent(()), Sent(())]
    assert await lab.arrived(READER) == []


async def test_no_message_at_all_is_not_taken_back(lab: Lab) -> None:
    assert isinstance(await lab.transport.recall(READER, ()), Rejected)


async def test_a_message_too_old_to_be_taken_back_is_rejected_and_stays(lab: Lab) -> None:
    sent = await lab.transport.send(letter(), at_once)
    assert isinstance(sent, Sent)
    await lab.wait(timedelta(hours=49))

    assert isinstance(await lab.transport.recall(READER, sent.message_ids), Rejected)
    assert await lab.arrived(READER) == ["خبر قصير."]


async def change(lab: Lab, act: str) -> Outcome:
    """Change what stands first in the reader's chat."""
    if act == "amend":
        return await lab.transport.amend(letter(OTHER_WORDS), (1,), at_once)
    return await lab.transport.recall(READER, (1,))


@pytest.mark.parametrize("act", ["amend", "recall"])
async def test_a_flood_wait_holds_changes_up_too(lab: Lab, act: str) -> None:
    await lab.flood(READER, 17)

    outcome = await change(lab, act)

    assert isinstance(outcome, Later)
    assert (outcome.is_flood, outcome.retry_after) == (True, timedelta(seconds=17))


@pytest.mark.parametrize("act", ["amend", "recall"])
async def test_a_change_without_a_network_was_surely_not_made(lab: Lab, act: str) -> None:
    await lab.cut(READER)

    outcome = await change(lab, act)

    assert isinstance(outcome, Later)
    assert outcome.is_certain


@pytest.mark.parametrize("act", ["amend", "recall"])
async def test_the_fate_of_a_change_whose_answer_is_lost_is_unknown(lab: Lab, act: str) -> None:
    await lab.lose_answer(READER, is_accepted=False)

    outcome = await change(lab, act)

    assert isinstance(outcome, Later)
    assert not outcome.is_certain
