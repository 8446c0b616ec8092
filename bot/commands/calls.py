"""Callback data → a verb of ours and its fields, or None; `dispatch` asks on every press.

Data comes from the client and may be forged or of another version: nothing reaches a handler that
its verb's form does not allow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.commands.access import Guarded
from bot.commands.touch import Handler
from bot.model import FOLLOWABLE, Section
from bot.transports.telegram.keyboard import CALLBACK_VERSION

# The forms of fields. A number fits SQLite's 64 bits; a place is a page's letter and its number.
NUMBER = r"\d{1,18}"
PLACE = r"[a-z]\d{0,18}"
SECTION = "|".join(Section)
FOLLOWED = "|".join(FOLLOWABLE)
SWITCH = "on|off"
# Where several numbers stand in one button, each is as long as it can become, and no longer.
STORY = VIEW = r"\d{1,12}"
TURN = r"\d{1,4}"


@dataclass(frozen=True, slots=True)
class Call(Guarded):
    """What a verb does; ``fields`` are the forms of what stands behind it, in their order.

    ``more`` may follow them, all or none.
    """

    handler: Handler
    fields: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    def takes(self, args: tuple[str, ...]) -> bool:
        """Say whether these fields have the form."""
        forms = self.fields if len(args) == len(self.fields) else self.fields + self.more
        return len(args) == len(forms) and all(
            re.fullmatch(form, arg, re.ASCII) for form, arg in zip(forms, args, strict=True)
        )


def read(data: str, calls: Mapping[str, Call]) -> tuple[Call, tuple[str, ...]] | None:
    """Return the call that a button makes and its fields; None: old, foreign or forged.

    A verb may be two words ("bc:pause").
    """
    version, _, rest = data.partition(":")
    verb, *args = rest.split(":")
    if verb not in calls and args:
        verb = f"{verb}:{args.pop(0)}"
    call = calls.get(verb)
    if version != CALLBACK_VERSION or call is None or not call.takes(tuple(args)):
        return None
    return call, tuple(args)
