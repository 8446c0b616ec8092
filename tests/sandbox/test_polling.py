"""getUpdates gives what people did, once it is confirmed no more, and to one reader at a time."""

from __future__ import annotations

import asyncio

from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import SALMA, Caller


async def test_an_update_stays_until_an_offset_confirms_it(call: Caller) -> None:
    (first,) = await call.result("getUpdates")
    assert first["message"]["text"] == "/start"
    assert first["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]

    assert await call.result("getUpdates", offset=first["update_id"]) == [first]
    assert await call.result("getUpdates", offset=first["update_id"] + 1) == []
    assert await call.result("getUpdates") == []


async def test_a_limit_and_a_negative_offset_choose(call: Caller, sandbox: Sandbox) -> None:
    for text in ("ا", "ب", "ج"):
        await sandbox.say(SALMA, text)

    assert len(await call.result("getUpdates", limit=2)) == 2
    (last,) = await call.result("getUpdates", offset=-1)
    assert last["message"]["text"] == "ج"
    assert await call.result("getUpdates") == [last]


async def test_a_long_poll_ends_when_something_happens(call: Caller, sandbox: Sandbox) -> None:
    (first,) = await call.result("getUpdates")
    poll = asyncio.create_task(call.result("getUpdates", offset=first["update_id"] + 1, timeout=30))
    await sandbox.until(lambda: sandbox.desk.updates.is_awaited)

    await sandbox.say(SALMA, "خبر")

    (update,) = await poll
    assert update["message"]["text"] == "خبر"


async def test_a_second_poll_ends_the_first(call: Caller, sandbox: Sandbox) -> None:
    (first,) = await call.result("getUpdates")
    offset = first["update_id"] + 1
    old = asyncio.create_task(call("getUpdates", offset=offset, timeout=30))
    await sandbox.until(lambda: sandbox.desk.updates.is_awaited)

    new = asyncio.create_task(call("getUpdates", offset=offset, timeout=30))
    ended = await old
    await sandbox.say(SALMA, "خبر")

    assert ended["error_code"] == 409
    assert ended["description"] == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )
    assert len((await new)["result"]) == 1


async def test_closing_lets_a_long_poll_go(call: Caller, sandbox: Sandbox) -> None:
    (first,) = await call.result("getUpdates")
    poll = asyncio.create_task(call("getUpdates", offset=first["update_id"] + 1, timeout=30))
    await sandbox.until(lambda: sandbox.desk.updates.is_awaited)

    await sandbox.close()

    assert (await poll)["result"] == []


async def test_an_update_can_be_delivered_twice(call: Caller, sandbox: Sandbox) -> None:
    """T50; filipnet/checkmk-telegram-notify #1."""
    await sandbox.redeliver()
    (first,) = await call.result("getUpdates")
    await sandbox.say(SALMA, "بعد")

    again = await call.result("getUpdates", offset=first["update_id"] + 1)

    assert [update["message"]["text"] for update in again] == ["/start", "بعد"]
    assert again[0] == first
    after = await call.result("getUpdates", offset=again[-1]["update_id"] + 1)
    assert after == []


async def test_only_allowed_kinds_are_queued(call: Caller, sandbox: Sandbox) -> None:
    (first,) = await call.result("getUpdates", allowed_updates=["my_chat_member"])

    await sandbox.say(SALMA, "لا يصل")
    await sandbox.block(SALMA)

    (update,) = await call.result("getUpdates", offset=first["update_id"] + 1)
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_a_webhook_is_remembered_and_stops_polling(call: Caller) -> None:
    assert await call.result(
        "setWebhook", url="https://example.com/hook", allowed_updates=["message"]
    )

    assert (await call("getUpdates"))["error_code"] == 409
    assert await call.result("getWebhookInfo") == {
        "url": "https://example.com/hook",
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "max_connections": 40,
        "allowed_updates": ["message"],
    }
    assert await call.result("deleteWebhook", drop_pending_updates=True) is True
    assert await call.result("getUpdates") == []
    assert (await call.result("getWebhookInfo"))["url"] == ""


async def test_a_new_webhook_can_drop_what_is_pending(call: Caller) -> None:
    await call.result(
        "setWebhook", url="https://x.co/", drop_pending_updates=True, ip_address="192.0.2.1"
    )

    info = await call.result("getWebhookInfo")
    assert (info["pending_update_count"], info["ip_address"]) == (0, "192.0.2.1")


async def test_a_poll_without_news_ends_empty(sandbox: Sandbox) -> None:
    sandbox.desk.updates.drop()

    assert await sandbox.desk.updates.take(0, 100, patience=0.01) == []


async def test_a_deleted_message_is_not_told_as_seen(call: Caller, sandbox: Sandbox) -> None:
    stream = sandbox.desk.events.open()
    await call.result("deleteMessage", chat_id=SALMA, message_id=1)

    await call.result("getUpdates")

    event = stream.get_nowait()
    assert event is not None
    assert event["kind"] == "delete"
    assert stream.empty()


async def test_a_webhook_wants_https(call: Caller) -> None:
    assert await call.refusal("setWebhook", url="http://example.com") == (
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    )


async def test_a_webhook_ends_a_waiting_poll(call: Caller, sandbox: Sandbox) -> None:
    (first,) = await call.result("getUpdates")
    poll = asyncio.create_task(call("getUpdates", offset=first["update_id"] + 1, timeout=30))
    await sandbox.until(lambda: sandbox.desk.updates.is_awaited)

    await call.result("setWebhook", url="https://example.com/hook")

    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
