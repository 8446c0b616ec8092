"""What a stranger types, and what the command line answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bot
from bot import cli
from bot.sandbox.server import TOKEN
from tests.process import REPOSITORY, run

HEAVY = ("aiohttp", "aiosqlite", "apscheduler", "feedparser", "nh3", "telegram")
LOADED = f"""
import json, sys
from bot.cli import run_verb
code = run_verb(sys.argv[1:])
print(json.dumps([code, [name for name in {HEAVY!r} if name in sys.modules]]))
"""


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("run", ("poll feeds, push briefs, answer readers", "@BotFather", "mujaz demo")),
        ("run", ("MUJAZ_TELEGRAM__TOKEN", "./config.toml", "SIGTERM or Ctrl-C")),
        ("demo", ("in the browser", "Needs no token and no network", "Ctrl-C ends it")),
        ("demo", ("--no-browser", "--port", "0 takes a free one", "--every", "--data")),
        ("sandbox", ("local Bot API", "no bot is started", "mujaz sandbox > config.toml")),
        ("version", ("Print the version",)),
    ],
)
async def test_the_help_of_a_verb_says_what_it_does_and_what_it_needs(
    tmp_path: Path, verb: str, words: tuple[str, ...]
) -> None:
    ended = await run(verb, "--help", folder=tmp_path)

    assert (ended.code, ended.err) == (0, "")
    assert [word for word in words if word not in flat(ended.out)] == []


async def test_the_help_of_all_names_every_verb(tmp_path: Path) -> None:
    ended = await run("--help", folder=tmp_path)

    assert (ended.code, ended.err) == (0, "")
    assert [verb.__name__ for verb in cli.VERBS if f" {verb.__name__} " not in ended.out] == []


@pytest.mark.parametrize("words", [("--help",), ("run", "--help"), ("demo", "--help")])
def test_help_answers_at_once_for_it_loads_nothing_heavy(words: tuple[str, ...]) -> None:
    code, loaded = _loaded_by(*words)

    assert code == 0
    assert loaded == []


async def test_no_words_at_all_are_answered_with_the_help(tmp_path: Path) -> None:
    ended = await run(folder=tmp_path)

    assert ended.code == 2
    assert "Usage: mujaz" in ended.out + ended.err


async def test_the_version_is_one_line(tmp_path: Path) -> None:
    ended = await run("version", folder=tmp_path)

    assert (ended.code, ended.out, ended.err) == (0, f"mujaz {bot.__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("pol",), "No such command 'pol'"),
        (("run", "--confg", "x"), "No such option: --confg"),
        (("run", "--config"), "requires an argument"),
        (("run", "config.toml"), "unexpected extra argument"),
        (("demo", "--port", "many"), "Invalid value for '--port'"),
        (("demo", "--port", "65536"), "Invalid value for '--port'"),
        (("sandbox", "--every", "0"), "Invalid value for '--every'"),
    ],
)
async def test_wrong_words_are_named_and_end_with_2(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    ended = await run(*words, folder=tmp_path)

    assert (ended.code, ended.out) == (2, "")
    assert told in flat(ended.err)


def test_an_interrupted_verb_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "VERBS", (interrupted, cli.version))

    assert cli.run_verb(["interrupted"]) == 130


def test_a_fault_of_our_own_is_told_whole_but_without_the_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def faulty() -> None:
        try:
            raise ValueError(f"cannot open http://127.0.0.1/bot{TOKEN}/getMe")
        except ValueError as error:
            raise RuntimeError("something nobody foresaw") from error

    monkeypatch.setattr(cli, "VERBS", (faulty, cli.version))

    code = cli.run_verb(["faulty"])

    told = capsys.readouterr().err
    assert code == 1
    assert "Traceback" in told
    assert "something nobody foresaw" in told
    assert "cannot open http://127.0.0.1/bot<token>/getMe" in told


def flat(text: str) -> str:
    """Return what is written in a box as one line."""
    return " ".join(text.replace("│", " ").split())


def _loaded_by(*words: str) -> tuple[int, list[str]]:
    """Run a verb in a fresh interpreter; return its exit code and what heavy things it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        text=True,
    )
    code, loaded = json.loads(done.stdout.splitlines()[-1])
    return code, loaded
