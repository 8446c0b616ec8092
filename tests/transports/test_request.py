"""Our HTTP under the library, against a real server on this machine: what fails, and how surely."""

from __future__ import annotations

import asyncio
import json
import socket
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot, InputFile
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.transports.telegram.request import (
    AiohttpRequest,
    NotSentError,
    SilenceError,
    UnknownFateError,
)
from tests.transports.wire import Call, free_port, hang_up, stall, wire

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
MESSAGE = json.dumps(
    {"ok": True, "result": {"message_id": 7, "date": 1, "chat": {"id": 5, "type": "private"}}}
)


@asynccontextmanager
async def bot_at(root: str, **options: object) -> AsyncIterator[Bot]:
    request = AiohttpRequest(**{"connections": 4, **options})  # type: ignore[arg-type]
    async with request:
        yield Bot(TOKEN, base_url=f"{root}/bot", request=request, get_updates_request=request)


async def accept(call: Call) -> None:
    await call.answer(MESSAGE)


async def fails(root: str, expected: type[TelegramError], **options: object) -> TelegramError:
    """Send one message that must fail; no text of the failure may hold the token."""
    async with bot_at(root, **options) as bot:
        with pytest.raises(expected) as caught:
            await bot.send_message(5, "نص")
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert TOKEN not in told
    assert TOKEN.split(":")[1] not in told
    return caught.value


async def test_a_refused_connection_was_surely_not_sent() -> None:
    """T42; HKUDS/nanobot #1099."""
    error = await fails(f"http://127.0.0.1:{free_port()}", NotSentError)

    assert "no connection to Telegram" in error.message


async def test_an_unknown_name_was_surely_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", lost)

    error = await fails("http://bot-api.invalid", NotSentError)

    assert "no connection to Telegram" in error.message


