"""The order of updates: serial in a chat, parallel across chats, bounded."""

from __future__ import annotations

import asyncio

from telegram import Chat, Message, Update

from bot.commands.processor import ByChat
from tests.build import NOON


def update(chat: int) -> Update:
    return Update(1, message=Message(1, NOON, Chat(chat, Chat.PRIVATE)))


class Handlers:
    """Handlers that run until they are let go."""

    def __init__(self) -> None:
        self.running: list[str] = []
        self.done: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}

    async def handle(self, name: str) -> None:
        self.running.append(name)
        await self.gates.setdefault(name, asyncio.Event()).wait()
        self.done.append(name)

    def let_go(self, name: str) -> None:
        self.gates.setdefault(name, asyncio.Event()).set()


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_chats_updates_run_one_after_the_other_in_their_order() -> None:
    processor, handlers = ByChat(), Handlers()
    tasks = [
        asyncio.create_task(processor.process_update(update(1), handlers.handle(name)))
        for name in ("first", "second")
    ]
    await settle()
    assert handlers.running == ["first"]

    handlers.let_go("second")
    handlers.let_go("first")
    await asyncio.gather(*tasks)

    assert handlers.done == ["first", "second"]


async def test_a_slow_chat_holds_up_no_other() -> None:
    processor, handlers = ByChat(running=2), Handlers()
    slow = [
        asyncio.create_task(processor.process_update(update(1), handlers.handle(f"slow {n}")))
        for n in range(5)
    ]
    handlers.let_go("quick")

    await processor.process_update(update(2), handlers.handle("quick"))

    assert handlers.done == ["quick"]
    for n in range(5):
        handlers.let_go(f"slow {n}")
    await asyncio.gather(*slow)


async def test_only_so_many_run_at_once() -> None:
    processor, handlers = ByChat(running=2), Handlers()
    tasks = [
        asyncio.create_task(processor.process_update(update(n), handlers.handle(str(n))))
        for n in range(4)
    ]
    await settle()
    assert handlers.running == ["0", "1"]

    for n in range(4):
        handlers.let_go(str(n))
    await asyncio.gather(*tasks)
    assert len(handlers.done) == 4


async def test_a_failure_lets_the_next_one_run() -> None:
    processor, handlers = ByChat(), Handlers()

    async def fail() -> None:
        raise ValueError("no")

    failed = asyncio.create_task(processor.process_update(update(1), fail()))
    await asyncio.wait([failed])
    handlers.let_go("next")
    await processor.process_update(update(1), handlers.handle("next"))

    assert isinstance(failed.exception(), ValueError)
    assert handlers.done == ["next"]


async def test_what_is_cancelled_in_the_line_never_runs_and_warns_of_nothing() -> None:
    processor, handlers = ByChat(), Handlers()
    first = asyncio.create_task(processor.process_update(update(1), handlers.handle("first")))
    await settle()
    waiting = asyncio.create_task(processor.process_update(update(1), handlers.handle("second")))
    await settle()

    waiting.cancel()
    await asyncio.wait([waiting])
    handlers.let_go("first")
    await first

    assert handlers.running == ["first"]


async def test_what_has_no_chat_waits_for_nobody() -> None:
    processor, handlers = ByChat(), Handlers()
    handlers.let_go("it")

    await processor.process_update("no update", handlers.handle("it"))

    assert handlers.done == ["it"]
