"""Hold a database for one running Mujaz: a path comes in, a held Lock goes out; ``app`` calls it.

The lock is the kernel's (flock on ``<database>.lock``), so it ends with the process however that
ends, and holding it proves every older lease dead. The file itself stays: whoever deleted it
could let two hold two files of one name. POSIX only; on Windows Mujaz runs in a container.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self

from bot.errors import StartError


class Lock:
    """A held lock; released by ``release``, by leaving its block, or with the process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor
        # A forked child shares the lock and would keep it after its parent's death.
        os.register_at_fork(after_in_child=self.release)

    def release(self) -> None:
        """Let the next one in; a second time does nothing.

        Closing is enough, and in a forked child it leaves the parent's hold as it is.
        """
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def hold(database: Path) -> Lock:
    """Hold the database or raise StartError at once, naming who holds it when that is known."""
    database = database.resolve()  # two names of one file are one database
    path = database.with_name(database.name + ".lock")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StartError(_closed(error, path)) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = _holder(descriptor)
        os.close(descriptor)
        raise StartError(_refusal(error, database, holder)) from error
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return Lock(descriptor)


def _holder(descriptor: int) -> str:
    """Read who holds the lock; "" when he has not written his number yet."""
    written = os.pread(descriptor, 20, 0).decode("ascii", "replace")
    return f" (process {written})" if written.isdecimal() else ""


def _closed(error: OSError, path: Path) -> str:
    if isinstance(error, FileNotFoundError):
        return f"The folder {path.parent} does not exist: create it first."
    return f"The lock {path} cannot be opened ({error.strerror}): let this user write there."


def _refusal(error: OSError, database: Path, holder: str) -> str:
    if isinstance(error, BlockingIOError):
        return (
            f"Another Mujaz{holder} already runs on {database}: "
            "stop it, or give this one a database of its own."
        )
    return f"{database} lies where files cannot be locked ({error.strerror}): use a local disk."