async def test_a_failed_tls_handshake_was_surely_not_sent() -> None:
    async def speak_plainly(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(speak_plainly, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        error = await fails(f"https://127.0.0.1:{port}", NotSentError)

    assert "SSL" in error.message


async def test_no_free_connection_in_time_was_surely_not_sent() -> None:
    """T42: a pool time-out is `Later`, never bad HTML (HKUDS/nanobot #3050)."""
    async with (
        wire(stall) as there,
        bot_at(there.root, connections=1, pool_timeout=0.05, connect_timeout=0.0) as bot,
    ):
        first = asyncio.create_task(bot.send_message(5, "أول", connect_timeout=5))
        while not there.calls:
            await asyncio.sleep(0)

        with pytest.raises(NotSentError):
            await bot.send_message(5, "ثان")

        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
    assert len(there.calls) == 1


async def test_a_hang_up_before_the_answer_leaves_the_fate_unknown() -> None:
    async with wire(hang_up) as there:
        error = await fails(there.root, UnknownFateError)
        assert len(there.calls) == 1, "a call of unknown fate is never repeated here"
    assert not isinstance(error, TimedOut)


async def test_a_hang_up_in_the_middle_of_the_answer_leaves_the_fate_unknown() -> None:
    async def half(call: Call) -> None:
        call.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        await call.writer.drain()
        call.writer.close()

    async with wire(half) as there:
        error = await fails(there.root, UnknownFateError)

    assert "broke before Telegram answered" in error.message


async def test_silence_after_writing_leaves_the_fate_unknown() -> None:
    async with wire(stall) as there:
        error = await fails(there.root, SilenceError, read_timeout=0.05)
    assert isinstance(error, UnknownFateError)
    assert isinstance(error, TimedOut), "the library's own polling looks for this class"


async def test_a_call_may_bring_its_own_read_timeout_as_get_updates_does() -> None:
    async with wire(stall) as there, bot_at(there.root, read_timeout=60) as bot:
        with pytest.raises(SilenceError):
            await bot.send_message(5, "نص", read_timeout=0.05)


@pytest.mark.parametrize("status", ["500 Internal Server Error", "502 Bad Gateway", "504 Late"])
async def test_a_server_error_leaves_the_fate_unknown(status: str) -> None:
    async def broken(call: Call) -> None:
        await call.answer("<html>nginx</html>", status)

    async with wire(broken) as there:
        error = await fails(there.root, UnknownFateError)

    assert error.message == f"Telegram answered {status.split()[0]}"


async def test_a_page_instead_of_an_answer_leaves_the_fate_unknown() -> None:
    async def portal(call: Call) -> None:
        await call.answer("<html>welcome to our network</html>")

    async with wire(portal) as there:
        error = await fails(there.root, UnknownFateError)

    assert error.message == "an answer 200 that is not the Bot API's"


@pytest.mark.parametrize("status", ["302 Found", "403 Forbidden", "404 Not Found"])
async def test_a_refusal_that_is_not_the_bot_apis_blames_no_reader(status: str) -> None:
    async def proxy(call: Call) -> None:
        await call.answer("<html>not on this network</html>", status)

    async with wire(proxy) as there:
        error = await fails(there.root, NotSentError)

    assert error.message == f"refused on the way to Telegram with {status.split()[0]}"


@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [
        ("400 Bad Request", {"description": "Bad Request: chat not found"}, BadRequest),
        ("403 Forbidden", {"description": "Forbidden: bot was kicked"}, Forbidden),
        ("429 Too Many Requests", {"parameters": {"retry_after": 3}}, RetryAfter),
    ],
)
async def test_what_telegram_answers_reaches_the_library(
    status: str, answer: dict[str, object], expected: type[TelegramError]
) -> None:
    async def refuse(call: Call) -> None:
        await call.answer(json.dumps({"ok": False, **answer}), status)

    async with wire(refuse) as there:
        await fails(there.root, expected)


async def test_it_heals_without_a_restart_once_the_server_is_back() -> None:
    """T42; HKUDS/nanobot #3050."""
    port = free_port()
    async with bot_at(f"http://127.0.0.1:{port}") as bot:
        with pytest.raises(NotSentError):
            await bot.send_message(5, "نص")
        async with wire(hang_up, port):
            with pytest.raises(UnknownFateError):
                await bot.send_message(5, "نص")
        async with wire(accept, port):
            assert (await bot.send_message(5, "نص")).message_id == 7


async def test_a_connection_closed_while_idle_was_surely_not_sent() -> None:
    async with wire(accept) as there, AiohttpRequest(connections=1) as request:
        bot = Bot(TOKEN, f"{there.root}/bot", request=request, get_updates_request=request)
        await bot.send_message(5, "نص")
        await there.close()

        with pytest.raises(NotSentError):
            await bot.send_message(5, "نص")


async def test_words_travel_as_utf8_json_with_their_types() -> None:
    async with wire(accept) as there, bot_at(there.root) as bot:
        await bot.send_message(5, "نص 😀", disable_notification=True, reply_parameters=None)

    (call,) = there.calls
    assert "content-type: application/json" in call.head.lower()
    assert json.loads(call.body) == {"chat_id": 5, "text": "نص 😀", "disable_notification": True}
    assert "نص".encode() in call.body


async def test_half_a_character_stops_nothing() -> None:
    async with wire(accept) as there, bot_at(there.root) as bot:
        await bot.send_message(5, "قبل\ud83dبعد")

    assert json.loads(there.calls[0].body)["text"] == "قبل?بعد"


async def test_a_file_travels_as_multipart() -> None:
    async with wire(accept) as there, bot_at(there.root) as bot:
        await bot.send_document(5, InputFile(b"one,two", filename="x.csv"), caption="ملف")

    (call,) = there.calls
    assert "content-type: multipart/form-data" in call.head.lower()
    assert b"one,two" in call.body
    assert 'filename="x.csv"' in call.body.decode()
    assert "ملف" in call.body.decode()


async def test_fifty_calls_at_once_share_the_pool() -> None:
    everyone = asyncio.Barrier(50)

    async def together(call: Call) -> None:
        await everyone.wait()
        await call.answer(MESSAGE)

    async with wire(together) as there, bot_at(there.root, connections=50) as bot:
        sent = await asyncio.gather(*(bot.send_message(n, "نص") for n in range(1, 51)))

    assert len(sent) == there.connections == 50


async def test_calls_one_after_the_other_share_a_connection() -> None:
    async with wire(accept) as there, bot_at(there.root) as bot:
        for chat in range(1, 4):
            await bot.send_message(chat, "نص")

    assert (len(there.calls), there.connections) == (3, 1)


async def test_calls_go_through_the_proxy_that_is_given() -> None:
    async with (
        wire(accept) as there,
        bot_at("http://bot-api.invalid", proxy=f"http://me:pw@127.0.0.1:{there.port}") as bot,
    ):
        await bot.send_message(5, "نص")

    head = there.calls[0].head
    assert head.startswith(f"POST http://bot-api.invalid/bot{TOKEN}/sendMessage ")
    assert "proxy-authorization: basic" in head.lower()


async def test_an_unreachable_proxy_was_surely_not_sent_and_tells_no_password() -> None:
    error = await fails(
        "http://bot-api.invalid", NotSentError, proxy=f"http://me:pw-1@127.0.0.1:{free_port()}"
    )
    assert "pw-1" not in "".join(traceback.format_exception(error))


async def test_a_file_that_is_fetched_may_hold_anything() -> None:
    async def picture(call: Call) -> None:
        await call.answer("GIF89a")

    async with wire(picture) as there, AiohttpRequest(connections=1) as request:
        assert await request.retrieve(f"{there.root}/file") == b"GIF89a"


async def test_an_address_nobody_can_read_was_surely_not_sent() -> None:
    error = await fails("http://[", NotSentError)

    assert "http" not in error.message, "an address holds the token"


async def test_a_call_before_the_beginning_says_what_is_missing() -> None:
    request = AiohttpRequest(connections=1)

    with pytest.raises(RuntimeError, match="initialize"):
        await request.do_request("http://127.0.0.1/", "POST")


async def test_opening_and_closing_twice_is_doing_it_once() -> None:
    request = AiohttpRequest(connections=1)

    await request.initialize()
    await request.initialize()
    await request.shutdown()
    await request.shutdown()

    with pytest.raises(RuntimeError, match="initialize"):
        await request.do_request("http://127.0.0.1/", "POST")


async def test_endless_timeouts_are_allowed() -> None:
    async with wire(accept) as there, AiohttpRequest(connections=1) as request:
        answer = await request.do_request(
            f"{there.root}/bot/x",
            "POST",
            RequestData([]),
            read_timeout=None,
            write_timeout=None,
            connect_timeout=None,
            pool_timeout=BaseRequest.DEFAULT_NONE,
        )

    assert answer == (200, MESSAGE.encode())


def test_every_failure_of_ours_is_a_network_error_for_the_library() -> None:
    assert issubclass(NotSentError, NetworkError)
    assert issubclass(SilenceError, UnknownFateError)
    assert not issubclass(NotSentError, UnknownFateError)
