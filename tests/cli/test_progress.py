"""How far a long act is: a bar on a terminal, plain lines when piped, nothing for a short one."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import progress as module
from bot.cli import tables
from bot.cli.progress import progress
from tests.process import REPOSITORY

ON_A_TERMINAL = """
from bot.cli.progress import progress
with progress("broadcast", "readers") as show:
    for done in (0, 600, 1200):
        show(done, 1200)
"""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give the seconds that have gone by; a test sets them."""
    seconds = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: 100 + seconds[0])
    return seconds


def test_piped_it_writes_a_line_now_and_then_with_rate_and_time_left(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with progress("broadcast", "readers") as show:
        for second in range(11):
            clock[0] = second
            show(second * 100, 4_000)

    assert capsys.readouterr() == (
        "",
        "broadcast: 500 of 4,000 readers, 100/s, 35 s left\n"
        "broadcast: 1,000 of 4,000 readers, 100/s, 30 s left\n",
    )


def test_a_short_act_leaves_no_line(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    with progress("backup", "MiB") as show:
        show(0, 1)
        clock[0] = 2
        show(1, 1)

    assert capsys.readouterr() == ("", "")


def test_where_nothing_has_moved_no_time_is_promised(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with progress("poll", "feeds") as show:
        clock[0] = 6
        show(0, 9)

    assert capsys.readouterr().err == "poll: 0 of 9 feeds, 0/s\n"


def test_on_a_terminal_it_draws_a_bar_with_rate_and_time_left() -> None:
    seen = on_a_terminal("-c", ON_A_TERMINAL)

    assert "600/1200" in seen
    assert "readers" in seen
    assert "/s" in seen
    assert "━" in seen


def test_a_table_on_a_terminal_has_its_columns_named(tmp_path: Path) -> None:
    seen = on_a_terminal("-m", "bot", "check", folder=tmp_path)

    assert "remedy" in seen
    assert "✗" in seen


def test_a_piped_table_is_lines_of_cells_parted_by_tabs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tables.show(("name", "value"), [("one\ttwo", "3"), ("سطر", "")])

    assert capsys.readouterr().out == "one two\t3\nسطر\t\n"


def on_a_terminal(*words: str, folder: Path = REPOSITORY) -> str:
    """Run Python with a terminal of its own and return all that it drew."""
    ours, theirs = pty.openpty()
    environment = {
        **{name: value for name, value in os.environ.items() if "MUJAZ_" not in name},
        "PYTHONPATH": str(REPOSITORY), "TERM": "xterm", "COLUMNS": "120",
        "MUJAZ_TELEGRAM__API_BASE": "http://127.0.0.1:9",
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, *words],
        stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=folder,
    ):  # fmt: skip
        os.close(theirs)
        drawn = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux's end of a terminal whose other side is gone
                break
            if not piece:
                break
            drawn += piece
    os.close(ours)
    return drawn.decode("utf-8", "replace")
