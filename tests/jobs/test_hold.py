"""What owners are asked when a copied or restored database has something in hand: once."""

from __future__ import annotations

import logging
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.hold import HoldJob
from bot.model import ChatId, Heading, Paragraph
from bot.storage import Storage, briefs, hold, subscribers, team
from bot.texts import Texts
from tests.crowd import BOT, claim, join, say
from tests.fakes import THURSDAY, FakeClock

NADIA = ChatId(1004)


async def held(storage: Storage, now: FakeClock, why: hold.Why = "moved") -> None:
    async with storage.transaction() as tx:
        await team.configure(tx, owners=(NADIA,), editors=(2,), now=now())
        await hold.hold_all(tx, why, now())


def job(storage: Storage, clock: FakeClock, woken: list[str] | None = None) -> HoldJob:
    return HoldJob(
        storage,
        Texts.load(),
        bot=BOT,
        name="موجز",
        zone=ZoneInfo("Africa/Casablanca"),
        now=clock,
        on_asked=lambda: (woken if woken is not None else []).append("asked"),
    )


@pytest.mark.parametrize(
    ("why", "words"),
    [("moved", "استيقظ موجز في مكان جديد"), ("restored", "استعيدت قاعدة البيانات")],
)
async def test_every_owner_is_asked_what_waits_and_the_question_itself_is_sent(
    storage: Storage, why: hold.Why, words: str
) -> None:
    """T39; listmonk #1801, rssbot #145."""
    clock, woken = FakeClock(), list[str]()
    await join(storage, (1, 2, NADIA))
    await say(storage)
    await held(storage, clock, why)

    await job(storage, clock, woken).ask()

    batch = await claim(storage, clock())
    assert batch is not None
    [parcel] = batch.parcels
    said = await briefs.get(storage, parcel.brief)
    text = " ".join(one.text for one in said.blocks if isinstance(one, Heading | Paragraph))
    plain = text.replace("\N{NO-BREAK SPACE}", " ")
    assert parcel.subscriber.chat == NADIA
    assert words in plain
    assert "ما ينتظر: إرسال واحد · 3 رسائل · أقدمها اليوم 12:00" in plain
    verbs = [button.call.rpartition(":")[0] for row in said.buttons for button in row]
    assert verbs == ["hd:go", "hd:ask"]
    assert woken == ["asked"]


async def test_a_second_start_asks_no_second_time_while_the_question_is_open(
    storage: Storage,
) -> None:
    clock = FakeClock()
    await join(storage, (1, NADIA))
    await say(storage)
    await held(storage, clock)
    await job(storage, clock).ask()
    clock.forward(timedelta(hours=1))

    await job(storage, clock).ask()

    notices = await storage.fetch("SELECT 1 FROM deliveries WHERE state = 'waiting'")
    assert len(notices) == 1


async def test_put_on_hold_again_owners_are_asked_again(storage: Storage) -> None:
    clock = FakeClock()
    await join(storage, (1, NADIA))
    await say(storage)
    await held(storage, clock)
    await job(storage, clock).ask()
    clock.forward(timedelta(hours=1))
    await held(storage, clock)

    await job(storage, clock).ask()

    occasions = await storage.fetch("SELECT key FROM occasions WHERE key LIKE 'notice:hold:%'")
    assert len(occasions) == 2


async def test_without_an_owner_the_log_says_the_remedy_once_and_one_who_comes_is_asked(
    storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    clock = FakeClock()
    await join(storage, (1, 2))
    await say(storage)
    await held(storage, clock)
    asking = job(storage, clock)

    with caplog.at_level(logging.WARNING):
        await asking.ask()
        await asking.ask()
    warnings = [record.__dict__["remedy"] for record in caplog.records]
    await join(storage, (NADIA,))
    await asking.ask()

    assert len(warnings) == 1
    assert "people.owners" in warnings[0]
    question = await hold.open_hold(storage)
    assert question is not None
    assert question.is_asked


async def test_an_owner_who_stopped_us_is_not_asked(storage: Storage) -> None:
    clock = FakeClock()
    _, nadia = await join(storage, (1, NADIA))
    await say(storage)
    await held(storage, clock)
    async with storage.transaction() as tx:
        await subscribers.leave(tx, nadia.id, THURSDAY)

    await job(storage, clock).ask()

    question = await hold.open_hold(storage)
    assert question is not None
    assert not question.is_asked


async def test_nothing_on_hold_asks_nobody(storage: Storage) -> None:
    clock = FakeClock()
    await join(storage, (NADIA,))

    await job(storage, clock).ask()

    assert await storage.fetch("SELECT 1 FROM occasions") == []
