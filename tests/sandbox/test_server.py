"""The door itself: tokens, faults on the wire, ports, waiting for a condition, many at once."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot.errors import StartError
from bot.sandbox.nouns import Person
from bot.sandbox.server import TOKEN, Sandbox
from tests.sandbox.conftest import SALMA, Caller


async def test_a_wrong_token_is_unauthorized(call: Caller) -> None:
    assert await call.raw("/bot1:wrong/getMe") == {
        "ok": False,
        "error_code": 401,
        "description": "Unauthorized",
    }


async def test_an_unknown_method_is_not_found(call: Caller) -> None:
    assert await call("sendRiddle") == {
        "ok": False,
        "error_code": 404,
        "description": "Not Found",
    }


async def test_a_body_must_be_an_object(call: Caller) -> None:
    answer = await call.raw(f"/bot{TOKEN}/getMe", json=[1])

    assert answer["description"] == "Bad Request: object expected as request body"


@pytest.mark.parametrize(
    ("kind", "accepted"), [("hang_up_before", 0), ("hang_up_after", 1), ("all_down", 0)]
)
async def test_a_hang_up_closes_the_connection_with_or_without_accepting(
    call: Caller, sandbox: Sandbox, kind: str, accepted: int
) -> None:
    before = len(list(sandbox.desk.world.messages(SALMA)))
    await sandbox.fault(kind, count=1)

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await call("sendMessage", chat_id=SALMA, text="خبر")

    assert len(list(sandbox.desk.world.messages(SALMA))) == before + accepted
    (line,) = sandbox.desk.log.since()
    assert line.fault == kind
    assert (line.error is None) is bool(accepted)
    await call.result("sendMessage", chat_id=SALMA, text="خبر")


@pytest.mark.parametrize(
    ("settings", "code", "parameters"),
    [
        ({"kind": "429", "retry_after": 5}, 429, {"retry_after": 5}),
        ({"kind": "500"}, 500, None),
        ({"kind": "blocked"}, 403, None),
        ({"kind": "deactivated"}, 403, None),
        ({"kind": "migrated", "to": -100555}, 400, {"migrate_to_chat_id": -100555}),
        ({"kind": "token_revoked"}, 401, None),
        ({"kind": "error", "code": 400, "description": "Bad Request: TOPIC_CLOSED"}, 400, None),
    ],
)
async def test_a_fault_is_answered_once_and_then_all_is_well(
    call: Caller,
    sandbox: Sandbox,
    settings: dict[str, Any],
    code: int,
    parameters: dict[str, int] | None,
) -> None:
    await sandbox.fault(**settings, count=1)

    answer = await call("sendMessage", chat_id=SALMA, text="a")

    assert (answer["error_code"], answer.get("parameters")) == (code, parameters)
    await call.result("sendMessage", chat_id=SALMA, text="a")


async def test_a_slow_answer_comes_in_the_end(call: Caller, sandbox: Sandbox) -> None:
    await sandbox.fault("slow", seconds=0.05, count=1)

    begun = time.monotonic()
    await call.result("sendMessage", chat_id=SALMA, text="a")

    assert time.monotonic() - begun >= 0.05


async def test_a_port_in_use_is_told_in_one_sentence(sandbox: Sandbox) -> None:
    port = int(sandbox.address.rpartition(":")[2])

    with pytest.raises(StartError, match=rf"^Port {port} is in use; choose another with --port"):
        await Sandbox().start(port=port)


async def test_an_address_of_nobody_is_told(sandbox: Sandbox) -> None:
    with pytest.raises(StartError, match=r"^Cannot listen on 203\.0\.113\.7:0: "):
        await Sandbox().start(host="203.0.113.7")


async def test_other_people_tokens_and_routes_can_be_given(call: Caller) -> None:
    async def news(_: web.Request) -> web.Response:
        return web.Response(text="news")

    sandbox = Sandbox(
        ["1:a", "1:b"],
        people=[Person(5, "ليلى", started=True)],
        routes=[web.get("/news", news)],
    )
    address = await sandbox.start()

    there = Caller(call.session, address)
    assert (await (await there.get("/news")).text()) == "news"
    assert (await there.raw("/bot1:b/sendMessage", json={"chat_id": 5, "text": "a"}))["ok"]
    assert (await there.raw(f"/bot{TOKEN}/getMe"))["error_code"] == 401
    await sandbox.close()


async def test_until_waits_for_what_happens(call: Caller, sandbox: Sandbox) -> None:
    def texts() -> list[str]:
        return [line.text for line in sandbox.desk.log.since(method="sendMessage")]

    waiting = asyncio.create_task(sandbox.until(texts))
    await call.result("sendMessage", chat_id=SALMA, text="خبر")

    assert await waiting == ["خبر"]
    with pytest.raises(TimeoutError):
        await sandbox.until(lambda: len(texts()) > 1, timeout=0.01)


async def test_closing_twice_does_no_harm(sandbox: Sandbox) -> None:
    address = URL(sandbox.address)

    await sandbox.close()
    await sandbox.close()

    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(address.host, address.port)


async def test_a_thousand_sends_are_all_taken_in_order_of_their_ids(
    call: Caller, sandbox: Sandbox
) -> None:
    await sandbox.crowd(10_000, 1000)

    sent = await asyncio.gather(
        *(call.result("sendMessage", chat_id=10_000 + n, text="خبر") for n in range(1000))
    )

    assert len({message["message_id"] for message in sent}) == 1000
    assert sum(line.error is None for line in sandbox.desk.log.since(method="sendMessage")) == 1000
