"""A town for journeys: the real application over the sandbox, a paper that prints what a test says,
and people who act and look. A journey reads like the conversation it tells.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from bot.app import Mujaz, running
from bot.config import Config, load
from bot.sandbox.faults import Fault
from bot.sandbox.nouns import Person
from bot.sandbox.server import TOKEN, Sandbox
from bot.sandbox.world import load_cast
from tests.paper import Paper

SALMA, KARIM, YOUNES = 1001, 1002, 1003  # a reader, an editor, another reader
NADIA = 1004  # the owner; only the town knows her, the demo's page does not show her
HIDDEN = {
    **dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200e\u200f")),
    0xA0: " ",
}  # isolates and marks
PICTURED = datetime(2026, 11, 26, 14, 20, tzinfo=UTC)  # a Thursday, nobody's night
PATIENCE = 8.0  # seconds that an answer may take on a busy machine


class TownClock:
    """The machine's clock, moved on by hand; for pictures it begins at one moment, always."""

    def __init__(self) -> None:
        is_pictured = bool(os.environ.get("MUJAZ_PICTURES"))
        self._ahead = PICTURED - datetime.now(UTC) if is_pictured else timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def forward(self, span: timedelta) -> None:
        self._ahead += span

    def set(self, moment: datetime) -> None:
        self._ahead = moment - datetime.now(UTC)


