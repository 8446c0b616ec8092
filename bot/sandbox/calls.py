"""One call of the bot → what Telegram answers, or a connection to close; `server` asks.

1. the token, the method, the parameters;
2. the faults set for this chat, then the flood limits;
3. the method itself;
4. a line in the log, whatever came of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.desk import Desk
from bot.sandbox.flood import SENDS
from bot.sandbox.methods import METHODS
from bot.sandbox.nouns import Json
from bot.sandbox.readers import Upload
from bot.sandbox.refusals import ApiError, too_many, unauthorized

GROUPS = ("group", "supergroup")


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and its body; without a body the connection is closed instead."""

    status: int
    body: Json | None


@dataclass(slots=True)
class _Call:
    """What is known of a call, filled in while it is judged; the log wants it."""

    method: str
    chat: int | None = None
    message_id: int | None = None
    text: str = ""
    fault: str | None = None


class _HangUp(Exception):  # noqa: N818 - a way out, not an error
    """Close the connection."""


async def answer(
    desk: Desk, token: str, method: str, given: Mapping[str, Any], uploads: Mapping[str, Upload]
) -> Answer:
    """Judge a call, do it, log it."""
    call = _Call(method)
    error: str | None = None
    try:
        body: Json | None = {"ok": True, "result": await _run(desk, call, token, given, uploads)}
        status = 200
    except ApiError as refusal:
        status, body, error = refusal.code, refused(refusal), refusal.description
    except _HangUp:
        status, body, error = 0, None, "connection closed"
    if call.fault == "hang_up_after":
        body = None
    desk.log.write(
        desk.clock(),
        call.method,
        chat=call.chat,
        message_id=call.message_id,
        error=error,
        text=call.text,
        fault=call.fault,
    )
    desk.events.pulse()
    return Answer(status, body)


def misread(desk: Desk, method: str, refusal: ApiError) -> Answer:
    """Answer a call whose body could not even be read."""
    desk.log.write(desk.clock(), method, error=refusal.description)
    desk.events.pulse()
    return Answer(refusal.code, refused(refusal))


def refused(refusal: ApiError) -> Json:
    """Write a refusal in the Bot API's shape."""
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    return body | ({"parameters": refusal.parameters} if refusal.parameters else {})


async def _run(
    desk: Desk,
    call: _Call,
    token: str,
    given: Mapping[str, Any],
    uploads: Mapping[str, Upload],
) -> Any:
    if token not in desk.tokens:
        raise unauthorized()
    method = desk.check.method(call.method)
    call.method = method.name
    parameters = method.read(given, uploads)
    _note(desk, call, parameters)
    await _strike(desk, call, parameters)
    moment = desk.steady()
    took = _pass_flood(desk, call, parameters, moment)
    try:
        result = await METHODS[method.name](desk, parameters)
    except ApiError:
        if took:
            desk.flood.give_back(took.chat, moment, is_group=took.is_group, is_paid=took.is_paid)
        raise
    if isinstance(result, dict) and "message_id" in result:
        call.message_id = result["message_id"]
    return result


def _note(desk: Desk, call: _Call, parameters: Json) -> None:
    """Write down whom and what a call is about."""
    ref = parameters.get("chat_id")
    if isinstance(ref, str):
        named = [chat.id for chat in desk.world.chats.values() if f"@{chat.username}" == ref]
        call.chat = named[0] if named else None
    else:
        call.chat = ref
    query = desk.queries.get(parameters.get("callback_query_id", ""))
    if query is not None:
        call.chat, call.message_id = query.message.chat, query.message.id
    call.message_id = parameters.get("message_id", call.message_id)
    call.text = parameters.get("text") or parameters.get("caption") or ""


async def _strike(desk: Desk, call: _Call, parameters: Json) -> None:
    """Let the faults happen that were set for this call."""
    media = parameters.get("media", {})
    has_picture = "photo" in parameters or media.get("type") == "photo"
    for fault in desk.faults.take(call.method, call.chat, has_picture=has_picture):
        call.fault = fault.kind
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        refusal = fault.refusal()
        if refusal is not None:
            raise refusal
        if fault.kind in ("hang_up_before", "all_down"):
            raise _HangUp


@dataclass(frozen=True, slots=True)
class _Taken:
    """A send that was counted."""

    chat: int
    is_group: bool
    is_paid: bool


def _pass_flood(desk: Desk, call: _Call, parameters: Json, moment: float) -> _Taken | None:
    chat = desk.world.chats.get(call.chat or 0)
    if call.method not in SENDS or chat is None:
        return None
    taken = _Taken(chat.id, chat.kind in GROUPS, parameters.get("allow_paid_broadcast", False))
    wait = desk.flood.take(chat.id, moment, is_group=taken.is_group, is_paid=taken.is_paid)
    if wait is not None:
        raise too_many(wait)
    return taken
