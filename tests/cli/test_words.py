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
from tests.process import REPOSITORY, Ended, run

HEAVY = ("aiohttp", "aiosqlite", "apscheduler", "babel", "feedparser", "nh3", "rich", "sqlite3",
         "telegram", "bot.app", "bot.config", "bot.model", "bot.storage", "bot.texts")  # fmt: skip
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
        ("check", ("what mends it", "Nothing is changed", "Exit code 0: all is well", "--json")),
        ("feeds", ("List, add, remove, import, export and visit feeds.", "list", "poll")),
        ("feeds list", ("● does well", "parted by tabs", "--json")),
        ("feeds add", ("page of the site", "pushes nothing", "--section", "--source")),
        ("feeds remove", ("Its articles stay",)),
        ("feeds import", ("OPML", "standard input", "Folders")),
        ("feeds export", ("OPML", "standard output")),
        ("feeds poll", ("While the bot runs it makes the visits", "One feed; else all")),
        ("broadcast", ("once the number of readers was typed", "--to", "active:DAYS", "--yes")),
        ("broadcast", ("Ctrl-C gives the terminal back and stops nothing", "--stop", "--file")),
        ("backup", ("also while the bot runs", "verified", "backups/ beside the database")),
        ("restore", ("where no database is", "stays on hold until an owner agrees")),
        ("stats", ("--days", "--json", "What people search for is not recorded")),
        ("version", ("Print the version",)),
    ],
)
def test_the_help_of_a_verb_says_what_it_does_and_what_it_needs(
    capsys: pytest.CaptureFixture[str], verb: str, words: tuple[str, ...]
) -> None:
    ended = said(capsys, *verb.split(), "--help")

    assert (ended.code, ended.err) == (0, "")
    assert [word for word in words if word not in flat(ended.out)] == []


async def test_the_help_of_all_names_every_verb_in_a_whole_sentence(tmp_path: Path) -> None:
    ended = await run("--help", folder=tmp_path)

    lines = [line.strip() for line in ended.out.partition("Commands:")[2].splitlines()]
    assert (ended.code, ended.err) == (0, "")
    assert {line.partition(" ")[0] for line in lines if line} == {
        *(verb.__name__ for verb in cli.VERBS), "feeds",
    }  # fmt: skip
    assert [line for line in lines if line and (line.endswith("...") or line[-1] != ".")] == []


def test_the_help_of_feeds_names_its_acts_in_whole_sentences(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = said(capsys, "feeds", "--help").out.partition("Commands:")[2].splitlines()

    assert [line.split()[0] for line in lines if line] == [
        "list", "add", "remove", "import", "export", "poll",
    ]  # fmt: skip
    assert [line for line in lines if line.endswith("...")] == []


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
        (("stats", "--days", "0"), "Invalid value for '--days'"),
        (("restore",), "Missing argument"),
        (("feeds", "ad"), "No such command 'ad'"),
        (("feeds", "add"), "Missing argument"),
    ],
)
def test_wrong_words_are_named_and_end_with_2(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    ended = said(capsys, *words)

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


def said(capsys: pytest.CaptureFixture[str], *words: str) -> Ended:
    """Run a verb here and return how it ended."""
    code = cli.run_verb(words)
    return Ended(code, *capsys.readouterr())


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
