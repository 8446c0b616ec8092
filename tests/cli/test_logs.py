"""What stands in the logs: event names and ids; never a token, never a text of a person's."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import InvalidToken, TelegramError
from yarl import URL

from bot.cli.logs import Masked, MaskedJson, mask, set_up
from bot.config import Log
from bot.transports.telegram.bots import make_bot

DIGITS, LETTERS = "123456789", "ABC-def_ghIJKlmnOPQrstUVwxyz"
TOKEN = f"{DIGITS}:{LETTERS}"
ADDRESS = f"https://api.telegram.org/bot{TOKEN}/sendMessage"
FORMS = pytest.mark.parametrize("form", [Masked(), MaskedJson()], ids=["text", "json"])


def written(form: logging.Formatter, message: str, *args: object, **more: Any) -> str:
    """Return what a form makes of a record that is logged with these words."""
    level, extra = logging.WARNING, more.pop("extra", {})
    record = logging.Logger("somebody").makeRecord(
        "somebody", level, "file.py", 1, message, args, more.pop("exc_info", None), extra=extra
    )
    for name, value in more.items():
        setattr(record, name, value)
    return form.format(record)


def raised(error: Exception) -> Any:
    """Raise an error out of another and return what ``exc_info`` would be."""
    try:
        try:
            raise KeyError(ADDRESS)
        except KeyError as cause:
            raise error from cause
    except Exception:
        return sys.exc_info()


def request_info() -> aiohttp.RequestInfo:
    url = URL(ADDRESS)
    return aiohttp.RequestInfo(url, "POST", headers=None, real_url=url)  # type: ignore[arg-type]


# The token


@FORMS
@pytest.mark.parametrize(
    "log",
    [
        lambda form: written(form, f"calling {ADDRESS}"),
        lambda form: written(form, "calling %s", ADDRESS),
        lambda form: written(form, "calling %s", URL(ADDRESS)),
        lambda form: written(form, "calling %r", {"url": ADDRESS}),
        lambda form: written(form, "calling %r", ADDRESS.encode()),
        lambda form: written(form, "calling", extra={"url": ADDRESS}),
        lambda form: written(form, "calling", extra={"url": URL(ADDRESS)}),
        lambda form: written(form, "calling", extra={"seen": [{"by": (ADDRESS,)}]}),
        lambda form: written(form, "a proxy said: bot123456789%3AABC-def_ghIJKlmnOPQrstUVwxyz"),
        lambda form: written(form, "calling", stack_info=f'  File "x", line 1\n    {ADDRESS!r}'),
        lambda form: written(form, "failed", exc_text=f"by another handler: {ADDRESS}"),
    ],
    ids=[
        *("message", "argument", "address", "dictionary", "bytes", "extra", "extra address"),
        *("nested", "quoted", "stack", "cached traceback"),
    ],
)
def test_a_token_is_masked_wherever_it_stands(
    form: logging.Formatter, log: Callable[[logging.Formatter], str]
) -> None:
    line = log(form)

    assert LETTERS not in line
    assert line.splitlines()[0]


@FORMS
@pytest.mark.parametrize(
    "error",
    [
        RuntimeError(f"cannot call {ADDRESS}"),
        InvalidToken(f"The token `{TOKEN}` was rejected by the server."),
        TelegramError(f"Invalid server response from {ADDRESS}"),
        aiohttp.InvalidURL(f"{ADDRESS}:port"),
        aiohttp.ClientResponseError(request_info(), (), status=502, message="Bad Gateway"),
        aiohttp.ContentTypeError(request_info(), (), message="not JSON"),
        aiohttp.ServerDisconnectedError(f"disconnected by {ADDRESS}"),
        aiohttp.ServerTimeoutError(f"Timeout on reading data from {ADDRESS}"),
        OSError(2, "No such file", ADDRESS),
        ExceptionGroup("several", [ValueError(ADDRESS), TimeoutError(TOKEN)]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_token_is_masked_in_the_traceback_of_foreign_errors(
    form: logging.Formatter, error: Exception
) -> None:
    line = written(form, "beat.failed", exc_info=raised(error))

    assert type(error).__name__ in line
    assert LETTERS not in line


@FORMS
async def test_a_call_that_fails_on_its_way_leaves_no_token_in_the_log(
    form: logging.Formatter,
) -> None:
    """The real library over our own HTTP, on a port where nobody listens."""
    bot = make_bot(TOKEN, api_base="http://127.0.0.1:9", connections=1)

    async def fails() -> Any:
        try:
            await bot.initialize()
        except TelegramError:
            return sys.exc_info()
        finally:
            await bot.shutdown()

    line = written(form, "%r", bot, exc_info=await fails())

    assert "NotSentError" in line
    assert LETTERS not in line


@given(
    digits=st.from_regex(r"[0-9]{8,10}", fullmatch=True),
    letters=st.from_regex(r"[A-Za-z0-9_-]{30,40}", fullmatch=True),
    around=st.sampled_from(
        ["{}", "bot{}", "/bot{}/getMe", "'{}'", "a{}?b", "token={}&x=1", "`{}`."]
    ),
)
def test_whatever_token_botfather_gives_is_masked(digits: str, letters: str, around: str) -> None:
    assert letters not in mask(around.format(f"{digits}:{letters}"))


@pytest.mark.parametrize(
    "words",
    [
        "at 12:30:45 of 2026-11-26T07:00:00",
        "http://127.0.0.1:8765/news/feed.xml",
        "[::1]:8080 and fe80::1234:5678:9abc",
        "chat -1001234567890: 403",
        "poll.visited feed=12345 new=3",
    ],
)
def test_what_only_looks_like_a_token_is_left_as_it_is(words: str) -> None:
    assert mask(words) == words


# The forms


def test_a_line_of_text_carries_its_ids() -> None:
    line = written(Masked("%(levelname)s %(message)s"), "poll.visited", extra={"feed": 3, "new": 1})

    assert line == "WARNING poll.visited feed=3 new=1"


def test_ids_stand_before_the_traceback() -> None:
    line = written(Masked("%(message)s"), "beat.failed", extra={"beat": "poll"},
                   exc_info=raised(ValueError("x")))  # fmt: skip

    assert line.splitlines()[0] == "beat.failed beat=poll"
    assert line.splitlines()[-1] == "ValueError: x"


def test_a_line_of_json_is_one_object_of_one_line_whatever_is_in_it() -> None:
    odd = {"title": 'سطر\nوسطر "آخر"', "path": URL("/x"), "feed": 3}

    line = written(MaskedJson(), "poll.failed", extra=odd, exc_info=raised(ValueError(ADDRESS)))

    assert "\n" not in line
    told = json.loads(line)
    assert told["event"] == "poll.failed"
    assert told["level"] == "warning"
    assert told["where"] == "somebody"
    assert told["title"] == odd["title"]
    assert told["feed"] == 3
    assert told["traceback"].endswith("ValueError: https://api.telegram.org/bot<token>/sendMessage")


# Who may speak


@pytest.fixture
def logging_restored() -> Iterator[None]:
    """Give logging back as pytest had set it up."""
    root = logging.getLogger()
    names = ("httpx", "aiosqlite", "telegram", "asyncio", "apscheduler", "telegram.ext",
             "telegram.ext.Updater")  # fmt: skip
    before = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in names}
    filters = {name: logging.getLogger(name).filters[:] for name in names}
    yield
    root.handlers[:], root.level = before
    for name in names:
        logging.getLogger(name).setLevel(levels[name])
        logging.getLogger(name).filters[:] = filters[name]


@pytest.mark.usefixtures("logging_restored")
@pytest.mark.parametrize("style", ["text", "json"])
def test_what_the_loop_logs_by_itself_is_masked_too(
    capsys: pytest.CaptureFixture[str], style: Any
) -> None:
    async def forgets_a_task() -> None:
        async def fails() -> None:
            raise RuntimeError(ADDRESS)

        task = asyncio.ensure_future(fails())
        await asyncio.wait([task])
        context = {
            "message": "Task exception was never retrieved",
            "exception": RuntimeError(TOKEN),
        }
        asyncio.get_running_loop().call_exception_handler(context)
        assert task.exception()

    set_up(Log(level="debug", format=style))

    asyncio.run(forgets_a_task())

    told = capsys.readouterr().err
    assert "never retrieved" in told
    assert LETTERS not in told


@pytest.mark.usefixtures("logging_restored")
def test_libraries_that_tell_every_text_are_not_heard_even_at_debug(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up(Log(level="debug", format="text"))

    logging.getLogger("telegram.Bot").debug("sendMessage %s", {"text": "كلام خاص"})
    logging.getLogger("telegram.ext.ExtBot").info("getUpdates gave %s", "كلام خاص")
    logging.getLogger("aiosqlite").debug("executing %s", "كلام خاص")
    logging.getLogger("bot.jobs").debug("poll.begun")

    told = capsys.readouterr().err
    assert "poll.begun" in told
    assert "كلام خاص" not in told


@pytest.mark.usefixtures("logging_restored")
def test_a_failure_that_the_library_hands_on_is_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up(Log(level="info", format="text"))

    logging.getLogger("telegram.ext").error("Aborting.", exc_info=raised(ValueError("x")))

    assert capsys.readouterr().err.endswith(" ERROR Aborting.\n")
    assert len(logging.getLogger("telegram.ext").filters) == 1
