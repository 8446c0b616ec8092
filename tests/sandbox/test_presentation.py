"""How a bot presents itself, and what it may ask about chats."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import CHANNEL, GROUP, KARIM, SALMA, Caller

LATEST = [{"command": "latest", "description": "آخر الأخبار"}]
DESK = [{"command": "desk", "description": "المكتب"}]


async def test_a_bot_knows_itself(call: Caller) -> None:
    me = await call.result("getMe")

    assert (me["username"], me["is_bot"]) == ("mujaz_demo_bot", True)


async def test_commands_are_kept_for_each_scope(call: Caller) -> None:
    private = {"type": "all_private_chats"}
    await call.result("setMyCommands", commands=LATEST, scope=private)
    await call.result("setMyCommands", commands=DESK, scope={"type": "chat", "chat_id": SALMA})

    assert await call.result("getMyCommands", scope=private) == LATEST
    assert await call.result("getMyCommands") == []
    state = await (await call.get("/_sandbox/state")).json()
    assert state["commands"][str(SALMA)] == DESK
    assert state["commands"][str(KARIM)] == LATEST
    assert state["commands"][str(GROUP)] == []

    await call.result("deleteMyCommands", scope={"type": "chat", "chat_id": SALMA})
    state = await (await call.get("/_sandbox/state")).json()
    assert state["commands"][str(SALMA)] == LATEST


async def test_in_a_group_the_nearest_scope_is_chosen(call: Caller, sandbox: Sandbox) -> None:
    def names(person: int) -> list[str]:
        chat = sandbox.desk.world.chats[GROUP]
        return [c["command"] for c in sandbox.desk.profile.commands_in(chat, person)]

    scopes: list[tuple[dict[str, Any], str]] = [
        ({"type": "default"}, "a"),
        ({"type": "all_group_chats"}, "b"),
        ({"type": "all_chat_administrators"}, "c"),
        ({"type": "chat", "chat_id": GROUP}, "d"),
        ({"type": "chat_administrators", "chat_id": GROUP}, "e"),
        ({"type": "chat_member", "chat_id": GROUP, "user_id": SALMA}, "f"),
    ]
    seen = []
    for scope, name in scopes:
        commands = [{"command": name, "description": name}]
        await call.result("setMyCommands", commands=commands, scope=scope)
        seen.append((names(SALMA), names(KARIM)))

    assert seen == [
        (["a"], ["a"]),
        (["b"], ["b"]),
        (["b"], ["c"]),
        (["d"], ["d"]),
        (["d"], ["e"]),
        (["f"], ["e"]),
    ]


async def test_a_scope_holds_a_hundred_commands(call: Caller) -> None:
    refusal = await call.refusal("setMyCommands", commands=LATEST * 101)

    assert refusal == "Bad Request: BOT_COMMANDS_TOO_MUCH"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ({"command": "Latest", "description": "a"}, "BOT_COMMAND_INVALID"),
        ({"command": "أخبار", "description": "a"}, "BOT_COMMAND_INVALID"),
        ({"command": "a" * 33, "description": "a"}, "BOT_COMMAND_INVALID"),
        ({"command": "latest", "description": ""}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"command": "latest", "description": "a" * 257}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_a_command_is_checked(call: Caller, command: dict[str, str], words: str) -> None:
    refusal = await call.refusal("setMyCommands", commands=[command])

    assert refusal == f"Bad Request: {words}"


@pytest.mark.parametrize(
    ("name", "limit"), [("Description", 512), ("ShortDescription", 120), ("Name", 64)]
)
async def test_the_bots_texts_have_limits(call: Caller, name: str, limit: int) -> None:
    key = {"Description": "description", "ShortDescription": "short_description"}.get(name, "name")

    assert "too long" in await call.refusal(f"setMy{name}", **{key: "خ" * (limit + 1)})
    assert await call.result(f"setMy{name}", **{key: "خ" * limit}) is True
    if name != "Name":
        assert await call.result(f"getMy{name}", language_code="ar") == {key: "خ" * limit}


async def test_a_menu_button_is_for_private_chats(call: Caller) -> None:
    button = {"type": "commands"}

    assert await call.result("setChatMenuButton", chat_id=SALMA, menu_button=button) is True
    assert await call.result("setChatMenuButton") is True
    assert "chat not found" in await call.refusal("setChatMenuButton", chat_id=GROUP)


async def test_a_chat_and_its_members_are_told(call: Caller) -> None:
    me = await call.result("getMe")

    async def status(chat: int, user: int) -> Any:
        return (await call.result("getChatMember", chat_id=chat, user_id=user))["status"]

    assert (await call.result("getChat", chat_id=GROUP))["title"] == "أصدقاء الأخبار"
    assert await status(GROUP, KARIM) == "creator"
    assert await status(GROUP, me["id"]) == "member"
    assert await status(CHANNEL, me["id"]) == "administrator"
    assert await status(SALMA, SALMA) == "member"
    assert await call.result("getChatMemberCount", chat_id=GROUP) == 4
    assert await call.result("getChatMemberCount", chat_id=SALMA) == 2
    assert "member not found" in await call.refusal("getChatMember", chat_id=GROUP, user_id=5)
    assert "private chats" in await call.refusal("leaveChat", chat_id=SALMA)


async def test_a_scope_for_a_chat_that_is_not_there_is_refused(
    call: Caller, sandbox: Sandbox
) -> None:
    scope = {"type": "chat", "chat_id": 5}

    assert "chat not found" in await call.refusal("setMyCommands", commands=LATEST, scope=scope)


async def test_a_chat_without_a_menu_button_of_its_own_has_the_one_for_all(call: Caller) -> None:
    commands = {"type": "commands"}
    assert await call.result("getChatMenuButton", chat_id=SALMA) == {"type": "default"}

    await call.result("setChatMenuButton", menu_button=commands)

    assert await call.result("getChatMenuButton", chat_id=SALMA) == commands
    assert await call.result("getChatMenuButton") == commands
    assert "chat not found" in await call.refusal("getChatMenuButton", chat_id=GROUP)
