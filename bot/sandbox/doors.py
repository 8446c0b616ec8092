"""The page's and the scripts' side of the door: state, events, log, files and acts as JSON.

`server` mounts these routes and documents them. A page of another site may not act here: a
POST whose Origin is not this host is refused.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import mimetypes
import re
from collections.abc import Awaitable, Callable, Mapping
from importlib import resources
from typing import Any, get_type_hints
from urllib.parse import quote

from aiohttp import web
from yarl import URL

from bot.sandbox.asking import Asking
from bot.sandbox.desk import Acts, Desk
from bot.sandbox.nouns import Chat, Json
from bot.sandbox.people import People
from bot.sandbox.provoke import Provoke
from bot.sandbox.refusals import ApiError

HEARTBEAT = 15.0  # seconds between signs of life of a silent stream
_PAGE_FILE = re.compile(r"[\w-]+\.[a-z0-9]+\Z")

ACTS: Mapping[str, Callable[..., Awaitable[Any]]] = {
    "block": People.block,
    "chat": Provoke.change_chat,
    "choose": Asking.choose,
    "deactivate": Provoke.deactivate,
    "edit": People.edit,
    "fault": Provoke.fault,
    "inline": Asking.inline,
    "people": People.crowd,
    "rates": Provoke.rates,
    "redeliver": Provoke.redeliver,
    "say": People.say,
    "send": People.send,
    "speed": Provoke.speed,
    "tap": People.tap,
    "unblock": People.unblock,
}


class Doors:
    """The handlers of one sandbox."""

    def __init__(self, actor: Acts) -> None:
        self._actor = actor
        self._desk = actor.desk

    def routes(self) -> list[web.RouteDef]:
        """List what is served."""
        return [
            web.get("/", self.page),
            web.get("/page/{name}", self.page),
            web.get("/_sandbox/state", self.state),
            web.get("/_sandbox/newsroom", self.newsroom),
            web.get("/_sandbox/events", self.events),
            web.get("/_sandbox/log", self.log),
            web.get("/_sandbox/file/{file_id}", self.file),
            web.get("/file/bot{token}/files/{file_id}", self.file),
            web.post("/_sandbox/{act}", self.act),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """Serve a file of the chat page."""
        name = request.match_info.get("name", "index.html")
        file = resources.files("bot.sandbox") / "page" / name
        if not _PAGE_FILE.match(name) or not file.is_file():
            raise web.HTTPNotFound
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = {"Content-Type": f"{mime}; charset=utf-8", "Cache-Control": "no-cache"}
        return web.Response(body=file.read_bytes(), headers=headers)

    async def state(self, request: web.Request) -> web.Response:
        """Write everything the page shows."""
        return web.json_response(state(self._desk, with_crowd="all" in request.query))

    async def newsroom(self, _: web.Request) -> web.Response:
        """Write the newsroom's hour and speed, the faults, and who blocks the bot."""
        return web.json_response(self._desk.newsroom())

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Stream events until the page leaves or the sandbox closes."""
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        response = web.StreamResponse(headers=headers)
        stream = self._desk.events.open()
        try:
            await response.prepare(request)
            await response.write(b": open\n\n")
            while (line := await _next(stream)) is not None:
                await response.write(line)
        except ConnectionError:
            pass  # the page was closed
        finally:
            self._desk.events.leave(stream)
        return response

    async def log(self, request: web.Request) -> web.Response:
        """Write the log as JSON lines."""
        try:
            since = int(request.query.get("since", "0"))
        except ValueError:
            return _refused("since must be the number of a line")
        lines = self._desk.log.since(since, request.query.get("method"))
        body = "".join(json.dumps(line.json(), ensure_ascii=False) + "\n" for line in lines)
        return web.Response(text=body, content_type="application/x-ndjson")

    async def file(self, request: web.Request) -> web.Response:
        """Serve the bytes of a file that was uploaded."""
        if request.match_info.get("token", "") not in ("", *self._desk.tokens):
            raise web.HTTPNotFound
        file_id = request.match_info["file_id"]
        data = self._desk.files.data(file_id)
        if data is None:
            raise web.HTTPNotFound
        file = self._desk.files.file(file_id)
        headers = {"Content-Type": file.mime, "X-Content-Type-Options": "nosniff"}
        if not file.mime.startswith(("image/", "video/", "audio/")):
            name = quote(file.name or "file")
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        return web.Response(body=data, headers=headers)

    async def act(self, request: web.Request) -> web.Response:
        """Do what a person does, or provoke a fault."""
        origin = request.headers.get("Origin")
        if origin is not None and URL(origin).authority != request.host:
            return web.json_response({"error": "another site may not act here"}, status=403)
        act = ACTS.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound
        try:
            body = json.loads(await request.text() or "{}")
            if "wait" in request.query:
                body["wait"] = float(request.query["wait"])
            call = _bound(act, self._actor, body)
            result = await act(*call.args, **call.kwargs)
        except (ApiError, TypeError, ValueError) as error:
            return _refused(str(error))
        return web.json_response({"ok": True} if result is None else result)


def state(desk: Desk, *, with_crowd: bool = False) -> Json:
    """Gather what the page shows when it opens."""
    world = desk.world
    people = [p for p in world.people.values() if with_crowd or not p.crowd]
    groups = [c for c in world.chats.values() if c.kind != "private" and c.migrated_to is None]
    chats = [*(world.chats[person.id] for person in people), *groups]
    return {
        "bot": world.bot.json(),
        "people": [{"id": p.id, "name": p.name, "role": p.role, "chat": p.id} for p in people],
        "chats": [{"id": c.id, "kind": c.kind, "title": c.title} for c in groups],
        "messages": {str(chat.id): _messages(desk, chat) for chat in chats},
        "commands": {str(chat.id): desk.profile.commands_in(chat, chat.id) for chat in chats},
        "newsroom": desk.newsroom(),
        "description": next(iter(desk.profile.descriptions.values()), ""),
    }


def _messages(desk: Desk, chat: Chat) -> list[Json]:
    return [desk.world.json(message, for_page=True) for message in desk.world.messages(chat.id)]


async def _next(stream: asyncio.Queue[Json | None]) -> bytes | None:
    """Write the next event, or a sign of life; None at the end."""
    try:
        async with asyncio.timeout(HEARTBEAT):
            event = await stream.get()
    except TimeoutError:
        return b": still here\n\n"
    return None if event is None else f"data: {json.dumps(event)}\n\n".encode()


def _bound(act: Callable[..., Any], actor: Acts, body: Any) -> inspect.BoundArguments:
    """Fit a JSON body to an act's parameters; raise TypeError in words."""
    if not isinstance(body, dict):
        raise TypeError("a JSON object is needed")
    call = inspect.signature(act).bind(actor, **body)
    hints = get_type_hints(act)
    for name, value in call.arguments.items():
        if name in body and not isinstance(value, _wanted(hints[name])):
            raise TypeError(f"{name} must be {hints[name]}, not {value!r}")
    return call


def _wanted(hint: Any) -> Any:
    return int | float if hint is float else hint


def _refused(why: str) -> web.Response:
    return web.json_response({"error": why}, status=400)
