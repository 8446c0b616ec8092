"""Pages from a pipe in, Documents into a pipe out; started and killed by ``parser_process``.

It imports what reading a feed needs and nothing more, and it holds no secret: its environment is
empty, its memory limited, and each page has an alarm that ends it even when the parent is gone. A
fault of our own is not caught: the traceback goes to the log, the parent sees the death.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Final

from bot.errors import ParseError
from bot.feeds.kinds import read
from bot.feeds.wire import Request, pack_answer, pack_greeting, read_request
from bot.model import Document

OUT_OF_MEMORY: Final = 12  # exit code; the number of ENOMEM
GRACE: Final = 5  # seconds after which the child ends itself if nobody has ended it


def main(memory: int, seconds: int) -> None:
    """Answer requests until the pipe closes."""
    _limit(memory)
    pages, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever prints must not print into the answers
    answers.write(pack_greeting())
    answers.flush()
    while request := read_request(pages):
        _set_alarm(seconds + GRACE)
        try:
            answers.write(pack_answer(_answer(request)))
            answers.flush()
        except MemoryError:
            os._exit(OUT_OF_MEMORY)  # at once: unwinding would ask for memory again
        except BrokenPipeError:
            os._exit(0)  # the parent has gone
        _set_alarm(0)


def _answer(request: Request) -> Document | ParseError:
    try:
        return read(request)
    except ParseError as error:
        return error
    except RecursionError:
        return ParseError("the document is nested too deeply")


def _limit(memory: int) -> None:
    """Set the limits that this system knows: Windows knows none, macOS heeds few."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):  # a lower limit stands already, or the kind is not kept
            continue


def _set_alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
