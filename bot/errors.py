"""The failures Mujaz names itself; foreign errors are turned into these at the border of a room."""

from __future__ import annotations

from enum import StrEnum


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


class FetchCause(StrEnum):
    """Name what kind of failure a visit ended in; the value stands in ``feeds.last_cause``.

    The error's sentence is for operators; by the cause an editor reads what it means and what
    mends it, and the poll judges whether the other side was reached at all.
    """

    GONE = "gone"
    FORBIDDEN = "forbidden"
    TOO_OFTEN = "too_often"
    SERVER = "server"
    REFUSED = "refused"  # another status that is no success
    SLOW = "slow"
    NO_ADDRESS = "no_address"  # the DNS says that there is no such name
    NO_ANSWER_OF_DNS = "no_dns"  # the DNS did not say anything, this time
    CERTIFICATE = "certificate"
    CONNECTION = "connection"
    REDIRECTS = "redirects"
    TOO_LARGE = "too_large"
    FORBIDDEN_ADDRESS = "forbidden_address"
    NO_FEED = "no_feed"
    OURS = "ours"  # a fault of Mujaz itself
    UNKNOWN = "unknown"


class FetchError(MujazError):
    """Report that a feed's address gave nothing usable.

    ``retry_after`` is the server's wish in seconds, when it told one; ``holds_host`` says that
    the whole host asked for silence (429, 503), not this feed alone.
    """

    def __init__(
        self,
        message: str,
        cause: FetchCause = FetchCause.UNKNOWN,
        *,
        retry_after: float | None = None,
        holds_host: bool = False,
    ) -> None:
        super().__init__(message)
        self.cause = cause
        self.retry_after = retry_after
        self.holds_host = holds_host


class ParseError(MujazError):
    """Report that bytes are no feed we can read."""

    def __init__(self, message: str, cause: FetchCause = FetchCause.NO_FEED) -> None:
        super().__init__(message)
        self.cause = cause
