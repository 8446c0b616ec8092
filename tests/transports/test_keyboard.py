"""Buttons: an address or a call that Telegram carries back."""

from __future__ import annotations

import pytest

from bot.model import Button
from bot.transports.telegram.keyboard import callback_data, inline_keyboard


def test_a_button_opens_its_address_or_calls_with_the_version_before_it() -> None:
    keyboard = inline_keyboard(
        [[Button("اقرأ", url="https://example.com"), Button("احفظ", call="save:4")]]
    )

    assert keyboard is not None
    (row,) = keyboard.inline_keyboard
    assert [(key.text, key.url, key.callback_data) for key in row] == [
        ("اقرأ", "https://example.com", None),
        ("احفظ", None, "1:save:4"),
    ]


@pytest.mark.parametrize("rows", [[], [[]], [(), ()]])
def test_no_buttons_make_no_keyboard(rows: list[list[Button]]) -> None:
    assert inline_keyboard(rows) is None


def test_a_call_may_take_64_bytes_with_its_version_and_no_more() -> None:
    assert callback_data("x" * 62) == "1:" + "x" * 62
    with pytest.raises(ValueError, match="65 bytes"):
        callback_data("x" * 63)
    with pytest.raises(ValueError, match="66 bytes"):
        callback_data("س" * 32)
