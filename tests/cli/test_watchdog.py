"""T62; RSStT v2.3.0 watchdog: a loop that stands still ends the process, a busy one does not."""

from __future__ import annotations

import asyncio
import os
import sys
import threading

from bot.cli.watchdog import Watchdog
from bot.storage.engines.sqlite.lock import hold
from tests.cli.desk import Desk
from tests.process import PATIENCE, REPOSITORY

SOON = 10.0  # seconds, on a busy machine
# Mujaz as a shell starts it, but for its patience, and for what makes its loop stand still.
STALLING = """
import sys, time
from bot import __main__
from bot.cli import run_verb, watchdog

class Hasty(watchdog.Watchdog):
    def __init__(self, loop):
        super().__init__(loop, patience=2)
        loop.call_later(1, time.sleep, 600)

watchdog.Watchdog = Hasty
sys.exit(run_verb(["run"]))
"""


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


async def test_a_process_whose_loop_stands_still_ends_with_1_and_says_where(at_desk: Desk) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", STALLING),
        cwd=at_desk.folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)

    told = errors.decode()
    assert process.returncode == 1
    assert '"event": "loop.stalled"' in told
    assert "most recent call first" in told
    hold(at_desk.database).release()  # the next start is not in anybody's way
