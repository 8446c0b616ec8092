"""The door: HTTP requests → the desk; `mujaz sandbox`, the demo and the tests open it.

The bot's side: ``/bot<token>/<method>`` (GET or POST) and ``/file/bot<token>/<path>``.

The page's and the scripts' side; bodies and answers are JSON, an error is 400 ``{"error": "…"}``:

* ``GET /`` and ``/page/<file>``: the chat page.
* ``GET /_sandbox/state``: ``{"bot", "people": [{id, name, role, chat}], "chats": [{id, kind,
  title}], "messages": {"<chat>": [message]}, "commands": {"<chat>": [{command, description}]},
  "newsroom", "description"}``. A message is the Bot API's, but ``photo`` is ``{"url"}``, other
  media have their ``url``, too, and ``entities`` stands for captions as well. People made by the
  hundred are left out unless ``?all=1``.
* ``GET /_sandbox/events``: server-sent events, each ``{"kind", "chat", …}``. ``message edit delete
  seen`` carry ``message`` (``seen``: the bot has fetched it); ``answer`` carries ``message`` (the
  one with the button), ``person`` and ``answer`` ``{"text", "show_alert"}``; ``action`` carries
  ``action``; ``commands`` carries ``commands`` (its ``chat`` is null when a whole class of chats
  is meant: read the state again); ``newsroom`` carries ``newsroom``.
* ``GET /_sandbox/newsroom``: ``{"now", "speed", "speeds", "faults": [{kind, chat}], "blocked":
  [person]}``, times in seconds.
* ``GET /_sandbox/log?since=<n>&method=<name>``: JSON lines, see `log`.
* ``GET /_sandbox/file/<file_id>``: what was uploaded.
* ``POST /_sandbox/<act>``: be a person or provoke a fault. The acts and their parameters are the
  methods of `asking.Asking` and `provoke.Provoke`, by the names of `doors.ACTS`. ``say send edit
  choose`` answer the message, ``chat`` the chat, ``inline`` ``{"results", "next_offset",
  "button"}``, ``tap`` ``{"query_id", "answer": {"text", "show_alert"} |
  null}`` (with ``?wait=0`` at once), all others ``{"ok": true}``.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import TypeVar

from aiohttp import web

from bot.errors import StartError
from bot.sandbox import check
from bot.sandbox.asking import Asking
from bot.sandbox.calls import answer, misread
from bot.sandbox.clock import NewsClock
from bot.sandbox.desk import Desk
from bot.sandbox.doors import Doors
from bot.sandbox.flood import Flood, Rates
from bot.sandbox.nouns import Person
from bot.sandbox.provoke import Provoke
from bot.sandbox.refusals import ApiError
from bot.sandbox.request import read
from bot.sandbox.world import World, load_cast

TOKEN = "7000000001:sandbox"  # noqa: S105 - opens nothing but the sandbox
BODY_LIMIT = 50 * 1024 * 1024  # bytes; Bot API "Sending files"

T = TypeVar("T")


class Sandbox(Asking, Provoke):
    """A local Telegram that can be served over HTTP and acted in from the same process.

    `token` is the one accepted, or several; `clock` gives seconds, or is the newsroom's own: then
    the page may hurry it, while patience and flood limits keep real seconds; the rates are those of
    `flood.Rates`. `people` replace those of `people.toml`; `routes` are served beside ours.
    """

    def __init__(
        self,
        token: str | Collection[str] = TOKEN,
        *,
        clock: Callable[[], float] | NewsClock = time.time,
        rate: float | None = 30,
        chat_rate: float | None = 1,
        group_rate_minute: float | None = 20,
        people: Iterable[Person] | None = None,
        query_age: float = 30,
        webhook_pause: float = 1,
        routes: Iterable[web.AbstractRouteDef] = (),
    ) -> None:
        cast = load_cast()
        if people is not None:
            cast = replace(cast, people=tuple(people))
        desk = Desk(
            tokens=frozenset([token] if isinstance(token, str) else token),
            clock=clock.timestamp if isinstance(clock, NewsClock) else clock,
            steady=time.time if isinstance(clock, NewsClock) else clock,
            hurry=clock if isinstance(clock, NewsClock) else None,
            world=World(cast),
            check=check.load(),
            flood=Flood(Rates(rate, chat_rate, group_rate_minute)),
            query_age=query_age,
            webhook_pause=webhook_pause,
        )
        super().__init__(desk)
        self._routes = tuple(routes)
        self._runner: web.AppRunner | None = None
        self._address = ""

    @property
    def address(self) -> str:
        """Return where the page is; with ``/bot`` behind it, where the bot calls."""
        return self._address

    def app(self) -> web.Application:
        """Build the application; `start` serves it."""
        app = web.Application(client_max_size=BODY_LIMIT)
        app.add_routes([web.route("*", "/bot{token}/{method}", self._call)])
        app.add_routes(Doors(self).routes())
        app.add_routes(self._routes)
        app.on_shutdown.append(self._let_go)
        return app

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen and return the address; port 0 takes a free one. Raise StartError."""
        self._runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self.close()
            if error.errno == errno.EADDRINUSE:
                raise StartError(
                    f"Port {port} is in use; choose another with --port, or 0 for any."
                ) from error
            raise StartError(f"Cannot listen on {host}:{port}: {error.strerror}.") from error
        taken = self._runner.addresses[0][1]
        self._address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{taken}"
        return self._address

    async def close(self) -> None:
        """Stop listening and let everybody who waits go."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self.desk.courier.close()
        await self.desk.files.close()

    async def until(self, predicate: Callable[[], T], timeout: float = 5) -> T:  # noqa: ASYNC109 - a test's patience
        """Return the first true answer of `predicate`, asked again after everything that
        happens here; raise TimeoutError after `timeout` seconds.
        """
        return await self.desk.events.until(predicate, timeout)

    async def _call(self, request: web.Request) -> web.Response:
        """Answer the bot."""
        token, method = request.match_info["token"], request.match_info["method"]
        try:
            given, uploads = await read(request)
        except ApiError as refusal:
            reply = misread(self.desk, method, refusal)
        else:
            reply = await answer(self.desk, token, method, given, uploads)
        if reply.body is None:
            if request.transport is not None:
                request.transport.close()
            return web.Response()
        return web.json_response(reply.body, status=reply.status)

    async def _let_go(self, _: web.Application) -> None:
        self.desk.updates.close()
        self.desk.events.close()
