"""The rhythm of the beats: what fails comes again, what runs is ended in peace."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.jobs import Beat
from bot.jobs.heart import Heart

PATIENCE = 10.0  # seconds
SOON = 0.01  # seconds between two beats


async def test_a_beat_that_fails_is_logged_and_comes_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    came_again = asyncio.Event()
    times: list[int] = []

    async def fails_once() -> None:
        times.append(1)
        if len(times) == 1:
            raise RuntimeError("only once")
        came_again.set()

    heart = Heart()
    heart.start([Beat("poll", SOON, fails_once)])
    await asyncio.wait_for(came_again.wait(), PATIENCE)
    await heart.close()

    failed = [record for record in caplog.records if record.getMessage() == "beat.failed"]
    assert [vars(record)["beat"] for record in failed] == ["poll"]


async def test_a_beat_at_work_is_over_when_the_heart_is_closed_and_that_is_no_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun = asyncio.Event()
    ended: list[str] = []

    async def works() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)  # a transaction that rolls back
            ended.append("rolled back")

    heart = Heart()
    with caplog.at_level(logging.WARNING):
        heart.start([Beat("digest", SOON, works)])
        await asyncio.wait_for(begun.wait(), PATIENCE)
        await heart.close()
        await asyncio.sleep(0)  # the scheduler shuts down in a turn of its own
        await asyncio.sleep(0)

    assert ended == ["rolled back"]
    assert caplog.records == []


async def test_a_beat_may_be_told_to_come_at_once() -> None:
    came = asyncio.Event()

    async def comes() -> None:
        came.set()

    heart = Heart()
    heart.start([Beat("digest", 3600.0, comes)])
    heart.at_once("digest")

    assert await asyncio.wait_for(came.wait(), PATIENCE)
    await heart.close()
