"""Where a database is: its file and this machine in, a name for the two out; ``app`` calls it.

A copy must not take itself for the original. A file keeps its inode as long as it is that file,
under whatever name and through every restart of a container, and a copy of it has another; a disk
that was copied whole has the same inodes on another machine. Hence both (decision 21).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

MACHINE = Path("/etc/machine-id")  # systemd's; containers and other systems may have none


def place_of(database: Path, *, machine: Path = MACHINE) -> str:
    """Name the place of an open database; the machine's own id stays unreadable in it."""
    try:
        identity = machine.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        identity = ""
    named = f"{identity}/{database.stat().st_ino}"
    return hashlib.blake2b(named.encode(), digest_size=16).hexdigest()
