"""An update as Telegram gave it → one that the library can read, whoever hears people calls it.

The law: one update that cannot be read costs that update alone. The library reads a whole answer
or nothing of it: it would ask for the same updates for ever, deaf, and log what people wrote.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from telegram import Update

log = logging.getLogger(__name__)

Raw = Mapping[str, Any]  # Telegram's JSON
COVER = frozenset(("message_id", "date", "chat", "from"))  # of a message: who wrote where and when


def readable(update: Raw) -> dict[str, Any]:
    """Return the update; or its message without what is in it, which is answered as no words; or
    its number alone, which is heard and does nothing.

    A Bot API server of another age leaves out what the library counts on, or writes it otherwise.
    """
    number, message = {"update_id": update["update_id"]}, update.get("message")
    shapes = [dict(update)]
    if isinstance(message, Mapping):
        cover = {name: message[name] for name in COVER & message.keys()}
        shapes.append({**number, "message": cover})
    return next((shape for shape in shapes if _is_readable(shape)), number)


def _is_readable(update: Raw) -> bool:
    try:
        Update.de_json(dict(update), None)
    except Exception as error:  # whatever the library's classes raise for what they did not expect
        kinds = ", ".join(sorted(update.keys() - {"update_id"}))
        told = {"kind": kinds, "cause": type(error).__name__}  # the error's words may quote people
        log.error("listen.unreadable", extra=told)
        return False
    return True
