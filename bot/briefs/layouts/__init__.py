"""The layouts of a digest by name: a selection and a local moment in, a brief out; jobs choose.

A new layout is a file beside these and a line in ``LAYOUTS``. The other files here are the layouts
of what is not a digest, called by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from bot.briefs.layouts.digest import digest
from bot.briefs.select import Selection
from bot.model import Brief
from bot.texts import Texts

DigestLayout = Callable[[Selection, Texts, datetime], Brief]

LAYOUTS: Final[Mapping[str, DigestLayout]] = {
    "classic": digest,
}
