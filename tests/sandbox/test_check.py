"""Parameters are read as JSON and as form fields, and what is wrong with them is said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.sandbox import check
from bot.sandbox.readers import Upload
from bot.sandbox.refusals import ApiError

CHECK = check.load()
PICTURE = Upload("a.png", "image/png", b"\x89PNG\r\n")
MARKUP = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}


def read(name: str, uploads: dict[str, Upload] | None = None, **given: Any) -> dict[str, Any]:
    return CHECK.method(name).read(given, uploads or {})


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ({"chat_id": 5, "text": "a"}, "chat_id", 5),
        ({"chat_id": "5", "text": "a"}, "chat_id", 5),
        ({"chat_id": "-1001", "text": "a"}, "chat_id", -1001),
        ({"chat_id": "@here", "text": "a"}, "chat_id", "@here"),
        ({"chat_id": 5, "text": "12"}, "text", "12"),
        ({"chat_id": 5, "text": "a", "protect_content": True}, "protect_content", True),
        ({"chat_id": 5, "text": "a", "protect_content": "true"}, "protect_content", True),
        ({"chat_id": 5, "text": "a", "protect_content": "False"}, "protect_content", False),
        ({"chat_id": 5, "text": "a", "reply_markup": MARKUP}, "reply_markup", MARKUP),
        ({"chat_id": 5, "text": "a", "reply_markup": json.dumps(MARKUP)}, "reply_markup", MARKUP),
        (
            {"chat_id": 5, "text": "a", "reply_markup": '{"keyboard": [["a"]]}'},
            "reply_markup",
            {"keyboard": [[{"text": "a"}]]},
        ),
    ],
)
def test_a_parameter_is_read_as_json_and_as_a_form_field(
    given: dict[str, Any], name: str, value: object
) -> None:
    assert read("sendMessage", **given)[name] == value


def test_null_is_an_absent_parameter() -> None:
    assert read("sendMessage", chat_id=5, text="a", parse_mode=None) == {"chat_id": 5, "text": "a"}


def test_names_of_methods_have_no_case() -> None:
    assert CHECK.method("SENDmessage").name == "sendMessage"


def test_an_upload_stands_where_its_name_or_attach_address_does() -> None:
    media = '{"type": "photo", "media": "attach://one"}'

    assert read("sendPhoto", {"photo": PICTURE}, chat_id=1)["photo"] is PICTURE
    assert read("sendPhoto", {"x": PICTURE}, chat_id=1, photo="attach://x")["photo"] is PICTURE
    assert read("editMessageMedia", {"one": PICTURE}, media=media)["media"]["media"] is PICTURE


def test_a_subtype_is_told_by_its_type() -> None:
    scope = '{"type": "chat", "chat_id": 7}'

    assert read("getMyCommands", scope=scope)["scope"] == {"type": "chat", "chat_id": 7}


@pytest.mark.parametrize(
    ("method", "given", "words"),
    [
        ("sendMessage", {"text": "a"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1}, "message text is empty"),
        ("getChatMember", {"chat_id": 1}, 'parameter "user_id" is required'),
        ("sendMessage", {"chat_id": 1, "text": "a", "txt": "b"}, 'unknown parameter "txt"'),
        ("sendMessage", {"chat_id": 1.5, "text": "a"}, 'parameter "chat_id": must be of type Int'),
        ("sendMessage", {"chat_id": True, "text": "a"}, 'parameter "chat_id"'),
        ("sendMessage", {"chat_id": 1, "text": 5}, '"text": must be of type String'),
        ("getUpdates", {"timeout": "soon"}, '"timeout": must be of type Integer'),
        ("setWebhook", {"url": "", "certificate": "x"}, "a file must be uploaded"),
        ("setWebhook", {"url": "", "drop_pending_updates": "maybe"}, "must be of type Boolean"),
        ("getUpdates", {"allowed_updates": "message"}, "can't parse JSON object"),
        ("getUpdates", {"allowed_updates": {"a": 1}}, "expected an Array"),
        ("sendMessage", {"chat_id": 1, "text": "a", "entities": [1]}, "MessageEntity must be an"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "a", "entities": [{"type": "bold", "offset": 0}]},
            'can\'t find field "length" of MessageEntity',
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "a", "entities": [{"type": "bold", "offset": "0"}]},
            'field "offset": must be of type Integer',
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "a", "link_preview_options": {"disabled": True}},
            'unknown field "disabled" of LinkPreviewOptions',
        ),
        ("sendMessage", {"chat_id": 1, "text": "a", "reply_markup": {}}, "one of InlineKeyboard"),
        ("sendMessage", {"chat_id": 1, "text": "a", "reply_markup": "no"}, "parse JSON object"),
        (
            "sendMessage",
            {
                "chat_id": 1,
                "text": "a",
                "reply_markup": {"inline_keyboard": [[{"callback_data": "x"}]]},
            },
            'can\'t find field "text" of InlineKeyboardButton',
        ),
        ("editMessageMedia", {"media": {"type": "poem"}}, "InputMedia has unsupported type"),
        ("getMyCommands", {"scope": {"type": ["default"]}}, "unsupported type"),
    ],
)
def test_what_is_wrong_with_a_parameter_is_said(
    method: str, given: dict[str, Any], words: str
) -> None:
    with pytest.raises(ApiError) as refused:
        read(method, **given)

    assert refused.value.code == 400
    assert refused.value.description.startswith("Bad Request: ")
    assert words in refused.value.description


def test_an_unknown_method_is_not_found() -> None:
    with pytest.raises(ApiError) as refused:
        CHECK.method("sendRiddle")

    assert (refused.value.code, refused.value.description) == (404, "Not Found")
