"""Errands run beside a chat, one at a time, and end when they are told to."""

from __future__ import annotations

import asyncio

import pytest

from bot.commands.errands import Errands
from bot.model import ChatId

A, B = ChatId(1), ChatId(2)


async def wait_for(gate: asyncio.Event, done: list[str], name: str) -> None:
    await gate.wait()
    done.append(name)


async def test_a_newer_errand_ends_the_older_of_its_chat() -> None:
    errands, gate, done = Errands(), asyncio.Event(), list[str]()

    errands.begin(A, wait_for(gate, done, "old"))
    errands.begin(A, wait_for(gate, done, "new"))
    errands.begin(B, wait_for(gate, done, "other"))
    await asyncio.sleep(0)
    gate.set()
    await errands.settled()

    assert sorted(done) == ["new", "other"]


async def test_an_errand_that_is_ended_does_nothing_more() -> None:
    errands, gate, done = Errands(), asyncio.Event(), list[str]()

    errands.begin(A, wait_for(gate, done, "a"))
    await asyncio.sleep(0)
    errands.end(A)
    errands.end(A)
    gate.set()
    await errands.settled()

    assert done == []


async def test_all_errands_end_with_the_house() -> None:
    errands, gate, done = Errands(), asyncio.Event(), list[str]()

    for chat in (A, B):
        errands.begin(chat, wait_for(gate, done, "x"))
    await asyncio.sleep(0)
    await errands.close()

    assert done == []


async def test_a_failure_is_logged_once_without_what_was_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    errands = Errands()

    async def fail() -> None:
        raise ValueError("secret words of a person")

    errands.begin(A, fail())
    await errands.settled()

    [record] = caplog.records
    assert (record.message, record.error) == ("errand.failed", "ValueError")  # type: ignore[attr-defined] # extra
    assert "secret words" not in caplog.text
