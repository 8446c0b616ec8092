"""A page in, its Document out, read in a child process; called by the poll job.

Why a child: reading a feed costs tens of milliseconds, in which the loop could answer nobody, and a
hostile feed can ask for any memory and time. So the child has limits, and whatever happens to it
costs the page it was reading: it is killed, the page is a ParseError, the next page starts
another.

One child, one page at a time; it starts with the first page and is replaced after ``pages`` of
them, because feedparser's memory grows (kurtmckee/feedparser #287).
"""

from __future__ import annotations

import asyncio
import math
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from contextlib import suppress
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import FetchCause, ParseError
from bot.feeds.wire import (
    ANSWER_LIMIT,
    LENGTH_SIZE,
    Request,
    WireError,
    pack_request,
    unpack_answer,
)
from bot.model import Document

_CHILD: Final = "bot.feeds.parser_child"
_OUT_OF_MEMORY: Final = 12  # the child's exit code for it; importing it would import feedparser
_START_LIMIT: Final = 60  # seconds; it takes a sixth of one where nothing else happens
_KEPT: Final = ("SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONTZPATH")  # without which Python may not run


class ParserProcess:
    """Read feeds in a child process; close it at the end."""

    def __init__(
        self, *, memory: int = 512 * 1024 * 1024, seconds: float = 20, pages: int = 1_000
    ) -> None:
        """Set the limits: bytes of address space, seconds a page, pages a child."""
        self._memory = memory
        self._seconds = seconds
        self._pages = pages
        self._turn = asyncio.Lock()
        self._child: Process | None = None
        self._read = 0  # pages that the child has read

    @property
    def pid(self) -> int | None:
        """Return the child's number, for logs and operators; None while there is no child."""
        return self._child.pid if self._child else None

    async def parse(
        self, body: bytes, content_type: str, url: str, *, zone: ZoneInfo, now: datetime
    ) -> Document:
        """Read a feed as ``parse.parse`` does; ParseError also for one that broke its reader.

        Cancelling is safe at any point: a child in the middle of a page is ended.
        """
        request = Request(body, content_type, url, zone, now)
        async with self._turn:
            child = await self._at_hand()
            answer = await self._answer(child, request)
            self._read += 1
            try:
                return unpack_answer(answer)
            except WireError as error:
                await self._end(child)
                raise ParseError("its reader answered nonsense") from error

    async def close(self) -> None:
        """End the child; a page in hand becomes a ParseError. A later page starts another."""
        if self._child:
            await self._end(self._child)

    async def _answer(self, child: Process, request: Request) -> bytes:
        """Have a page read; a child that did not come to its answer, whyever, is ended."""
        is_answered = False
        try:
            async with asyncio.timeout(self._seconds):
                answer = await _exchange(child, request)
            is_answered = True
        except TimeoutError as error:
            sentence = f"reading it takes more than {self._seconds:g} s"
            raise ParseError(sentence, FetchCause.TOO_LARGE) from error
        except (EOFError, ConnectionError) as error:
            raise self._death(await child.wait()) from error
        finally:
            if not is_answered:
                await self._end(child)
        return answer

    async def _at_hand(self) -> Process:
        if self._child and (self._child.returncode is not None or self._read >= self._pages):
            await self._end(self._child)
        if self._child is None:
            self._child = await self._start()
            self._read = 0
        return self._child

    async def _start(self) -> Process:
        """Start a child and wait for its greeting: Python's start is not the first page's time."""
        limits = (str(self._memory), str(math.ceil(self._seconds)))
        child = await create_subprocess_exec(
            sys.executable,
            *("-P", "-m", _CHILD, *limits),
            stdin=PIPE,
            stdout=PIPE,
            env=_environment(),  # the parent's may hold a token
            start_new_session=True,  # Ctrl-C is for the parent, who ends us
        )
        is_ready = False
        try:
            async with asyncio.timeout(_START_LIMIT):
                is_ready = await _message(child) == b""
        except (EOFError, TimeoutError) as error:
            raise ParseError("the reader of feeds does not start", FetchCause.OURS) from error
        finally:
            if not is_ready:
                await self._end(child)
        return child

    async def _end(self, child: Process) -> None:
        if self._child is child:
            self._child = None
        if child.returncode is None:
            with suppress(ProcessLookupError):  # it died by itself in between
                child.kill()
        if child.stdin:
            child.stdin.close()
        await child.wait()

    def _death(self, code: int) -> ParseError:
        if code == _OUT_OF_MEMORY:
            mebibytes = self._memory // 1024 // 1024
            sentence = f"reading it takes more than {mebibytes} MiB of memory"
            return ParseError(sentence, FetchCause.TOO_LARGE)
        if code < 0:
            return ParseError(f"its reader was killed ({signal.Signals(-code).name})")
        return ParseError(f"its reader died (exit code {code})")


async def _exchange(child: Process, request: Request) -> bytes:
    """Send a page and take the answer; EOFError or ConnectionError when the child dies over it."""
    if child.stdin is None:
        raise EOFError
    child.stdin.write(pack_request(request))
    await child.stdin.drain()
    return await _message(child)


async def _message(child: Process) -> bytes:
    if child.stdout is None:
        raise EOFError
    length = int.from_bytes(await child.stdout.readexactly(LENGTH_SIZE))
    if length > ANSWER_LIMIT:
        child.kill()
        raise EOFError
    return await child.stdout.readexactly(length)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
