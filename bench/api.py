"""A Bot API that only answers, far away and over TLS: a process of its own, for timing clients.

It checks nothing and keeps nothing but counts: the sandbox, which does, would be what is measured.
``python -m bench.api`` is the process; ``serving`` starts one and gives its address.
"""

from __future__ import annotations

import argparse
import asyncio
import ssl
import sys
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bench.certificates import server_file

TOKEN = "1:bench"
BOT = {"id": 1, "is_bot": True, "first_name": "bench", "username": "bench_bot"}


class Api:
    """Answer each call after ``delay`` seconds; beyond ``rate`` messages a second with 429."""

    def __init__(self, delay: float, rate: int | None) -> None:
        self._delay = delay
        self._rate = rate
        self._message = 0
        self._moments: deque[float] = deque()
        self._counts = {"sent": 0, "refused": 0}

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one call, half of the way there and half of it back."""
        method = request.match_info["method"]
        await request.read()
        await asyncio.sleep(self._delay / 2)
        is_refused = method.startswith(("send", "copy")) and not self._admit()
        await asyncio.sleep(self._delay / 2)
        if is_refused:
            return web.json_response(
                {
                    "ok": False,
                    "error_code": 429,
                    "description": "Too Many Requests: retry after 1",
                    "parameters": {"retry_after": 1},
                },
                status=429,
            )
        return web.json_response({"ok": True, "result": self._result(method)})

    def _admit(self) -> bool:
        now = time.monotonic()
        while self._moments and self._moments[0] <= now - 1:
            self._moments.popleft()
        if self._rate is not None and len(self._moments) >= self._rate:
            self._counts["refused"] += 1
            return False
        self._moments.append(now)
        self._counts["sent"] += 1
        return True

    def _result(self, method: str) -> object:
        if method == "getMe":
            return BOT
        self._message += 1
        return {
            "message_id": self._message,
            "date": int(time.time()),
            "chat": {"id": 1, "type": "private"},
            "from": BOT,
            "text": "received",
        }

    async def counts(self, _: web.Request) -> web.Response:
        """Tell how many were accepted and refused since the last time somebody asked."""
        told, self._counts = self._counts, {"sent": 0, "refused": 0}
        return web.json_response(told)


async def _serve(delay: float, rate: int | None) -> None:
    api = Api(delay, rate)
    app = web.Application()
    app.router.add_get("/counts", api.counts)
    app.router.add_post("/bot{token}/{method}", api.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(server_file())
    site = web.TCPSite(runner, "localhost", 0, ssl_context=context, backlog=1024)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


@asynccontextmanager
async def serving(*, delay: float, rate: int | None = None) -> AsyncIterator[str]:
    """Start the process and give its address; ``certificates.trusted`` comes before."""
    words = [f"--delay={delay}"] + ([f"--rate={rate}"] if rate is not None else [])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.api", *words, stdout=asyncio.subprocess.PIPE
    )
    if process.stdout is None:
        raise RuntimeError("a process that was started with a pipe has one")
    try:
        port = int(await process.stdout.readline())
        yield f"https://localhost:{port}"
    finally:
        process.terminate()
        await process.wait()


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--delay", type=float, required=True)
    parser.add_argument("--rate", type=int)
    given = parser.parse_args()
    asyncio.run(_serve(given.delay, given.rate))


if __name__ == "__main__":
    main()
