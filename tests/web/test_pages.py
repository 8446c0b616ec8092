"""What our own pages promise: health in two degrees, figures, and a door that knows its secret."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.config import Secret
from bot.errors import StartError
from bot.model import BotId, ChatId, ChatKind, DeliveryState
from bot.storage import digests, subscribers
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.web import health, webhook
from bot.web.health import Check, health_pages
from bot.web.metrics import Metrics
from bot.web.server import LARGEST, serving
from bot.web.webhook import HEADER, webhook_page
from tests.build import NOON

SECRET = "a-word-of-ours"


@asynccontextmanager
async def site(*routes: web.RouteDef) -> AsyncIterator[aiohttp.ClientSession]:
    async with (
        serving("127.0.0.1", 0, routes) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        yield session


def saying(words: str) -> Check:
    async def check() -> str:
        return words

    return check


async def breaking() -> str:
    raise ValueError("and its words may hold anything")


async def hanging() -> str:
    await asyncio.Event().wait()
    return ""


@pytest.mark.parametrize(
    ("alive", "ready", "codes"),
    [
        ({"beats": saying("")}, {"database": saying("")}, (200, 200)),
        ({"beats": saying("")}, {"database": saying("it is gone")}, (200, 503)),
        ({"beats": saying("stalled")}, {"database": saying("")}, (503, 503)),
        ({"beats": breaking}, {}, (503, 503)),
    ],
    ids=["all well", "not ready", "not alive", "a check that breaks"],
)
async def test_health_has_two_degrees(
    alive: Mapping[str, Check], ready: Mapping[str, Check], codes: tuple[int, int]
) -> None:
    async with site(*health_pages(alive, ready)) as session:
        found = [(await session.get(path)).status for path in ("/healthz", "/readyz")]

    assert tuple(found) == codes


async def test_a_page_names_what_does_not_hold() -> None:
    checks = {"database": saying("it is gone"), "telegram": saying(""), "beats": breaking}

    async with site(*health_pages(checks, {})) as session:
        told = await (await session.get("/healthz")).json()

    assert told == {"database": "it is gone", "telegram": "ok", "beats": "ValueError"}


async def test_a_check_that_hangs_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.01)

    async with site(*health_pages({"database": hanging}, {})) as session:
        answer = await session.get("/healthz")

    assert answer.status == 503


async def test_figures_count_what_was_told_and_what_the_database_holds(tmp_path: Path) -> None:
    storage = await open_sqlite(tmp_path / "mujaz.db")
    try:
        async with storage.transaction() as tx:
            for chat in (1, 2):
                reader, _ = await subscribers.join(
                    tx, BotId(1), ChatId(chat), kind=ChatKind.PRIVATE, zone="UTC", now=NOON
                )
                await digests.add(tx, reader.id, 420, covered_until=NOON, next_at=NOON)
            await subscribers.block(tx, reader.id, NOON)
        metrics = Metrics(storage, lambda: NOON + timedelta(hours=1))
        for state in (DeliveryState.SENT, DeliveryState.SENT, DeliveryState.UNREACHABLE):
            metrics.settled(state)
        metrics.visited("ok", 7)
        metrics.visited("slow")

        async with site(*metrics.pages()) as session:
            lines = (await (await session.get("/metrics")).text()).splitlines()
    finally:
        await storage.close()

    for line in (
        'mujaz_messages_total{state="sent"} 2.0',
        'mujaz_messages_total{state="unreachable"} 1.0',
        'mujaz_visits_total{result="slow"} 1.0',
        "mujaz_articles_total 7.0",
        'mujaz_readers{state="active"} 1.0',
        'mujaz_readers{state="blocked"} 1.0',
        'mujaz_outbox{what="waiting"} 0.0',
        'mujaz_outbox{what="overdue"} 1.0',  # who blocked us waits for none
    ):
        assert line in lines


async def test_an_update_is_heard_from_whoever_knows_the_secret() -> None:
    heard: list[Mapping[str, object]] = []

    async def hear(update: Mapping[str, object]) -> None:
        heard.append(update)

    async with site(webhook_page("/telegram", Secret(SECRET), hear)) as session:
        answer = await session.post(
            "/telegram", json={"update_id": 5, "message": {}}, headers={HEADER: SECRET}
        )

    assert answer.status == 200
    assert heard == [{"update_id": 5, "message": {}}]


async def test_an_update_that_comes_twice_is_heard_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """T50; vellum-assistant PR #39309: what was answered too late comes again."""
    monkeypatch.setattr(webhook, "KNOWN", 2)
    heard: list[object] = []

    async def hear(update: Mapping[str, object]) -> None:
        heard.append(update["update_id"])

    async with site(webhook_page("/telegram", Secret(SECRET), hear)) as session:
        for number in (5, 5, 6, 5, 7, 8, 5):
            answer = await session.post(
                "/telegram", json={"update_id": number}, headers={HEADER: SECRET}
            )
            assert answer.status == 200

    assert heard == [5, 6, 7, 8, 5]  # one that is long past is remembered no more


