"""Edits, deletions and answers to buttons: over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import GROUP, KARIM, SALMA, Caller, Clock, button


@pytest.fixture
async def sent(call: Caller) -> dict[str, Any]:
    message: dict[str, Any] = await call.result(
        "sendMessage", chat_id=SALMA, text="<b>خبر</b>", parse_mode="HTML", reply_markup=button()
    )
    return message


def where(message: dict[str, Any]) -> dict[str, int]:
    return {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}


async def test_an_edit_changes_the_text_in_place(
    call: Caller, sent: dict[str, Any], clock: Clock
) -> None:
    clock.forward(60)

    edited = await call.result(
        "editMessageText", **where(sent), text="خبر آخر", reply_markup=button("2")
    )

    assert edited["text"] == "خبر آخر"
    assert edited["message_id"] == sent["message_id"]
    assert edited["edit_date"] == edited["date"] + 60
    assert edited["reply_markup"] == button("2")


async def test_an_edit_without_a_keyboard_takes_it_away(call: Caller, sent: dict[str, Any]) -> None:
    edited = await call.result("editMessageReplyMarkup", **where(sent))

    assert "reply_markup" not in edited
    assert edited["text"] == "خبر"


async def test_an_edit_that_changes_nothing_is_refused(call: Caller, sent: dict[str, Any]) -> None:
    words = await call.refusal(
        "editMessageText",
        **where(sent),
        text=" <strong>خبر</strong>",
        parse_mode="HTML",
        reply_markup=button(),
    )

    assert words == (
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )


async def test_other_entities_are_a_change(call: Caller, sent: dict[str, Any]) -> None:
    edited = await call.result("editMessageText", **where(sent), text="خبر", reply_markup=button())

    assert edited["message_id"] == sent["message_id"]
    assert "entities" not in edited


@pytest.mark.parametrize(
    ("method", "more", "words"),
    [
        ("editMessageText", {"text": "a"}, "message to edit not found"),
        ("editMessageReplyMarkup", {}, "message to edit not found"),
        ("deleteMessage", {}, "message to delete not found"),
    ],
)
async def test_an_unknown_message_cannot_be_changed(
    call: Caller, method: str, more: dict[str, Any], words: str
) -> None:
    said = await call.refusal(method, chat_id=SALMA, message_id=999, **more)

    assert said == f"Bad Request: {words}"


async def test_a_persons_message_cannot_be_edited(call: Caller, sandbox: Sandbox) -> None:
    said = await sandbox.say(SALMA, "كلامي")

    assert await call.refusal("editMessageText", **where(said), text="a") == (
        "Bad Request: message can't be edited"
    )


async def test_an_edit_must_say_of_what(call: Caller) -> None:
    assert await call.refusal("editMessageText", text="a") == (
        "Bad Request: message identifier is not specified"
    )


async def test_text_and_caption_are_not_one_another(call: Caller, sent: dict[str, Any]) -> None:
    assert await call.refusal("editMessageCaption", **where(sent), caption="a") == (
        "Bad Request: there is no caption in the message to edit"
    )


async def test_what_the_sandbox_does_not_know_yet_is_refused_in_words(
    call: Caller, sent: dict[str, Any]
) -> None:
    rich = {"html": "<h1>a</h1>"}
    song = {"type": "audio", "media": "AgAC"}

    words = await call.refusal("editMessageText", **where(sent), rich_message=rich)
    assert "rich messages" in words
    assert "type audio" in await call.refusal("editMessageMedia", **where(sent), media=song)
    assert "MESSAGE_ID_INVALID" in await call.refusal(
        "editMessageText", inline_message_id="5", text="a"
    )


async def test_a_deleted_message_is_gone(
    call: Caller, sent: dict[str, Any], sandbox: Sandbox
) -> None:
    assert await call.result("deleteMessage", **where(sent)) is True

    assert sandbox.desk.world.message(SALMA, sent["message_id"]) is None


async def test_a_message_older_than_two_days_cannot_be_deleted(
    call: Caller, sent: dict[str, Any], clock: Clock
) -> None:
    clock.forward(48 * 3600 + 1)

    assert await call.refusal("deleteMessage", **where(sent)) == (
        "Bad Request: message can't be deleted for everyone"
    )


async def test_in_a_group_only_an_administrator_deletes_what_others_said(
    call: Caller, sandbox: Sandbox
) -> None:
    said = await sandbox.say(KARIM, "كلام", chat=GROUP)
    assert await call.refusal("deleteMessage", **where(said)) == (
        "Bad Request: message can't be deleted"
    )

    sandbox.desk.world.chats[GROUP].bot = "administrator"
    assert await call.result("deleteMessage", **where(said)) is True


async def test_a_tap_gets_the_bots_answer(
    call: Caller, sent: dict[str, Any], sandbox: Sandbox
) -> None:
    tap = asyncio.create_task(sandbox.tap(SALMA, sent["message_id"], "1:a"))
    (*_, update) = await call.result("getUpdates", timeout=5)
    query = update["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("1:a", SALMA)
    assert query["message"]["text"] == "خبر"

    answered = await call.result(
        "answerCallbackQuery", callback_query_id=query["id"], text="حفظ", show_alert=True
    )

    assert answered is True
    assert await tap == {
        "query_id": query["id"],
        "answer": {"text": "حفظ", "show_alert": True},
    }


async def test_a_query_grows_too_old(
    call: Caller, sent: dict[str, Any], sandbox: Sandbox, clock: Clock
) -> None:
    """T52; Studio-Yandex-Practicum/you_can_bot PR #171."""
    tapped = await sandbox.tap(SALMA, sent["message_id"], "1:a", wait=0)
    clock.forward(31)

    words = await call.refusal("answerCallbackQuery", callback_query_id=tapped["query_id"])

    assert tapped["answer"] is None
    assert words == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )


