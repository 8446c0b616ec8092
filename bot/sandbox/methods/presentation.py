"""The methods by which a bot presents itself: who it is, its commands, texts and menu button."""

from __future__ import annotations

import re

from bot.sandbox.desk import Desk
from bot.sandbox.nouns import Json
from bot.sandbox.profile import Scope
from bot.sandbox.refusals import bad_request

NAME_LIMIT = 64  # letters, as the next two; Bot API
SHORT_LIMIT = 120
DESCRIPTION_LIMIT = 512
COMMAND_LIMIT = 100  # commands a scope
COMMAND_TEXT_LIMIT = 256  # letters
_COMMAND = re.compile(r"/?[a-z0-9_]{1,32}\Z")


async def get_me(desk: Desk, call: Json) -> Json:
    """Tell who the bot is."""
    return desk.world.bot.json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
    }


async def set_my_commands(desk: Desk, call: Json) -> bool:
    """Set the commands of one scope."""
    commands = call["commands"]
    if len(commands) > COMMAND_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.match(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= COMMAND_TEXT_LIMIT:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    scope = _scope(desk, call)
    desk.profile.commands[scope] = [
        {**command, "command": command["command"].removeprefix("/")} for command in commands
    ]
    desk.tell_chat("commands", scope.chat, commands=desk.profile.commands[scope])
    return True


async def delete_my_commands(desk: Desk, call: Json) -> bool:
    """Forget the commands of one scope."""
    scope = _scope(desk, call)
    desk.profile.commands.pop(scope, None)
    desk.tell_chat("commands", scope.chat, commands=[])
    return True


async def get_my_commands(desk: Desk, call: Json) -> list[Json]:
    """Tell the commands of just one scope and language."""
    return desk.profile.commands.get(_scope(desk, call), [])


async def set_my_description(desk: Desk, call: Json) -> bool:
    """Set what an empty chat shows."""
    return _set(desk.profile.descriptions, call, "description", DESCRIPTION_LIMIT)


async def get_my_description(desk: Desk, call: Json) -> Json:
    """Tell what an empty chat shows."""
    return {"description": _text(desk.profile.descriptions, call)}


async def set_my_short_description(desk: Desk, call: Json) -> bool:
    """Set what the bot's page shows."""
    return _set(desk.profile.short_descriptions, call, "short_description", SHORT_LIMIT)


async def get_my_short_description(desk: Desk, call: Json) -> Json:
    """Tell what the bot's page shows."""
    return {"short_description": _text(desk.profile.short_descriptions, call)}


async def set_my_name(desk: Desk, call: Json) -> bool:
    """Set the bot's name for a language."""
    return _set(desk.profile.names, call, "name", NAME_LIMIT)


async def set_chat_menu_button(desk: Desk, call: Json) -> bool:
    """Set the button beside the text field, for a private chat or for all."""
    chat = call.get("chat_id")
    if chat is not None and desk.world.chat(chat).kind != "private":
        raise bad_request("chat not found")
    desk.profile.menu_buttons[chat] = call.get("menu_button", {"type": "default"})
    return True


async def get_chat_menu_button(desk: Desk, call: Json) -> Json:
    """Tell the button of a private chat, or else the one for all."""
    chat = call.get("chat_id")
    if chat is not None and desk.world.chat(chat).kind != "private":
        raise bad_request("chat not found")
    buttons = desk.profile.menu_buttons
    return buttons.get(chat) or buttons.get(None) or {"type": "default"}


def _scope(desk: Desk, call: Json) -> Scope:
    scope = call.get("scope", {"type": "default"})
    chat = desk.world.readable(scope["chat_id"]).id if "chat_id" in scope else None
    return Scope(scope["type"], chat, scope.get("user_id"), call.get("language_code", ""))


def _set(texts: dict[str, str], call: Json, name: str, limit: int) -> bool:
    text = call.get(name, "")
    if len(text) > limit:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    texts[call.get("language_code", "")] = text
    return True


def _text(texts: dict[str, str], call: Json) -> str:
    return texts.get(call.get("language_code", ""), "") or texts.get("", "")
