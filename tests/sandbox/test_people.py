"""What people do reaches the bot as Telegram would tell it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.refusals import ApiError
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import CHANNEL, GROUP, KARIM, SALMA, YOUNES, Caller


async def newest(call: Caller) -> dict[str, Any]:
    update: dict[str, Any] = (await call.result("getUpdates"))[-1]
    return update


async def test_a_start_link_carries_its_payload(call: Caller, sandbox: Sandbox) -> None:
    await sandbox.say(KARIM, "/start st_12")

    message = (await newest(call))["message"]

    assert message["text"] == "/start st_12"
    assert message["from"] == {
        "id": KARIM,
        "is_bot": False,
        "first_name": "كريم",
        "username": "karim_demo",
        "language_code": "ar",
    }
    await call.result("sendMessage", chat_id=KARIM, text="أهلا")


async def test_an_edit_is_an_update(call: Caller, sandbox: Sandbox) -> None:
    said = await sandbox.say(SALMA, "خطا")

    await sandbox.edit(SALMA, said["message_id"], "خطأ")

    edited = (await newest(call))["edited_message"]
    assert (edited["text"], edited["message_id"]) == ("خطأ", said["message_id"])


async def test_one_does_not_edit_what_another_wrote(call: Caller, sandbox: Sandbox) -> None:
    sent = await call.result("sendMessage", chat_id=SALMA, text="a")

    with pytest.raises(ApiError, match="message to edit not found"):
        await sandbox.edit(SALMA, sent["message_id"], "b")


@pytest.mark.parametrize("kind", ["sticker", "voice", "photo", "video", "document"])
async def test_what_is_no_text_arrives(call: Caller, sandbox: Sandbox, kind: str) -> None:
    await sandbox.send(SALMA, kind, text="وصف")

    message = (await newest(call))["message"]

    assert "text" not in message
    assert message["caption"] == "وصف"
    assert message[kind]


async def test_a_document_can_be_fetched(call: Caller, sandbox: Sandbox) -> None:
    await sandbox.send(SALMA, "document", name="feeds.opml", data="<opml/>")
    document = (await newest(call))["message"]["document"]
    assert document["file_name"] == "feeds.opml"

    file = await call.result("getFile", file_id=document["file_id"])
    answer = await call.get(f"/file/bot7000000001:sandbox/{file['file_path']}")

    assert (answer.status, await answer.text()) == (200, "<opml/>")
    assert (await call.get(f"/file/bot1:wrong/{file['file_path']}")).status == 404


async def test_a_forward_arrives_with_its_origin(call: Caller, sandbox: Sandbox) -> None:
    sent = await call.result("sendMessage", chat_id=CHANNEL, text="خبر")

    await sandbox.send(SALMA, "forward", from_chat=CHANNEL, message_id=sent["message_id"])
    known = (await newest(call))["message"]
    await sandbox.send(SALMA, "forward", text="من غريب")
    strange = (await newest(call))["message"]

    assert known["forward_origin"]["type"] == "channel"
    assert strange["forward_origin"]["type"] == "hidden_user"


async def test_speaking_again_unblocks(call: Caller, sandbox: Sandbox) -> None:
    await sandbox.block(SALMA)
    await sandbox.say(SALMA, "/start")

    *_, kicked, member, start = await call.result("getUpdates")

    assert kicked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert member["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert member["my_chat_member"]["old_chat_member"]["status"] == "kicked"
    assert start["message"]["text"] == "/start"


async def test_a_crowd_can_be_written_to_at_once(call: Caller, sandbox: Sandbox) -> None:
    await sandbox.crowd(50_000, 3)

    for person in range(50_000, 50_003):
        await call.result("sendMessage", chat_id=person, text="a")
    assert "chat not found" in await call.refusal("sendMessage", chat_id=50_003, text="a")


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("/latest", True),
        ("/latest@mujaz_demo_bot", True),
        ("/latest@another_bot", False),
        ("ما رأيك يا @mujaz_demo_bot", True),
        ("كلام بيننا", False),
    ],
)
async def test_in_a_group_a_bot_hears_what_is_meant_for_it(
    call: Caller, sandbox: Sandbox, text: str, heard: bool
) -> None:
    await sandbox.say(SALMA, text, chat=GROUP)

    assert ("message" in (update := await newest(call))) is True
    assert (update["message"]["chat"]["id"] == GROUP) is heard


async def test_in_a_group_a_bot_hears_replies_to_it(call: Caller, sandbox: Sandbox) -> None:
    sent = await call.result("sendMessage", chat_id=GROUP, text="سؤال")

    await sandbox.say(SALMA, "جواب", chat=GROUP, reply_to=sent["message_id"])

    assert (await newest(call))["message"]["reply_to_message"]["text"] == "سؤال"


async def test_a_channel_is_written_in_by_its_administrators(
    call: Caller, sandbox: Sandbox
) -> None:
    await sandbox.say(KARIM, "منشور", chat=CHANNEL)
    assert (await newest(call))["channel_post"]["sender_chat"]["id"] == CHANNEL

    with pytest.raises(ApiError, match="only administrators"):
        await sandbox.say(SALMA, "منشور", chat=CHANNEL)


@pytest.mark.parametrize(
    ("person", "chat", "words"),
    [
        (SALMA, KARIM, "chat not found"),
        (SALMA, -5, "chat not found"),
        (YOUNES, CHANNEL, "not a member"),
        (77, None, "user not found"),
    ],
)
async def test_one_speaks_only_where_one_is(
    sandbox: Sandbox, person: int, chat: int | None, words: str
) -> None:
    with pytest.raises(ApiError, match=words):
        await sandbox.say(person, "a", chat=chat)


async def test_a_bot_is_added_and_thrown_out(call: Caller, sandbox: Sandbox) -> None:
    await sandbox.change_chat("add_bot", -3001, by=KARIM, title="جديدة")
    *_, added, note = await call.result("getUpdates")
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert note["message"]["new_chat_members"][0]["is_bot"] is True
    await call.result("sendMessage", chat_id=-3001, text="أهلا")

    await sandbox.change_chat("remove_bot", -3001, by=KARIM)

    assert (await newest(call))["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert await call.refusal("sendMessage", chat_id=-3001, text="a") == (
        "Forbidden: bot was kicked from the group chat"
    )


async def test_a_group_becomes_a_supergroup(call: Caller, sandbox: Sandbox) -> None:
    """T48; healthchecks #132; yagop/node-telegram-bot-api #1155."""
    await sandbox.change_chat("migrate", GROUP, to=-1001000002001)

    *_, old, new = await call.result("getUpdates")
    assert old["message"]["migrate_to_chat_id"] == -1001000002001
    assert old["message"]["chat"]["id"] == GROUP
    assert new["message"]["migrate_from_chat_id"] == GROUP

    refused = await call("sendMessage", chat_id=GROUP, text="a")
    assert refused["error_code"] == 400
    assert refused["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert refused["parameters"] == {"migrate_to_chat_id": -1001000002001}
    sent = await call.result("sendMessage", chat_id=-1001000002001, text="a")
    assert sent["chat"]["type"] == "supergroup"


async def test_a_bot_that_left_is_no_member(call: Caller) -> None:
    assert await call.result("leaveChat", chat_id=GROUP) is True

    assert (await newest(call))["my_chat_member"]["new_chat_member"]["status"] == "left"
    assert await call.refusal("sendMessage", chat_id=GROUP, text="a") == (
        "Forbidden: bot is not a member of the group chat"
    )


@pytest.mark.parametrize(
    ("act", "chat", "words"),
    [
        ("paint", GROUP, "act must be"),
        ("migrate", CHANNEL, "only a group"),
        ("add_bot", 5, "negative id"),
        ("remove_bot", -5, "chat not found"),
    ],
)
async def test_a_change_that_makes_no_sense_is_refused(
    sandbox: Sandbox, act: str, chat: int, words: str
) -> None:
    with pytest.raises(ApiError, match=words):
        await sandbox.change_chat(act, chat)
