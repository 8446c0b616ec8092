"""Inline mode: a query typed behind @bot, the bot's offers, and the one that is posted."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.sandbox.refusals import ApiError
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import GROUP, SALMA, YOUNES, Caller, Clock, button


def article(name: str = "a", title: str = "خبر", text: str = "<b>خبر</b> اليوم") -> dict[str, Any]:
    return {
        "type": "article",
        "id": name,
        "title": title,
        "description": "سطر",
        "input_message_content": {"message_text": text, "parse_mode": "HTML"},
    }


async def asked(call: Caller, sandbox: Sandbox, person: int = SALMA, **more: Any) -> Any:
    """Let a person ask; return the waiting act and the update that the bot gets."""
    sandbox.desk.updates.drop()
    act = asyncio.create_task(sandbox.inline(person, "المجلس", **more))
    await sandbox.until(lambda: len(sandbox.desk.updates))
    (update,) = await call.result("getUpdates")
    return act, update["inline_query"]


async def offered(call: Caller, sandbox: Sandbox, *results: dict[str, Any], **more: Any) -> Any:
    act, query = await asked(call, sandbox)
    answer = {"inline_query_id": query["id"], "results": list(results)}
    assert await call.result("answerInlineQuery", **answer, **more) is True
    return await act


async def test_a_query_reaches_the_bot_with_where_it_was_typed(
    call: Caller, sandbox: Sandbox
) -> None:
    act, query = await asked(call, sandbox, chat=GROUP)

    assert (query["query"], query["offset"], query["chat_type"]) == ("المجلس", "", "group")
    assert query["from"]["id"] == SALMA
    await call.result("answerInlineQuery", inline_query_id=query["id"], results=[])
    assert await act == {"results": [], "next_offset": "", "button": None}


async def test_the_bot_says_that_it_takes_queries(call: Caller) -> None:
    assert (await call.result("getMe"))["supports_inline_queries"] is True


async def test_a_chosen_result_is_the_persons_message_via_the_bot(
    call: Caller, sandbox: Sandbox
) -> None:
    shown = await offered(call, sandbox, article(), next_offset="2")
    assert shown["next_offset"] == "2"
    assert shown["results"] == [
        {"type": "article", "id": "a", "title": "خبر", "description": "سطر"}
    ]
    sandbox.desk.updates.drop()

    posted = await sandbox.choose(SALMA, "a", chat=GROUP)

    assert (posted["from"]["id"], posted["text"]) == (SALMA, "خبر اليوم")
    assert posted["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    assert posted["via_bot"]["username"] == "mujaz_demo_bot"
    (update,) = await call.result("getUpdates")  # privacy mode lets messages via the bot through
    assert update["message"]["message_id"] == posted["message_id"]


async def test_a_photo_is_offered_with_its_caption(call: Caller, sandbox: Sandbox) -> None:
    await sandbox.fault("any_picture")
    address = "https://example.com/a.jpg"
    photo = {"type": "photo", "id": "p", "photo_url": address, "thumbnail_url": address}
    with_words = {**article("b"), **photo, "id": "b"}
    del with_words["description"]
    sandbox.desk.files._by_address[address] = sandbox.desk.files.keep(
        "image/jpeg", b"", url=address
    )

    await offered(call, sandbox, {**photo, "caption": "صورة"}, with_words)

    posted = await sandbox.choose(SALMA, "p")
    assert (posted["caption"], bool(posted["photo"])) == ("صورة", True)
    assert (await sandbox.choose(SALMA, "b"))["text"] == "خبر اليوم"


async def test_a_button_under_a_posted_result_is_answered_and_the_message_edited(
    call: Caller, sandbox: Sandbox
) -> None:
    await offered(call, sandbox, {**article(), "reply_markup": button("1:a")})
    posted = await sandbox.choose(SALMA, "a")
    sandbox.desk.updates.drop()

    tap = asyncio.create_task(sandbox.tap(SALMA, posted["message_id"], "1:a"))
    await sandbox.until(lambda: len(sandbox.desk.updates))
    (update,) = await call.result("getUpdates")
    pressed = update["callback_query"]
    assert "message" not in pressed
    name = pressed["inline_message_id"]
    assert await call.result("editMessageText", inline_message_id=name, text="جديد") is True
    await call.result("answerCallbackQuery", callback_query_id=pressed["id"])
    await tap

    message = sandbox.desk.world.message(SALMA, posted["message_id"])
    assert message is not None
    assert (message.content.text, message.markup) == ("جديد", None)
    unknown = await call.refusal("editMessageText", inline_message_id="x", text="a")
    assert unknown == "Bad Request: MESSAGE_ID_INVALID"


async def test_an_answer_serves_the_same_query_until_its_time_is_over(
    call: Caller, sandbox: Sandbox, clock: Clock
) -> None:
    await offered(call, sandbox, article(), cache_time=10)

    again = await sandbox.ask(YOUNES, "المجلس")
    assert [result["id"] for result in again] == ["a"]

    clock.forward(10)
    act, query = await asked(call, sandbox)
    await call.result("answerInlineQuery", inline_query_id=query["id"], results=[])
    assert (await act)["results"] == []


async def test_a_personal_answer_serves_its_person_only(call: Caller, sandbox: Sandbox) -> None:
    await offered(call, sandbox, article(), is_personal=True)

    assert await sandbox.ask(SALMA, "المجلس")
    act, query = await asked(call, sandbox, YOUNES)
    await call.result("answerInlineQuery", inline_query_id=query["id"], results=[])
    assert (await act)["results"] == []


async def test_a_second_page_is_added_to_what_may_be_chosen(call: Caller, sandbox: Sandbox) -> None:
    await offered(call, sandbox, article("a"), next_offset="1")
    act, query = await asked(call, sandbox, offset="1")
    assert query["offset"] == "1"
    await call.result("answerInlineQuery", inline_query_id=query["id"], results=[article("b")])
    await act

    assert (await sandbox.choose(SALMA, "a"))["text"]
    assert (await sandbox.choose(SALMA, "b"))["text"]
    with pytest.raises(ApiError, match="no such result"):
        await sandbox.choose(YOUNES, "a")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"results": [article(str(n)) for n in range(51)]}, "too many inline query results"),
        ({"results": [article(), article()]}, "RESULT_ID_DUPLICATE"),
        ({"results": [article("")]}, "RESULT_ID_INVALID"),
        ({"results": [article("خ" * 33)]}, "RESULT_ID_INVALID"),
        ({"results": [article(title=" ")]}, "ARTICLE_TITLE_EMPTY"),
        ({"results": [article(text="<b>")]}, "can't parse entities"),
        ({"results": [{"type": "moon", "id": "a"}]}, "unsupported type"),
        ({"results": [], "next_offset": "n" * 65}, "NEXT_OFFSET_INVALID"),
        ({"results": [], "button": {"text": "", "start_parameter": "a"}}, "SWITCH_PM_TEXT_EMPTY"),
        ({"results": [], "button": {"text": "ا", "start_parameter": "ا"}}, "START_PARAM_INVALID"),
    ],
)
async def test_an_answer_that_telegram_would_refuse_is_refused(
    call: Caller, sandbox: Sandbox, answer: dict[str, Any], words: str
) -> None:
    act, query = await asked(call, sandbox)

    assert words in await call.refusal("answerInlineQuery", inline_query_id=query["id"], **answer)

    await call.result("answerInlineQuery", inline_query_id=query["id"], results=[])
    await act


async def test_an_answer_to_an_old_query_is_refused(
    call: Caller, sandbox: Sandbox, clock: Clock
) -> None:
    act, query = await asked(call, sandbox)
    clock.forward(31)

    late = await call.refusal("answerInlineQuery", inline_query_id=query["id"], results=[])

    assert late == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )
    act.cancel()


async def test_a_bot_that_says_nothing_is_told_so(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sandbox.asking.PATIENCE", 0.01)

    with pytest.raises(ApiError, match="the bot is not responding"):
        await sandbox.ask(SALMA, "المجلس")
