"""The address to listen on and the pages in, an open web server out; `app` opens and closes it.

Law: nothing here shows a token or what a person wrote, and no page needs a name or password; put
it where only you, your monitoring and Telegram's webhook can reach it.
"""

from __future__ import annotations

import errno
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import StartError

LARGEST = 1 << 20  # bytes of what is sent to us; an update of Telegram has a few thousand


@asynccontextmanager
async def serving(host: str, port: int, routes: Iterable[web.RouteDef]) -> AsyncIterator[int]:
    """Serve until the block ends; give the port. Raises StartError when the address is taken."""
    application = web.Application(client_max_size=LARGEST)
    application.router.add_routes(routes)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            # Its own words repeat the address where that is in use.
            why = "in use" if error.errno == errno.EADDRINUSE else error.strerror
            raise StartError(
                f"web.listen: {host}:{port} cannot be listened on ({why}): "
                "end the program that has it, or choose another port."
            ) from None
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
