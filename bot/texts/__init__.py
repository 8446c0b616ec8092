"""Arabic sentences by key: `ar.toml` comes in once, finished sentences go out to whoever speaks.

A sentence names its fields in braces (``{name}``) and takes exactly those: a missing one is a
KeyError, a surplus one a TypeError. A test holds every call in the house against the file; for
its sake the object is called ``texts`` (or an attribute of that name) wherever it is used.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from string import Formatter
from types import MappingProxyType
from typing import Final

from bot.arabic.digits import grouped
from bot.arabic.plural import Category, category

_COUNTED: Final = "counted."


class Texts:
    """Hold the sentences of one language, flat: ``[start] hello`` is ``start.hello``."""

    def __init__(self, tables: Mapping[str, object]) -> None:
        self.sentences: Mapping[str, str] = MappingProxyType(dict(_flatten(tables)))
        self._fields = {key: fields_of(words) for key, words in self.sentences.items()}

    @staticmethod
    @cache
    def load() -> Texts:
        """Read the sentences that ship with the program, once."""
        page = files("bot.texts").joinpath("ar.toml").read_text(encoding="utf-8")
        return Texts(tomllib.loads(page))

    def say(self, key: str, **fields: object) -> str:
        """Return the sentence with its fields filled in."""
        surplus = fields.keys() - self._fields[key]
        if surplus:
            raise TypeError(f"{key} has no field {', '.join(sorted(surplus))}")
        return self.sentences[key].format_map(fields)

    def count(self, noun: str, n: int) -> str:
        """Return a number and its noun in agreement; zero is said as "other" unless it has a form.

        Large numbers are grouped: 12 480.
        """
        form = category(n)
        if form is Category.ZERO and f"{_COUNTED}{noun}.zero" not in self.sentences:
            form = Category.OTHER
        return self.sentences[f"{_COUNTED}{noun}.{form}"].format(n=grouped(n))

    def table(self, name: str) -> dict[str, str]:
        """Return the sentences of one table by their last words, in the file's order."""
        prefix = f"{name}."
        found = {
            key.removeprefix(prefix): words
            for key, words in self.sentences.items()
            if key.startswith(prefix)
        }
        if not found:
            raise KeyError(name)
        return found


def fields_of(words: str) -> frozenset[str]:
    """Return the names in a sentence's braces; anything but plain names is refused."""
    names = {name for _, name, _, _ in Formatter().parse(words) if name is not None}
    odd = [name for name in names if not name.isidentifier()]
    if odd:
        raise ValueError(f"{{{odd[0]}}} is no field: {words}")
    return frozenset(names)


def _flatten(tables: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tables.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{above}{name}.")
        elif isinstance(value, str):
            yield f"{above}{name}", value
        else:
            raise TypeError(f"{above}{name} is not a sentence")
