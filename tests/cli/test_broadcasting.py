"""``mujaz broadcast``: whom it reaches, what must be typed, and a report that adds up."""

from __future__ import annotations

import io
import json
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import running
from bot.cli.settings import read_config
from bot.model import to_ms
from bot.sandbox.server import Sandbox
from tests.cli.desk import FIRST, OWNER, Desk
from tests.process import PATIENCE, begun
from tests.test_kill import served

READERS = range(FIRST, FIRST + 6)
WORDS = "يتوقف الموجز ساعة واحدة الليلة للصيانة."
YES = ("broadcast", WORDS, "--yes")


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["bot.cli.broadcast"], "LOOK", 0.05)


@asynccontextmanager
async def at_work(desk: Desk) -> AsyncIterator[None]:
    """Let readers in, and the bot run beside the shell."""
    await desk.let_in(READERS)
    await desk.telegram.crowd(FIRST, len(READERS))
    async with running(read_config(None)):
        yield


def typed(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(words))


async def waves(desk: Desk) -> list[str]:
    return [str(row["state"]) for row in await desk.rows("SELECT state FROM waves ORDER BY id")]


async def test_the_report_adds_up_to_the_audience(at_desk: Desk, telegram: Sandbox) -> None:
    await telegram.fault("blocked", chat=FIRST)
    await telegram.fault("error", chat=FIRST + 1, code=400, description="Bad Request: odd")

    async with at_work(at_desk):
        ended = await at_desk.says(*YES)

    assert ended.code == 0
    assert ended.out == "Sent 4, blocked 1, failed 1, unsure 0, skipped 0: 6 in all.\n"
    assert served(telegram) == Counter(READERS[2:])
    [told] = await at_desk.rows("SELECT act, details FROM audit WHERE act LIKE 'broadcast.%'")
    assert told["act"] == "broadcast.confirm"
    assert json.loads(told["details"])["total"] == 6


@pytest.mark.parametrize(
    ("answer", "code", "sent"),
    [("6\n", 0, 6), (" 6 \n", 0, 6), ("5\n", 1, 0), ("yes\n", 1, 0), ("", 1, 0)],
    ids=["right", "with spaces", "wrong", "yes", "nothing"],
)
async def test_the_number_of_readers_must_be_typed(
    at_desk: Desk, telegram: Sandbox, monkeypatch: pytest.MonkeyPatch,
    answer: str, code: int, sent: int,
) -> None:  # fmt: skip
    typed(monkeypatch, answer)

    async with at_work(at_desk):
        ended = await at_desk.says("broadcast", WORDS)

    assert ended.code == code
    assert ended.err.startswith("To send it to 6 readers type 6: ")
    assert sum(served(telegram).values()) == sent
    if not sent:
        assert ended.err.endswith("mujaz: That is not the number; nothing was sent.\n")
        assert await waves(at_desk) == []


async def test_without_a_running_bot_nothing_is_begun(at_desk: Desk) -> None:
    await at_desk.let_in(READERS)

    ended = await at_desk.says(*YES)

    assert ended.code == 1
    assert ended.sentence() == (
        "mujaz: The bot does not run: start mujaz run first; nothing was sent."
    )
    assert await waves(at_desk) == []


@pytest.mark.parametrize("to", ["section:sport", "editors"])
async def test_an_audience_of_nobody_is_told(at_desk: Desk, to: str) -> None:
    await at_desk.let_in(READERS)

    ended = await at_desk.says(*YES, "--to", to)

    assert (ended.code, ended.sentence()) == (
        1, "mujaz: Nobody is in this audience now; nothing was sent.",
    )  # fmt: skip


async def test_an_audience_may_be_the_desk_alone(at_desk: Desk, telegram: Sandbox) -> None:
    await at_desk.let_in([OWNER])
    await telegram.say(OWNER, "/help")  # a bot may not write first

    async with at_work(at_desk):
        ended = await at_desk.says(*YES, "--to", "editors")

    assert ended.out.endswith(": 1 in all.\n")
    assert telegram.desk.world.messages(OWNER)[-1].content.text == WORDS
    assert list(served(telegram)) == [OWNER]


