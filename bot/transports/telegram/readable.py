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


def readable(update: Raw) -> dict[str, Any]:
    """Return the update, or its number alone, which is heard and does nothing.

    A Bot API server of another age leaves out what the library counts on, or writes it otherwise.
    """
    try:
        Update.de_json(dict(update), None)
    except Exception as error:  # whatever the library's classes raise for what they did not expect
        kinds = ", ".join(sorted(update.keys() - {"update_id"}))
        told = {"kind": kinds, "cause": type(error).__name__}  # the error's words may quote people
        log.error("listen.unreadable", extra=told)
        return {"update_id": update["update_id"]}
    return dict(update)
