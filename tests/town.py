"""A town for journeys: the real application over the sandbox, a paper that prints what a test says,
and people who act and look. A journey reads like the conversation it tells.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from bot.app import Mujaz, running
from bot.config import Config, StarterFeed, load
from bot.model import Section
from bot.sandbox.server import TOKEN, Sandbox

SALMA, KARIM, YOUNES = 1001, 1002, 1003  # a reader, an editor, another reader
HIDDEN = {
    **dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200e\u200f")),
    0xA0: " ",
}  # isolates and marks
PATIENCE = 8.0  # seconds that an answer may take on a busy machine


class TownClock:
    """The machine's clock, moved on by hand."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def forward(self, span: timedelta) -> None:
        self._ahead += span

    def set(self, moment: datetime) -> None:
        self._ahead = moment - datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """An article of the town's paper."""

    title: str
    body: str
    guid: str
    at: datetime | None = None
    picture: str = ""

    def xml(self) -> str:
        date = f"<pubDate>{format_datetime(self.at)}</pubDate>" if self.at else ""
        picture = f'<enclosure url="{self.picture}" type="image/png"/>' if self.picture else ""
        return (
            f"<item><title>{escape(self.title)}</title><guid>{self.guid}</guid>"
            f"<link>http://town.example/{self.guid}</link>{date}{picture}"
            f"<description>{escape(self.body)}</description></item>"
        )


class Paper:
    """Feeds of one section each, served beside the sandbox."""

    def __init__(self) -> None:
        self._items: dict[str, list[Item]] = {}

    def prints(
        self, section: str, title: str, body: str = "", *, at: datetime | None = None
    ) -> None:
        items = self._items.setdefault(section, [])
        guid = f"{section}-{len(items)}"
        items.insert(0, Item(title, body or f"{title}. وهذه تفاصيل الخبر كما وردت.", guid, at))

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/paper/{section}.xml", self._serve)]

    async def _serve(self, request: web.Request) -> web.Response:
        items = "".join(item.xml() for item in self._items.get(request.match_info["section"], []))
        feed = f'<rss version="2.0"><channel><title>صحيفة المدينة</title>{items}</channel></rss>'
        return web.Response(text=feed, content_type="application/rss+xml")


