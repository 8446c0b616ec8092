"""Rows in, a table for people out: drawn on a terminal, a line a row when piped."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress

import typer


def show(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their columns; piped, cells are parted by tabs and the columns left out."""
    if not sys.stdout.isatty():
        for row in rows:
            typer.echo("\t".join(cell.replace("\t", " ") for cell in row))
        return
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=SIMPLE, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    with suppress(BrokenPipeError):
        Console().print(table)
