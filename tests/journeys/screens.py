"""The screens that are in, and whether a town has shown one: `screens.toml` in, answers out.

A journey that shows a screen is marked ``@pytest.mark.shows("id")``; `conftest` asks this page
after the journey, `test_screens` asks that no screen is left out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PLACE = Path(__file__).parent / "screens.toml"


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a person saw it: its words, and the texts of the buttons below."""

    text: str
    buttons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """What must stand on a screen for it to be that screen."""

    name: str
    of: str  # reader, editor, operator
    what: str
    has: tuple[str, ...]
    buttons: tuple[str, ...]

    def is_in(self, shown: Shown) -> bool:
        """Say whether a message is this screen."""
        return all(words in shown.text for words in self.has) and all(
            any(_bare(text).startswith(wanted) for text in shown.buttons) for wanted in self.buttons
        )


def screens() -> Mapping[str, Screen]:
    """Read the screens that are in."""
    tables = tomllib.loads(PLACE.read_text(encoding="utf-8"))
    return {
        name: Screen(
            name, table["of"], table["what"], tuple(table["has"]), tuple(table.get("buttons", ()))
        )
        for name, table in tables.items()
    }


def missing(wanted: Iterable[str], log: Iterable[Shown]) -> list[str]:
    """Return the screens of these names that no message of the log is."""
    known, seen = screens(), list(log)
    return [name for name in wanted if not any(known[name].is_in(shown) for shown in seen)]


def _bare(text: str) -> str:
    return text.removeprefix("✓✓ ").removeprefix("✓ ")
