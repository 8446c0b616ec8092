"""What Telegram answers when it says no, in its own words; raised by every part, told by `desk`.

The texts were read in the sources of the Bot API server (tdlib/telegram-bot-api, tdlib/td).
"""

from __future__ import annotations

from collections.abc import Mapping

OTHER_READER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


class ApiError(Exception):
    """Refuse a call with Telegram's code, description and parameters."""

    def __init__(
        self, code: int, description: str, parameters: Mapping[str, int] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})


def bad_request(what: str) -> ApiError:
    """Refuse what was asked: 400."""
    return ApiError(400, f"Bad Request: {what}")


def forbidden(why: str) -> ApiError:
    """Refuse who asked: 403."""
    return ApiError(403, f"Forbidden: {why}")


def conflict(why: str) -> ApiError:
    """Refuse because another reader of updates stands in the way: 409."""
    return ApiError(409, f"Conflict: {why}")


def not_found() -> ApiError:
    """Refuse a method nobody knows: 404."""
    return ApiError(404, "Not Found")


def unauthorized() -> ApiError:
    """Refuse a token nobody issued: 401."""
    return ApiError(401, "Unauthorized")


def too_many(retry_after: int) -> ApiError:
    """Refuse a send that came too soon; `retry_after` in whole seconds."""
    return ApiError(
        429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after}
    )


def migrated(to: int) -> ApiError:
    """Refuse a group that has become the supergroup `to`."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": to},
    )
