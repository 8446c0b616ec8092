"""A room and the name of its word list in, the words out; whoever judges by words reads it once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def word_lists(package: str, name: str) -> dict[str, tuple[str, ...]]:
    """Return the arrays of a room's ``data/<name>.toml`` by key, spelt as the file spells them."""
    text = files(package).joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return {key: tuple(str(word) for word in words) for key, words in tomllib.loads(text).items()}
