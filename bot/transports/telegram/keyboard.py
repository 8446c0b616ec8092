"""A brief's rows of buttons → Telegram's inline keyboard; `send` and the commands call it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.model import Button

CALLBACK_VERSION = "1"  # raise it when old buttons can no longer be understood
CALLBACK_LIMIT = 64  # bytes; Bot API InlineKeyboardButton.callback_data
URL_LIMIT = 2000  # bytes; a whole keyboard takes 10,000, seen on Telegram, not documented
# A host without a dot, or with letters no host has, is a "Wrong HTTP URL" (tdlib/td,
# LinkManager.cpp): the whole message would be refused for it.
_OPENABLE = re.compile(
    r"https?://(?:\[[0-9a-f:.]+\]|[\w-]+(?:\.[\w-]+)+\.?)(?::\d{1,5})?(?:[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)


def callback_data(call: str) -> str:
    """Return what a press of the button will bring back: ``<version>:<verb>:<args>``.

    Raises ValueError for a call that Telegram would not carry.
    """
    data = f"{CALLBACK_VERSION}:{call}"
    if (length := len(data.encode())) > CALLBACK_LIMIT:
        raise ValueError(f"a button's call takes {length} bytes; Telegram carries {CALLBACK_LIMIT}")
    return data


def inline_keyboard(rows: Iterable[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """Turn rows of buttons into a keyboard; None when there are none. Raises like above.

    A button with an address that Telegram will not open is left out: publishers write addresses,
    and none of them shall cost a message.
    """
    keys = [[_key(button) for button in row if _is_carried(button)] for row in rows]
    kept = [row for row in keys if row]
    return InlineKeyboardMarkup(kept) if kept else None


def _is_carried(button: Button) -> bool:
    url = button.url
    return not url or (len(url.encode()) <= URL_LIMIT and _OPENABLE.fullmatch(url) is not None)


def _key(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.text, url=button.url)
    if button.share:
        return InlineKeyboardButton(button.text, switch_inline_query=button.share)
    return InlineKeyboardButton(button.text, callback_data=callback_data(button.call))
