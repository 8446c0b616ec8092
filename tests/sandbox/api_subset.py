"""From the whole Bot API as data, the part Mujaz uses; the comparing test calls it.

After a new version of the Bot API: ``python -m tests.sandbox.api_subset FULL.json`` writes
``bot/sandbox/api.json`` anew. Names, types and what is required are kept; prose is not.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

SUBSET = Path(__file__).parents[2] / "bot/sandbox/api.json"
METHODS = (
    *("getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"),
    *(
        "sendMessage",
        "sendPhoto",
        "sendVideo",
        "sendDocument",
        "copyMessage",
        "forwardMessage",
        "sendChatAction",
    ),
    *(
        "editMessageText",
        "editMessageCaption",
        "editMessageMedia",
        "editMessageReplyMarkup",
        "deleteMessage",
        "deleteMessages",
    ),
    *(
        "answerCallbackQuery",
        "answerInlineQuery",
        "setMyCommands",
        "deleteMyCommands",
        "getMyCommands",
    ),
    *(
        "setMyDescription",
        "getMyDescription",
        "setMyShortDescription",
        "getMyShortDescription",
        "setMyName",
    ),
    *(
        "setChatMenuButton",
        "getChatMenuButton",
        "getChat",
        "getChatMember",
        "getChatMemberCount",
        "leaveChat",
        "getFile",
    ),
)

# Of these unions only what Mujaz would ever send; the rest cannot be told apart by ``type`` alone.
NARROWED = {
    "InlineQueryResult": ("InlineQueryResultArticle", "InlineQueryResultPhoto"),
    "InputMessageContent": ("InputTextMessageContent",),
}


def fields(entry: dict[str, Any]) -> dict[str, Any]:
    """Keep a parameter's types and whether it is required."""
    return {
        field["name"]: {"types": field["types"], "required": field["required"]}
        for field in entry.get("fields", [])
    }


def subset(full: dict[str, Any]) -> dict[str, Any]:
    """Cut the methods we use, and every type a parameter of theirs can reach."""
    methods = {name: fields(full["methods"][name]) for name in METHODS}
    types: dict[str, Any] = {}
    waiting = [kind for entry in methods.values() for f in entry.values() for kind in f["types"]]
    while waiting:
        name = waiting.pop().removeprefix("Array of ").removeprefix("Array of ")
        if name in types or name not in full["types"]:
            continue
        entry = full["types"][name]
        types[name] = {"fields": fields(entry)}
        subtypes = NARROWED.get(name, entry.get("subtypes", ()))
        if len(subtypes) == 1:
            types[name] = {"fields": fields(full["types"][subtypes[0]])}
        elif subtypes:
            types[name] = {"one_of": {tag(full, sub): sub for sub in subtypes}}
            waiting += subtypes
        waiting += [kind for f in types[name].get("fields", {}).values() for kind in f["types"]]
    return {
        "version": full["version"],
        "methods": methods,
        "types": {name: types[name] for name in sorted(types)},
    }


def tag(full: dict[str, Any], subtype: str) -> str:
    """Read the value by which ``type`` tells a subtype apart; only the prose names it."""
    (text,) = [f["description"] for f in full["types"][subtype]["fields"] if f["name"] == "type"]
    match = re.search(r"must be (\w+)", text)
    assert match, subtype
    return match[1]


def text(part: dict[str, Any]) -> str:
    """Write the subset with one parameter a line, so that a change reads well in a diff."""
    whole = json.dumps(part, indent=1)
    return (
        re.sub(r'\{\s+"types": \[\s*([^\]]*?)\s*\],\s+"required": (\w+)\s+\}', flat, whole) + "\n"
    )


def flat(match: re.Match[str]) -> str:
    """Put one parameter on one line."""
    kinds = re.sub(r",\s+", ", ", match[1])
    return f'{{"types": [{kinds}], "required": {match[2]}}}'


if __name__ == "__main__":
    SUBSET.write_text(text(subset(json.loads(Path(sys.argv[1]).read_text()))))
