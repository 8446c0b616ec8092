"""Name of a word list in, its words out; read once from data/*.toml by the modules of this room."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def word_lists(name: str) -> dict[str, tuple[str, ...]]:
    """Return the arrays of ``data/<name>.toml`` by key, spelt as the file spells them."""
    text = files("bot.arabic").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return {key: tuple(str(word) for word in words) for key, words in tomllib.loads(text).items()}
