"""What shall go wrong, and for whom → the faults that strike a call; `desk` asks on each call.

A fault with a chat strikes the calls that name this chat; one without strikes every call that
names any or, given a method, every call of it. `token_revoked`, `bad_gateway` and `all_down` strike
everything, `conflict` and `webhook_dead` what their line says.
`count` calls are struck, then the fault is spent; without a count it stays until cleared by the
kind `none`.

| kind | the call is answered |
|---|---|
| blocked, deactivated | 403 |
| migrated (`to`) | 400 with migrate_to_chat_id |
| 429 (`retry_after`) | 429; the send is not accepted |
| 500 | 500 Internal Server Error; not accepted |
| error (`code`, `description`) | with just that: a lost right, a closed topic, a 404 |
| hang_up_before | by a closed connection; not accepted |
| hang_up_after | by a closed connection; accepted |
| slow (`seconds`) | late, in whatever way it would be |
| bad_picture | 400, when it carries a picture |
| any_picture | as ever, but addresses of other machines pass for pictures (no count) |
| conflict | 409, when it is getUpdates: another instance reads, too |
| webhook_dead | never made: the webhook refuses the connection |
| token_revoked | 401 |
| bad_gateway | 502, whatever it is; not accepted |
| all_down | by a closed connection, whatever it is |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.sandbox.refusals import (
    OTHER_READER,
    ApiError,
    bad_request,
    conflict,
    forbidden,
    migrated,
    too_many,
    unauthorized,
)

EARS = {"conflict": "getUpdates", "webhook_dead": "webhook"}  # the method that each strikes
WHOLE = ("token_revoked", "bad_gateway", "all_down")
PICTURES = ("bad_picture", "any_picture")
_SERVER_FAULTS = {"500": (500, "Internal Server Error"), "bad_gateway": (502, "Bad Gateway")}
KINDS = (
    *("none", "blocked", "deactivated", "migrated", "429", "500", "error", "slow"),
    *("hang_up_before", "hang_up_after"),
    *PICTURES,
    *EARS,
    *WHOLE,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong; `count` calls more, or for ever when None."""

    kind: str
    chat: int | None = None
    method: str | None = None
    count: int | None = None
    retry_after: int = 1
    seconds: float = 1.0
    to: int = 0
    code: int = 400
    description: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault is called {self.kind!r}; there are {', '.join(KINDS)}")
        if self.kind == "migrated" and not self.to:
            raise ValueError("a migrated group needs `to`, the id of its supergroup")
        if self.count is not None and self.count < 1:
            raise ValueError("a count is at least 1")

    def strikes(self, method: str, chat: int | None, *, has_picture: bool) -> bool:
        """Tell whether a call is hit."""
        if self.method is not None and self.method.lower() != method.lower():
            return False
        if self.kind in WHOLE:
            return True
        if self.kind in EARS:
            return method == EARS[self.kind]
        if self.kind in PICTURES and not has_picture:
            return False
        if chat is None:
            return self.chat is None and self.method is not None
        return self.chat in (None, chat)

    def refusal(self) -> ApiError | None:
        """Return what the call is answered with, when it is an error of Telegram's."""
        match self.kind:
            case "blocked":
                return forbidden("bot was blocked by the user")
            case "deactivated":
                return forbidden("user is deactivated")
            case "migrated":
                return migrated(self.to)
            case "429":
                return too_many(self.retry_after)
            case "500" | "bad_gateway":
                return ApiError(*_SERVER_FAULTS[self.kind])
            case "error":
                return ApiError(self.code, self.description or "Bad Request")
            case "bad_picture":
                return bad_request("wrong type of the web page content")
            case "conflict":
                return conflict(OTHER_READER)
            case "token_revoked":
                return unauthorized()
        return None


class Faults:
    """The faults in force, in the order in which they were set."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def set(self, fault: Fault) -> None:
        """Add a fault; the kind `none` clears those of its chat, or all when it has none."""
        if fault.kind != "none":
            self._faults.append(fault)
        elif fault.chat is None:
            self._faults.clear()
        else:
            self._faults = [other for other in self._faults if other.chat != fault.chat]

    @property
    def in_force(self) -> tuple[Fault, ...]:
        """Return what goes wrong just now."""
        return tuple(self._faults)

    def clear(self, kind: str, chat: int | None) -> None:
        """Clear those of one kind, for one chat or for all."""
        self._faults = [f for f in self._faults if (f.kind, f.chat) != (kind, chat)]

    def lift(self, fault: Fault) -> None:
        """Clear just this one, whatever else is in force."""
        self._faults = [other for other in self._faults if other is not fault]

    def take(self, method: str, chat: int | None, *, has_picture: bool = False) -> list[Fault]:
        """Return the faults that hit a call and count it against them.

        Of several that answer the call only the first does; `slow` goes along.
        """
        if not self._faults:
            return []
        struck = [
            fault
            for fault in self._faults
            if fault.kind != "any_picture" and fault.strikes(method, chat, has_picture=has_picture)
        ]
        answering = [fault for fault in struck if fault.kind != "slow"]
        hit = [fault for fault in struck if fault.kind == "slow" or fault is answering[0]]
        self._faults = list(self._spent(hit))
        return hit

    def lets_any_picture(self, chat: int) -> bool:
        """Tell whether addresses of other machines pass for pictures in a chat."""
        return any(
            fault.kind == "any_picture" and fault.chat in (None, chat) for fault in self._faults
        )

    def _spent(self, hit: Iterable[Fault]) -> Iterable[Fault]:
        struck = [id(fault) for fault in hit]
        for fault in self._faults:
            if id(fault) not in struck or fault.count is None:
                yield fault
            elif fault.count > 1:
                yield replace(fault, count=fault.count - 1)
