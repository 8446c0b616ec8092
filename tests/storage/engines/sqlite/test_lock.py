"""One running Mujaz a database, proven with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.errors import StartError
from bot.storage.engines.sqlite.lock import hold

ROOT = Path(__file__).parents[4]
HOLDER = """
import sys
from pathlib import Path
from bot.storage.engines.sqlite.lock import hold

lock = hold(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""
# A child that outlives its parent, as a worker of a process pool may; it ends with its stdin.
FORKING_HOLDER = """
import os, sys
from pathlib import Path
from bot.storage.engines.sqlite.lock import hold

lock = hold(Path(sys.argv[1]))
if os.fork() == 0:
    print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def running(script: str, database: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a script until it says that it holds the database; let it end after the block."""
    with subprocess.Popen(
        [sys.executable, "-c", script, str(database)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process


def test_a_second_process_is_refused_in_one_sentence_that_names_the_first(tmp_path: Path) -> None:
    database = tmp_path / "mujaz.db"

    with running(HOLDER, database) as process, pytest.raises(StartError) as caught:
        hold(database)

    assert str(caught.value) == (
        f"Another Mujaz (process {process.pid}) already runs on {database}: "
        "stop it, or give this one a database of its own."
    )
    hold(database).release()  # it ended by itself


def test_kill_9_releases_the_lock(tmp_path: Path) -> None:
    database = tmp_path / "mujaz.db"

    with running(HOLDER, database) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

        with hold(database), pytest.raises(StartError, match=f"process {os.getpid()}"):
            hold(database)


def test_a_forked_child_that_outlives_its_parent_does_not_keep_the_lock(tmp_path: Path) -> None:
    database = tmp_path / "mujaz.db"

    with running(FORKING_HOLDER, database) as process:
        with pytest.raises(StartError, match="already runs"):
            hold(database)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

        hold(database).release()


def test_one_process_cannot_hold_a_database_twice(tmp_path: Path) -> None:
    with (
        hold(tmp_path / "mujaz.db"),
        pytest.raises(StartError, match=rf"process {os.getpid()}\)"),
    ):
        hold(tmp_path / "mujaz.db")


def test_two_names_of_one_file_are_one_database(tmp_path: Path) -> None:
    (tmp_path / "mujaz.db").touch()
    (tmp_path / "same.db").symlink_to(tmp_path / "mujaz.db")

    with hold(tmp_path / "mujaz.db"), pytest.raises(StartError, match="already runs"):
        hold(tmp_path / "same.db")


def test_two_databases_are_two_locks(tmp_path: Path) -> None:
    with hold(tmp_path / "one.db"), hold(tmp_path / "two.db"):
        assert (tmp_path / "one.db.lock").read_text() == str(os.getpid())


def test_releasing_twice_does_nothing_more(tmp_path: Path) -> None:
    lock = hold(tmp_path / "mujaz.db")
    lock.release()

    with hold(tmp_path / "mujaz.db"):
        lock.release()

        with pytest.raises(StartError, match="already runs"):
            hold(tmp_path / "mujaz.db")


def test_a_holder_who_has_not_written_his_number_is_not_named(tmp_path: Path) -> None:
    with hold(tmp_path / "mujaz.db"):
        (tmp_path / "mujaz.db.lock").write_text("")

        with pytest.raises(StartError, match="Another Mujaz already runs"):
            hold(tmp_path / "mujaz.db")


def test_a_folder_that_is_not_there_is_told_of_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        StartError, match=r"The folder .*/absent does not exist: create it first\.$"
    ):
        hold(tmp_path / "absent" / "mujaz.db")


def test_a_lock_that_cannot_be_opened_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "mujaz.db.lock").mkdir()

    with pytest.raises(StartError, match=r"mujaz\.db\.lock cannot be opened \(Is a directory\): "):
        hold(tmp_path / "mujaz.db")
