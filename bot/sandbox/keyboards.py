"""A reply_markup of the right types → one Telegram would take, or a 400; `methods` calls it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.sandbox.formatting.links import checked_link
from bot.sandbox.nouns import Json
from bot.sandbox.refusals import bad_request

DATA_LIMIT = 64  # bytes; Bot API InlineKeyboardButton.callback_data
BUTTON_LIMIT = 100  # buttons a keyboard; seen on Telegram, not documented
MARKUP_LIMIT = 10_000  # bytes of JSON; seen on Telegram, not documented
_LOOKS = frozenset({"text", "style", "icon_custom_emoji_id"})


def inline(markup: Mapping[str, Any] | None) -> Json | None:
    """Give the inline keyboard a message will carry; other keyboards belong to no message."""
    if markup is None or "inline_keyboard" not in markup:
        return None
    rows: list[list[Json]] = markup["inline_keyboard"]
    buttons = [button for row in rows for button in row]
    if not buttons:
        return None
    if len(buttons) > BUTTON_LIMIT or len(json.dumps(rows).encode()) > MARKUP_LIMIT:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check(button)
    return {"inline_keyboard": [[_tidy(button) for button in row] for row in rows if row]}


def _check(button: Json) -> None:
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    acts = button.keys() - _LOOKS
    if len(acts) != 1:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
            if not acts
            else "can't parse inline keyboard button: exactly one of the optional fields is needed"
        )
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and checked_link(button["url"]) is None:
        kind = "Unsupported URL protocol" if ":" in button["url"] else "Wrong HTTP URL"
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: {kind}")


def _tidy(button: Json) -> Json:
    return button if "url" not in button else {**button, "url": checked_link(button["url"])}
