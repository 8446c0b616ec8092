"""What a bot may send, to whom, and how it is told no: over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.sandbox.server import TOKEN, Sandbox
from tests.sandbox.conftest import CHANNEL, GROUP, KARIM, SALMA, YOUNES, Caller, Clock, button


async def test_a_text_arrives_with_its_entities(call: Caller) -> None:
    sent = await call.result(
        "sendMessage", chat_id=SALMA, text="<b>خبر</b>", parse_mode="HTML", reply_markup=button()
    )

    assert sent["text"] == "خبر"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    assert sent["reply_markup"] == button()
    assert sent["chat"] == {
        "id": SALMA,
        "type": "private",
        "first_name": "سلمى",
        "username": "salma_demo",
    }
    assert sent["from"]["is_bot"] is True


@pytest.mark.parametrize("way", ["json", "form", "query", "multipart"])
async def test_parameters_arrive_in_every_way_a_bot_may_send_them(call: Caller, way: str) -> None:
    path = f"/bot{TOKEN}/sendMessage"
    fields = {"chat_id": str(SALMA), "text": "نعم & لا", "reply_markup": json.dumps(button())}
    match way:
        case "json":
            answer = await call.raw(path, json=fields)
        case "form":
            answer = await call.raw(path, data=fields)
        case "query":
            answer = await (await call.session.get(call.address + path, params=fields)).json()
        case _:
            import aiohttp

            form = aiohttp.FormData(fields, default_to_multipart=True)
            answer = await call.raw(path, data=form)

    assert answer["result"]["text"] == "نعم & لا"
    assert answer["result"]["reply_markup"] == button()


@pytest.mark.parametrize(
    ("chat", "code", "words"),
    [
        (KARIM, 403, "Forbidden: bot can't initiate conversation with a user"),
        (424242, 400, "Bad Request: chat not found"),
        ("@nobody_here", 400, "Bad Request: chat not found"),
    ],
)
async def test_a_bot_may_not_write_to_whom_it_does_not_know(
    call: Caller, chat: int | str, code: int, words: str
) -> None:
    answer = await call("sendMessage", chat_id=chat, text="a")

    assert (answer["error_code"], answer["description"]) == (code, words)


async def test_a_blocked_bot_is_told_so_until_it_is_unblocked(
    call: Caller, sandbox: Sandbox
) -> None:
    await sandbox.block(SALMA)
    answer = await call("sendMessage", chat_id=SALMA, text="a")
    assert answer["error_code"] == 403
    assert answer["description"] == "Forbidden: bot was blocked by the user"

    await sandbox.unblock(SALMA)
    await call.result("sendMessage", chat_id=SALMA, text="a")


async def test_a_deactivated_user_is_told_of(call: Caller, sandbox: Sandbox) -> None:
    await sandbox.deactivate(SALMA)

    assert await call.refusal("sendMessage", chat_id=SALMA, text="a") == (
        "Forbidden: user is deactivated"
    )


async def test_a_channel_is_written_to_by_its_name(call: Caller) -> None:
    sent = await call.result("sendMessage", chat_id="@mujaz_demo_channel", text="خبر")

    assert sent["chat"]["id"] == CHANNEL
    assert "from" not in sent
    assert sent["sender_chat"]["id"] == CHANNEL


async def test_a_channel_wants_an_administrator(call: Caller, sandbox: Sandbox) -> None:
    sandbox.desk.world.chats[CHANNEL].bot = "member"

    assert await call.refusal("sendMessage", chat_id=CHANNEL, text="a") == (
        "Bad Request: need administrator rights in the channel chat"
    )


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (button("خ" * 33), "BUTTON_DATA_INVALID"),
        (button(""), "BUTTON_DATA_INVALID"),
        ({"inline_keyboard": [[{"text": "a"}]]}, "Text buttons are unallowed"),
        ({"inline_keyboard": [[{"text": " ", "callback_data": "a"}]]}, "text must be non-empty"),
        (
            {"inline_keyboard": [[{"text": "a", "callback_data": "a", "url": "https://x.co"}]]},
            "exactly one",
        ),
        ({"inline_keyboard": [[{"text": "a", "url": "javascript:x"}]]}, "Unsupported URL protocol"),
        ({"inline_keyboard": [[{"text": "a", "url": "ftp://x.co"}]]}, "Unsupported URL protocol"),
        ({"inline_keyboard": [[{"text": "a", "url": "here"}]]}, "Wrong HTTP URL"),
        ({"inline_keyboard": [[{"text": "a", "callback_data": "a"}]] * 101}, "markup is too long"),
    ],
)
async def test_a_keyboard_telegram_would_not_take_is_refused(
    call: Caller, markup: dict[str, Any], words: str
) -> None:
    words_said = await call.refusal("sendMessage", chat_id=SALMA, text="a", reply_markup=markup)

    assert words_said.startswith("Bad Request: ")
    assert words in words_said


async def test_callback_data_of_64_bytes_is_taken(call: Caller) -> None:
    sent = await call.result("sendMessage", chat_id=SALMA, text="a", reply_markup=button("خ" * 32))

    assert sent["reply_markup"] == button("خ" * 32)


async def test_a_reply_carries_what_it_answers(call: Caller, sandbox: Sandbox) -> None:
    said = await sandbox.say(SALMA, "سؤال")

    to = {"message_id": said["message_id"]}
    sent = await call.result("sendMessage", chat_id=SALMA, text="جواب", reply_parameters=to)

    assert sent["reply_to_message"]["text"] == "سؤال"


async def test_a_reply_to_nothing_is_refused_unless_allowed(call: Caller) -> None:
    lost: dict[str, Any] = {"message_id": 999}
    words = await call.refusal("sendMessage", chat_id=SALMA, text="a", reply_parameters=lost)
    assert words == "Bad Request: message to be replied not found"

    lost["allow_sending_without_reply"] = True
    sent = await call.result("sendMessage", chat_id=SALMA, text="a", reply_parameters=lost)
    assert "reply_to_message" not in sent


async def test_a_copy_says_the_same_without_its_keyboard(call: Caller, sandbox: Sandbox) -> None:
    await sandbox.say(YOUNES, "/start")
    source = await call.result("sendMessage", chat_id=SALMA, text="#خبر", reply_markup=button())

    copy = await call.result(
        "copyMessage", chat_id=YOUNES, from_chat_id=SALMA, message_id=source["message_id"]
    )

    message = sandbox.desk.world.message(YOUNES, copy["message_id"])
    assert message is not None
    assert (message.content.text, message.markup) == ("#خبر", None)
    assert set(copy) == {"message_id"}


async def test_a_copied_photo_takes_another_caption(call: Caller, sandbox: Sandbox) -> None:
    photo = await sandbox.send(SALMA, "photo", text="قديم")

    copy = await call.result(
        "copyMessage",
        chat_id=SALMA,
        from_chat_id=SALMA,
        message_id=photo["message_id"],
        caption="<i>جديد</i>",
        parse_mode="HTML",
    )

    message = sandbox.desk.world.message(SALMA, copy["message_id"])
    assert message is not None
    assert message.content.text == "جديد"
    assert message.content.media is not None


async def test_a_forward_tells_its_origin(call: Caller, sandbox: Sandbox) -> None:
    said = await sandbox.say(SALMA, "خبر")

    sent = await call.result(
        "forwardMessage", chat_id=SALMA, from_chat_id=SALMA, message_id=said["message_id"]
    )

    assert sent["forward_origin"]["sender_user"]["id"] == SALMA


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("copyMessage", "Bad Request: message to copy not found"),
        ("forwardMessage", "Bad Request: message to forward not found"),
    ],
)
async def test_an_unknown_message_cannot_go_on(call: Caller, method: str, words: str) -> None:
    assert words == await call.refusal(method, chat_id=SALMA, from_chat_id=SALMA, message_id=999)


async def test_a_protected_message_stays(call: Caller) -> None:
    sent = await call.result("sendMessage", chat_id=SALMA, text="a", protect_content=True)

    where = {"chat_id": SALMA, "from_chat_id": SALMA, "message_id": sent["message_id"]}
    assert await call.refusal("copyMessage", **where) == "Bad Request: message can't be copied"
    assert await call.refusal("forwardMessage", **where) == (
        "Bad Request: message can't be forwarded"
    )


async def test_a_topic_that_is_not_there_is_refused(call: Caller) -> None:
    assert await call.refusal("sendMessage", chat_id=GROUP, text="a", message_thread_id=5) == (
        "Bad Request: message thread not found"
    )
    words = await call.refusal("sendMessage", chat_id=SALMA, text="a", business_connection_id="5")
    assert words == "Bad Request: business connection not found"


async def test_an_empty_keyboard_is_none(call: Caller) -> None:
    empty: dict[str, Any] = {"inline_keyboard": [[]]}

    sent = await call.result("sendMessage", chat_id=SALMA, text="a", reply_markup=empty)

    assert "reply_markup" not in sent


async def test_a_chat_keeps_its_last_500_messages(call: Caller, sandbox: Sandbox) -> None:
    for _ in range(500):
        await sandbox.say(SALMA, "كلام")

    kept = list(sandbox.desk.world.messages(SALMA))

    assert (len(kept), kept[0].id) == (500, 2)


async def test_the_flood_limits_answer_429_and_a_refused_send_is_not_counted(
    call: Caller, sandbox: Sandbox, clock: Clock
) -> None:
    await sandbox.rates(chat=1)
    words = await call.refusal("sendMessage", chat_id=SALMA, text="<b>", parse_mode="HTML")
    assert "can't parse entities" in words
    await call.result("sendMessage", chat_id=SALMA, text="a")

    answer = await call("sendMessage", chat_id=SALMA, text="a")

    assert answer["error_code"] == 429
    assert answer["description"] == "Too Many Requests: retry after 1"
    assert answer["parameters"] == {"retry_after": 1}
    clock.forward(1)
    await call.result("sendMessage", chat_id=SALMA, text="a")


async def test_edits_answers_and_actions_are_no_sends(call: Caller, sandbox: Sandbox) -> None:
    await sandbox.rates(chat=1)
    sent = await call.result("sendMessage", chat_id=SALMA, text="a")

    for text in ("b", "c"):
        where = {"chat_id": SALMA, "message_id": sent["message_id"]}
        await call.result("editMessageText", **where, text=text)
    assert await call.result("sendChatAction", chat_id=SALMA, action="typing") is True


async def test_an_unknown_action_is_refused(call: Caller) -> None:
    assert await call.refusal("sendChatAction", chat_id=SALMA, action="juggling") == (
        "Bad Request: wrong parameter action in request"
    )
