"""Documents: people's and the bot's, kept under an id, fetched by the bot and taken home."""

from __future__ import annotations

import base64

import aiohttp
import pytest

from bot.sandbox.methods import chats
from bot.sandbox.refusals import ApiError
from bot.sandbox.server import TOKEN, Sandbox
from tests.sandbox.conftest import SALMA, Caller

OPML = '<opml version="2.0"><body/></opml>'


async def test_the_bot_fetches_what_a_person_sent(call: Caller, sandbox: Sandbox) -> None:
    sent = await sandbox.send(SALMA, "document", name="مصادر.opml", data=OPML)
    assert sent["document"]["file_name"] == "مصادر.opml"
    assert sent["document"]["file_size"] == len(OPML)

    found = await call.result("getFile", file_id=sent["document"]["file_id"])

    fetched = await call.get(f"/file/bot{TOKEN}/{found['file_path']}")
    assert await fetched.text() == OPML
    assert (await call.get(f"/file/bot1:wrong/{found['file_path']}")).status == 404


async def test_a_persons_file_may_be_bytes_of_a_told_kind(sandbox: Sandbox) -> None:
    pixels = b"\x89PNG\r\n\x00\xff"
    address = f"data:image/png;base64,{base64.b64encode(pixels).decode()}"

    sent = await sandbox.send(SALMA, "document", name="a.bin", data=address)

    assert sent["document"]["mime_type"] == "image/png"
    assert sandbox.desk.files.data(sent["document"]["file_id"]) == pixels
    with pytest.raises(ApiError, match="base64"):
        await sandbox.send(SALMA, "document", data="data:image/png;base64,!")


async def test_a_file_that_is_too_big_is_not_given_to_the_bot(
    call: Caller, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chats, "DOWNLOADABLE", 3)
    sent = await sandbox.send(SALMA, "document", data="أربعة")

    refused = await call.refusal("getFile", file_id=sent["document"]["file_id"])

    assert refused == "Bad Request: file is too big"


async def test_the_bots_document_is_on_the_page_to_be_taken_home(
    call: Caller, sandbox: Sandbox
) -> None:
    form = aiohttp.FormData({"chat_id": str(SALMA), "caption": "بياناتك"})
    form.add_field("document", b"{}", filename="mujaz-data.json", content_type="application/json")
    sent = await call.raw(f"/bot{TOKEN}/sendDocument", data=form)
    assert sent["result"]["caption"] == "بياناتك"

    state = await (await call.get("/_sandbox/state")).json()
    shown = state["messages"][str(SALMA)][-1]["document"]

    assert (shown["file_name"], shown["file_size"]) == ("mujaz-data.json", 2)
    file = await call.get(shown["url"])
    assert await file.read() == b"{}"
    assert file.headers["Content-Disposition"] == "attachment; filename*=UTF-8''mujaz-data.json"


async def test_a_preview_is_kept_with_its_text(call: Caller) -> None:
    options = {"url": "https://example.com/a.png", "show_above_text": True}
    sent = await call.result("sendMessage", chat_id=SALMA, text="خبر", link_preview_options=options)
    assert sent["link_preview_options"] == options

    edited = await call.result(
        "editMessageText",
        chat_id=SALMA,
        message_id=sent["message_id"],
        text="خبر",
        link_preview_options={"is_disabled": True},
    )

    assert edited["link_preview_options"] == {"is_disabled": True}
