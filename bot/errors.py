"""The failures Mujaz names itself; foreign errors are turned into these at the border of a room."""

from __future__ import annotations


class MujazError(Exception):
    """Say in one sentence what failed and what mends it; the text may be shown to an operator."""


class ConfigError(MujazError):
    """Refuse a configuration; the command line prints the sentence and exits with 2."""


class StartError(MujazError):
    """Refuse to start although the words were right (lock held, port in use); exit code 1."""


class StorageError(MujazError):
    """Report that the database could not do what was asked."""


class NewerDatabaseError(StorageError):
    """Refuse a database written by a newer Mujaz: reading it could lose what we do not know."""


class FetchError(MujazError):
    """Report that a feed's address gave nothing usable.

    ``retry_after`` is the server's wish in seconds, when it told one; ``holds_host`` says that
    the whole host asked for silence (429, 503), not this feed alone.
    """

    def __init__(
        self, message: str, *, retry_after: float | None = None, holds_host: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.holds_host = holds_host


class ParseError(MujazError):
    """Report that bytes are no feed we can read."""
