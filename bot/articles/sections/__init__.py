"""A feed's section and an entry's categories in, our sections out; called by ``decide``.

The feed's own section decides first, then the entry's categories through the map in
``data/sections.toml``; what maps to nothing is ``misc``, and says so honestly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from bot.arabic.fold import fold, words
from bot.arabic.lists import word_lists
from bot.model import Section

# Where an article may stand besides its subject; never the section it is shown in, if it has one.
SHELVES = (Section.PICKS, Section.VIDEO)


AND = "\N{ARABIC LETTER WAW}"


def sections_of(
    own: Section | None, categories: Iterable[str], *, has_video: bool
) -> tuple[Section, ...]:
    """Return where an article stands, the section it is shown in first; at least one."""
    found = [own] if own is not None else []
    found += [section for name in categories if (section := of_category(name)) is not None]
    if has_video:
        found.append(Section.VIDEO)
    subjects = [section for section in found if section not in SHELVES]
    shelves = [section for section in found if section in SHELVES]
    return tuple(dict.fromkeys(subjects + shelves)) or (Section.MISC,)


def of_category(name: str) -> Section | None:
    """Return the section that a feed's category names; None when the map does not know it.

    Of a double name («accidents and courts») that is not known as a whole, the first known part
    decides.
    """
    whole = _key(name)
    parts = (whole, *re.split(rf"\s{AND}", whole))
    return next((section for part in parts if (section := _map().get(part)) is not None), None)


def _key(name: str) -> str:
    """Fold a category and drop the article before each word, for feeds write it either way."""
    article = "\N{ARABIC LETTER ALEF}\N{ARABIC LETTER LAM}"
    bare = (
        AND + word.removeprefix(AND + article) if word.startswith(AND + article) else word
        for word in words(fold(name))
    )
    return " ".join(word.removeprefix(article) for word in bare)


@cache
def _map() -> dict[str, Section]:
    table = word_lists("bot.articles", "sections")
    return {_key(name): Section(section) for section, names in table.items() for name in names}
