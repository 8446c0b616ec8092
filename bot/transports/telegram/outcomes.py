"""A fault, stripped of any library → the Outcome that the outbox understands; `send` calls it.

Telegram explains itself in English sentences only, so the sentences stand in a table: what is
looked for (in lower case), in the answers of which code, what it means, and who says so. The
first row that fits decides; what no row knows falls to its code. Rights that are missing are a
passing thing (`Later`, settings stay); a door that is closed is `Unreachable` until the chat comes
back by itself; `Rejected` blames the message, never the chat.

Sources: [api] tdlib/telegram-bot-api, Client.cpp; [td] tdlib/td, MessagesManager and the
server's own error codes; [seen] answers reported in public threads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from bot.model import ChatId, Later, Moved, Outcome, Rejected, Unreachable

RIGHTS_WAIT = timedelta(hours=1)  # until we look whether a lost right has come back
FLOOD_WAIT = timedelta(seconds=5)  # when a 429 names no time


class FaultKind(Enum):
    """Say how far a call came."""

    ANSWERED = "answered"  # Telegram said no
    NOT_SENT = "not sent"  # it never left us
    UNKNOWN = "unknown"  # it may have arrived


@dataclass(frozen=True, slots=True)
class Fault:
    """A failed call in neutral words. ``code`` is HTTP's, 0 when the library hid it."""

    kind: FaultKind
    description: str
    code: int = 0
    retry_after: timedelta | None = None
    moved_to: ChatId | None = None


def _unreachable(fault: Fault) -> Outcome:
    return Unreachable(fault.description)


def _without_right(fault: Fault) -> Outcome:
    return Later(fault.description, retry_after=RIGHTS_WAIT)


def _flooded(fault: Fault) -> Outcome:
    wait = fault.retry_after or FLOOD_WAIT
    return Later(fault.description, retry_after=wait, is_flood=True)


def _rejected(fault: Fault) -> Outcome:
    return Rejected(fault.description)


def _later(fault: Fault) -> Outcome:
    return Later(fault.description)


def _doubtful(fault: Fault) -> Outcome:
    return Later(fault.description, is_certain=False)


Meaning = Callable[[Fault], Outcome]

# fmt: off
PHRASES: tuple[tuple[str, Meaning], ...] = (
    # the right to write is missing, for now
    ("not enough rights",               _without_right),  # [td] … to send text messages to the chat
    ("have no rights to send",          _without_right),  # [td] have no rights to send a message
    ("have no write access",            _without_right),  # [td]
    ("need administrator rights",       _without_right),  # [seen] teloxide/teloxide #450
    ("chat_write_forbidden",            _without_right),  # [td]
    ("chat_restricted",                 _without_right),  # [seen] tdlib/telegram-bot-api #863
    ("chat_admin_required",             _without_right),  # [td]
    ("chat_guest_send_forbidden",       _without_right),  # [td] only members may write
    ("user_banned_in_channel",          _without_right),  # [td] the bot itself is limited
    ("_forbidden",                      _without_right),  # [td] CHAT_SEND_PLAIN_FORBIDDEN and kin
    ("topic_closed",                    _without_right),  # [td]; aikaterna/aikaterna-cogs #260
    # nobody is there
    ("blocked by the user",             _unreachable),    # [api] 403
    ("user is deactivated",             _unreachable),    # [api] 403
    ("user_deactivated",                _unreachable),    # [td]
    ("can't initiate conversation",     _unreachable),    # [api] 403: the person never wrote to us
    ("can't send messages to bots",     _unreachable),    # [api] 403
    ("bot was kicked",                  _unreachable),    # [api] 403: group, supergroup, channel
    ("is not a member",                 _unreachable),    # [api] 403
    ("group chat was deleted",          _unreachable),    # [api] 403; yagop/node-telegram-bot-api
    #                                     #1155: also an upgrade whose new number we were not told;
    #                                     the service message with the number brings it back
    ("chat not found",                  _unreachable),    # [api] 400, "private chat not found" too
    ("peer_id_invalid",                 _unreachable),    # [td]
    ("channel_private",                 _unreachable),    # [td]
    ("message thread not found",        _unreachable),    # [api] 400: the topic was deleted
    ("topic_deleted",                   _unreachable),    # [td]
    # too much at once
    ("too many requests",               _flooded),        # [api] 429
    ("flood_wait",                      _flooded),        # [td]
    ("slowmode_wait",                   _flooded),        # [td]
)
# fmt: on

# The picture is at fault, not the words: they go out without it (tdlib/telegram-bot-api #782:
# the server remembers a failed address for days, so repeating it is in vain).
PICTURE_PHRASES = (
    "wrong type of the web page content",  # [api] WEBPAGE_MEDIA_EMPTY
    "failed to get http url content",  # [api] WEBPAGE_CURL_FAILED
    "webpage_curl_failed",  # [td]
    "webpage_media_empty",  # [td]
    "wrong http url specified",  # [api] EXTERNAL_URL_INVALID
    "wrong file identifier",  # [api] wrong file identifier/HTTP URL specified
    "wrong remote file identifier",  # [api]
    "invalid file http url",  # [api]
    "url host is empty",  # [td]
    "can't upload file by url",  # [api] File generation failed
    "photo_invalid_dimensions",  # [td]
    "photo_save_file_invalid",  # [td]
    "photo_ext_invalid",  # [td]
    "image_process_failed",  # [td]
    "media_empty",  # [td]
    "unsupported extension",  # [seen] photo has unsupported extension; use one of …
    "file is too big",  # [api]
    "file must be non-empty",  # [td]
)
NO_PICTURES_HERE = (
    "not enough rights to send photos",  # [td]
    "chat_send_photos_forbidden",  # [td]
    "chat_send_media_forbidden",  # [td]
)

_BY_CODE: dict[int, Meaning] = {
    400: _rejected,  # broken markup, text too long, a button Telegram will not carry, …
    401: _later,  # the token was revoked: the operator's matter, no reader may be lost by it
    403: _unreachable,
    404: _later,  # the same, of a token that never was
    409: _later,
    413: _rejected,
    429: _flooded,
}


def outcome_of(fault: Fault) -> Outcome:
    """Say what a fault means for the letter and its chat."""
    if fault.kind is FaultKind.NOT_SENT:
        return _later(fault)
    if fault.kind is FaultKind.UNKNOWN:
        return _doubtful(fault)
    if fault.moved_to is not None:
        return Moved(fault.moved_to)
    if fault.code == 429:
        return _flooded(fault)
    if fault.code not in {401, 404}:
        said = fault.description.lower()
        for phrase, meaning in PHRASES:
            if phrase in said:
                return meaning(fault)
    return _BY_CODE.get(fault.code, _later)(fault)


def is_picture_bad(fault: Fault) -> bool:
    """Tell whether this picture's address will never do, in any chat."""
    return _says(fault, PICTURE_PHRASES)


def is_picture_unwelcome(fault: Fault) -> bool:
    """Tell whether this chat takes words but no pictures."""
    return _says(fault, NO_PICTURES_HERE)


def _says(fault: Fault, phrases: tuple[str, ...]) -> bool:
    said = fault.description.lower()
    return fault.kind is FaultKind.ANSWERED and any(phrase in said for phrase in phrases)
