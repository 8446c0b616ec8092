"""Instants that pile up before a reader become one message; nothing else does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.jobs.together import SOON, TogetherJob
from bot.model import (
    Later,
    Mode,
    Priority,
    QuietHours,
    Section,
    SourceId,
    StoryId,
    Subscriber,
    source_subject,
    story_subject,
)
from bot.outbox.coalesce import MOST_ALONE
from bot.outbox.hours import quiet_until
from bot.outbox.settle import LONGEST_WAIT
from tests.crowd import answer, claim, tell_all, write
from tests.jobs.newsroom import HOUR, MINUTE, TEXTS, ZONE, Newsroom, entry
from tests.jobs.street import Street, urgent

NIGHT = 19 * HOUR  # from the tests' now to before morning: what comes then has not expired by 06:30


class Night(Street):
    """A street asleep."""

    def __init__(self, newsroom: Newsroom) -> None:
        super().__init__(newsroom)
        self.woken = 0
        self.job = TogetherJob(
            newsroom.storage, TEXTS, newsroom.manners, now=self.clock, on_written=self._wake
        )

    def _wake(self) -> None:
        self.woken += 1

    async def sleeper(self, chat: int) -> Subscriber:
        return await self.reader(chat, sections=[Section.POLITICS], mode=Mode.INSTANT)

    async def comes(self, *numbers: int) -> None:
        """Let news come, each in a document of its own, and be put off till morning."""
        for number in numbers:
            await self.newsroom.take(self.feed, entry(number))
            await self.told()

    async def begins(self) -> None:
        self.feed = await self.newsroom.feed()
        self.clock.turn(NIGHT)

    def dawns(self) -> None:
        """Let it become the last minutes of quiet hours."""
        end = quiet_until(QuietHours(), ZONE.key, self.clock())
        assert end is not None
        self.clock.moment = end - 10 * MINUTE

    async def wakes(self) -> list[tuple[int, str]]:
        """Let the end of quiet hours come, and deliver."""
        self.clock.turn(SOON)
        return await self.delivered()


@pytest.fixture
def night(newsroom: Newsroom) -> Night:
    return Night(newsroom)


async def test_six_instants_of_a_night_are_one_message_in_the_morning(night: Night) -> None:
    await night.sleeper(1)
    await night.sleeper(2)
    await night.begins()
    await night.comes(*range(1, 7))
    asleep = await night.job.bundle()
    night.dawns()

    bundled = await night.job.bundle()

    assert (asleep, bundled, night.woken) == (0, 2, 1)
    woke = await night.wakes()
    assert sorted(chat for chat, _ in woke) == [1, 2]
    assert {key.partition(":")[0] for _, key in woke} == {"together"}
    [said] = await night.content(1)
    assert "6 أخبار جديدة في رسالة واحدة" in said
    assert all(entry(number).title in said for number in range(1, 7))
    assert await night.newsroom.count("briefs", "content LIKE '%في رسالة واحدة%'") == 1


async def test_the_tallies_of_the_waves_stay_true(night: Night) -> None:
    """T37; listmonk #2591."""
    await night.sleeper(1)
    await night.begins()
    await night.comes(*range(1, 7))
    night.dawns()

    await night.job.bundle()
    await night.wakes()

    rows = await night.newsroom.rows("SELECT state, sent, skipped FROM waves")
    assert [(row["state"], row["sent"], row["skipped"]) for row in rows] == [("done", 0, 1)] * 6
    reasons = await night.newsroom.rows(
        "SELECT DISTINCT reason FROM deliveries WHERE state = 'skipped'"
    )
    assert [row["reason"] for row in reasons] == ["told together"]


async def test_a_few_are_told_one_by_one(night: Night) -> None:
    await night.sleeper(1)
    await night.begins()
    await night.comes(*range(1, MOST_ALONE + 1))
    night.dawns()

    assert await night.job.bundle() == 0
    assert len(await night.wakes()) == MOST_ALONE


async def test_what_comes_after_a_bundle_joins_it(night: Night) -> None:
    await night.sleeper(1)
    await night.begins()
    await night.comes(*range(1, 6))
    night.dawns()
    await night.job.bundle()
    await night.comes(6)
    await night.job.bundle()
    await night.comes(7, 8)

    assert await night.job.bundle() == 1
    assert len(await night.wakes()) == 1
    [said] = await night.content(1)
    assert all(entry(number).title in said for number in range(1, 9))


