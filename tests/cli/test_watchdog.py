"""T62; RSStT v2.3.0 watchdog: a loop that stands still ends the process, a busy one does not."""

from __future__ import annotations

import asyncio
import threading

from bot.cli.watchdog import Watchdog

SOON = 10.0  # seconds, on a busy machine


async def test_a_loop_that_stands_still_ends_the_process() -> None:
    ended = threading.Event()
    codes: list[int] = []

    def end(code: int) -> None:
        codes.append(code)
        ended.set()

    Watchdog(asyncio.get_running_loop(), patience=0.05, end=end)
    ended.wait(SOON)  # the loop stands here

    assert codes == [1]


async def test_a_loop_that_turns_is_left_alone() -> None:
    codes: list[int] = []
    watchdog = Watchdog(asyncio.get_running_loop(), patience=SOON, end=codes.append)

    for _ in range(100):
        await asyncio.sleep(0)
    watchdog.close()

    assert codes == []


async def test_a_closed_watchdog_bites_nobody() -> None:
    codes: list[int] = []
    watchdog = Watchdog(asyncio.get_running_loop(), patience=0.05, end=codes.append)
    watchdog.close()

    threading.Event().wait(0.3)

    assert codes == []
