"""A brief's rows of buttons → Telegram's inline keyboard; `send` and the commands call it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.model import Button

CALLBACK_VERSION = "1"  # raise it when old buttons can no longer be understood
CALLBACK_LIMIT = 64  # bytes; Bot API InlineKeyboardButton.callback_data


def callback_data(call: str) -> str:
    """Return what a press of the button will bring back: ``<version>:<verb>:<args>``.

    Raises ValueError for a call that Telegram would not carry.
    """
    data = f"{CALLBACK_VERSION}:{call}"
    if (length := len(data.encode())) > CALLBACK_LIMIT:
        raise ValueError(f"a button's call takes {length} bytes; Telegram carries {CALLBACK_LIMIT}")
    return data


def inline_keyboard(rows: Iterable[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """Turn rows of buttons into a keyboard; None when there are none. Raises like above."""
    keys = [[_key(button) for button in row] for row in rows if row]
    return InlineKeyboardMarkup(keys) if keys else None


def _key(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.text, url=button.url)
    return InlineKeyboardButton(button.text, callback_data=callback_data(button.call))
