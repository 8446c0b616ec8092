"""Photos by upload, file_id and address; only addresses of this machine are really fetched."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from io import BytesIO

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.pictures import Files
from bot.sandbox.server import TOKEN, Sandbox
from tests.sandbox.conftest import SALMA, Caller, button

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
NOTHING = "Bad Request: failed to get HTTP URL content"
WRONG_TYPE = "Bad Request: wrong type of the web page content"


@pytest.fixture
async def site() -> AsyncIterator[TestServer]:
    """A site of this machine; it counts its visits in ``app["visits"]``."""
    kinds = {"png": "image/png", "webp": "image/webp", "svg": "image/svg+xml", "html": "text/html"}

    async def serve(request: web.Request) -> web.Response:
        visits.append(request.path)
        name = request.match_info["name"]
        if name == "moved.png":
            raise web.HTTPFound("/a.png")
        if name == "gone.png":
            raise web.HTTPNotFound
        size = 5 * 1024 * 1024 + 1 if name == "huge.png" else 100
        return web.Response(body=b"0" * size, content_type=kinds[name.rpartition(".")[2]])

    visits: list[str] = []
    app = web.Application()
    app[VISITS] = visits
    app.add_routes([web.get("/{name}", serve)])
    server = TestServer(app)
    async with server:
        yield server


VISITS: web.AppKey[list[str]] = web.AppKey("visits", list)


async def test_an_upload_is_shown_and_can_be_sent_again_by_its_id(
    call: Caller, sandbox: Sandbox
) -> None:
    form = aiohttp.FormData({"chat_id": str(SALMA), "caption": "<b>صورة</b>", "parse_mode": "HTML"})
    form.add_field("photo", PNG, filename="a.png", content_type="image/png")

    sent = (await call.raw(f"/bot{TOKEN}/sendPhoto", data=form))["result"]
    size = sent["photo"][-1]
    again = await call.result("sendPhoto", chat_id=SALMA, photo=size["file_id"])

    assert sent["caption_entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    assert size["file_size"] == len(PNG)
    assert again["photo"][-1] == size
    state = await (await call.get("/_sandbox/state")).json()
    shown = state["messages"][str(SALMA)][-2]
    assert shown["entities"] == sent["caption_entities"]
    picture = await call.get(shown["photo"]["url"])
    assert (await picture.read(), picture.content_type) == (PNG, "image/png")


async def test_an_address_of_this_machine_is_fetched_once(call: Caller, site: TestServer) -> None:
    url = str(site.make_url("/a.png"))

    await call.result("sendPhoto", chat_id=SALMA, photo=url)
    await call.result("sendPhoto", chat_id=SALMA, photo=url)

    assert site.app[VISITS] == ["/a.png"]
    state = await (await call.get("/_sandbox/state")).json()
    assert state["messages"][str(SALMA)][-1]["photo"] == {"url": url}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/a.webp", WRONG_TYPE),
        ("/a.svg", WRONG_TYPE),
        ("/a.html", WRONG_TYPE),
        ("/huge.png", WRONG_TYPE),
        ("/gone.png", NOTHING),
        ("/moved.png", NOTHING),
    ],
)
async def test_a_picture_telegram_would_not_take_is_refused(
    call: Caller, site: TestServer, path: str, words: str
) -> None:
    """T43; tdlib/telegram-bot-api #782."""
    assert await call.refusal("sendPhoto", chat_id=SALMA, photo=str(site.make_url(path))) == words


async def test_an_address_where_nobody_listens_gives_nothing(
    call: Caller, unused_tcp_port: int
) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/a.png"

    assert await call.refusal("sendPhoto", chat_id=SALMA, photo=url) == NOTHING


async def test_other_machines_are_not_asked(call: Caller, sandbox: Sandbox) -> None:
    url = "https://images.example.com/a.jpg"
    assert await call.refusal("sendPhoto", chat_id=SALMA, photo=url) == NOTHING

    await sandbox.fault("any_picture")

    sent = await call.result("sendPhoto", chat_id=SALMA, photo=url)
    assert sent["photo"]


@pytest.mark.parametrize(
    ("photo", "words"),
    [
        ("AgAC-unknown", "wrong file identifier/HTTP URL specified"),
        ("ftp://127.0.0.1/a.png", "wrong file identifier/HTTP URL specified"),
    ],
)
async def test_an_unknown_file_is_refused(call: Caller, photo: str, words: str) -> None:
    refusal = await call.refusal("sendPhoto", chat_id=SALMA, photo=photo)

    assert refusal == f"Bad Request: {words}"


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("Photo", b"<svg/>", "IMAGE_PROCESS_FAILED"),
        ("Photo", PNG + b"0" * 10 * 1024 * 1024, "file is too big"),
        ("Document", b"", "file must be non-empty"),
    ],
    ids=["no picture", "too big", "empty"],
)
async def test_an_upload_telegram_would_not_take_is_refused(
    call: Caller, kind: str, data: bytes, words: str
) -> None:
    form = aiohttp.FormData({"chat_id": str(SALMA)})
    form.add_field(kind.lower(), BytesIO(data), filename="a.png", content_type="image/png")

    answer = await call.raw(f"/bot{TOKEN}/send{kind}", data=form)

    assert answer["description"] == f"Bad Request: {words}"


async def test_a_webp_picture_may_be_uploaded(call: Caller) -> None:
    form = aiohttp.FormData({"chat_id": str(SALMA)})
    form.add_field("photo", b"RIFF\0\0\0\0WEBP", filename="a.webp", content_type="image/webp")

    assert (await call.raw(f"/bot{TOKEN}/sendPhoto", data=form))["ok"]


def test_of_very_many_files_the_oldest_is_forgotten() -> None:
    files = Files()
    first = files.keep("text/plain", b"1")

    for _ in range(300):
        last = files.keep("text/plain", b"2")

    assert files.data(first.id) is None
    assert files.data(last.id) == b"2"


async def test_media_and_captions_are_edited_in_place(call: Caller) -> None:
    sent = await call.result("sendMessage", chat_id=SALMA, text="نص")
    where = {"chat_id": SALMA, "message_id": sent["message_id"]}
    media = {"type": "photo", "media": "attach://one", "caption": "صورة"}
    form = aiohttp.FormData({key: str(value) for key, value in where.items()})
    form.add_field("media", json.dumps(media))
    form.add_field("one", PNG, filename="a.png", content_type="image/png")

    edited = (await call.raw(f"/bot{TOKEN}/editMessageMedia", data=form))["result"]
    named = await call.result("editMessageCaption", **where, caption="وصف", reply_markup=button())

    assert edited["photo"] == named["photo"]
    assert (edited["caption"], named["caption"]) == ("صورة", "وصف")
    assert await call.refusal("editMessageText", **where, text="a") == (
        "Bad Request: there is no text in the message to edit"
    )


async def test_a_bad_picture_fault_spares_the_text(call: Caller, sandbox: Sandbox) -> None:
    await sandbox.fault("bad_picture", chat=SALMA)

    assert await call.refusal("sendPhoto", chat_id=SALMA, photo="any") == WRONG_TYPE
    await call.result("sendMessage", chat_id=SALMA, text="نص")
