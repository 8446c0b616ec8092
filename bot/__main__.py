"""The door: ``mujaz`` and ``python -m bot`` come in here; an exit code goes out.

Two things must be settled before any other module is imported:

* ``PTB_TIMEDELTA``: the Bot API library then speaks of durations as such and warns of nothing.
* ``PYTHONTZPATH``: time zones come from the pinned ``tzdata`` package, not from a system whose
  files may be years old: Morocco's offset changes by decree (docs/decisions/0003).
"""

from __future__ import annotations

import os
import sys

os.environ["PTB_TIMEDELTA"] = "1"
os.environ["PYTHONTZPATH"] = ""


def main() -> None:
    """Run the verb that was typed, and exit: 0 done, 1 failed, 2 wrong words, 130 interrupted."""
    from bot.cli import run_verb

    sys.exit(run_verb(sys.argv[1:]))


if __name__ == "__main__":
    main()
