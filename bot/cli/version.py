"""``mujaz version``: which Mujaz this is."""

from __future__ import annotations

import typer

from bot import __version__


def version() -> None:
    """Print the version."""
    typer.echo(f"mujaz {__version__}")
