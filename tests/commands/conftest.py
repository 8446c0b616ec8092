"""A bureau for the commands: the real Application over the real database and the sandbox.

Updates are fetched and handled one by one, so a test knows when everything has been answered.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram.ext import Application, ContextTypes

from bot import commands
from bot.commands.errands import Errands
from bot.commands.room import App, Context, Room
from bot.config import Config, People
from bot.feeds.discover import Discoverer
from bot.feeds.fetch import Fetcher
from bot.feeds.parser_process import ParserProcess
from bot.jobs.alerts import Alerts
from bot.jobs.manners import Manners
from bot.model import BotId, ChatId, Draft, StoryId, Subscriber
from bot.sandbox.server import TOKEN, Sandbox
from bot.storage import Storage, subscribers, team
from bot.storage.engines.sqlite.engine import open_sqlite
from bot.texts import Texts
from bot.transports.telegram.bots import make_reply_bot
from bot.transports.telegram.replies import RepliesFirst
from tests.build import NOON, print_story

SALMA, KARIM, YOUNES = 1001, 1002, 1003  # a reader, an editor, another reader
GROUP = -2001
HIDDEN = {
    **dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200e\u200f")),
    0xA0: " ",
}  # isolates and marks


class FreePace:
    """A pace that never waits."""

    async def reply(self, chat_id: int) -> Callable[[], None]:
        """Let it go."""
        return lambda: None

    def flooded(self, chat_id: int, retry_after: float) -> None:
        """Forget it."""


@dataclass
class Bureau:
    """People who write and press, and what they see."""

    sandbox: Sandbox
    storage: Storage
    app: App
    room: Room
    clock: list[datetime]
    woken: list[str]
    fetcher: Fetcher
    parser: ParserProcess
    texts: Texts = field(default_factory=Texts.load)
    _offset: int = 0

    async def pump(self) -> None:
        """Handle every update that waits, in order."""
        while updates := await self.app.bot.get_updates(offset=self._offset, timeout=0):
            for update in updates:
                self._offset = update.update_id + 1
                await self.app.process_update(update)

    async def says(self, person: int, text: str, **more: Any) -> int:
        """Let a person write; return the message's number."""
        message = await self.sandbox.say(person, text, **more)
        await self.pump()
        return int(message["message_id"])

    async def sends(self, person: int, kind: str, **more: Any) -> int:
        """Let a person send what is not a text."""
        message = await self.sandbox.send(person, kind, **more)
        await self.pump()
        return int(message["message_id"])

    async def edits(self, person: int, message: int, text: str) -> None:
        """Let a person change what they wrote."""
        await self.sandbox.edit(person, message, text)
        await self.pump()

    async def taps(self, person: int, label: str) -> str:
        """Let a person press the newest button with this text; return the toast."""
        message, data = self.button(person, label)
        return await self.presses(person, message, data)

    async def presses(self, person: int, message: int, data: str, **more: Any) -> str:
        """Let a person press whatever data; return the toast, which there must be."""
        tapped = await self.sandbox.tap(person, message, data, wait=0, **more)
        await self.pump()
        answer = self.sandbox.desk.queries[tapped["query_id"]].answer
        assert answer.done(), "the press was not answered"
        return str(answer.result()["text"])

    def messages(self, person: int) -> Sequence[dict[str, Any]]:
        """Return the bot's messages in a chat as they stand, oldest first."""
        world = self.sandbox.desk.world
        return [world.json(one, for_page=True) for one in world.messages(person) if one.by_bot]

    def seen(self, person: int) -> str:
        """Return the words of the newest message."""
        return words_of(self.messages(person)[-1])

    def labels(self, person: int) -> list[str]:
        """Return the texts of the buttons under the newest message."""
        rows = self.messages(person)[-1].get("reply_markup", {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]

    def button(self, person: int, label: str) -> tuple[int, str]:
        """Return where a button is and what it calls."""
        for message in reversed(self.messages(person)):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if label == button["text"]:
                        return message["message_id"], button["callback_data"]
        raise AssertionError(f"no button {label}; there are {self.labels(person)}")

    async def prints(self, *drafts: Draft) -> StoryId:
        """Store one story told by these drafts."""
        async with self.storage.transaction() as tx:
            return await print_story(tx, *drafts)

    async def subscriber(self, person: int) -> Subscriber:
        """Return a person's subscriber, who must be there."""
        found = await subscribers.find(self.storage, self.room.bot, ChatId(person))
        assert found is not None
        return found

    def forward(self, span: timedelta) -> None:
        """Let time go by."""
        self.clock[0] += span


def words_of(message: dict[str, Any]) -> str:
    words: str = message.get("text") or message.get("caption") or ""
    return words.translate(HIDDEN)


def config(**people: Any) -> Config:
    """Return a newsroom whose editor is Karim."""
    return replace(Config(), people=People(**({"editors": (KARIM,)} | people)))


@pytest.fixture
def newsroom() -> Config:
    """Return the configuration; a test that needs another overrides this."""
    return config()


@pytest.fixture
async def bureau(tmp_path: Path, newsroom: Config) -> AsyncIterator[Bureau]:
    """Open everything and close it again."""
    sandbox = Sandbox(rate=None, chat_rate=None, group_rate_minute=None)
    await sandbox.start()
    storage = await open_sqlite(tmp_path / "mujaz.db")
    made = await begin(sandbox, storage, newsroom)
    yield made
    await made.room.errands.close()
    await made.fetcher.close()
    await made.parser.close()
    await made.app.shutdown()
    await storage.close()
    await sandbox.close()


async def begin(sandbox: Sandbox, storage: Storage, newsroom: Config) -> Bureau:
    """Build the application as ``app`` does, without its listening."""
    clock, woken = [NOON], list[str]()
    fetcher, parser = Fetcher(user_agent="Mujaz/test", allow_private=True), ParserProcess()
    async with storage.transaction() as tx:
        await team.configure(tx, newsroom.people.owners, newsroom.people.editors, NOON)
    bot = make_reply_bot(TOKEN, api_base=sandbox.address, limiter=RepliesFirst(FreePace()))
    manners = Manners(
        BotId(sandbox.desk.world.bot.id),
        newsroom.news.zone,
        newsroom.push.urgent_expires,
        newsroom.push.instant_expires,
    )
    room = Room(
        storage=storage,
        texts=Texts.load(),
        config=newsroom,
        bot=BotId(sandbox.desk.world.bot.id),
        username=sandbox.desk.world.bot.username,
        now=lambda: clock[0],
        deliver_soon=lambda: woken.append("deliver"),
        digest_soon=lambda: woken.append("digest"),
        discoverer=Discoverer(
            fetcher, parser, zone=newsroom.news.zone, now=lambda: clock[0], allow_private=True
        ),
        errands=Errands(),
        alarm=Alerts(Texts.load(), manners).alarm,
    )
    app: App = (
        Application.builder()
        .bot(bot)
        .context_types(ContextTypes(context=Context, bot_data=lambda: room))
        .job_queue(None)
        .build()
    )
    commands.install(app, room)
    await app.initialize()
    return Bureau(sandbox, storage, app, room, clock, woken, fetcher, parser)
