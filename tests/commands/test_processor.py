"""The order of updates: serial in a chat, parallel across chats, bounded."""

from __future__ import annotations

import asyncio

import pytest
from telegram import CallbackQuery, Chat, Message, Update, User

from bot.commands.processor import MOST_REMEMBERED, REPEAT, ByChat
from tests.build import NOON


def update(chat: int) -> Update:
    return Update(1, message=Message(1, NOON, Chat(chat, Chat.PRIVATE)))


class Phone(CallbackQuery):
    """A press that counts its answers; it needs no network."""

    __slots__ = ("answers",)

    def __init__(self, data: str, person: int, message: int) -> None:
        user = User(person, "سلمى", is_bot=False)
        page = Message(message, NOON, Chat(7, Chat.PRIVATE))
        super().__init__("1", user, "1", message=page, data=data)
        with self._unfrozen():
            self.answers = 0

    async def answer(self, *args: object, **kwargs: object) -> bool:
        """Count."""
        with self._unfrozen():
            self.answers += 1
        return True


def press(data: str = "1:pg:7:2", *, person: int = 7, message: int = 1) -> Update:
    return Update(1, callback_query=Phone(data, person, message))


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


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def answers(one: Update) -> int:
    assert isinstance(one.callback_query, Phone)
    return one.callback_query.answers


async def test_twenty_presses_of_one_button_are_all_answered_and_done_once() -> None:
    clock, handlers = Clock(), Handlers()
    processor = ByChat(clock=clock)
    presses = [press() for _ in range(20)]
    tasks = [
        asyncio.create_task(processor.process_update(one, handlers.handle("page")))
        for one in presses
    ]
    handlers.let_go("page")
    await asyncio.gather(*tasks)

    assert handlers.done == ["page"]
    assert [answers(one) for one in presses] == [0, *[1] * 19]  # the handler answers its own


async def test_a_slow_storm_of_presses_is_done_once_as_long_as_it_lasts() -> None:
    clock, handlers = Clock(), Handlers()
    processor = ByChat(clock=clock)
    handlers.let_go("page")

    for _ in range(10):
        await processor.process_update(press(), handlers.handle("page"))
        clock.now += REPEAT
    assert handlers.done == ["page"]
    clock.now += 0.01
    await processor.process_update(press(), handlers.handle("page"))

    assert handlers.done == ["page", "page"]


@pytest.mark.parametrize(
    "other",
    [
        press("1:pg:7:3"),
        press(message=2),
        press(person=8),
        update(7),
    ],
    ids=["another button", "another message", "another person", "words between"],
)
async def test_what_is_another_press_is_no_repeat(other: Update) -> None:
    processor, handlers = ByChat(clock=Clock()), Handlers()
    handlers.let_go("done")

    for one in (press(), other, press()):
        await processor.process_update(one, handlers.handle("done"))

    assert handlers.done == ["done"] * 3


async def test_only_so_many_chats_are_remembered() -> None:
    processor, handlers = ByChat(clock=Clock()), Handlers()
    handlers.let_go("done")

    for person in range(MOST_REMEMBERED + 1):
        one = Update(1, callback_query=CallbackQuery("1", User(person, "س", False), "1", data="x"))
        await processor.process_update(one, handlers.handle("done"))

    assert len(processor._pressed) == MOST_REMEMBERED