class Town:
    """People and what they see; ``begin`` starts Mujaz, ``crash``-free ``end`` stops it."""

    def __init__(self, sandbox: Sandbox, paper: Paper, database: Path) -> None:
        self.sandbox = sandbox
        self.paper = paper
        self.clock = TownClock()
        self.database = database
        self.mujaz: Mujaz | None = None
        self._opened = AsyncExitStack()
        self._stream = sandbox.desk.events.open()
        self._shown: dict[int, list[dict[str, Any]]] = {}
        self._marks: dict[int, int] = {}

    def config(self, **push: int) -> Config:
        """Return a newsroom of this town: Karim edits, one feed a section."""
        environment = {
            "MUJAZ_TELEGRAM__TOKEN": TOKEN,
            "MUJAZ_TELEGRAM__API_BASE": self.sandbox.address,
            "MUJAZ_PEOPLE__EDITORS": str(KARIM),
            "MUJAZ_POLL__FLOOR": "1s",
            "MUJAZ_POLL__CEILING": "1s",
            "MUJAZ_POLL__HOSTS": "8",
            "MUJAZ_POLL__ALLOW_PRIVATE": "true",
            "MUJAZ_STORAGE__URL": f"sqlite:///{self.database}",
            **{f"MUJAZ_PUSH__{name.upper()}": str(value) for name, value in push.items()},
        }
        config = load(None, environment)
        feeds = tuple(
            StarterFeed(f"{self.sandbox.address}/paper/{section}.xml", section, "صحيفة المدينة")
            for section in (Section.POLITICS, Section.SPORT, Section.WORLD)
        )
        return replace(config, news=replace(config.news, feeds=feeds))

    async def begin(self, **push: int) -> Self:
        """Start Mujaz and let it read the paper for the first time."""
        context = running(self.config(**push), now=self.clock)
        self.mujaz = await self._opened.enter_async_context(context)
        await self.reads()
        return self

    async def end(self) -> None:
        """Stop Mujaz as SIGTERM does; it may begin again on the same database."""
        await self._opened.aclose()

    async def reads(self) -> None:
        """Let Mujaz visit every feed once more, now."""
        assert self.mujaz is not None
        async with self.mujaz.storage.transaction() as tx:
            await tx.execute("UPDATE feeds SET next_poll_at = 0")
        while await self.mujaz.poller.poll_due():
            await self.mujaz.poller.settled()

    async def says(self, person: int, text: str, **more: Any) -> int:
        """Let a person write; from now on only what comes after is looked at."""
        self._mark(person)
        message: dict[str, Any] = await self.sandbox.say(person, text, **more)
        return int(message["message_id"])

    async def taps(self, person: int, label: str) -> str:
        """Let a person press the newest button with this text; return the toast."""
        message, button = self._button(person, label)
        self._mark(person)
        answer = await self.sandbox.tap(
            person, message["message_id"], button["callback_data"], wait=PATIENCE
        )
        assert answer["answer"] is not None, f"nobody answered the press of {label}"
        return str(answer["answer"].get("text") or "")

    async def presses(self, person: int, label: str) -> None:
        """Let a person press a button while nobody is there to answer."""
        message, button = self._button(person, label)
        self._mark(person)
        await self.sandbox.tap(person, message["message_id"], button["callback_data"], wait=0)

    async def sees(self, person: int, *words: str) -> str:
        """Wait until a message (new or edited) since the person's last act has all the words."""

        def look() -> str | None:
            self._drain()
            since = self._shown.get(person, [])[self._marks.get(person, 0) :]
            for message in reversed(since):
                text = text_of(message)
                if all(word in text for word in words):
                    return text
            return None

        try:
            return await self.sandbox.until(look, PATIENCE) or ""
        except TimeoutError:
            seen = [text_of(message) for message in self._shown.get(person, [])][-4:]
            raise AssertionError(f"{words} not seen; the last: {seen}") from None

    def buttons(self, person: int) -> list[str]:
        """Return the texts of the buttons under the newest message that has any."""
        for message in reversed(self._current(person)):
            if rows := message.get("reply_markup", {}).get("inline_keyboard"):
                return [button["text"] for row in rows for button in row]
        return []

    def texts(self, person: int) -> list[str]:
        """Return what the bot's messages in a person's chat say now, oldest first."""
        return [text_of(message) for message in self._current(person)]

    async def quiet(self, moments: int = 3) -> None:
        """Let everything that is due happen: a few turns of every beat."""
        assert self.mujaz is not None
        for _ in range(moments):
            self.mujaz.deliverer.wake()
            await asyncio.sleep(0)
            await self.reads()

    def _current(self, person: int) -> list[dict[str, Any]]:
        world = self.sandbox.desk.world
        return [
            world.json(message, for_page=True)
            for message in world.messages(person)
            if message.by_bot
        ]

    def _button(self, person: int, label: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Find the newest button of this text, whatever its mark and the number behind it."""
        for message in reversed(self._current(person)):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    words = button["text"].removeprefix("✓✓ ").removeprefix("✓ ")
                    if words == label or words.rstrip("0123456789\u202f") == f"{label} ":
                        return message, button
        raise AssertionError(f"no button {label}; there are {self.buttons(person)}")

    def _mark(self, person: int) -> None:
        self._drain()
        self._marks[person] = len(self._shown.get(person, []))

    def _drain(self) -> None:
        while not self._stream.empty():
            event = self._stream.get_nowait()
            if event is not None and event["kind"] in ("message", "edit"):
                message = event["message"]
                if message.get("from", {}).get("is_bot"):
                    self._shown.setdefault(event["chat"], []).append(message)


def text_of(message: dict[str, Any]) -> str:
    """Return a message's words without the invisible marks of direction."""
    words: str = message.get("text") or message.get("caption") or ""
    return words.translate(HIDDEN)


@asynccontextmanager
async def a_town(folder: Path, **rates: float | None) -> AsyncIterator[Town]:
    """Build a town whose Telegram has no flood limits unless they are given."""
    paper = Paper()
    limits: dict[str, float | None] = {"rate": None, "chat_rate": None, "group_rate_minute": None}
    sandbox = Sandbox(routes=paper.routes(), **{**limits, **rates})
    await sandbox.start()
    town = Town(sandbox, paper, folder / "town.db")
    try:
        yield town
    finally:
        await town.end()
        await sandbox.close()
