"""The page's and the scripts' side: state, events, log and acts over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.sandbox import doors
from bot.sandbox.server import TOKEN, Sandbox
from tests.sandbox.conftest import CHANNEL, GROUP, SALMA, YOUNES, Caller, button


async def act(call: Caller, name: str, **body: Any) -> Any:
    async with call.session.post(f"{call.address}/_sandbox/{name}", json=body) as answer:
        return await answer.json()


async def lines(call: Caller, query: str = "") -> list[dict[str, Any]]:
    text = await (await call.get(f"/_sandbox/log{query}")).text()
    return [json.loads(line) for line in text.splitlines()]


async def test_the_state_has_what_the_page_shows(call: Caller, sandbox: Sandbox) -> None:
    await sandbox.crowd(9000, 2)
    await call.result("setMyDescription", description="أخبار")
    await call.result("sendMessage", chat_id=SALMA, text="أهلا", reply_markup=button())

    state = await (await call.get("/_sandbox/state")).json()

    assert state["bot"]["username"] == "mujaz_demo_bot"
    assert state["people"][0] == {"id": SALMA, "name": "سلمى", "role": "قارئة", "chat": SALMA}
    assert [chat["kind"] for chat in state["chats"]] == ["group", "channel"]
    assert [m["text"] for m in state["messages"][str(SALMA)]] == ["/start", "أهلا"]
    assert state["messages"][str(SALMA)][1]["reply_markup"] == button()
    assert state["messages"][str(CHANNEL)] == []
    assert state["description"] == "أخبار"
    assert len(state["people"]) == 3
    everybody = await (await call.get("/_sandbox/state?all=1")).json()
    assert len(everybody["people"]) == 5


async def test_the_log_has_every_call_accepted_or_refused(call: Caller) -> None:
    await call.result("sendMessage", chat_id=SALMA, text="خ" * 200)
    await call.refusal("sendMessage", chat_id=5, text="a")
    await call.raw("/bot1:wrong/getMe")
    await call.raw(f"/bot{TOKEN}/getMe", data=b"{", headers={"Content-Type": "application/json"})

    sent, refused, stranger, unread = await lines(call)

    assert sent == {
        "n": 1,
        "time": 1_800_000_000.0,
        "method": "sendMessage",
        "chat": SALMA,
        "message_id": 2,
        "error": None,
        "text": "خ" * 80,
    }
    assert (refused["chat"], refused["error"]) == (5, "Bad Request: chat not found")
    assert stranger["error"] == "Unauthorized"
    assert unread["error"] == "Bad Request: can't parse request body as JSON"
    assert [line["n"] for line in await lines(call, "?since=2")] == [3, 4]
    assert [line["n"] for line in await lines(call, "?since=1&method=getMe")] == [3, 4]
    assert (await call.get("/_sandbox/log?since=x")).status == 400


async def test_events_tell_what_happens(call: Caller, sandbox: Sandbox) -> None:
    async with call.session.get(f"{call.address}/_sandbox/events") as stream:
        assert stream.content_type == "text/event-stream"
        assert await stream.content.readuntil(b"\n\n") == b": open\n\n"

        async def event() -> dict[str, Any]:
            line = await stream.content.readuntil(b"\n\n")
            read: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
            return read

        sent = await call.result(
            "sendMessage", chat_id=SALMA, text="<b>أهلا</b>", parse_mode="HTML"
        )
        told = await event()
        assert (told["kind"], told["chat"], told["message"]) == ("message", SALMA, sent)

        where = {"chat_id": SALMA, "message_id": sent["message_id"]}
        await call.result("editMessageText", **where, text="ب", reply_markup=button())
        assert ((told := await event())["kind"], told["message"]["text"]) == ("edit", "ب")

        await call.result("sendChatAction", chat_id=SALMA, action="typing")
        assert await event() == {"kind": "action", "chat": SALMA, "action": "typing"}

        tapped = await sandbox.tap(SALMA, sent["message_id"], "1:a", wait=0)
        await call.result("answerCallbackQuery", callback_query_id=tapped["query_id"], text="تم")
        told = await event()
        assert (told["kind"], told["person"]) == ("answer", SALMA)
        assert told["answer"] == {"text": "تم", "show_alert": False}

        await call.result("getUpdates")
        told = await event()
        assert (told["kind"], told["message"]["text"]) == ("seen", "/start")

        await call.result("setMyCommands", commands=[])
        assert await event() == {"kind": "commands", "chat": None, "commands": []}

        await call.result("deleteMessage", **where)
        assert ((told := await event())["kind"], told["message"]["message_id"]) == (
            "delete",
            sent["message_id"],
        )

        await sandbox.close()
        assert await stream.content.read() == b""


async def test_a_script_is_a_person(call: Caller) -> None:
    said = await act(call, "say", person=YOUNES, text="/start x")
    assert said["entities"][0]["type"] == "bot_command"
    sent = await call.result("sendMessage", chat_id=YOUNES, text="أهلا", reply_markup=button())

    path = "tap?wait=0"
    tapped = await act(call, path, person=YOUNES, message_id=sent["message_id"], data="1:a")
    assert tapped["answer"] is None

    assert await act(call, "block", person=YOUNES) == {"ok": True}
    assert "blocked" in await call.refusal("sendMessage", chat_id=YOUNES, text="a")
    assert await act(call, "unblock", person=YOUNES) == {"ok": True}
    assert (await act(call, "send", person=YOUNES, kind="sticker"))["sticker"]
    edited = await act(
        call, "edit", person=YOUNES, chat=YOUNES, message_id=said["message_id"], text="/stop"
    )
    assert edited["text"] == "/stop"


async def test_a_script_changes_the_circumstances(call: Caller) -> None:
    assert await act(call, "people", first=700, count=2) == {"ok": True}
    await call.result("sendMessage", chat_id=701, text="a")
    assert (await act(call, "chat", act="migrate", chat=GROUP))["type"] == "supergroup"
    assert await act(call, "rates", chat=1) == {"ok": True}
    await call.result("sendMessage", chat_id=SALMA, text="a")
    assert "retry after" in await call.refusal("sendMessage", chat_id=SALMA, text="a")
    assert await act(call, "rates", chat=None) == {"ok": True}
    await call.result("sendMessage", chat_id=SALMA, text="a")
    fault = {"kind": 429, "retry_after": 7, "count": 1, "chat": None}
    assert await act(call, "fault", **fault) == {"ok": True}
    assert "retry after 7" in await call.refusal("sendMessage", chat_id=SALMA, text="a")
    assert await act(call, "redeliver") == {"ok": True}
    assert await act(call, "deactivate", person=SALMA) == {"ok": True}


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("say", {"person": SALMA}, "text"),
        ("say", {"person": "1001", "text": "a"}, "person must be"),
        ("say", {"person": SALMA, "text": 5}, "text must be"),
        ("say", {"person": SALMA, "text": "a", "loudly": True}, "loudly"),
        ("say", {"person": 77, "text": "a"}, "user not found"),
        ("say", {"person": SALMA, "text": "خ" * 4097}, "too long"),
        ("tap", {"person": SALMA, "message_id": 99, "data": "x"}, "message to tap not found"),
        ("send", {"person": SALMA, "kind": "dance"}, "kind must be"),
        ("send", {"person": SALMA, "kind": "forward", "from_chat": 1, "message_id": 1}, "forward"),
        ("fault", {"kind": "quake"}, "no fault is called"),
        ("rates", {"bot": 0}, "a rate is a number above 0"),
        ("rates", {"moon": 5}, "moon"),
    ],
)
async def test_an_act_that_cannot_be_says_why(
    call: Caller, name: str, body: dict[str, Any], words: str
) -> None:
    async with call.session.post(f"{call.address}/_sandbox/{name}", json=body) as answer:
        assert answer.status == 400
        assert words in (await answer.json())["error"]


@pytest.mark.parametrize("query", ["", "?wait=1", "?wait=soon"])
@pytest.mark.parametrize("body", [b"[1]", b"{", b"5"])
async def test_an_act_wants_a_json_object(call: Caller, body: bytes, query: str) -> None:
    async with call.session.post(f"{call.address}/_sandbox/tap{query}", data=body) as answer:
        assert answer.status == 400


async def test_another_site_may_not_act(call: Caller) -> None:
    url = f"{call.address}/_sandbox/block"
    for origin, status in (("https://evil.example", 403), (call.address, 200)):
        headers = {"Origin": origin}
        async with call.session.post(url, json={"person": SALMA}, headers=headers) as answer:
            assert answer.status == status


@pytest.mark.parametrize(
    "path", ["/page/server.py", "/page/..%2fserver.py", "/_sandbox/file/x", "/nowhere"]
)
async def test_nothing_else_is_served(call: Caller, path: str) -> None:
    assert (await call.get(path)).status == 404


async def test_an_unknown_act_is_not_found(call: Caller) -> None:
    async with call.session.post(f"{call.address}/_sandbox/sing", json={}) as answer:
        assert answer.status == 404


async def test_a_message_to_the_crowd_is_no_event(call: Caller, sandbox: Sandbox) -> None:
    await sandbox.crowd(9000)
    stream = sandbox.desk.events.open()

    await call.result("sendMessage", chat_id=9000, text="a")
    await call.result("sendMessage", chat_id=SALMA, text="b")

    event = stream.get_nowait()
    assert event is not None
    assert event["message"]["text"] == "b"
    assert stream.empty()


async def test_a_stream_that_falls_behind_is_ended(sandbox: Sandbox) -> None:
    stream = sandbox.desk.events.open()

    for _ in range(1001):
        sandbox.desk.tell_chat("action", SALMA, action="typing")

    told = [stream.get_nowait() for _ in range(stream.qsize())]
    assert told[-1] is None
    assert not sandbox.desk.events.watched


async def test_a_full_stream_is_ended_at_closing_too(sandbox: Sandbox) -> None:
    stream = sandbox.desk.events.open()
    for _ in range(1000):
        sandbox.desk.tell_chat("action", SALMA, action="typing")

    sandbox.desk.events.close()

    assert [stream.get_nowait() for _ in range(stream.qsize())][-1] is None


async def test_a_silent_stream_shows_signs_of_life_and_ends_when_the_page_goes(
    call: Caller, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "HEARTBEAT", 0.01)

    async with call.session.get(f"{call.address}/_sandbox/events") as stream:
        await stream.content.readuntil(b"\n\n")
        assert await stream.content.readuntil(b"\n\n") == b": still here\n\n"
        stream.close()

    await sandbox.until(lambda: not sandbox.desk.events.watched)


@pytest.mark.parametrize(
    ("path", "mime"), [("/", "text/html"), ("/page/page.js", "text/javascript")]
)
async def test_the_page_is_served(call: Caller, path: str, mime: str) -> None:
    answer = await call.get(path)

    assert (answer.status, answer.content_type) == (200, mime)


async def test_the_log_is_json_lines(call: Caller) -> None:
    answer = await call.get("/_sandbox/log")

    assert answer.content_type == "application/x-ndjson"
