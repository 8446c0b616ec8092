"""Mujaz as a shell starts it: words and surroundings go in, exit code and what it wrote come out.

Two laws hold for every process that is started here: it never shows the token that it was given,
and it never shows a traceback.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sandbox.server import TOKEN

REPOSITORY = Path(__file__).parents[1]
PATIENCE = 60.0  # seconds; a process starts in one, unless the machine is busy
PR_CAPBSET_DROP = 24  # linux/prctl.h
ROOT_READS_ALL = (1, 2)  # linux/capability.h: CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended and what it wrote."""

    code: int
    out: str
    err: str

    def sentence(self) -> str:
        """Return the one line that stands on standard error; fail when there are more or none."""
        assert self.out == ""
        assert self.err.count("\n") == 1, self.err
        return self.err.rstrip("\n")


class Running:
    """A process at work."""

    def __init__(self, process: asyncio.subprocess.Process, errors: Path, token: str) -> None:
        self._process = process
        self._errors = errors
        self._token = token
        self._out = ""

    @property
    def pid(self) -> int:
        return self._process.pid

    async def says(self, words: str) -> str:
        """Read standard output until it has these words; return the line."""
        assert self._process.stdout is not None
        while line := (await asyncio.wait_for(self._process.stdout.readline(), PATIENCE)).decode():
            self._out += line
            if words in line:
                return line.rstrip("\n")
        raise AssertionError(f"it ended without {words!r}: {self._out}{self._errors.read_text()}")

    @property
    def has_said(self) -> str:
        """Return all that was read of standard output."""
        return self._out

    def told(self, number: signal.Signals) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    async def ends(self, within: float = PATIENCE) -> Ended:
        """Wait for the end, and see to the two laws."""
        ended = await self.ends_in_trouble(within)
        assert "Traceback" not in ended.out + ended.err, ended.err
        return ended

    async def ends_in_trouble(self, within: float = PATIENCE) -> Ended:
        """Wait for the end where faults were provoked that may be told whole, but for the token."""
        out, _ = await asyncio.wait_for(self._process.communicate(), within)
        errors = self._errors.read_text(encoding="utf-8")
        ended = Ended(self._process.returncode or 0, self._out + out.decode(), errors)
        assert not self._token or self._token not in ended.out + ended.err
        return ended

    async def close(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.communicate()


@asynccontextmanager
async def begun(
    *words: str, folder: Path, token: str = TOKEN, is_anybody: bool = False, **settings: str
) -> AsyncIterator[Running]:
    """Start Mujaz in a folder; settings are named ``table__key``. What still runs at the end dies.

    ``is_anybody``: as a user for whom permissions count, also when we are root.
    """
    surroundings = {name: value for name, value in os.environ.items() if "MUJAZ_" not in name}
    given = {f"MUJAZ_{name.upper()}": value for name, value in settings.items()}
    if token:
        given["MUJAZ_TELEGRAM__TOKEN"] = token
    errors = folder / f"stderr-{len(list(folder.glob('stderr-*')))}"
    with errors.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *words),
            stdout=asyncio.subprocess.PIPE,
            stderr=file,
            cwd=folder,
            env={**surroundings, "PYTHONPATH": str(REPOSITORY), "COLUMNS": "120", **given},
            preexec_fn=_lose_roots_powers if is_anybody and _is_root() else None,
        )
    running = Running(process, errors, token)
    try:
        yield running
    finally:
        await running.close()


async def run(*words: str, folder: Path, **surroundings: str | bool) -> Ended:
    """Start Mujaz, wait until it ends by itself, and return how."""
    async with begun(*words, folder=folder, **surroundings) as running:  # type: ignore[arg-type]
        return await running.ends()


def _is_root() -> bool:
    if os.geteuid() == 0 and not sys.platform.startswith("linux"):
        pytest.skip("root may read and write everything here")
    return os.geteuid() == 0


def _lose_roots_powers() -> None:
    """Give up root's right to pass over permissions, for this process and what it starts."""
    for capability in ROOT_READS_ALL:
        if ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            raise OSError("this root may not give up its powers")
