"""The layouts of a digest by name: a selection and its edition in, a brief out; a job calls one.

A new layout is a file beside these and a line in ``LAYOUTS``. The other files lay out what is not a
digest and are imported by whoever shows it; ``paging`` is what lists have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.briefs.layouts.digest import Edition, digest
from bot.briefs.select import Selection
from bot.model import Brief
from bot.texts import Texts

DigestLayout = Callable[[Selection, Texts, Edition], Brief]

LAYOUTS: Final[Mapping[str, DigestLayout]] = {
    "classic": digest,
}