async def test_an_unknown_query_is_answered_like_an_old_one(call: Caller) -> None:
    assert "query ID is invalid" in await call.refusal("answerCallbackQuery", callback_query_id="5")


async def test_of_very_many_queries_the_oldest_is_given_up(
    call: Caller, sent: dict[str, Any], sandbox: Sandbox
) -> None:
    taps = [await sandbox.tap(SALMA, sent["message_id"], "1:a", wait=0) for _ in range(1001)]

    first, last = taps[0]["query_id"], taps[-1]["query_id"]
    assert "too old" in await call.refusal("answerCallbackQuery", callback_query_id=first)
    assert await call.result("answerCallbackQuery", callback_query_id=last) is True
    assert await call.result("answerCallbackQuery", callback_query_id=last) is True


async def test_an_answer_holds_200_letters(
    call: Caller, sent: dict[str, Any], sandbox: Sandbox
) -> None:
    tapped = await sandbox.tap(SALMA, sent["message_id"], "1:a", wait=0)
    query = {"callback_query_id": tapped["query_id"]}

    assert await call.refusal("answerCallbackQuery", **query, text="a" * 201) == (
        "Bad Request: MESSAGE_TOO_LONG"
    )
    assert await call.result("answerCallbackQuery", **query, text="a" * 200) is True


async def test_several_messages_are_deleted_and_those_not_there_are_passed_over(
    call: Caller, sandbox: Sandbox
) -> None:
    sent = [await call.result("sendMessage", chat_id=SALMA, text=text) for text in "ابج"]
    ids = [message["message_id"] for message in sent]

    assert await call.result("deleteMessages", chat_id=SALMA, message_ids=[*ids[:2], 99, ids[0]])

    assert sandbox.desk.world.message(SALMA, ids[0]) is None
    assert sandbox.desk.world.message(SALMA, ids[2]) is not None


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        ([], "message identifiers are not specified"),
        (list(range(1, 102)), "too many message identifiers specified"),
        ([0], "invalid message identifier specified"),
    ],
)
async def test_a_wrong_list_of_messages_is_not_deleted(
    call: Caller, ids: list[int], words: str
) -> None:
    refused = await call.refusal("deleteMessages", chat_id=SALMA, message_ids=ids)

    assert refused == f"Bad Request: {words}"


async def test_messages_of_which_one_is_too_old_all_stay(
    call: Caller, sandbox: Sandbox, clock: Clock
) -> None:
    old = await call.result("sendMessage", chat_id=SALMA, text="قديم")
    clock.forward(49 * 3600)
    new = await call.result("sendMessage", chat_id=SALMA, text="جديد")
    ids = [new["message_id"], old["message_id"]]

    refused = await call.refusal("deleteMessages", chat_id=SALMA, message_ids=ids)

    assert refused == "Bad Request: message can't be deleted for everyone"
    assert sandbox.desk.world.message(SALMA, new["message_id"]) is not None
