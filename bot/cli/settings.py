"""The configuration of a verb: ``--config`` and the environment in, a Config out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.config import Config

DEFAULT = Path("config.toml")

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Settings in TOML. Without it ./config.toml is read when it is there; environment"
        " variables like MUJAZ_TELEGRAM__TOKEN win over the file.",
        show_default=False,
    ),
]


def read_config(path: Path | None) -> Config:
    """Read the settings; ConfigError names file, key and remedy."""
    import os

    from bot.config import load
    from bot.model import Section
    from bot.texts import Texts

    if path is None and DEFAULT.exists():
        path = DEFAULT
    names = {name: Section(word) for word, name in Texts.load().table("sections").items()}
    return load(path, os.environ, section_names=names)
