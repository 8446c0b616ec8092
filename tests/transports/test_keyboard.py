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


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://intranet/1", id="a host without a dot"),
        pytest.param("http://a..example/", id="an empty label"),
        pytest.param("http://a`b.example/", id="a letter no host has"),
        pytest.param("http://a.example:/", id="a port without a number"),
        pytest.param("https://a.example/" + "%D8%A8" * 400, id="too long"),
        pytest.param("javascript:alert(1)", id="a script"),
    ],
)
def test_an_address_that_telegram_refuses_costs_its_button_and_not_the_message(url: str) -> None:
    more = Button("المزيد", call="st:1")

    keyboard = inline_keyboard([[Button("اقرأ", url=url), more], [Button("اقرأ", url=url)]])

    assert keyboard is not None
    assert [[key.text for key in row] for row in keyboard.inline_keyboard] == [["المزيد"]]
    assert inline_keyboard([[Button("اقرأ", url=url)]]) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example",
        "https://WWW.a-b.example:8443/%D8%A7?x=1&y=2#z",
        "http://[::1]:80/x",
        "http://10.0.0.1?x",
        "https://أخبار.مغرب/خبر",
        "https://a_b.example./" + "x" * 1900,
    ],
)
def test_an_address_that_telegram_takes_keeps_its_button(url: str) -> None:
    assert inline_keyboard([[Button("اقرأ", url=url)]]) is not None


def test_a_call_may_take_64_bytes_with_its_version_and_no_more() -> None:
    assert callback_data("x" * 62) == "1:" + "x" * 62
    with pytest.raises(ValueError, match="65 bytes"):
        callback_data("x" * 63)
    with pytest.raises(ValueError, match="66 bytes"):
        callback_data("س" * 32)