async def test_urgent_news_is_never_bundled(night: Night) -> None:
    await night.sleeper(1)
    await night.begins()
    for number in range(1, 7):
        await night.newsroom.take(night.feed, urgent(entry(number)))

    bundled = await night.job.bundle()

    assert bundled == 0
    assert len(await night.delivered()) == 6


async def test_what_will_have_expired_is_left_to_the_digest(night: Night) -> None:
    await night.sleeper(1)
    night.feed = await night.newsroom.feed()
    night.clock.turn(14 * HOUR)  # late in the evening: six hours later it is still night
    await night.comes(*range(1, 7))
    night.dawns()

    assert await night.job.bundle() == 0
    assert await night.wakes() == []


async def test_digests_and_notices_are_not_bundled(night: Night) -> None:
    person = await night.sleeper(1)
    for number in range(6):
        await write(
            night.newsroom.storage, person, f"digest {number}",
            priority=Priority.DIGEST, now=night.clock(), lasts=HOUR,
        )  # fmt: skip

    assert await night.job.bundle() == 0


async def test_alerts_in_person_are_bundled_and_are_not_told_again(night: Night) -> None:
    here, there, _ = await night.papers()
    await night.reader(1, source_subject(SourceId(1)), source_subject(SourceId(2)))
    night.feed = here
    night.clock.turn(NIGHT)
    await night.comes(*range(1, 6))
    night.dawns()

    await night.job.bundle()
    await night.newsroom.take(there, entry(1, link="https://sahil.example/1"))

    assert [key.partition(":")[0] for _, key in await night.wakes()] == ["together"]


async def test_what_comes_to_a_bundled_story_is_not_lost(night: Night) -> None:
    _, there, _ = await night.papers()
    person = await night.sleeper(1)
    await night.begins()
    await night.comes(*range(1, 6))
    night.dawns()
    await night.job.bundle()
    await night.follow(person, story_subject(StoryId(1)))
    night.clock.turn(MINUTE)
    await night.newsroom.take(there, entry(1, link="https://sahil.example/1"))
    await night.told()

    await night.job.bundle()

    assert await night.newsroom.count("occasions", "key LIKE 'growth:%'") == 1
    assert len(await night.wakes()) == 1


async def test_what_was_bundled_goes_at_once_when_it_becomes_urgent(night: Night) -> None:
    _, there, _ = await night.papers()
    await night.sleeper(1)
    await night.begins()
    await night.comes(*range(1, 6))
    night.dawns()
    await night.job.bundle()

    await night.newsroom.take(there, urgent(entry(1, link="https://sahil.example/1")))

    assert (1, "story:1") in await night.delivered()


async def test_an_hour_without_telegram_is_one_message_after_it(night: Night) -> None:
    """T38; listmonk #1802, #2313: the waves wait, nothing is failed."""
    await night.sleeper(1)
    night.feed = await night.newsroom.feed()
    away = Later("connection refused")
    for number in range(1, 7):
        await night.newsroom.take(night.feed, entry(number))
        await tell_all(night.newsroom.storage, away, night.clock())
        night.clock.turn(10 * MINUTE)

    bundled = await night.job.bundle()
    night.clock.turn(LONGEST_WAIT)

    assert bundled == 1
    assert [key.partition(":")[0] for _, key in await night.delivered()] == ["together"]


async def test_what_is_being_sent_meanwhile_is_left_alone(night: Night) -> None:
    await night.sleeper(1)
    await night.begins()
    await night.comes(*range(1, 7))
    night.dawns()
    night.clock.turn(SOON)
    batch = await claim(night.newsroom.storage, night.clock(), size=2)
    assert batch is not None

    bundled = await night.job.bundle()
    await answer(night.newsroom.storage, batch, now=night.clock())

    assert bundled == 1
    assert len(await night.delivered()) == 1
    assert await night.newsroom.count("deliveries", "state = 'sent'") == 3


async def test_many_readers_are_bundled_a_few_at_a_time(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.together.SEEN", 20)
    monkeypatch.setattr("bot.jobs.together.AT_ONCE", 10)
    for chat in range(1, 12):
        await night.sleeper(chat)
    await night.begins()
    await night.comes(*range(1, 7))
    night.dawns()

    assert await night.job.bundle() == 11

    woke = await night.wakes()
    assert sorted(chat for chat, _ in woke) == list(range(1, 12))
    assert SOON > LONGEST_WAIT > timedelta(0)