async def test_an_audience_may_be_those_who_were_there_lately(
    at_desk: Desk, telegram: Sandbox
) -> None:
    async with at_work(at_desk):
        storage, now = await at_desk.open(), datetime.now(UTC)
        async with storage.transaction() as tx:
            for chat, days in zip(READERS, range(0, 60, 10), strict=True):
                seen = {"chat": chat, "at": to_ms(now - timedelta(days=days))}
                await tx.execute("UPDATE subscribers SET seen_at = :at WHERE chat = :chat", seen)
        await storage.close()
        await at_desk.says(*YES, "--to", "active:15")

    assert served(telegram) == Counter(READERS[:2])


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("broadcast",), 2, "broadcast: either a text or --file is needed."),
        (("broadcast", WORDS, "--file", "-"), 2, "broadcast: either a text or --file is needed."),
        (("broadcast", "  "), 2, "broadcast: there is nothing to say."),
        (("broadcast", "أ" * 4001), 2, "broadcast: the text is longer than 4000 letters"),
        (("broadcast", "--file", "gone.txt"), 1, "mujaz: gone.txt cannot be read ("),
        ((*YES, "--to", "everybody"), 2, '--to "everybody": all, editors, active:DAYS or section:'),
        ((*YES, "--to", "section:polit"), 2, '--to "section:polit": '),
        ((*YES, "--to", "active:0"), 2, '--to "active:0": '),
        ((*YES, "--to", "all:30"), 2, '--to "all:30": '),
    ],
)
async def test_what_is_no_announcement_is_refused(
    at_desk: Desk, words: tuple[str, ...], code: int, told: str
) -> None:
    ended = await at_desk.says(*words)

    assert ended.code == code
    assert ended.sentence().startswith(told)


@pytest.mark.parametrize("source", ["file", "pipe"])
async def test_the_text_may_come_from_a_file_or_a_pipe(
    at_desk: Desk, telegram: Sandbox, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    (at_desk.folder / "words.txt").write_text(f"{WORDS}\n", encoding="utf-8")
    typed(monkeypatch, f"{WORDS}\n")
    name = "words.txt" if source == "file" else "-"

    async with at_work(at_desk):
        await at_desk.says("broadcast", "--file", name, "--yes")

    assert len(served(telegram)) == len(READERS)
    assert telegram.desk.world.messages(FIRST)[-1].content.text == WORDS


async def test_whoever_does_not_wait_gets_the_terminal_back(
    at_desk: Desk, telegram: Sandbox
) -> None:
    async with at_work(at_desk):
        ended = await at_desk.says(*YES, "--no-wait")
        await telegram.until(all_served(telegram), PATIENCE)

    assert ended.out == "Begun, for 6 readers.\n"


async def test_what_was_begun_from_a_shell_can_be_stopped_from_one(
    at_desk: Desk, telegram: Sandbox
) -> None:
    await telegram.fault("429", method="sendMessage", retry_after=600)

    async with at_work(at_desk):
        await at_desk.says(*YES, "--no-wait")
        stopped = await at_desk.says("broadcast", "--stop")
        again = await at_desk.says("broadcast", "--stop")

    assert (stopped.code, stopped.out) == (0, "1 stopped.\n")
    assert again.out == "Nothing that was begun here is open.\n"
    assert await waves(at_desk) == ["cancelled"]
    assert served(telegram) == Counter()


async def test_ctrl_c_gives_the_terminal_back_and_stops_nothing(
    at_desk: Desk, telegram: Sandbox
) -> None:
    await telegram.fault("slow", chat=FIRST, seconds=2)  # the others hear it at once

    async with at_work(at_desk):
        async with begun(*YES, folder=at_desk.folder, token="") as shell:
            await telegram.until(lambda: served(telegram), PATIENCE)
            shell.told(signal.SIGINT)
            ended = await shell.ends()
        await telegram.until(all_served(telegram), PATIENCE)

    assert (ended.code, ended.out) == (130, "")


def all_served(telegram: Sandbox) -> Callable[[], bool]:
    return lambda: len(served(telegram)) == len(READERS)
