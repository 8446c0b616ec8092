"""What must hold → /healthz for a supervisor that restarts, /readyz for a balancer that waits.

*Alive*: the loop turns and no part has died; a restart mends what is not. *Ready*: the database
answers and Telegram hears us; a restart mends nothing when the fault is outside.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

Check = Callable[[], Awaitable[str]]  # "" when all is well, else one sentence that says what is not

PATIENCE = 5.0  # seconds that a check may take; who asks gives up after ten or so


def health_pages(alive: Mapping[str, Check], ready: Mapping[str, Check]) -> list[web.RouteDef]:
    """Return both pages; each names its checks, with 200 when all hold and 503 otherwise."""

    async def healthz(_: web.Request) -> web.Response:
        return await _page(alive)

    async def readyz(_: web.Request) -> web.Response:
        return await _page({**alive, **ready})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]


async def _page(checks: Mapping[str, Check]) -> web.Response:
    found = dict(zip(checks, await asyncio.gather(*map(_look, checks.values())), strict=True))
    body = {name: trouble or "ok" for name, trouble in found.items()}
    return web.json_response(body, status=503 if any(found.values()) else 200)


async def _look(check: Check) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except TimeoutError:
        return f"no answer within {PATIENCE:.0f} s"
    except Exception as error:  # a check that breaks is a check that does not hold
        return type(error).__name__
