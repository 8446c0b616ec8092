"""Updates are brought to the webhook, with its secret, again and again until it takes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.courier import SECRET, chat_of
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import GROUP, SALMA, YOUNES, Caller


class Hook:
    """A bot's webhook that answers what it is told to and remembers what it got."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.answers: list[int] = []
        self.got: list[tuple[str, str | None]] = []
        self.address = ""

    @property
    def texts(self) -> list[str]:
        return [text for text, _ in self.got]

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.got.append((update["message"]["text"], request.headers.get(SECRET)))
        self._sandbox.desk.events.pulse()
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


@pytest.fixture
async def hook(sandbox: Sandbox) -> AsyncIterator[Hook]:
    sandbox.desk.courier._pause = 0.001
    hook = Hook(sandbox)
    app = web.Application()
    app.add_routes([web.post("/hook", hook.take)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.address = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def emptied(sandbox: Sandbox) -> None:
    await sandbox.until(lambda: not len(sandbox.desk.updates))


async def test_what_is_pending_and_what_comes_is_brought_with_the_secret(
    call: Caller, sandbox: Sandbox, hook: Hook
) -> None:
    assert await call.result("setWebhook", url=hook.address, secret_token="s3cret-_")
    await sandbox.say(SALMA, "بعد")

    await emptied(sandbox)

    assert hook.got == [("/start", "s3cret-_"), ("بعد", "s3cret-_")]
    info = await call.result("getWebhookInfo")
    assert (info["pending_update_count"], "last_error_date" in info) == (0, False)


async def test_a_refused_update_comes_again_before_the_next_of_its_chat(
    call: Caller, sandbox: Sandbox, hook: Hook
) -> None:
    hook.answers = [500, 503, 404, 200]
    await sandbox.say(SALMA, "بعد")

    await call.result("setWebhook", url=hook.address)
    await emptied(sandbox)

    assert hook.texts == ["/start", "/start", "/start", "/start", "بعد"]
    info = await call.result("getWebhookInfo")
    assert info["last_error_date"] == 1_800_000_000
    assert info["last_error_message"] == "Wrong response from the webhook: 404 Not Found"


async def test_a_chat_whose_update_fails_does_not_hold_up_another(
    call: Caller, sandbox: Sandbox, hook: Hook
) -> None:
    sandbox.desk.courier._pause = 3600
    hook.answers = [500, 500]
    await call.result("setWebhook", url=hook.address)
    await sandbox.until(lambda: hook.texts.count("/start") == 2)

    await sandbox.say(YOUNES, "خبر")

    await sandbox.until(lambda: "خبر" in hook.texts)
    assert (await call.result("getWebhookInfo"))["pending_update_count"] == 1


async def test_a_dead_webhook_gets_everything_when_it_lives_again(
    call: Caller, sandbox: Sandbox, hook: Hook
) -> None:
    await sandbox.fault("webhook_dead")
    await call.result("setWebhook", url=hook.address)
    await sandbox.until(lambda: sandbox.desk.updates.webhook.error)
    info = await call.result("getWebhookInfo")
    assert (info["last_error_message"], info["pending_update_count"]) == ("Connection refused", 1)
    assert hook.got == []

    await sandbox.fault("none")

    await emptied(sandbox)
    assert hook.texts == ["/start"]


async def test_a_webhook_where_nobody_listens_is_told(call: Caller, sandbox: Sandbox) -> None:
    await call.result("setWebhook", url="http://127.0.0.1:1/hook")

    await sandbox.until(lambda: sandbox.desk.updates.webhook.error)

    assert sandbox.desk.updates.webhook.error == "Connection refused"


async def test_a_webhook_that_hangs_up_is_told(call: Caller, sandbox: Sandbox) -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await call.result("setWebhook", url=f"http://127.0.0.1:{port}/hook")

        await sandbox.until(lambda: sandbox.desk.updates.webhook.error)

    assert sandbox.desk.updates.webhook.error == "Webhook connection closed"


async def test_what_was_not_taken_is_polled_after_the_webhook_is_deleted(
    call: Caller, sandbox: Sandbox, hook: Hook
) -> None:
    sandbox.desk.courier._pause = 3600
    hook.answers = [500, 500]
    await call.result("setWebhook", url=hook.address)
    await sandbox.until(lambda: len(hook.got) == 2)
    assert (await call("getUpdates"))["error_code"] == 409

    await call.result("deleteWebhook")

    (update,) = await call.result("getUpdates")
    assert update["message"]["text"] == "/start"


async def test_a_webhook_elsewhere_is_never_called(call: Caller, sandbox: Sandbox) -> None:
    await call.result("setWebhook", url="https://example.com/hook")
    await sandbox.say(SALMA, "خبر")

    info = await call.result("getWebhookInfo")
    assert (info["pending_update_count"], "last_error_message" in info) == (2, False)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"url": "http://example.com/a"}, "bad webhook: An HTTPS URL must be provided"),
        ({"url": "https://example.com:81/a"}, "only on ports 80, 88, 443 or 8443"),
        ({"url": "hook"}, "invalid webhook URL specified"),
        ({"url": "https://[/"}, "invalid webhook URL specified"),
        (
            {"url": "https://a.co", "secret_token": "س"},
            "secret token contains unallowed characters",
        ),
        ({"url": "https://a.co", "secret_token": "s" * 257}, "secret token is too long"),
    ],
)
async def test_a_webhook_that_telegram_would_not_call_is_refused(
    call: Caller, given: dict[str, Any], words: str
) -> None:
    assert words in await call.refusal("setWebhook", **given)


async def test_another_instance_takes_the_updates_away(call: Caller, sandbox: Sandbox) -> None:
    await sandbox.fault("conflict", count=1)

    assert (await call.result("getMe"))["is_bot"]
    taken = await call("getUpdates")

    assert (taken["error_code"], "make sure that only one bot" in taken["description"]) == (
        409,
        True,
    )
    assert len(await call.result("getUpdates")) == 1


@pytest.mark.parametrize(
    ("update", "chat"),
    [
        ({"update_id": 1, "message": {"chat": {"id": GROUP}, "from": {"id": SALMA}}}, GROUP),
        ({"callback_query": {"from": {"id": SALMA}, "message": {"chat": {"id": GROUP}}}}, GROUP),
        ({"inline_query": {"from": {"id": SALMA}}, "update_id": 1}, SALMA),
    ],
)
def test_an_update_takes_the_turn_of_its_chat(update: dict[str, Any], chat: int) -> None:
    assert chat_of(update) == chat