class Town:
    """People and what they see; `begin` starts Mujaz, `end` stops it, `crash` cuts it off."""

    def __init__(self, sandbox: Sandbox, paper: Paper, database: Path) -> None:
        self.sandbox = sandbox
        self.paper = paper
        self.clock = TownClock()
        self.database = database
        self.mujaz: Mujaz | None = None
        self._opened = AsyncExitStack()
        self._stream = sandbox.desk.events.open(behind=0)
        self._seen: list[dict[str, Any]] = []
        self._shown: dict[int, list[dict[str, Any]]] = {}
        self._marks: dict[int, int] = {}
        self._offered: dict[str, str] = {}

    @property
    def seen(self) -> list[dict[str, Any]]:
        """Return every message of the bot since the town was built, new or edited, as the page
        gets it; one that was edited twice stands here three times.
        """
        self._drain()
        return list(self._seen)

    @property
    def log(self) -> list[tuple[int, str, tuple[str, ...]]]:
        """Return what was `seen`: the chat, the words, the texts of the buttons."""
        return [
            (message["chat"]["id"], text_of(message), buttons_of(message)) for message in self.seen
        ]

    def config(self, env: Mapping[str, str] | None = None, **push: int) -> Config:
        """Return a newsroom of this town: Nadia owns it, Karim edits, one feed a section.

        `env` are further settings by the names of their variables.
        """
        environment = {
            "MUJAZ_TELEGRAM__TOKEN": TOKEN,
            "MUJAZ_TELEGRAM__API_BASE": self.sandbox.address,
            "MUJAZ_PEOPLE__OWNERS": str(NADIA),
            "MUJAZ_PEOPLE__EDITORS": str(KARIM),
            "MUJAZ_POLL__FLOOR": "1s",
            "MUJAZ_POLL__CEILING": "1s",
            "MUJAZ_POLL__HOSTS": "8",
            "MUJAZ_POLL__ALLOW_PRIVATE": "true",
            "MUJAZ_STORAGE__URL": f"sqlite:///{self.database}",
            **{f"MUJAZ_PUSH__{name.upper()}": str(value) for name, value in push.items()},
            **(env or {}),
        }
        config = load(None, environment)
        feeds = self.paper.feeds(self.sandbox.address)
        return replace(config, news=replace(config.news, feeds=feeds))

    async def begin(self, env: Mapping[str, str] | None = None, **push: int) -> Self:
        """Start Mujaz and let it read the paper for the first time."""
        context = running(self.config(env, **push), now=self.clock)
        self.mujaz = await self._opened.enter_async_context(context)
        await self.reads()
        return self

    async def end(self) -> None:
        """Stop Mujaz as SIGTERM does; it may begin again on the same database."""
        await self._opened.aclose()

    async def crash(self) -> None:
        """Stop Mujaz as a power cut does: from this moment on nothing is written or said.

        The library's objects must be closed all the same. So they close without reaching anybody,
        then database and unconfirmed updates are put back as they were at this moment.
        """
        assert self.mujaz is not None
        desk = self.sandbox.desk
        async with self.mujaz.storage.transaction():  # nobody else is in the middle of writing
            files = {path: path.read_bytes() for path in self._files()}
            pending = desk.updates.pending()
            cut = Fault("hang_up_before")
            desk.faults.set(cut)
        await self.end()
        desk.faults.lift(cut)
        desk.updates.put_back(pending)
        for path in self._files():
            if path not in files:
                path.unlink()
        for path, content in files.items():
            path.write_bytes(content)  # into the same file: a copy would wake on hold

    def _files(self) -> list[Path]:
        """Return the database's file and its journal; what SQLite shares in memory is lost."""
        names = (self.database.name, f"{self.database.name}-wal")
        return [path for name in names if (path := self.database.with_name(name)).exists()]

    async def reads(self) -> None:
        """Let Mujaz visit every feed once more, now."""
        assert self.mujaz is not None
        async with self.mujaz.storage.transaction() as tx:
            await tx.execute("UPDATE feeds SET next_poll_at = 0")
        while await self.mujaz.poller.poll_due():
            await self.mujaz.poller.settled()

    async def says(self, person: int, text: str, **more: Any) -> int:
        """Let a person write; from now on only what comes after is looked at.

        `chat` may name a group, `reply_to` a message there.
        """
        self._mark(person, more.get("chat"))
        message: dict[str, Any] = await self.sandbox.say(person, text, **more)
        return int(message["message_id"])

    async def sends(self, person: int, kind: str, **more: Any) -> int:
        """Let a person send a photo, video, voice, sticker or document; return its message.

        `text` is the caption; of a document `name` is the file's name and `data` its letters.
        """
        self._mark(person, more.get("chat"))
        message = await self.sandbox.send(person, kind, **more)
        return int(message["message_id"])

    async def forwards(self, person: int, what: int | str, *, chat: int | None = None) -> int:
        """Let a person send the bot a message on: its id in `chat` (their own unless given), or
        the words of a stranger's.
        """
        if isinstance(what, str):
            return await self.sends(person, "forward", text=what)
        return await self.sends(person, "forward", from_chat=chat or person, message_id=what)

    async def edits(self, person: int, message: int, text: str, **more: Any) -> None:
        """Let a person change what they wrote."""
        self._mark(person, more.get("chat"))
        await self.sandbox.edit(person, message, text, **more)

    async def asks(self, person: int, query: str, *, chat: int | None = None) -> list[str]:
        """Let a person type ``@bot`` and a query in a chat; return the titles that are offered.

        `picks` posts one of them.
        """
        results = await self.sandbox.ask(person, query, chat=chat)
        self._offered = {str(result.get("title", "")): str(result["id"]) for result in results}
        return list(self._offered)

    async def picks(self, person: int, title: str, *, chat: int | None = None) -> str:
        """Let a person post the offered result whose title begins so; return what it says."""
        found = [one for offered, one in self._offered.items() if offered.startswith(title)]
        assert found, f"no result {title}; there are {list(self._offered)}"
        self._mark(person, chat)
        return text_of(await self.sandbox.choose(person, found[0], chat=chat))

    async def taps(self, person: int, label: str) -> str:
        """Let a person press the newest button with this text; return the toast."""
        message, button = self._button(person, label)
        self._mark(person)
        answer = await self.sandbox.tap(
            person, message["message_id"], button["callback_data"], wait=PATIENCE
        )
        assert answer["answer"] is not None, f"nobody answered the press of {label}"
        return str(answer["answer"].get("text") or "")

    def key(self, person: int, label: str) -> tuple[int, str]:
        """Return where the newest button with this text stands, and its data."""
        message, button = self._button(person, label)
        return int(message["message_id"]), str(button["callback_data"])

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
            if buttons := buttons_of(message):
                return list(buttons)
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

    def _mark(self, *chats: int | None) -> None:
        self._drain()
        for chat in chats:
            if chat is not None:
                self._marks[chat] = len(self._shown.get(chat, []))

    def _drain(self) -> None:
        while not self._stream.empty():
            event = self._stream.get_nowait()
            if event is not None and event["kind"] in ("message", "edit"):
                message = event["message"]
                if message.get("from", {}).get("is_bot") or "via_bot" in message:
                    self._seen.append(message)
                    self._shown.setdefault(event["chat"], []).append(message)


def text_of(message: dict[str, Any]) -> str:
    """Return a message's words without the invisible marks of direction."""
    words: str = message.get("text") or message.get("caption") or ""
    return words.translate(HIDDEN)


def buttons_of(message: dict[str, Any]) -> tuple[str, ...]:
    """Return the texts of the buttons under a message."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return tuple(button["text"] for row in rows for button in row)


@asynccontextmanager
async def a_town(
    folder: Path, paper: Paper | None = None, **rates: float | None
) -> AsyncIterator[Town]:
    """Build a town whose Telegram has no flood limits unless they are given."""
    paper = paper or Paper()
    limits: dict[str, float | None] = {"rate": None, "chat_rate": None, "group_rate_minute": None}
    people = (*load_cast().people, Person(NADIA, "نادية", "مديرة"))
    sandbox = Sandbox(people=people, routes=paper.routes(), **{**limits, **rates})
    await sandbox.start()
    town = Town(sandbox, paper, folder / "town.db")
    try:
        yield town
    finally:
        await town.end()
        await sandbox.close()