async def test_an_update_that_could_not_be_taken_is_heard_when_it_comes_again() -> None:
    heard: list[object] = []

    async def hear(update: Mapping[str, object]) -> None:
        heard.append(update["update_id"])
        if len(heard) == 1:
            raise RuntimeError("the queue is closed")

    async with site(webhook_page("/telegram", Secret(SECRET), hear)) as session:
        codes = [
            (
                await session.post("/telegram", json={"update_id": 5}, headers={HEADER: SECRET})
            ).status
            for _ in range(2)
        ]

    assert (codes, heard) == ([500, 200], [5, 5])


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        ({}, b'{"update_id": 5}', 403),
        ({HEADER: "another"}, b'{"update_id": 5}', 403),
        ({HEADER: SECRET + "x"}, b'{"update_id": 5}', 403),
        ({HEADER: SECRET}, b"{", 400),
        ({HEADER: SECRET}, b"[]", 400),
        ({HEADER: SECRET}, b'{"update_id": "5"}', 400),
        ({HEADER: SECRET}, b"\xff\xfe", 400),
        ({HEADER: SECRET}, b"[" * 100_000, 400),
        ({HEADER: SECRET}, b"x" * (LARGEST + 1), 413),
    ],
    ids=[
        "none",
        "another",
        "longer",
        "cut off",
        "a list",
        "no number",
        "no text",
        "deep",
        "too large",
    ],
)
async def test_whatever_else_comes_is_refused_and_not_heard(
    headers: Mapping[str, str], body: bytes, code: int
) -> None:
    async def hear(update: Mapping[str, object]) -> None:
        pytest.fail("it was heard")

    async with site(webhook_page("/telegram", Secret(SECRET), hear)) as session:
        answer = await session.post("/telegram", data=io.BytesIO(body), headers=headers)

    assert answer.status == code


async def test_a_secret_of_any_bytes_is_refused_like_any_other() -> None:
    async def hear(update: Mapping[str, object]) -> None:
        pytest.fail("it was heard")

    page = webhook_page("/telegram", Secret(SECRET), hear)
    async with serving("127.0.0.1", 0, [page]) as port:
        answers, call = await asyncio.open_connection("127.0.0.1", port)
        shown = HEADER.encode() + b": \xff\xfe\r\n"
        call.write(b"POST /telegram HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n" + shown + b"\r\n")
        answer = await answers.readline()
        call.close()

    assert b" 403 " in answer


async def test_an_address_that_is_taken_is_one_sentence() -> None:
    async with serving("127.0.0.1", 0, []) as port:
        with pytest.raises(StartError, match=f"web.listen: 127.0.0.1:{port} cannot be listened on"):
            async with serving("127.0.0.1", port, []):
                pass


async def test_a_flood_of_strangers_is_one_line_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def hear(update: Mapping[str, object]) -> None:
        pytest.fail("it was heard")

    async with site(webhook_page("/telegram", Secret(SECRET), hear)) as session:
        for _ in range(20):
            assert (await session.post("/telegram", data=b"{}")).status == 403

    assert [record.message for record in caplog.records].count("webhook.refused") == 1
