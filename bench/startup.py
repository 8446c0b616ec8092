"""How long it takes until Mujaz is there, and what it weighs: processes started as a shell does."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.harness import Table
from bot.sandbox.server import TOKEN, Sandbox

ROUNDS = 5
REPOSITORY = Path(__file__).parents[1]


def measure(*, is_long: bool) -> Table:
    """Start a bare Python, the words that need no bot, and the bot itself."""
    rounds = 3 * ROUNDS if is_long else ROUNDS
    table = Table("startup", ("what", "ms", "of a bare Python"))
    bare = _time([sys.executable, "-c", "pass"], rounds)
    table.add("python -c pass", bare, 1.0)
    for words in (["--help"], ["version"]):
        took = _time([sys.executable, "-m", "bot", *words], rounds)
        table.add(f"mujaz {' '.join(words)}", took, took / bare)
    ready, memory = asyncio.run(_run(rounds))
    table.add("mujaz run, until it is ready", ready, ready / bare)
    table.notes.append(f"idle: {memory:.0f} MiB with its parser child; targets: ready ≤ 1 s,")
    table.notes.append(f"--help ≤ 150 ms, idle ≤ 110 MB; medians of {rounds}")
    return table


def _time(command: list[str], rounds: int) -> float:
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=REPOSITORY)
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


async def _run(rounds: int) -> tuple[float, float]:
    """Start ``mujaz run`` again and again; ready is the call before it listens."""
    sandbox = Sandbox()
    await sandbox.start()
    took, weight = [], 0.0
    try:
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(rounds):
                ready, weight = await _once(sandbox, Path(folder))
                took.append(ready)
    finally:
        await sandbox.close()
    return median(took), weight


async def _once(sandbox: Sandbox, folder: Path) -> tuple[float, float]:
    since = max((line.n for line in sandbox.desk.log.since()), default=0)
    environment = {
        **os.environ,
        "MUJAZ_TELEGRAM__TOKEN": TOKEN,
        "MUJAZ_TELEGRAM__API_BASE": sandbox.address,
        "MUJAZ_STORAGE__URL": f"sqlite:////{folder}/bench.db",
    }
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run",
        env=environment, cwd=REPOSITORY, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await sandbox.until(
            lambda: any(True for _ in sandbox.desk.log.since(since, "deleteWebhook")), 60
        )
        took = (time.perf_counter() - began) * 1000
        await asyncio.sleep(1)
        weight = sum(resident(pid) for pid in (process.pid, *children(process.pid)))
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()
    return took, weight


def resident(pid: int) -> float:
    """Return a process's resident size in MiB, of Linux's own account."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    return next(
        int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")
    )


def children(pid: int) -> list[int]:
    """Return the processes that a process has begun."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in found.split()]
